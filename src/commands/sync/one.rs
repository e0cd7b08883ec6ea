//! Runs one sync.

use std::sync::Arc;

use super::place::{place, session};
use super::show::{self, Shown, Way};
use super::{Progress, format_of};
use crate::cli::{Format, SyncCommand};
use crate::commands::Session;
use crate::sync::context::{Context, Progress as Counts, Run};
use crate::sync::engine::{self, Finished};
use crate::sync::events::Events;
use crate::sync::metrics::Metrics;
use crate::sync::object::SyncObject;
use crate::sync::options::Options;
use crate::sync::plan::Plan;
use crate::sync::segments::Members;
use crate::system::interrupt::{Interrupt, Work};
use crate::{Error, Result};

/// Runs the sync of a command line, and prints its summary.
///
/// # Errors
/// By the table of codes.
pub(super) async fn run(command: &SyncCommand, progress: &Progress) -> Result<()> {
    let format = format_of(command);
    let way = match format {
        Format::Json => Way::Stream,
        Format::Text => Way::Text,
    };
    let connected = match command.check() {
        Ok(()) => session(command).await,
        Err(error) => Err(error),
    };
    let (finished, shown) = match connected {
        Ok(session) => {
            let interrupt = Interrupt::listen_during(Work::Sending);
            execute(command, &session, &interrupt, progress, way).await
        }
        Err(error) => (not_begun(command, error), Shown::new(way)),
    };
    progress.clear();
    // Programs get their object in any case.
    let printed = if finished.has_begun || format == Format::Json {
        show::summary(&finished.summary, &shown, format, progress)
    } else {
        Ok(())
    };
    finished.outcome.and(printed)
}

/// The end of a sync that did not begin.
pub(super) fn not_begun(command: &SyncCommand, error: Error) -> Finished {
    let dry_run = command.common().is_some_and(|common| common.dry_run);
    Finished::not_begun(&command.name(), dry_run, error)
}

/// Runs the sync of a command once.
pub(super) async fn execute(
    command: &SyncCommand,
    session: &Session,
    interrupt: &Interrupt,
    progress: &Progress,
    way: Way,
) -> (Finished, Shown) {
    let mut shown = Shown::new(way);
    let finished = match started(command, session, interrupt, progress, &mut shown).await {
        Ok(finished) => finished,
        Err(error) => not_begun(command, error),
    };
    (finished, shown)
}

async fn started(
    command: &SyncCommand,
    session: &Session,
    interrupt: &Interrupt,
    progress: &Progress,
    shown: &mut Shown,
) -> Result<Finished> {
    let place = interrupt.or(place(command, session)).await?;
    let bug = || Error::usage("this command runs no sync");
    let common = command.common().ok_or_else(bug)?;
    common.written().try_for_each(|(_, path)| engine::check_writable(path))?;
    let work = One { session, interrupt, progress, options: &common.options()? };
    Ok(match command {
        SyncCommand::Metrics(one) => work.run(&mut Metrics::new(one.metrics())?, shown).await,
        SyncCommand::Events(one) => {
            let (project, environment) = place.ok_or_else(bug)?;
            let mut object = Events::new(one.events(project, environment))?;
            work.run(&mut object, shown).await
        }
        SyncCommand::Segment(one) => {
            let (project, environment) = place.ok_or_else(bug)?;
            let mut object = Members::new(one.segment(project, environment)?)?;
            work.run(&mut object, shown).await
        }
        _ => return Err(bug()),
    })
}

/// One run, as everything in it sees it.
struct One<'w> {
    session: &'w Session,
    interrupt: &'w Interrupt,
    progress: &'w Progress,
    options: &'w Options,
}

impl One<'_> {
    async fn run<O: SyncObject>(&self, object: &mut O, shown: &mut Shown) -> Finished {
        let counts = Arc::new(Counts::default());
        let watching = self.progress.watch_sync(&self.session.client, &counts);
        let context = Context {
            client: &self.session.client,
            options: self.options,
            interrupt: self.interrupt,
            progress: &counts,
        };
        let mut show =
            |run: &Run<'_>, plan: &Plan, items: &'static str| shown.keep(run, plan, items);
        let finished = engine::run(object, context, &mut show).await;
        watching.abort();
        finished
    }
}
