//! Publishes a verified stage to one output after the other.

use super::outcome::{Published, Written};
use super::outputs::Output;
use crate::destinations::contract::Verified;
use crate::error::Kind;
use crate::guard::Guard;
use crate::record::{Record, RunRow};
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// What is published, besides the rows.
#[derive(Clone, Copy)]
pub(super) struct Publication<'p> {
    pub record: &'p Record,
    pub guard: &'p Guard,
    pub interrupt: &'p Interrupt,
}

/// Publishes to each output. One that fails does not keep the others from being published.
///
/// All locks are held until the stage is removed: it lies beside the first output, whose next run
/// would take it.
pub(super) async fn to_each(
    outputs: &[Output],
    mut staged: Staged,
    what: Publication<'_>,
    extraction: &RunRow,
) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    let mut ready = Ok(());
    for output in outputs {
        // What is visible in another output is no reason to ignore a signal now.
        what.interrupt.reopen();
        ready = ready.and_then(|()| staged.hide_entries(&output.entries));
        let result = match &ready {
            Ok(()) => publish(output, &staged, what, extraction.clone()).await,
            Err(error) => Err(error.clone()),
        };
        // Another output needs what was hidden from this one, and its own temporary tables.
        ready = ready.and_then(|()| staged.show_entries());
        ready = ready.and_then(|()| staged.reconnect());
        let result = result.map_err(|error| interrupted(what.interrupt, output, &written, error));
        written.push(Written { address: output.address.clone(), result });
    }
    keep(staged, written)
}

/// The error of an output that is not published: that of the interruption, if there was one.
fn interrupted(interrupt: &Interrupt, output: &Output, written: &[Written], error: Error) -> Error {
    match interrupt.check() {
        Ok(()) => error,
        Err(told) if written.iter().all(|one| one.result.is_err()) => told,
        Err(told) => {
            let message = format!("interrupted before `{}` was published", output.address);
            Error::new(told.kind(), message).hint("run again")
        }
    }
}

async fn publish(
    output: &Output,
    staged: &Staged,
    what: Publication<'_>,
    mut extraction: RunRow,
) -> Result<Published> {
    let Publication { record, guard, interrupt } = what;
    let account = extraction.account_id.as_deref();
    let degraded = if record.refused().is_empty() {
        Vec::new()
    } else {
        output.publisher.degraded(record, account).await?
    };
    let verified = Verified { staged, record, guard, interrupt };
    let rows = output.publisher.publish(verified, &mut extraction).await?;
    Ok(Published { extraction, rows, degraded })
}

/// Keeps the stage for a later run where an output has failed that a later run can publish.
fn keep(staged: Staged, mut written: Vec<Written>) -> Vec<Written> {
    let stage = staged.path().display().to_string();
    let is_to_keep =
        |one: &Written| one.result.as_ref().is_err_and(|error| is_worth_keeping(error, &stage));
    if let Some(index) = written.iter().position(is_to_keep) {
        let Written { address, result } = written.remove(index);
        let result = result.map_err(|error| staged.keep(error));
        written.insert(index, Written { address, result });
    }
    written
}

/// Keeps the stage for a later run, unless its rows are the cause of the error.
pub(super) fn keep_unless_wrong(staged: Staged, error: Error) -> Error {
    let stage = staged.path().display().to_string();
    if is_worth_keeping(&error, &stage) { staged.keep(error) } else { error }
}

/// Whether an error lies neither in the stage nor in its rows.
fn is_worth_keeping(error: &Error, stage: &str) -> bool {
    let is_output = error.kind() == Kind::OutputFailed && error.concerns() != Some(stage);
    error.kind().is_passing() || is_output
}
