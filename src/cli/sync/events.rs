//! The arguments of `flaglake sync events`.

use std::time::Duration;

use clap::Args;
use clap::builder::EnumValueParser;

use super::common::{CommonArguments, SyncConnection};
use super::environment::EnvironmentArguments;
use crate::cli::values::parse_age;
use crate::sync::events::{EventOptions, Identity, Unknown};
use crate::terminal::values::Trimmed;

/// `flaglake sync events`
#[derive(Args, Clone, Debug)]
pub struct EventsArguments {
    /// Which account
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The options that all syncs share
    #[command(flatten)]
    pub common: CommonArguments,
    /// Which environment
    #[command(flatten)]
    pub environment: EnvironmentArguments,
    /// The column with a unique ID of the event
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// A column whose values increase: rows below the largest value that was sent are not sent again,
    /// and rows at it are known by their ID or content
    #[arg(long, value_name = "COLUMN")]
    pub cursor: Option<String>,
    /// Where the cursor starts in the first run
    #[arg(long, value_name = "VALUE")]
    pub cursor_from: Option<String>,
    /// Read rows again that are behind the cursor by this much, such as 1h, since rows may arrive
    /// late; they are known by their ID
    #[arg(long, value_name = "TIME", value_parser = Trimmed(parse_age))]
    pub lag: Option<Duration>,
    /// Send every row in every run, as a new event
    #[arg(long)]
    pub append_all: bool,
    /// Settle events that were sent more than an hour ago without an answer
    #[arg(long, value_enum, value_name = "CHOICE", value_parser = Trimmed(EnumValueParser::<Unknown>::new()))]
    pub unknown: Option<Unknown>,
}

impl EventsArguments {
    /// The options of the object, for an environment.
    pub fn events(&self, project: String, environment: String) -> EventOptions {
        let identity = Identity {
            id: self.id.clone(),
            cursor: self.cursor.clone(),
            cursor_from: self.cursor_from.clone(),
            lag: self.lag,
            append_all: self.append_all,
        };
        EventOptions { project, environment, identity, unknown: self.unknown }
    }
}
