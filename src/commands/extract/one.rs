//! One account: read, stage, verify, publish to each output.

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tracing::{debug, warn};

use super::after;
use super::locks::Locks;
use super::outcome::{Outcome, Written};
use super::outputs::{self, Output, Outputs};
use super::past::Shared;
use super::publish::{self, Publication};
use super::settings;
use crate::cli::ExtractArguments;
use crate::commands::progress::Progress;
use crate::commands::{Session, connect, hints, plan};
use crate::destinations::Account;
use crate::destinations::contract::Known;
use crate::error::Kind;
use crate::guard::Guard;
use crate::launchdarkly::client::API_VERSION;
use crate::launchdarkly::identity::CallerIdentity;
use crate::model::privacy::{Mode, Privacy};
use crate::model::settings::Scorecards;
use crate::record::{Record, RunRow};
use crate::resources::selection::Selection;
use crate::stage::Staged;
use crate::system::clock::Clock;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result, catalog, extract, verify};

/// One run, as everything in it sees it.
pub(super) struct Run<'r> {
    pub session: &'r Session,
    pub selection: Selection,
    pub privacy: Privacy,
    pub arguments: &'r ExtractArguments,
    pub progress: &'r Progress,
    pub interrupt: &'r Interrupt,
    pub locks: &'r Locks,
    /// When it is.
    pub clock: Clock,
}

/// What a run has before signals are caught.
pub(super) struct Prepared {
    pub session: Session,
    pub privacy: Privacy,
}

/// Checks the options, and reads the token and the key.
///
/// # Errors
/// `usage`, or `invalid_credentials` where there is no token.
pub(super) async fn prepare(arguments: &ExtractArguments) -> Result<Prepared> {
    if arguments.target_values && arguments.personal_data == Mode::Drop {
        warn!("`--target-values` has no effect: `--personal-data drop` leaves them out.");
    }
    arguments.check_retention()?;
    after::check(arguments)?;
    outputs::check_distinct(&arguments.output)?;
    let key_file = arguments.personal_data_key_file.as_deref();
    let privacy = Privacy::new(arguments.personal_data, key_file)?;
    let session = connect(&arguments.connection, hints::of_reading).await?;
    Ok(Prepared { session, privacy })
}

/// Extracts the account. What is known of the run is noted in `outcome` as soon as it is known.
///
/// # Errors
/// By the table of codes; the previous data of the outputs is unchanged then, but for those that
/// `outcome` says are published.
pub(super) async fn extract(
    arguments: &ExtractArguments,
    prepared: Prepared,
    shared: Shared<'_>,
    outcome: &mut Outcome,
) -> Result<()> {
    let Shared { progress, interrupt, locks } = shared;
    let Prepared { session, privacy } = prepared;
    let selection = arguments.selection();
    if arguments.plan {
        return interrupt.or(plan::run(&session, arguments, &selection)).await;
    }
    let clock = Clock::Machine;
    let run =
        Run { session: &session, selection, privacy, arguments, progress, interrupt, locks, clock };
    let done = run.read_and_publish(arguments.scorecards.clone(), outcome).await;
    outcome.count(&session.client.counters);
    done
}

impl Run<'_> {
    /// Whether it is a run of the demo's past.
    pub(super) const fn is_past(&self) -> bool {
        matches!(self.clock, Clock::Set { .. })
    }

    pub(super) async fn read_and_publish(
        &self,
        scorecards: Option<Scorecards>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        // From here on, no other run writes to the outputs.
        let mut outputs = outputs::open_all(self).await?;
        self.progress.say(&format!("Reading {} …", self.session.name()));
        let record = Record::new(self.selection.is_of_selected_projects());
        let read = self.read(&mut outputs, &record).await;
        let Outputs { open, failed } = outputs;
        outcome.outputs = failed;
        let (extraction, mut staged) = read?;
        if let Some(scorecards) = &scorecards
            && !self.selection.is_of_selected_projects()
            && !self.is_past()
        {
            settings::warn_of_unknown_projects(scorecards, &staged)?;
        }
        staged.scorecards = scorecards;
        outcome.refused = record.refused().into_iter().collect();
        outcome.extraction = Some(extraction.clone());
        outcome.outputs.extend(self.publish(open, staged, record, extraction).await?);
        outcome.outputs.sort_by_key(|one| outputs::place_of(self, &one.address));
        Ok(())
    }

    /// Reads the account into a stage.
    async fn read(&self, outputs: &mut Outputs, record: &Record) -> Result<(RunRow, Staged)> {
        let identity = self.interrupt.or(self.session.client.caller_identity()).await?;
        let account = self.account(&identity);
        outputs::check_account(self, outputs, &account).await?;
        let outputs = &mut outputs.open;
        let stage = self.stage(&identity, outputs).await?;
        let started_at = stage.started_at;
        let known = outputs::inspect(self, outputs, account.id).await?;
        let Known { newest_entries, projects: known_projects } = known;
        let extraction = self.session.extraction(&stage, record, &self.selection);
        let extraction = extract::Extraction { newest_entries, known_projects, ..extraction };
        let reading = self.interrupt.or(extraction.run());
        let outcome = tokio::select! {
            outcome = reading => outcome,
            () = self.progress.watch(&self.session.client, record, &self.selection) => Ok(()),
        };
        debug!("Everything is read.");
        match outcome {
            Ok(()) => Ok((self.describe(&identity, started_at), stage.finish().await?)),
            Err(error) if self.is_past() => Err(stage.discard(error).await),
            Err(error) => Err(stage.abandon(error).await),
        }
    }

    pub(super) fn account<'a>(&'a self, identity: &'a CallerIdentity) -> Account<'a> {
        Account {
            id: identity.account_id.as_deref(),
            base_url: self.session.base_uri.as_str(),
            token_id: identity.token_id.as_deref(),
        }
    }

    /// Verifies and publishes on a thread of its own, because signals must be heard during that.
    async fn publish(
        &self,
        outputs: Vec<Output>,
        staged: Staged,
        record: Record,
        extraction: RunRow,
    ) -> Result<Vec<Written>> {
        let (interrupt, selection) = (self.interrupt.clone(), self.selection.clone());
        let clock = self.clock;
        let limit = self.arguments.max_removals.unwrap_or_default();
        let guard = Guard { limit, projects: selection.projects.clone() };
        let publishing = spawn_blocking(move || {
            let verified = verify::verify(&staged, &record, &selection, &interrupt);
            let verified = verified.and_then(|()| staged.unexpected());
            match verified {
                Ok(unexpected) => record.note_unexpected(&unexpected),
                Err(error) => {
                    let error = interrupt.check().err().unwrap_or(error);
                    return Err(publish::keep_unless_wrong(staged, error));
                }
            }
            debug!("Everything is verified but references.");
            let extraction = RunRow { finished_at: clock.now(), ..extraction };
            let what = Publication { record: &record, guard: &guard, interrupt: &interrupt };
            Ok(Handle::current().block_on(publish::to_each(&outputs, staged, what, &extraction)))
        });
        let bug = |_| Error::new(Kind::Internal, "publishing stopped working");
        publishing.await.map_err(bug)?
    }

    fn describe(&self, identity: &CallerIdentity, started_at: i64) -> RunRow {
        let session = &self.session;
        let [requests, retries, rate_limited_ms] = session.client.counters.all();
        RunRow {
            extraction_id: String::new(),
            started_at,
            finished_at: started_at,
            schema_version: catalog::SCHEMA_VERSION,
            api_version: API_VERSION.to_owned(),
            base_url: session.base_uri.as_str().trim_end_matches('/').to_owned(),
            account_id: identity.account_id.clone(),
            token_name: identity.token_name.clone(),
            personal_data: self.privacy.mode().name(),
            only_selected_projects: self.selection.is_of_selected_projects(),
            same_as: None,
            requests,
            retries,
            rate_limited_ms,
        }
    }
}
