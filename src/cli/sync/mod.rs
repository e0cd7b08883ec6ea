//! The arguments of `flaglake sync`: one file for each of its commands.

mod check;
mod common;
mod environment;
mod events;
mod file;
mod metrics;
mod run;
mod segment;
mod state;

use clap::{Args, Subcommand};

pub use self::common::{CommonArguments, SyncConnection, check_source};
pub use self::environment::EnvironmentArguments;
pub use self::events::EventsArguments;
pub(super) use self::file::check_syncs;
pub use self::file::{Job, load};
pub use self::metrics::MetricsArguments;
pub use self::run::{RunArguments, resolve_given};
pub use self::segment::SegmentArguments;
pub use self::state::{ForgetArguments, LogArguments, StatusArguments};

/// `flaglake sync`
#[derive(Args, Clone, Debug)]
pub struct SyncArguments {
    /// What to write, or to look at
    #[command(subcommand)]
    pub command: SyncCommand,
}

/// The commands of `flaglake sync`.
#[derive(Clone, Debug, Subcommand)]
pub enum SyncCommand {
    /// Create and change metrics, compared with those that LaunchDarkly holds
    Metrics(Box<MetricsArguments>),
    /// Send metric events, each of them once
    Events(Box<EventsArguments>),
    /// Make rows the members of a segment
    Segment(Box<SegmentArguments>),
    /// Run the syncs that a file lists, for a scheduler
    Run(Box<RunArguments>),
    /// Show all syncs and how they last ran
    Status(StatusArguments),
    /// Show the runs of one sync or of all
    Log(LogArguments),
    /// Forget a sync, or one key of it
    Forget(ForgetArguments),
}

impl SyncCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut SyncConnection {
        match self {
            SyncCommand::Metrics(one) => &mut one.connection,
            SyncCommand::Events(one) => &mut one.connection,
            SyncCommand::Segment(one) => &mut one.connection,
            SyncCommand::Run(one) => &mut one.connection,
            SyncCommand::Status(one) => &mut one.connection,
            SyncCommand::Log(one) => &mut one.connection,
            SyncCommand::Forget(one) => &mut one.connection,
        }
    }
}
