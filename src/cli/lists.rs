//! What the commands that show something on demand share: the account, and the form of the answer.

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use super::connection::Connection;
use super::messages::Format;
use super::values;
use crate::terminal::values::Trimmed;

/// The account, and the form of a list.
#[derive(Args, Clone, Debug)]
pub struct ListOptions {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<ListFormat>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: ListFormat,
}

/// The account, and the form of one object.
#[derive(Args, Clone, Debug)]
pub struct ShowOptions {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// How to write it
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// The form of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table for people
    #[default]
    Text,
    /// One object with all columns, for programs
    Json,
    /// All columns, with a header line
    Csv,
}

/// The consent to a change.
#[derive(Args, Clone, Debug)]
pub struct ConsentOptions {
    /// A comment for LaunchDarkly's audit log
    #[arg(long, value_name = "TEXT", env = "FLAGLAKE_COMMENT")]
    pub comment: Option<String>,
    /// Consent to the change. Without it, a terminal is asked
    #[arg(long)]
    pub yes: bool,
}

impl ConsentOptions {
    /// The comment, unless it is blank.
    pub fn comment(&self) -> Option<String> {
        values::comment(self.comment.as_deref())
    }
}
