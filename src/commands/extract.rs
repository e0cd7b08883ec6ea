//! `flaglake extract`: read, stage, verify, publish, sum up.

use std::sync::atomic::Ordering;
use std::time::Instant;

use tracing::debug;

use super::{Session, connect, or_interrupted, plan, summary};
use crate::cli::ExtractArguments;
use crate::extract::Selection;
use crate::launchdarkly::client::API_VERSION;
use crate::launchdarkly::identity::CallerIdentity;
use crate::lock::Lock;
use crate::progress::Progress;
use crate::publish::{Publisher, Rows};
use crate::record::{Extraction, Record, signed};
use crate::stage::{Stage, Staged};
use crate::{Result, catalog, record, verify};

/// Extracts the account.
///
/// # Errors
/// By the table of codes; the previous data is untouched then.
pub async fn run(arguments: &ExtractArguments, progress: &Progress) -> Result<()> {
    let outcome = extract(arguments, progress).await;
    progress.clear();
    outcome
}

async fn extract(arguments: &ExtractArguments, progress: &Progress) -> Result<()> {
    let started = Instant::now();
    let started_at = jiff::Timestamp::now().as_millisecond();
    let session = connect(&arguments.connection).await?;
    let selection = arguments.selection();
    if arguments.plan {
        return or_interrupted(plan::run(&session, arguments, &selection)).await;
    }
    let publisher = Publisher::open(&arguments.output)?;
    let _lock = Lock::take(&arguments.output.lock_path())?;
    let record = Record::default();
    progress.say(&format!("Reading {} …", session.name()));
    // Publishing is not interrupted: whether it took place must be known.
    let (identity, staged) = or_interrupted(async {
        let identity = session.client.caller_identity().await?;
        if session.demo.is_some() {
            publisher.check_demo(identity.account_id.as_deref())?;
        }
        let staged = read(&session, arguments, &selection, &record, progress).await?;
        Ok((identity, staged))
    })
    .await?;
    let mut extraction = describe(&session, &identity, started_at);
    let rows = publish(&publisher, &staged, &record, &selection, &mut extraction).await?;
    drop(staged);
    progress.clear();
    progress.say(&format!("Published extraction {}.", extraction.extraction_id));
    match progress {
        Progress::Quiet => Ok(()),
        _ => summary::print(&arguments.output, &extraction, &rows, started.elapsed()),
    }
}

/// Reads the account into a stage.
async fn read(
    session: &Session,
    arguments: &ExtractArguments,
    selection: &Selection,
    record: &Record,
    progress: &Progress,
) -> Result<Staged> {
    let tables: Vec<_> = selection.tables().into_iter().chain(record::tables()).collect();
    let stage = Stage::create(&arguments.output.stage_path(), tables)?;
    let extraction = session.extraction(&stage, record, selection);
    let outcome = tokio::select! {
        outcome = extraction.run() => outcome,
        () = progress.watch(&session.client, record, selection) => Ok(()),
    };
    debug!("Everything is read.");
    match outcome {
        Ok(()) => stage.finish().await,
        Err(error) => Err(stage.abandon(error).await),
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
    debug!("Everything is verified but references.");
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
