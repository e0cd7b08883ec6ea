//! The form of messages: of the log, of errors, and of printed lists.

use clap::builder::EnumValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::headings::MESSAGES;
use super::values::boolish;
use crate::terminal::values::Trimmed;

/// How to speak to people and programs.
#[derive(Args, Clone, Debug)]
pub struct Messages {
    /// Show errors only
    #[arg(short, long, global = true, env = "FLAGLAKE_QUIET", value_parser = boolish(), help_heading = MESSAGES)]
    pub quiet: bool,
    /// Show more: requests and all tables, then (-vv) everything
    #[arg(short, long, global = true, action = ArgAction::Count, env = "FLAGLAKE_VERBOSE",
        value_parser = Trimmed(clap::value_parser!(u8)), help_heading = MESSAGES)]
    pub verbose: u8,
    /// How to write the log, on standard error
    #[arg(long, global = true, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_LOG_FORMAT", help_heading = MESSAGES, hide_short_help = true)]
    pub log_format: Format,
    /// How to write an error: `json` makes the last line on standard error one object
    #[arg(long, global = true, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_ERROR_FORMAT", help_heading = MESSAGES, hide_short_help = true)]
    pub error_format: Format,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}
