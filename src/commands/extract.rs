//! `flaglake extract`: read, stage, verify, publish, sum up.

mod resume;
mod settings;

use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tracing::{debug, error, warn};

use super::{Session, connect, hints, plan, summary};
use crate::cli::{self, ExtractArguments, ExtractFailOn};
use crate::commands::progress::Progress;
use crate::destinations::contract::{Destination, Known, Verified};
use crate::destinations::{Account, Degraded, Rows};
use crate::error::Kind;
use crate::guard::Guard;
use crate::launchdarkly::client::API_VERSION;
use crate::launchdarkly::identity::CallerIdentity;
use crate::model::privacy::{Mode, Privacy};
use crate::record::{Record, RunRow, signed};
use crate::resources::selection::Selection;
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::system::lock::Lock;
use crate::{Error, Result, catalog, extract, stage, verify};

/// Extracts the account.
///
/// # Errors
/// By the table of codes; the previous data is untouched then.
pub async fn run(arguments: &ExtractArguments, progress: &Progress) -> Result<()> {
    let outcome = extract_account(arguments, progress).await;
    progress.clear();
    outcome
}

/// One run, as everything in it sees it.
struct Run<'r> {
    session: Session,
    selection: Selection,
    privacy: Privacy,
    arguments: &'r ExtractArguments,
    progress: &'r Progress,
    interrupt: &'r Interrupt,
}

/// The result of a run.
struct Published {
    extraction: RunRow,
    rows: Rows,
    /// The resources that it was refused, and earlier runs have read.
    degraded: Vec<Degraded>,
}

async fn extract_account(arguments: &ExtractArguments, progress: &Progress) -> Result<()> {
    let started = Instant::now();
    if arguments.target_values && arguments.personal_data == Mode::Drop {
        warn!("`--target-values` has no effect: `--personal-data drop` leaves them out.");
    }
    let retention = arguments.retention()?;
    let key_file = arguments.personal_data_key_file.as_deref();
    let privacy = Privacy::new(arguments.personal_data, key_file)?;
    let scorecards = arguments.config.as_deref().map(cli::scorecards).transpose()?;
    // Before signals are caught: the token may be typed in.
    let session = connect(&arguments.connection, hints::of_reading).await?;
    let interrupt = &Interrupt::listen();
    let selection = arguments.selection();
    let run = Run { session, selection, privacy, arguments, progress, interrupt };
    if arguments.plan {
        return interrupt.or(plan::run(&run.session, arguments, &run.selection)).await;
    }
    arguments.output.check()?;
    // From here on, no other run writes to the output.
    let _lock = run.lock().await?;
    let mut publisher = run.open()?;
    publisher.forget(retention);
    interrupt.or(publisher.check_layout()).await?;
    progress.say(&format!("Reading {} …", run.session.name()));
    let record = Record::new(run.selection.is_of_selected_projects());
    let (extraction, mut staged) = run.read(&mut *publisher, &record).await?;
    if let Some(scorecards) = &scorecards
        && !run.selection.is_of_selected_projects()
    {
        settings::warn_of_unknown_projects(scorecards, &staged)?;
    }
    staged.scorecards = scorecards;
    let account = publisher.account_folder().map(str::to_owned);
    let refused = record.refused();
    let Published { extraction, rows, degraded } =
        run.publish(publisher, staged, record, extraction).await?;
    progress.clear();
    progress.say(&sentence(&extraction));
    if !matches!(progress, Progress::Quiet) {
        let place = summary::Place { destination: &arguments.output, account: account.as_deref() };
        if let Err(error) = summary::print(place, &extraction, &rows, started.elapsed()) {
            // The data is published, even if its summary cannot be shown.
            warn!("The data is published, but not the summary: {error}.");
        }
    }
    if !refused.is_empty() {
        let names = refused.into_iter().collect::<Vec<_>>().join(", ");
        progress.say(&format!("Not read, or not all: {names}. `extraction_resources` says why."));
    }
    report_degraded(&degraded, &extraction, arguments.fail_on)
}

/// What the run has published.
fn sentence(extraction: &RunRow) -> String {
    let id = &extraction.extraction_id;
    match &extraction.same_as {
        Some(same) => format!(
            "Nothing has changed since extraction {same}, which stays the newest. The run is \
             recorded as {id}."
        ),
        None => format!("Published extraction {id}."),
    }
}

/// Says what was readable and is refused now, even where only errors are shown.
///
/// # Errors
/// `degraded`, where that was asked for.
fn report_degraded(
    degraded: &[Degraded],
    extraction: &RunRow,
    fail_on: Option<ExtractFailOn>,
) -> Result<()> {
    degraded.iter().for_each(|one| error!("{}", one.sentence()));
    let (Some(first), Some(ExtractFailOn::Degraded)) = (degraded.first(), fail_on) else {
        return Ok(());
    };
    let names = degraded.iter().map(|one| one.resource).collect::<Vec<_>>().join(", ");
    let id = &extraction.extraction_id;
    let message = format!(
        "extraction {id} is published, but without what could be read before and is refused now: \
         {names}"
    );
    Err(Error::new(Kind::Degraded, message).resource(first.resource).hint(
        "the data is published; give the token's role what it needs again, or leave the resource \
         out with `--skip`",
    ))
}

impl Run<'_> {
    /// Takes the output for this run alone.
    async fn lock(&self) -> Result<Lock> {
        let path = self.arguments.output.lock_path();
        let first = Lock::take(&path);
        match (first, self.arguments.wait) {
            (Err(error), true) if error.is_held() => {
                self.progress.say(&format!("Waiting: {error} …"));
                self.interrupt.or(Lock::wait(&path)).await
            }
            (Err(error), false) if error.is_held() => {
                let hint = "wait for it to end, use `--wait`, or write to another output";
                Err(error.hint(hint))
            }
            (outcome, _) => outcome,
        }
    }

    /// Opens the output. A run that was killed may have left a stage that fills the disk, so that
    /// not even the index of the output's log has room: the output comes first.
    fn open(&self) -> Result<Box<dyn Destination>> {
        let (output, patience) = (&self.arguments.output, self.arguments.busy_timeout);
        output.remove_remains();
        let opened = output.open(patience, self.interrupt);
        let path = output.stage_path();
        match opened {
            Err(error) if error.is_full() && path.symlink_metadata().is_ok() => {
                stage::remove(&path)?;
                warn!("The disk is full: `{}` of an earlier run was removed.", path.display());
                output.open(patience, self.interrupt)
            }
            opened => opened,
        }
    }

    /// Reads the account into a stage.
    async fn read(
        &self,
        publisher: &mut dyn Destination,
        record: &Record,
    ) -> Result<(RunRow, Staged)> {
        let identity = self.interrupt.or(self.session.client.caller_identity()).await?;
        let account = self.account(&identity);
        let is_demo = self.session.demo.is_some();
        self.interrupt.or(publisher.check_account(&account, is_demo)).await?;
        let stage = self.stage(&identity, publisher).await?;
        let started_at = stage.started_at;
        let lookback = self.selection.audit_log_lookback;
        let known = publisher.inspect(account.id, lookback).await?;
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
            Err(error) => Err(stage.abandon(error).await),
        }
    }

    fn account<'a>(&'a self, identity: &'a CallerIdentity) -> Account<'a> {
        Account {
            id: identity.account_id.as_deref(),
            base_url: self.session.base_uri.as_str(),
            token_id: identity.token_id.as_deref(),
        }
    }

    /// Verifies and publishes on a thread of its own, because signals must be heard during that.
    async fn publish(
        &self,
        publisher: Box<dyn Destination>,
        staged: Staged,
        record: Record,
        extraction: RunRow,
    ) -> Result<Published> {
        let (interrupt, selection) = (self.interrupt.clone(), self.selection.clone());
        let limit = self.arguments.max_removals.unwrap_or_default();
        let guard = Guard { limit, projects: selection.projects.clone() };
        let publishing = spawn_blocking(move || {
            let work = async {
                verify::verify(&staged, &record, &selection, &interrupt)?;
                record.note_unexpected(&staged.unexpected()?);
                debug!("Everything is verified but references.");
                let finished_at = jiff::Timestamp::now().as_millisecond();
                let mut extraction = RunRow { finished_at, ..extraction };
                let account = extraction.account_id.as_deref();
                let degraded = if record.refused().is_empty() {
                    Vec::new()
                } else {
                    publisher.degraded(&record, account).await?
                };
                let (record, guard, interrupt) = (&record, &guard, &interrupt);
                let verified = Verified { staged: &staged, record, guard, interrupt };
                let rows = publisher.publish(verified, &mut extraction).await?;
                Ok(Published { extraction, rows, degraded })
            };
            let outcome = Handle::current().block_on(work);
            outcome.map_err(|error| {
                keep_unless_wrong(staged, interrupt.check().err().unwrap_or(error))
            })
        });
        let bug = |_| Error::new(Kind::Internal, "publishing stopped working");
        publishing.await.map_err(bug)?
    }
}

/// Keeps the stage for a later run, unless its rows are the cause of the error.
fn keep_unless_wrong(staged: Staged, error: Error) -> Error {
    let stage = staged.path().display().to_string();
    let is_output = error.kind() == Kind::OutputFailed && error.concerns() != Some(stage.as_str());
    if error.kind().is_passing() || is_output { staged.keep(error) } else { error }
}

impl Run<'_> {
    fn describe(&self, identity: &CallerIdentity, started_at: i64) -> RunRow {
        let session = &self.session;
        let counters = &session.client.counters;
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
            requests: signed(counters.requests.load(Ordering::Relaxed)),
            retries: signed(counters.retries.load(Ordering::Relaxed)),
            rate_limited_ms: signed(counters.rate_limited_ms.load(Ordering::Relaxed)),
        }
    }
}
