//! The outputs of a run. Each is locked, opened and checked before anything is read.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tracing::warn;

use super::one::Run;
use crate::destinations::Account;
use crate::destinations::address::Address;
use crate::destinations::contract::{Destination, Known};
use crate::record::NewestEntries;
use crate::system::files;
use crate::system::lock::Lock;
use crate::{Error, Result, stage};

/// An output that this run alone writes to.
pub(super) struct Output {
    /// Where it is.
    pub address: Address,
    /// The open output.
    pub publisher: Box<dyn Destination>,
    /// The IDs of its entries of the audit log that the run may read again.
    pub entries: BTreeSet<String>,
    _lock: Lock,
}

/// Takes all outputs of the run for this run alone, and opens them.
///
/// # Errors
/// `output_failed` where one is held by another run, or cannot be opened.
pub(super) async fn open_all(run: &Run<'_>) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    for (address, lock) in lock_all(run).await? {
        let mut publisher = open(run, &address)?;
        publisher.forget(run.arguments.retention(&address));
        run.interrupt.or(publisher.check_layout()).await?;
        outputs.push(Output { address, publisher, entries: BTreeSet::new(), _lock: lock });
    }
    // The stage is beside the first output of the command line.
    outputs.sort_by_key(|one| place_of(run, &one.address));
    Ok(outputs)
}

/// The position of an output among those that were asked for.
fn place_of(run: &Run<'_>, address: &Address) -> usize {
    let path = address.lock_path();
    let outputs = &run.arguments.output;
    outputs.iter().position(|one| one.lock_path() == path).unwrap_or(outputs.len())
}

/// Takes the locks in the order of their paths, so that two runs that wait never wait for each
/// other.
async fn lock_all(run: &Run<'_>) -> Result<Vec<(Address, Lock)>> {
    let mut addresses = run.arguments.output.clone();
    addresses.sort_by_key(Address::lock_path);
    let mut locked = Vec::new();
    for address in addresses {
        let lock = lock(run, &address).await?;
        locked.push((address, lock));
    }
    Ok(locked)
}

async fn lock(run: &Run<'_>, address: &Address) -> Result<Lock> {
    let path = address.lock_path();
    match (Lock::take(&path), run.arguments.wait) {
        (Err(error), true) if error.is_held() => {
            run.progress.say(&format!("Waiting: {error} …"));
            run.interrupt.or(Lock::wait(&path)).await
        }
        (Err(error), false) if error.is_held() => {
            let hint = "wait for it to end, use `--wait`, or write to another output";
            Err(error.hint(hint))
        }
        (outcome, _) => outcome,
    }
}

/// Opens an output. A run that was killed may have left a stage that fills the disk, so that not
/// even the index of the output's log has room: the output comes first.
fn open(run: &Run<'_>, address: &Address) -> Result<Box<dyn Destination>> {
    let patience = run.arguments.busy_timeout;
    address.remove_remains();
    let opened = address.open(patience, run.interrupt);
    let path = address.stage_path();
    match opened {
        Err(error) if error.is_full() && path.symlink_metadata().is_ok() => {
            stage::remove(&path)?;
            warn!("The disk is full: `{}` of an earlier run was removed.", path.display());
            address.open(patience, run.interrupt)
        }
        opened => opened,
    }
}

/// Checks that no output holds the data of another account.
///
/// # Errors
/// `output_failed` where one does.
pub(super) async fn check_account(
    run: &Run<'_>,
    outputs: &mut [Output],
    account: &Account<'_>,
) -> Result<()> {
    let is_demo = run.session.demo.is_some();
    for output in outputs {
        run.interrupt.or(output.publisher.check_account(account, is_demo)).await?;
    }
    Ok(())
}

/// The data from which the run continues: what all outputs have.
///
/// The audit log is read from the newest entry that every output has. Where outputs differ, one may
/// have entries that are read again; their IDs are noted, so that it gets them once.
///
/// # Errors
/// When an output cannot be read.
pub(super) async fn inspect(
    run: &Run<'_>,
    outputs: &mut [Output],
    account_id: Option<&str>,
) -> Result<Known> {
    let lookback = run.selection.audit_log_lookback;
    let mut all = Vec::new();
    for output in outputs.iter() {
        all.push(output.publisher.inspect(account_id, lookback).await?);
    }
    let newest: Vec<_> = all.iter().map(|known| known.newest_entries.occurred_at).collect();
    let is_equal = newest.iter().all(|one| *one == newest[0]);
    let start = newest.iter().copied().min().flatten();
    if !is_equal {
        let first = start.unwrap_or_else(|| since(run.selection.audit_log_since));
        for ((output, known), newest) in outputs.iter_mut().zip(&mut all).zip(newest) {
            let Some(newest) = newest else { continue };
            let more = Duration::from_millis(u64::try_from(newest - first).unwrap_or_default());
            *known = output.publisher.inspect(account_id, lookback.saturating_add(more)).await?;
            output.entries.clone_from(&known.newest_entries.ids);
        }
    }
    Ok(merged(all, start))
}

/// The time so long ago, in milliseconds since 1970.
fn since(age: Duration) -> i64 {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp::now().as_millisecond().saturating_sub(age)
}

/// What all outputs have in common, and the projects that any of them has.
fn merged(all: Vec<Known>, occurred_at: Option<i64>) -> Known {
    let projects = all.iter().flat_map(|known| known.projects.iter().cloned()).collect();
    let sets = all.into_iter().map(|known| known.newest_entries.ids);
    let ids = sets.reduce(|one, other| one.intersection(&other).cloned().collect());
    let newest_entries = NewestEntries { occurred_at, ids: ids.unwrap_or_default() };
    Known { newest_entries, projects }
}

/// Refuses an output that is named twice.
///
/// # Errors
/// `usage` where two addresses are the same output.
pub(super) fn check_distinct(outputs: &[Address]) -> Result<()> {
    let is_twice = |(index, one): &(usize, &Address)| {
        let same = |other: &Address| files::is_same(&one.lock_path(), &other.lock_path());
        outputs.iter().take(*index).any(same)
    };
    match outputs.iter().enumerate().find(is_twice) {
        None => Ok(()),
        Some((_, twice)) => {
            Err(Error::usage(format!("`--output` names `{twice}` twice"))
                .hint("name each output once"))
        }
    }
}
