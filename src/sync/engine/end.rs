//! The end of a run: counts, rejected rows, and how it ended.

use jiff::Timestamp;

use crate::error::Kind;
use crate::sync::context::Run;
use crate::sync::rejected;
use crate::{Error, Result};

/// Sums up, stores the rejected rows and the end of the run; decides how it ended.
pub(super) fn end(run: &mut Run<'_>, outcome: Result<()>) -> Result<()> {
    let counted = run.count();
    let outcome = outcome.and(counted).and_then(|()| tolerate(run));
    let outcome = outcome.map_err(|error| run.context.interrupt.check().err().unwrap_or(error));
    run.row.outcome = match &outcome {
        Ok(()) => "succeeded",
        Err(error) => error.kind().code(),
    };
    let stored = store(run).and_then(|()| prune(run));
    let outcome = outcome.and(stored);
    if let Err(error) = &outcome {
        run.row.outcome = error.kind().code();
    }
    outcome
}

fn store(run: &mut Run<'_>) -> Result<()> {
    let options = run.context.options;
    if let Some(path) = &options.rejected {
        rejected::write(&run.state, path)?;
    }
    if options.dry_run {
        return Ok(());
    }
    run.row.finished_at = Some(Timestamp::now().as_millisecond().max(run.row.started_at));
    run.state.store_rejected(&run.row.sync_run_id)?;
    run.state.store_run(&run.row)
}

/// Removes old runs, unless this one was stopped: what it would have settled is still needed.
fn prune(run: &Run<'_>) -> Result<()> {
    let options = run.context.options;
    let is_finished = ["succeeded", Kind::RowsRejected.code()].contains(&run.row.outcome);
    let Some(age) = options.keep_runs.filter(|_| is_finished && !options.dry_run) else {
        return Ok(());
    };
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    run.state.prune(run.name(), Timestamp::now().as_millisecond().saturating_sub(age))
}

/// Decides whether the rows that did not reach LaunchDarkly are too many.
fn tolerate(run: &Run<'_>) -> Result<()> {
    let bad = run.state.number("SELECT count(*) FROM fate WHERE reason IS NOT NULL")?;
    let tolerated = run.context.options.limits.tolerate_rejected;
    let all = run.row.rows_read.unsigned_abs();
    let is_tolerated = tolerated.is_some_and(|limit| !limit.is_exceeded(bad.unsigned_abs(), all));
    if bad == 0 || is_tolerated {
        return Ok(());
    }
    let (invalid, rejected) = (run.row.rows_invalid, run.row.rejected);
    let (doubt, gone) = match bad - invalid - rejected {
        0 => ("", String::new()),
        gone => (
            ", or may not have reached it",
            format!(", sent earlier and no longer in the source: {gone}"),
        ),
    };
    let message = format!(
        "rows that did not reach LaunchDarkly{doubt}: {bad} (invalid: {invalid}, rejected: \
         {rejected}{gone}; rows read: {all})"
    );
    let hint = if run.context.options.dry_run {
        "nothing was sent; `--rejected FILE.csv` lists these rows with their reasons"
    } else {
        "all other rows did; the table `sync_rejected` of the state file lists these with their \
         reasons, and so does `--rejected FILE.csv`"
    };
    Err(Error::new(Kind::RowsRejected, message).resource(run.row.sync_name.clone()).hint(hint))
}

/// Stores the state file in its bucket, and gives it back.
pub(super) async fn give_back(run: &mut Run<'_>, outcome: Result<()>) -> Result<()> {
    let Some(remote) = &mut run.remote else { return outcome };
    let is_dry = run.context.options.dry_run;
    let stored = if is_dry { Ok(()) } else { remote.finish(&run.state).await };
    remote.release().await;
    if let Err(error) = &stored
        && outcome.is_ok()
    {
        run.row.outcome = error.kind().code();
    }
    outcome.and(stored)
}
