//! The past of the demo: extractions of the demo account as it was on earlier days, for outputs that
//! hold none yet, so that trends and history have something to show at the first try.

use fake_launchdarkly::account::Account;
use fake_launchdarkly::company;
use jiff::Timestamp;
use tracing::warn;

use super::locks::Locks;
use super::one::{Prepared, Run};
use super::outcome::Outcome;
use super::outputs;
use crate::cli::ExtractArguments;
use crate::commands::progress::Progress;
use crate::commands::{Session, hints, serve, session};
use crate::destinations::address::Address;
use crate::error::Kind;
use crate::system::clock::Clock;
use crate::system::interrupt::Interrupt;
use crate::terminal::counted;
use crate::{Error, Result};

/// The ages of the extractions, in days, oldest first. A development build takes 0.4 s for each
/// in a SQLite output, and up to 1.5 s in a lake.
const AGES: [i64; 9] = [90, 75, 60, 45, 30, 21, 14, 7, 1];

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The extractions that were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many.
    pub extractions: usize,
    /// When the first one started.
    pub since: Timestamp,
}

impl Past {
    /// What was made, as the summary says it.
    pub fn sentence(self) -> String {
        let extractions = counted(self.extractions, "extraction");
        format!("The demo's past: {extractions} since {}", self.since.strftime("%Y-%m-%d"))
    }
}

/// Makes the past of the demo in those of its outputs that hold no extraction; `None` where there is
/// none to make. An error ends the past early: today's extraction does not need it.
///
/// # Errors
/// That of an interruption.
pub(super) async fn make(
    arguments: &ExtractArguments,
    prepared: &Prepared,
    shared: Shared<'_>,
) -> Result<Option<Past>> {
    let Some(server) = &prepared.session.demo else { return Ok(None) };
    if arguments.plan || arguments.no_demo_past {
        return Ok(None);
    }
    let today = server.read(Account::clone);
    let now_ms = today.now_ms;
    let accounts = company::Past::of(today);
    let mut maker = Maker { arguments, prepared, shared, accounts, now_ms, made: None };
    match maker.make().await {
        Err(error) if error.kind() == Kind::Interrupted => Err(interrupted(error, maker.made)),
        Err(error) => {
            warn!("The demo's past is not complete: {error} [{}]", error.kind().code());
            Ok(maker.made)
        }
        Ok(()) => Ok(maker.made),
    }
}

/// The error of an interruption. What was published until then stays.
fn interrupted(error: Error, made: Option<Past>) -> Error {
    let Some(past) = made else { return error };
    let extractions = counted(past.extractions, "extraction");
    let message = format!("interrupted; {extractions} of the demo's past stay published");
    Error::new(Kind::Interrupted, message).hint("run again: it adds the extraction of today")
}

/// What the runs of a job share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'s> {
    pub progress: &'s Progress,
    pub interrupt: &'s Interrupt,
    pub locks: &'s Locks,
}

struct Maker<'m> {
    arguments: &'m ExtractArguments,
    prepared: &'m Prepared,
    shared: Shared<'m>,
    accounts: company::Past,
    now_ms: i64,
    made: Option<Past>,
}

impl Maker<'_> {
    async fn make(&mut self) -> Result<()> {
        let new = match self.new_outputs().await {
            Err(error) if error.kind() == Kind::Interrupted => return Err(error),
            // The run of today says why no output can be opened.
            Err(_) => return Ok(()),
            Ok(new) => new,
        };
        if !new.is_empty() {
            self.shared.progress.say("Making the demo's past …");
        }
        let count = AGES.len();
        for (index, age) in AGES.into_iter().enumerate() {
            // An output that keeps few extractions gets no more.
            let is_kept = |output: &&Address| {
                let kept = self.arguments.retention(output).extractions;
                kept.is_none_or(|kept| count - index < kept)
            };
            let output: Vec<_> = new.iter().filter(is_kept).cloned().collect();
            if !output.is_empty() {
                self.extract(output, self.now_ms - age * DAY_MS).await?;
            }
        }
        Ok(())
    }

    /// The outputs that hold no extraction.
    async fn new_outputs(&self) -> Result<Vec<Address>> {
        let session = self.session(self.now_ms).await?;
        let clock = Clock::showing(self.now_ms);
        let run = self.started(&session, self.arguments, clock);
        // It tells that it waits for another run.
        outputs::without_extractions(&Run { progress: self.shared.progress, ..run }).await
    }

    /// Extracts the account as it was at `at_ms`.
    async fn extract(&mut self, output: Vec<Address>, at_ms: i64) -> Result<()> {
        let session = self.session(at_ms).await?;
        // No later run could resume it: the demo's server is another one then.
        let arguments = ExtractArguments { output, no_resume: true, ..self.arguments.clone() };
        let run = self.started(&session, &arguments, Clock::showing(at_ms));
        self.shared.interrupt.reopen();
        let mut outcome = Outcome::new(None, &arguments.output);
        let publishing = run.read_and_publish(arguments.scorecards.clone(), &mut outcome);
        Box::pin(publishing).await?;
        outcome.judge(None);
        outcome.error.map_or(Ok(()), Err)?;
        let since = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        let made = self.made.get_or_insert(Past { extractions: 0, since });
        made.extractions += 1;
        Ok(())
    }

    async fn session(&self, at_ms: i64) -> Result<Session> {
        let place = serve(self.accounts.account(at_ms)).await?;
        session(&self.arguments.connection, place, hints::of_reading)
    }

    fn started<'r>(
        &'r self,
        session: &'r Session,
        arguments: &'r ExtractArguments,
        clock: Clock,
    ) -> Run<'r> {
        Run {
            session,
            selection: arguments.selection(),
            privacy: self.prepared.privacy.clone(),
            arguments,
            progress: &Progress::Quiet,
            interrupt: self.shared.interrupt,
            locks: self.shared.locks,
            clock,
        }
    }
}
