//! The commands that look at the account on demand, and that change a flag with consent.

mod approvals;
mod archive;
mod ask;
mod audit_log;
mod flag;
mod flags;
mod lists;
mod segments;
mod show;
mod table;
mod toggle;

use std::sync::Arc;

use super::{Session, connect, hints};
use crate::cli::{
    ApprovalsCommand, AuditLogCommand, Command, Connection, EnvironmentsCommand, FlagsCommand,
    MembersCommand, MetricsCommand, ProjectsCommand, SegmentsCommand,
};
use crate::demand::attempts::unchanged;
use crate::error::Kind;
use crate::launchdarkly::Client;
use crate::launchdarkly::instance::{Instance, web_address};
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Runs a command.
///
/// # Errors
/// By the table of codes.
pub async fn run(command: &Command, quiet: bool) -> Result<()> {
    let work = async {
        match command {
            Command::Projects(one) => match &one.command {
                ProjectsCommand::List(one) => lists::projects(one).await,
            },
            Command::Environments(one) => match &one.command {
                EnvironmentsCommand::List(one) => lists::environments(one).await,
            },
            Command::Flags(one) => run_flags(&one.command, quiet).await,
            Command::Approvals(one) => run_approvals(&one.command, quiet).await,
            Command::AuditLog(one) => match &one.command {
                AuditLogCommand::List(one) => audit_log::list(one).await,
            },
            Command::Segments(one) => match &one.command {
                SegmentsCommand::List(one) => segments::list(one).await,
                SegmentsCommand::Show(one) => segments::show(one).await,
            },
            Command::Metrics(one) => match &one.command {
                MetricsCommand::List(one) => lists::metrics(one).await,
            },
            Command::Members(one) => match &one.command {
                MembersCommand::List(one) => lists::members(one).await,
            },
            _ => Err(Error::new(Kind::Internal, "this command is not run on demand")),
        }
    };
    work.await
}

async fn run_flags(command: &FlagsCommand, quiet: bool) -> Result<()> {
    match command {
        FlagsCommand::List(one) => flags::list(one).await,
        FlagsCommand::Show(one) => flag::show(one).await,
        FlagsCommand::On(one) => toggle::run(one, true, quiet).await,
        FlagsCommand::Off(one) => toggle::run(one, false, quiet).await,
        FlagsCommand::Archive(one) => archive::run(one, true, quiet).await,
        FlagsCommand::Restore(one) => archive::run(one, false, quiet).await,
    }
}

async fn run_approvals(command: &ApprovalsCommand, quiet: bool) -> Result<()> {
    match command {
        ApprovalsCommand::List(one) => approvals::list(one).await,
        ApprovalsCommand::Show(one) => approvals::show(one).await,
        ApprovalsCommand::Apply(one) => approvals::apply(one, quiet).await,
        ApprovalsCommand::Withdraw(one) => approvals::withdraw(one, quiet).await,
    }
}

/// The account of a command, and the signals that end it.
struct Access {
    session: Session,
    interrupt: Interrupt,
    instance: Instance,
}

impl Access {
    async fn new(connection: &Connection) -> Result<Self> {
        let session = connect(connection, hints::of_writing).await?;
        let instance = connection.instance;
        Ok(Access { session, interrupt: Interrupt::listen(), instance })
    }

    fn client(&self) -> &Arc<Client> {
        &self.session.client
    }

    /// The address of LaunchDarkly's own pages about the account.
    fn pages(&self) -> &'static str {
        web_address(self.session.base_uri.as_str(), self.instance)
    }

    /// Does `work`, which changes nothing, and stops it on a signal.
    async fn read<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.interrupt.or(work).await.map_err(unchanged)
    }

    /// Does `work`, which changes something. On a signal, what is being sent is finished, since its
    /// outcome must be told; nothing is sent again.
    async fn write<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.interrupt.check().map_err(unchanged)?;
        self.client().end_waits_on(&self.interrupt);
        work.await
    }
}
