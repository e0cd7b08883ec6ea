//! What every part of a sync needs: the client, the options and the progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::options::Options;
use super::reason::Rejection;
use super::remote::Remote;
use super::staging::Fate;
use super::state::State;
use crate::Result;
use crate::launchdarkly::Client;
use crate::record::sync::SyncRunRow;
use crate::system::interrupt::Interrupt;

/// The connection to LaunchDarkly, the options, and how to stop.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The client.
    pub client: &'c Arc<Client>,
    /// The options.
    pub options: &'c Options,
    /// Told when the process is to end.
    pub interrupt: &'c Interrupt,
    /// What has been done so far.
    pub progress: &'c Progress,
}

impl Context<'_> {
    /// The number of requests so far.
    pub fn requests(&self) -> u64 {
        self.client.counters.requests.load(Ordering::Relaxed)
    }
}

/// Counts for the display.
#[derive(Debug, Default)]
pub struct Progress {
    /// Rows read from the source.
    pub read: AtomicU64,
    /// Rows that LaunchDarkly has accepted.
    pub sent: AtomicU64,
    /// Rows that are invalid or were refused.
    pub rejected: AtomicU64,
}

impl Progress {
    /// Adds to a count.
    pub fn add(count: &AtomicU64, more: usize) {
        count.fetch_add(u64::try_from(more).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// A run of a sync: its context, its state file and its counts.
pub struct Run<'c> {
    /// The connection and the options.
    pub context: Context<'c>,
    /// The state file.
    pub state: State,
    /// The run, as `sync_runs` has it.
    pub row: SyncRunRow,
    /// What the plan removes, and of how many.
    pub removals: Removals,
    /// Changes when other fields are filled, or from other columns.
    pub mapping_hash: String,
    /// Whether that is so since the last run that came to its end.
    pub is_remapped: bool,
    /// The state file in a bucket, if it is there.
    pub remote: Option<Remote>,
    /// The requests that were sent before the run.
    pub requests_before: u64,
    /// Rows that the cursor says were sent: they are not looked at.
    pub rows_behind: i64,
}

/// The removals of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removals {
    /// The members that would be removed.
    pub count: u64,
    /// The members that they are a part of.
    pub of: u64,
}

impl Run<'_> {
    /// The name of the sync.
    pub fn name(&self) -> &str {
        &self.row.sync_name
    }

    /// Makes the state durable beyond this machine, if it is in a bucket.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn checkpoint(&mut self) -> Result<()> {
        match &mut self.remote {
            Some(remote) => remote.checkpoint(&self.state).await,
            None => Ok(()),
        }
    }

    /// Records that a row does not reach LaunchDarkly.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn reject(&self, number: i64, key: Option<&str>, why: &Rejection) -> Result<()> {
        self.context.progress.rejected.fetch_add(1, Ordering::Relaxed);
        self.state.reject(number, key, why)
    }

    /// Copies what became of the rows into the run's counts.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub fn count(&mut self) -> Result<()> {
        self.row.rows_invalid = self.state.count_fate(Fate::Invalid)?;
        self.row.rejected = self.state.count_fate(Fate::Rejected)?;
        self.row.rows_duplicate = self.state.count_fate(Fate::Duplicate)?;
        self.row.rows_unchanged = self.rows_behind + self.state.count_fate(Fate::Unchanged)?;
        self.row.requests =
            i64::try_from(self.context.requests() - self.requests_before).unwrap_or(i64::MAX);
        Ok(())
    }
}
