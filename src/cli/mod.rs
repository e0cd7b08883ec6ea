//! The command line: the only place where strings become options. One file for each command's
//! arguments, and one for each group of arguments that commands share.

mod check;
mod connection;
mod extract;
mod messages;
mod report;
mod resources;
mod schema;
mod sync;
mod values;
mod wanted;

use clap::{Parser, Subcommand};

pub use self::check::CheckArguments;
pub use self::connection::{Connection, resolve_address};
pub use self::extract::{ExtractArguments, ExtractFailOn, resolve_resume};
pub use self::messages::{Format, Messages};
pub use self::report::{FailOn, ReportArguments, ReportFormat};
pub use self::resources::ResourcesArguments;
pub use self::schema::{SchemaArguments, SchemaFormat};
pub use self::sync::{
    CommonArguments, EventsArguments, ForgetArguments, Job, LogArguments, MetricsArguments,
    RunArguments, SegmentArguments, StatusArguments, SyncArguments, SyncCommand, SyncConnection,
    load as load_syncs, resolve_given,
};
pub use self::wanted::{Wanted, WantedResources};

/// LaunchDarkly data in SQL: complete, consistent and true, or nothing is published.
#[derive(Debug, Parser)]
#[command(name = "flaglake", version, max_term_width = 100)]
pub struct Cli {
    /// How to speak to people and programs
    #[command(flatten)]
    pub messages: Messages,
    /// The command to run
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the account, and publish it as SQLite or Parquet
    Extract(Box<ExtractArguments>),
    /// Check the connection, the token and its permissions; nothing is written
    Check(CheckArguments),
    /// List the resources: endpoint, permission, plan, and how many requests each takes
    Resources(ResourcesArguments),
    /// Print the tables: as a data dictionary, DDL, Arrow schemas or dbt sources
    Schema(SchemaArguments),
    /// Write what the database says as a page, a text or JSON
    Report(ReportArguments),
    /// Write rows into LaunchDarkly: metrics, metric events, and members of segments
    Sync(SyncArguments),
}
