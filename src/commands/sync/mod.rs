//! `flaglake sync`: runs syncs, and looks at their state file.

mod all;
mod log;
mod one;
mod place;
mod show;

use super::progress::Progress;
use crate::Result;
use crate::cli::{Format, SyncArguments, SyncCommand};

/// Runs a command of `sync`.
///
/// # Errors
/// By the table of codes.
pub async fn run(arguments: &SyncArguments, progress: &Progress) -> Result<()> {
    match &arguments.command {
        SyncCommand::Run(arguments) => all::run(arguments, progress).await,
        SyncCommand::Status(arguments) => log::status(arguments).await,
        SyncCommand::Log(arguments) => log::runs(arguments).await,
        SyncCommand::Forget(arguments) => log::forget(arguments).await,
        command => one::run(command, progress).await,
    }
}

/// The format of the summary of a command that runs one sync.
fn format_of(command: &SyncCommand) -> Format {
    match command {
        SyncCommand::Metrics(one) => one.common.format,
        SyncCommand::Events(one) => one.common.format,
        SyncCommand::Segment(one) => one.common.format,
        SyncCommand::Run(one) => one.format,
        SyncCommand::Status(one) => one.format,
        SyncCommand::Log(one) => one.format,
        SyncCommand::Forget(one) => one.format,
    }
}
