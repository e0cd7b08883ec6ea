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
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Runs the sync of a command line, and prints its summary.
///
/// # Errors
/// By the table of codes.
pub(super) async fn run(command: &SyncCommand, progress: &Progress) -> Result<()> {
    let session = session(command).await?;
    let interrupt = Interrupt::listen();
    let way = match format_of(command) {
        Format::Json => Way::Stream,
        Format::Text => Way::Text,
    };
    let (finished, shown) = execute(command, &session, &interrupt, progress, way).await;
    progress.clear();
    let printed = match &finished.summary {
        Some(summary) => show::summary(summary, &shown, format_of(command), progress),
        None => Ok(()),
    };
    finished.outcome.and(printed)
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
        Err(error) => Finished { summary: None, outcome: Err(error) },
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
    match command {
        SyncCommand::Metrics(one) => {
            let mut object = Metrics::new(one.metrics())?;
            let work = Work { session, interrupt, progress, options: &one.common.options()? };
            Ok(work.run(&mut object, shown).await)
        }
        SyncCommand::Events(one) => {
            let (project, environment) = place.ok_or_else(bug)?;
            let mut object = Events::new(one.events(project, environment))?;
            let work = Work { session, interrupt, progress, options: &one.common.options()? };
            Ok(work.run(&mut object, shown).await)
        }
        SyncCommand::Segment(one) => {
            let (project, environment) = place.ok_or_else(bug)?;
            let mut object = Members::new(one.segment(project, environment)?)?;
            let work = Work { session, interrupt, progress, options: &one.common.options()? };
            Ok(work.run(&mut object, shown).await)
        }
        _ => Err(bug()),
    }
}

/// One run, as everything in it sees it.
struct Work<'w> {
    session: &'w Session,
    interrupt: &'w Interrupt,
    progress: &'w Progress,
    options: &'w Options,
}

impl Work<'_> {
    async fn run<O: SyncObject>(&self, object: &mut O, shown: &mut Shown) -> Finished {
        if let Err(error) = self.check_files() {
            return Finished { summary: None, outcome: Err(error) };
        }
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

    /// The files that are written after everything is sent can be written.
    fn check_files(&self) -> Result<()> {
        let files = [&self.options.rejected, &self.options.plan];
        files.into_iter().flatten().try_for_each(|path| engine::check_writable(path))
    }
}
