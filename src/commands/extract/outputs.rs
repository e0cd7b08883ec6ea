//! The outputs of a run. Each is locked, opened and checked before anything is read.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tracing::warn;

use super::one::Run;
use super::outcome::Written;
use crate::destinations::Account;
use crate::destinations::address::Address;
use crate::destinations::contract::{Destination, Known};
use crate::error::Kind;
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
    _lock: Arc<Lock>,
}

/// The outputs of a run: those that are open, and those that the run goes on without.
pub(super) struct Outputs {
    /// In the order of the command line.
    pub open: Vec<Output>,
    /// Each with the reason.
    pub failed: Vec<Written>,
}

impl Outputs {
    /// Goes on without an output, if there are others.
    ///
    /// # Errors
    /// `error`, where the run was told to end, or no output is left.
    fn without(
        &mut self,
        run: &Run<'_>,
        address: Address,
        error: Error,
        others: usize,
    ) -> Result<()> {
        if error.kind() == Kind::Interrupted || (self.open.is_empty() && others == 0) {
            return Err(error);
        }
        run.locks.release(&address.lock_path());
        // The run of today says it.
        if !run.is_past() {
            warn!("`{address}` is left out: {error} [{}]", error.kind().code());
        }
        self.failed.push(Written { address, result: Err(error) });
        Ok(())
    }
}

/// Takes the outputs of the run for this run alone, and opens them. The locks are taken in the order
/// of their paths, so that two runs that wait never wait for each other.
///
/// # Errors
/// `output_failed` where none can be opened, or all are held by other runs.
pub(super) async fn open_all(run: &Run<'_>) -> Result<Outputs> {
    let mut addresses = run.arguments.output.clone();
    addresses.sort_by_key(Address::lock_path);
    let mut outputs = Outputs { open: Vec::new(), failed: Vec::new() };
    let mut others = addresses.len();
    for address in addresses {
        others -= 1;
        match open_one(run, &address).await {
            Ok(output) => outputs.open.push(output),
            Err(error) => outputs.without(run, address, error, others)?,
        }
    }
    // The stage is beside the first output of the command line.
    outputs.open.sort_by_key(|one| place_of(run, &one.address));
    Ok(outputs)
}

async fn open_one(run: &Run<'_>, address: &Address) -> Result<Output> {
    address.check()?;
    let lock = lock(run, address).await?;
    let mut publisher = open(run, address)?;
    publisher.forget(run.arguments.retention(address));
    run.interrupt.or(publisher.check_layout()).await?;
    Ok(Output { address: address.clone(), publisher, entries: BTreeSet::new(), _lock: lock })
}

/// The position of an output among those that were asked for.
pub(super) fn place_of(run: &Run<'_>, address: &Address) -> usize {
    let path = address.lock_path();
    let outputs = &run.arguments.output;
    outputs.iter().position(|one| one.lock_path() == path).unwrap_or(outputs.len())
}

async fn lock(run: &Run<'_>, address: &Address) -> Result<Arc<Lock>> {
    let path = address.lock_path();
    if let Some(lock) = run.locks.at(&path) {
        return Ok(lock);
    }
    let lock = take(run, &path).await?;
    Ok(run.locks.keep(path, lock))
}

async fn take(run: &Run<'_>, path: &Path) -> Result<Lock> {
    match (Lock::take(path), run.arguments.wait) {
        (Err(error), true) if error.is_held() => {
            run.progress.say(&format!("Waiting: {error} …"));
            run.interrupt.or(Lock::wait(path)).await
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

/// Leaves out the outputs that hold the data of another account.
///
/// # Errors
/// `output_failed` where all do.
pub(super) async fn check_account(
    run: &Run<'_>,
    outputs: &mut Outputs,
    account: &Account<'_>,
) -> Result<()> {
    let is_demo = run.session.demo.is_some();
    let mut unchecked = std::mem::take(&mut outputs.open).into_iter();
    while let Some(mut output) = unchecked.next() {
        let checked = run.interrupt.or(output.publisher.check_account(account, is_demo)).await;
        match checked {
            Ok(()) => outputs.open.push(output),
            Err(error) => {
                let address = output.address.clone();
                // It is free for other runs before anybody is told.
                drop(output);
                outputs.without(run, address, error, unchecked.len())?;
            }
        }
    }
    Ok(())
}

/// The outputs of the run that hold no extraction of its account. Those that cannot be opened are left
/// out.
///
/// # Errors
/// Where none can be opened, or the account cannot be told.
pub(super) async fn without_extractions(run: &Run<'_>) -> Result<Vec<Address>> {
    let mut outputs = open_all(run).await?;
    let identity = run.interrupt.or(run.session.client.caller_identity()).await?;
    check_account(run, &mut outputs, &run.account(&identity)).await?;
    let new = outputs.open.into_iter().filter(|output| !output.publisher.holds_extractions());
    Ok(new.map(|output| output.address).collect())
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
    let since = since(run);
    let start = start(&newest, since);
    let first = start.unwrap_or(since);
    let is_several = outputs.len() > 1;
    for ((output, known), newest) in outputs.iter_mut().zip(&mut all).zip(newest) {
        let Some(newest) = newest.filter(|_| is_several) else { continue };
        if newest > first {
            let more = Duration::from_millis(newest.abs_diff(first));
            *known = output.publisher.inspect(account_id, lookback.saturating_add(more)).await?;
        }
        output.entries.clone_from(&known.newest_entries.ids);
    }
    Ok(merged(all, start))
}

/// The time from which the audit log is read, so that no output gets a gap; `None` is that of a
/// first run.
fn start(newest: &[Option<i64>], since: i64) -> Option<i64> {
    let oldest = newest.iter().copied().flatten().min();
    if newest.contains(&None) { oldest.filter(|oldest| *oldest < since) } else { oldest }
}

/// The time from which a first run reads the audit log.
fn since(run: &Run<'_>) -> i64 {
    let age = run.selection.audit_log_since.as_millis();
    run.clock.now().saturating_sub(i64::try_from(age).unwrap_or(i64::MAX))
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
pub(in crate::commands) fn check_distinct(outputs: &[Address]) -> Result<()> {
    let is_twice = |(index, one): &(usize, &Address)| {
        let same =
            |other: &Address| files::is_same(&place(one.lock_path()), &place(other.lock_path()));
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

/// An absolute path without `..`, which means nothing where a folder does not exist yet.
pub(super) fn place(path: PathBuf) -> PathBuf {
    let Ok(path) = std::path::absolute(&path) else { return path };
    let mut place = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
    }
    if files::folder(&path).exists() { path } else { place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_log_is_read_from_where_no_output_gets_a_gap() {
        assert_eq!(start(&[Some(5), Some(3)], 4), Some(3));
        assert_eq!(start(&[Some(5), None], 4), None);
        // A new output must not give an old one a gap.
        assert_eq!(start(&[Some(3), None], 4), Some(3));
        assert_eq!(start(&[None, None], 4), None);
    }
}
