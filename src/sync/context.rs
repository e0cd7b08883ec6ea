//! What every part of a sync needs: the client, the options and the progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Statement;

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
    /// The account's ID; `None` if LaunchDarkly does not say it.
    pub account_id: Option<String>,
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
    /// Those of `count` that no item of the plan names, because an import removes them.
    pub unnamed: u64,
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

    /// Checks that no other run has taken over the state file, if it is in a bucket: right before each
    /// request that writes. `unsent` is the batch that the request would send.
    ///
    /// # Errors
    /// `output_failed` if one has: nothing more may be sent.
    pub async fn verify_lease(&self, unsent: Option<&str>) -> Result<()> {
        match &self.remote {
            Some(remote) => remote.verify(unsent).await,
            None => Ok(()),
        }
    }

    /// Runs a statement; `:sync` and `:run` in it are the sync's name and the run's ID. Returns the
    /// number of rows that it changed.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn execute(&self, sql: &str) -> Result<usize> {
        let changed = self.bound(sql).and_then(|mut statement| statement.raw_execute());
        self.state.or_failed(changed)
    }

    /// The number that a statement returns; `:sync` and `:run` as in [`Self::execute`].
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub fn number(&self, sql: &str) -> Result<i64> {
        let number = self.bound(sql).and_then(|mut statement| {
            let mut rows = statement.raw_query();
            rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?.get(0)
        });
        self.state.or_failed(number)
    }

    /// A statement with its parameters. One that is neither `:sync` nor `:run` is a mistake.
    fn bound(&self, sql: &str) -> rusqlite::Result<Statement<'_>> {
        let mut statement = self.state.connection.prepare(sql)?;
        let mut bound = 0;
        for (name, value) in [(":sync", &self.row.sync_name), (":run", &self.row.sync_run_id)] {
            if let Some(index) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(index, value)?;
                bound += 1;
            }
        }
        let count = statement.parameter_count();
        if bound == count {
            Ok(statement)
        } else {
            Err(rusqlite::Error::InvalidParameterCount(bound, count))
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

    /// Counts the rows by their fates in the run's row.
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
