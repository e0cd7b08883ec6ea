//! `flaglake extract`: read, stage, verify, publish, sum up.

use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio::signal::unix::{SignalKind, signal};

use super::{Session, connect, plan, summary};
use crate::cli::ExtractArguments;
use crate::error::Kind;
use crate::extract::{self, Selection};
use crate::launchdarkly::client::API_VERSION;
use crate::launchdarkly::identity::CallerIdentity;
use crate::lock::Lock;
use crate::progress::Progress;
use crate::publish::{Publisher, Rows};
use crate::record::{Extraction, Record, signed};
use crate::stage::{Stage, Staged};
use crate::table::TableInfo;
use crate::{Error, Result, catalog, record, verify};

/// Extracts the account.
///
/// # Errors
/// By the table of codes; the previous data is untouched then.
pub async fn run(arguments: &ExtractArguments, progress: &Progress) -> Result<()> {
    let started = Instant::now();
    let started_at = jiff::Timestamp::now().as_millisecond();
    let session = connect(&arguments.connection).await?;
    let publisher = Publisher::open(&arguments.output)?;
    let lock = Lock::take(&arguments.output.lock_path())?;
    let selection = arguments.selection();
    let record = Record::default();
    let reading = read(&session, arguments, &selection, &record, progress, &publisher);
    let (identity, staged) = tokio::select! {
        outcome = reading => outcome,
        error = interrupted() => Err(error),
    }
    .inspect_err(|_| progress.clear())?;
    let Some(staged) = staged else { return Ok(()) };
    let mut extraction = describe(&session, &identity, started_at);
    let published = publish(&publisher, &staged, &record, &selection, &mut extraction).await;
    progress.clear();
    staged.discard()?;
    drop(lock);
    let rows = published?;
    progress.say(&format!("Published extraction {}.", extraction.extraction_id));
    match progress {
        Progress::Quiet => Ok(()),
        _ => summary::print(&arguments.output, &extraction, &rows, started.elapsed()),
    }
}

/// Reads the account into a stage; `None` where only a plan was wanted.
async fn read(
    session: &Session,
    arguments: &ExtractArguments,
    selection: &Selection,
    record: &Record,
    progress: &Progress,
    publisher: &Publisher,
) -> Result<(CallerIdentity, Option<Staged>)> {
    progress.say(&format!("Reading {} …", session.base_uri));
    let identity = session.client.caller_identity().await?;
    let tables = selection.tables();
    let staged: Vec<TableInfo> = tables.into_iter().chain(record::tables()).collect();
    let stage = Stage::create(&arguments.output.stage_path(), staged.clone())?;
    let extraction = extract::Extraction {
        client: &session.client,
        stage: &stage,
        record,
        selection,
        limits: extract::Limits::default(),
        projects_at_once: usize::from(arguments.connection.concurrency) + 2,
    };
    if arguments.plan {
        let plans = extraction.plan().await;
        stage.finish(staged)?.discard()?;
        plan::print(&plans?, selection, &session.client, &publisher.previous_flags())?;
        return Ok((identity, None));
    }
    let outcome = tokio::select! {
        outcome = extraction.run() => outcome,
        () = progress.watch(&session.client, record, selection) => Ok(()),
    };
    match outcome {
        Ok(()) => Ok((identity, Some(stage.finish(staged)?))),
        Err(error) => Err(stage.abandon(error)),
    }
}

async fn publish(
    publisher: &Publisher,
    staged: &Staged,
    record: &Record,
    selection: &Selection,
    extraction: &mut Extraction,
) -> Result<Rows> {
    verify::verify(staged, record, selection)?;
    extraction.finished_at = jiff::Timestamp::now().as_millisecond();
    publisher.publish(staged, record, extraction).await
}

fn describe(session: &Session, identity: &CallerIdentity, started_at: i64) -> Extraction {
    let counters = &session.client.counters;
    Extraction {
        extraction_id: String::new(),
        started_at,
        finished_at: started_at,
        schema_version: catalog::SCHEMA_VERSION,
        api_version: API_VERSION.to_owned(),
        base_url: session.base_uri.as_str().trim_end_matches('/').to_owned(),
        account_id: identity.account_id.clone(),
        token_name: identity.token_name.clone(),
        requests: signed(counters.requests.load(Ordering::Relaxed)),
        retries: signed(counters.retries.load(Ordering::Relaxed)),
        rate_limited_ms: signed(counters.rate_limited_ms.load(Ordering::Relaxed)),
    }
}

/// Ends when the process is told to.
async fn interrupted() -> Error {
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => signal.recv().await.unwrap_or(()),
            // Without a handler, the signal ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
    }
    Error::new(Kind::Interrupted, "interrupted; nothing was published")
        .hint("the previous data is untouched; run again")
}
