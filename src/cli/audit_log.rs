//! The arguments of `flaglake audit-log`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::ListOptions;
use super::values::{key, parse_age};
use crate::terminal::values::Trimmed;

/// `flaglake audit-log`
#[derive(Args, Clone, Debug)]
pub struct AuditLogArguments {
    /// What to do
    #[command(subcommand)]
    pub command: AuditLogCommand,
}

/// The commands of `flaglake audit-log`.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditLogCommand {
    /// List the newest entries
    List(Box<AuditLogList>),
}

/// `flaglake audit-log list`
#[derive(Args, Clone, Debug)]
pub struct AuditLogList {
    /// The most entries, the newest first. Every 20 take a request
    #[arg(long, value_name = "N", default_value_t = 20,
        value_parser = Trimmed(clap::value_parser!(u32).range(1..=10_000)))]
    pub limit: u32,
    /// Only entries about the project with this key, or about something in it
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: Option<String>,
    /// Only entries about the flag with this key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub flag: Option<String>,
    /// Only entries that are not older, such as 24h or 7d
    #[arg(long, value_name = "TIME", value_parser = Trimmed(parse_age))]
    pub since: Option<Duration>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

impl AuditLogCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            AuditLogCommand::List(one) => &mut one.options.connection,
        }
    }
}
