//! The command line: the only place where strings become options. One file for each command's
//! arguments, and one for each group of arguments that commands share.

mod approvals;
mod audit_log;
mod check;
mod completions;
mod config;
mod configuration;
mod connection;
mod copy_to;
mod doctor;
mod environments;
mod extract;
mod file;
mod flags;
mod headings;
mod input;
mod lists;
mod man;
mod members;
mod messages;
mod metrics;
mod projects;
mod query;
mod report;
mod resources;
mod schema;
mod segments;
mod sync;
mod values;
mod wanted;

use clap::{Parser, Subcommand};

pub use self::approvals::{
    ApprovalApply, ApprovalList, ApprovalShow, ApprovalWithdraw, ApprovalsArguments,
    ApprovalsCommand,
};
pub use self::audit_log::{AuditLogArguments, AuditLogCommand, AuditLogList};
pub use self::check::{CONNECTION, CheckArguments};
pub use self::completions::CompletionsArguments;
pub use self::config::{ConfigArguments, ConfigCommand, ConfigShow};
pub use self::connection::{Connection, check_own, overridden, resolve_address};
pub use self::doctor::{DoctorArguments, check_doctor};
pub use self::environments::{EnvironmentList, EnvironmentsArguments, EnvironmentsCommand};
pub use self::extract::{ExtractArguments, ExtractFailOn, resolve_output, resolve_resume};
pub use self::file::{File, FileArguments, OfAccount};
pub use self::flags::{FlagArchive, FlagList, FlagShow, FlagToggle, FlagsArguments, FlagsCommand};
pub use self::input::{InputArguments, PasswordFile, check_input};
pub use self::lists::{ConsentOptions, ListFormat, ListOptions, ShowOptions};
pub use self::man::ManArguments;
pub use self::members::{MemberList, MembersArguments, MembersCommand};
pub use self::messages::{Format, Messages};
pub use self::metrics::{MetricList, MetricsCommand, MetricsListArguments};
pub use self::projects::{ProjectsArguments, ProjectsCommand};
pub use self::query::{QueryArguments, QueryFormat};
pub use self::report::{FailOn, ReportArguments, ReportFormat};
pub use self::resources::ResourcesArguments;
pub use self::schema::{SchemaArguments, SchemaFormat};
pub use self::segments::{SegmentList, SegmentShow, SegmentsArguments, SegmentsCommand};
pub use self::sync::{
    CommonArguments, EnvironmentArguments, EventsArguments, ForgetArguments, Job, LogArguments,
    MetricsArguments, RunArguments, SegmentArguments, StatusArguments, SyncArguments, SyncCommand,
    SyncConnection, check_source, load as load_syncs, resolve_given,
};
pub use self::wanted::{Wanted, WantedResources};

/// LaunchDarkly data in SQL: complete, consistent and true, or nothing is published.
#[derive(Debug, Parser)]
#[command(name = "flaglake", version, max_term_width = 100)]
pub struct Cli {
    /// How to speak to people and programs
    #[command(flatten)]
    pub messages: Messages,
    /// The configuration file
    #[command(flatten)]
    pub file: FileArguments,
    /// The command to run
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the account, and publish it as SQLite, Parquet, Delta Lake or PostgreSQL
    Extract(Box<ExtractArguments>),
    /// Check the connection, the token and its permissions; nothing is written
    Check(CheckArguments),
    /// Look at everything that a run needs, for a bug report; nothing is written
    Doctor(Box<DoctorArguments>),
    /// List the resources: endpoint, permission, plan, and how many requests each takes
    Resources(ResourcesArguments),
    /// Explain one table, or print all: as a data dictionary, DDL, Arrow schemas or dbt sources
    Schema(SchemaArguments),
    /// Run one reading SQL statement on an output, of any kind
    Query(QueryArguments),
    /// Write what the database says as a page, a text or JSON
    Report(ReportArguments),
    /// Write rows into LaunchDarkly: metrics, metric events, and members of segments
    Sync(SyncArguments),
    /// Look at projects
    Projects(ProjectsArguments),
    /// Look at environments
    Environments(EnvironmentsArguments),
    /// Look at flags, turn them on or off, archive and restore them
    Flags(FlagsArguments),
    /// Look at approval requests, apply and withdraw them
    Approvals(ApprovalsArguments),
    /// Look at the audit log
    AuditLog(AuditLogArguments),
    /// Look at segments
    Segments(SegmentsArguments),
    /// Look at metrics
    Metrics(MetricsListArguments),
    /// Look at members
    Members(MembersArguments),
    /// Show the configuration that a command would use
    Config(ConfigArguments),
    /// Print a script that completes arguments in a shell
    Completions(CompletionsArguments),
    /// Print the manual, or write a page for each command
    Man(ManArguments),
}

impl Command {
    /// The connection options, if the command has any.
    pub fn connection_mut(&mut self) -> Option<&mut Connection> {
        match self {
            Command::Extract(one) => Some(&mut one.connection),
            Command::Check(one) => Some(&mut one.connection),
            Command::Doctor(one) => Some(&mut one.connection),
            Command::Sync(one) => Some(&mut one.command.connection_mut().connection),
            Command::Projects(one) => Some(one.command.connection_mut()),
            Command::Environments(one) => Some(one.command.connection_mut()),
            Command::Flags(one) => Some(one.command.connection_mut()),
            Command::Approvals(one) => Some(one.command.connection_mut()),
            Command::AuditLog(one) => Some(one.command.connection_mut()),
            Command::Segments(one) => Some(one.command.connection_mut()),
            Command::Metrics(one) => Some(one.command.connection_mut()),
            Command::Members(one) => Some(one.command.connection_mut()),
            Command::Schema(_)
            | Command::Resources(_)
            | Command::Query(_)
            | Command::Report(_)
            | Command::Config(_)
            | Command::Completions(_)
            | Command::Man(_) => None,
        }
    }
}
