//! From the verified stage to the output: all of it becomes visible at once, or nothing does.

pub mod address;
mod degraded;
mod disk;
mod extraction;
mod new_file;
mod parquet;
mod place;
mod previous;
mod removals;
mod sqlite;
mod views;

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::Connection;
use tracing::warn;

use crate::destinations::address::Destination;
use crate::guard::Guard;
use crate::model::resource::Group;
use crate::model::table::TableInfo;
use crate::record::{Coverage, NewestEntries, Record, RunRow};
use crate::resources::PageRows;
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::{Result, resources};

use extraction::{choose_id, ids, stage_record};

pub use degraded::Degraded;
pub(crate) use new_file::NewFile;
pub use place::{check as check_place, remove_remains};
pub use previous::{FlagCounts, Previous};

/// The table of audit log entries: a run reads only what is newer than what is there.
const AUDIT_LOG: &str = "audit_log_entries";

/// The account whose data is published.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Its ID, where LaunchDarkly tells it.
    pub id: Option<&'a str>,
    /// The address that it is read from.
    pub base_url: &'a str,
    /// The ID of the token that it is read with; never the token.
    pub token_id: Option<&'a str>,
}

/// What of earlier runs is forgotten; all is kept where there is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retention {
    /// How long ago a version of a row may have ended. For SQLite.
    pub history: Option<Duration>,
    /// How many extractions of an account stay, at least one. For Parquet.
    pub extractions: Option<usize>,
}

/// The tables that were published, each with its rows.
pub type Rows = Vec<(&'static str, usize)>;

/// An output that is open for a run.
pub enum Publisher {
    /// One SQLite file.
    Sqlite(sqlite::Sqlite),
    /// Parquet files in a folder or a bucket.
    Parquet(parquet::Parquet),
}

impl Publisher {
    /// Looks at the output before anything is read: is it flaglake's, can it be written? Another
    /// program that writes to the same database is waited for, as long as `busy_timeout`.
    ///
    /// # Errors
    /// `output_failed` when not; the output is untouched then.
    pub fn open(
        destination: &Destination,
        busy_timeout: Duration,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        match destination {
            Destination::Sqlite(path) => {
                sqlite::Sqlite::check(path, busy_timeout, interrupt).map(Publisher::Sqlite)
            }
            place => parquet::Parquet::check(place).map(Publisher::Parquet),
        }
    }

    /// The publisher, which forgets what `retention` says after it has published.
    #[must_use]
    pub fn forgetting(mut self, retention: Retention) -> Self {
        match &mut self {
            Publisher::Sqlite(sqlite) => sqlite.history_retention = retention.history,
            Publisher::Parquet(parquet) => parquet.keep_extractions = retention.extractions,
        }
        self
    }

    /// Makes sure that the output is in a form that this flaglake writes.
    ///
    /// # Errors
    /// `output_failed` when it is not; it is untouched then.
    pub async fn check_layout(&self) -> Result<()> {
        match self {
            // That was looked at when it was opened.
            Publisher::Sqlite(_) => Ok(()),
            Publisher::Parquet(parquet) => parquet.check_layout().await,
        }
    }

    /// Makes sure that what is published does not take the place of another account's data. In
    /// Parquet, accounts stand side by side, but for the demo's.
    ///
    /// # Errors
    /// `output_failed` when it would.
    pub async fn check_account(&mut self, account: &Account<'_>, is_demo: bool) -> Result<()> {
        match self {
            Publisher::Sqlite(sqlite) => sqlite.check_account(account.id, is_demo),
            Publisher::Parquet(parquet) => parquet.check_account(account, is_demo).await,
        }
    }

    /// The name of the account's folders, where the output has any.
    pub fn account_folder(&self) -> Option<&str> {
        match self {
            Publisher::Sqlite(_) => None,
            Publisher::Parquet(parquet) => Some(&parquet.earlier.account),
        }
    }

    /// Whether there is an extraction called `id`.
    ///
    /// # Errors
    /// When the output cannot be read.
    pub fn has(&self, id: &str) -> Result<bool> {
        match self {
            _ if id.is_empty() => Ok(false),
            Publisher::Sqlite(sqlite) => sqlite.has(id),
            Publisher::Parquet(parquet) => Ok(parquet.has(id)),
        }
    }

    /// Publishes the stage as `extraction`; completes its ID. Returns the rows of each table.
    ///
    /// # Errors
    /// `output_failed`, or a reference that leads nowhere; `guarded` or `invalid_permissions` where
    /// more would be removed than `guard` allows. The previous data is untouched then.
    pub async fn publish(
        &self,
        staged: &Staged,
        record: &Record,
        extraction: &mut RunRow,
        guard: &Guard,
        interrupt: &Interrupt,
    ) -> Result<Rows> {
        interrupt.watch(&staged.connection);
        let account = extraction.account_id.clone();
        let account = account.as_deref();
        match self {
            Publisher::Sqlite(sqlite) => {
                choose_id(extraction, |id| sqlite.has(id))?;
                let check = stage_record(staged, record, extraction, interrupt);
                let check = check.map_err(|error| error.at(staged.path()))?;
                let inspect = |output: &Connection| {
                    removals::check(output, staged, record, account, guard).map(warn_of)
                };
                sqlite.publish(staged, record, check, inspect, interrupt)
            }
            Publisher::Parquet(parquet) => {
                let removals = parquet.check_removals(staged, record, guard);
                warn_of(interrupt.or(removals).await?);
                interrupt.or(parquet.choose_id(extraction)).await?;
                interrupt.or(parquet.date_statuses(staged, extraction)).await?;
                let check = stage_record(staged, record, extraction, interrupt);
                let check = check.map_err(|error| error.at(staged.path()))?;
                parquet.publish(staged, record, extraction, check, interrupt).await
            }
        }
    }

    /// The newest entries of the account's audit log that are known: those that did not occur
    /// earlier than `lookback` before the newest.
    ///
    /// # Errors
    /// When the output cannot be read.
    pub async fn newest_entries(
        &self,
        account_id: Option<&str>,
        lookback: Duration,
    ) -> Result<NewestEntries> {
        match self {
            Publisher::Sqlite(sqlite) => sqlite.newest_entries(account_id, lookback),
            Publisher::Parquet(parquet) => Ok(parquet.newest_entries(lookback).await),
        }
    }

    /// The projects that the last extraction of the account holds.
    ///
    /// # Errors
    /// When the output cannot be read.
    pub async fn known_projects(&self, account_id: Option<&str>) -> Result<BTreeSet<String>> {
        match self {
            Publisher::Sqlite(sqlite) => sqlite.known_projects(account_id),
            Publisher::Parquet(parquet) => parquet.known_projects().await,
        }
    }

    /// What `record` says is refused, although an earlier extraction of the account has it. To be
    /// asked before the run is published.
    ///
    /// # Errors
    /// When the output cannot be read.
    pub async fn degraded(
        &self,
        record: &Record,
        account_id: Option<&str>,
    ) -> Result<Vec<Degraded>> {
        match self {
            _ if record.refused().is_empty() => Ok(Vec::new()),
            Publisher::Sqlite(sqlite) => sqlite.degraded(record, account_id),
            Publisher::Parquet(parquet) => parquet.degraded(record).await,
        }
    }

    /// What was published last, counted; nothing where that is unknown.
    pub fn previous(&self) -> Previous {
        match self {
            Publisher::Sqlite(sqlite) => sqlite.previous(),
            Publisher::Parquet(_) => Previous::default(),
        }
    }
}

fn warn_of(removals: Vec<String>) {
    removals.iter().for_each(|removal| warn!("{removal}"));
}

/// How much of a table was read.
fn coverage(table: &TableInfo, record: &Record) -> Coverage {
    let fills = |resource: &&&dyn PageRows| resource.tables().contains(table);
    let resource = resources::ALL.iter().find(fills);
    // What others cannot do without is whole, or there is nothing to publish.
    let list = resource.filter(|resource| resource.group() != Group::Core);
    list.map_or(Coverage::Whole, |list| record.coverage(list.name()))
}
