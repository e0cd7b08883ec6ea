//! The contract of a destination. The rest of the program uses destinations through it only.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use rusqlite::Connection;

use super::address::Address;
use super::{Account, Degraded, Previous, Retention, Rows};
use crate::guard::Guard;
use crate::postgres::settings::Settings;
use crate::record::{NewestEntries, Record, RunRow};
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// The result of an asynchronous method of a destination.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// The features in which destinations differ.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities {
    /// Its name for people, such as `SQLite`.
    pub name: &'static str,
    /// Tables keep earlier versions of rows: `--history-retention` applies.
    pub keeps_history: bool,
    /// Each extraction is kept beside the earlier ones: `--keep-extractions` applies.
    pub keeps_extractions: bool,
    /// Every view can be queried, even one that no table of this run fills.
    pub has_views: bool,
}

/// A place where a destination can publish. Its `Display` is the address that a person reads.
pub trait Place: Debug + Display + Send + Sync {
    /// The features of the destination.
    fn capabilities(&self) -> Capabilities;

    /// The place that symbolic links lead to; `None` where there are no links to follow.
    fn resolved(&self) -> Option<Address> {
        None
    }

    /// Whether the address contains a password. An argument must not: every user of the machine can
    /// read it.
    fn has_password(&self) -> bool {
        false
    }

    /// The same place, whose password is in `file`; `None` where a place takes no password.
    ///
    /// # Errors
    /// `usage` where the file cannot be read.
    fn with_password_file(&self, _file: &Path) -> Result<Option<Address>> {
        Ok(None)
    }

    /// The path of a file that a run keeps beside the output: its `lock` or its `stage`.
    fn beside(&self, what: &str) -> PathBuf;

    /// Checks that an output can be put here. May create its folder.
    ///
    /// # Errors
    /// `output_failed`; the error names the obstacle.
    fn check(&self) -> Result<()>;

    /// Removes the half-built files of a killed run, whose space this run needs. The caller must
    /// hold the output's lock.
    fn remove_remains(&self) {}

    /// Opens the output before anything is read. Waits up to `patience` while another program
    /// writes to it.
    ///
    /// # Errors
    /// `output_failed` where it is not an output of flaglake, or cannot be written; it is unchanged
    /// then.
    fn open(&self, patience: Duration, interrupt: &Interrupt) -> Result<Box<dyn Destination>>;

    /// The row counts of the last extraction; empty where they are not known. Creates nothing.
    ///
    /// # Errors
    /// `output_failed` where the output cannot be read.
    fn previous(&self, _patience: Duration, _interrupt: &Interrupt) -> Result<Previous> {
        Ok(Previous::default())
    }

    /// The database that `flaglake report` can read as it is, if there is one. Other outputs are
    /// copied, see [`Place::load`].
    fn report_input(&self) -> Option<&Path> {
        None
    }

    /// The folder of this machine that the output is in, or is; `None` where it is elsewhere. It need
    /// not exist.
    fn local_folder(&self) -> Option<PathBuf> {
        None
    }

    /// The schema on a server in which a statement can run as it is, if it is one.
    fn on_server(&self) -> Option<OnServer<'_>> {
        None
    }

    /// The address as `--input` takes it, where a report can be made from the output.
    fn input(&self) -> Option<String> {
        None
    }

    /// The accounts of which the output holds an extraction, by the names that [`Place::load`]
    /// takes: their IDs, where these are known.
    ///
    /// # Errors
    /// `usage` where there is no output, or it cannot be copied; `output_failed` where it cannot be
    /// read.
    fn accounts<'a>(&'a self, _interrupt: &'a Interrupt) -> Answer<'a, Vec<String>> {
        Box::pin(async { Err(self.not_copied()) })
    }

    /// Copies the newest extraction of an account to a private database, for reports. Changes
    /// nothing in the output.
    ///
    /// The copy has the tables and views of [`Wanted::names`], which may also be empty ones, and
    /// those of the record of the runs. All rows are of one extraction, even where a run publishes
    /// at the same time. Columns that an earlier version of flaglake did not have are NULL.
    ///
    /// # Errors
    /// `output_failed` where a part of the extraction is missing or damaged.
    fn load<'a>(&'a self, _wanted: &'a Wanted<'a>) -> Answer<'a, Connection> {
        Box::pin(async { Err(self.not_copied()) })
    }

    /// The error of an output that cannot be copied.
    fn not_copied(&self) -> Error {
        let name = self.capabilities().name;
        Error::usage(format!("flaglake cannot read `{self}`: a report is not made from {name}"))
    }
}

/// A schema of a database on a server.
#[derive(Clone, Copy, Debug)]
pub struct OnServer<'s> {
    /// The connection.
    pub(crate) settings: &'s Settings,
    /// The name of the schema.
    pub(crate) schema: &'s str,
}

/// What [`Place::load`] copies.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The account, by its name in [`Place::accounts`].
    pub account: &'w str,
    /// The names of the tables and views, `project_daily` included.
    pub names: &'w [&'static str],
    /// The signals that end the work.
    pub interrupt: &'w Interrupt,
}

/// A run that is read and verified, and can be published.
#[derive(Clone, Copy)]
pub struct Verified<'v> {
    /// The rows.
    pub staged: &'v Staged,
    /// The record of what was read.
    pub record: &'v Record,
    /// The limit on removals.
    pub guard: &'v Guard,
    /// The signals that end the run.
    pub interrupt: &'v Interrupt,
}

/// Data of earlier runs from which a new run continues.
#[derive(Debug, Default)]
pub struct Known {
    /// The newest known entries of the account's audit log.
    pub newest_entries: NewestEntries,
    /// The projects that the last extraction of the account holds.
    pub projects: BTreeSet<String>,
}

/// An output that is open for a run.
pub trait Destination: Send {
    /// Sets the data of earlier runs that `publish` removes once the new data is visible.
    fn forget(&mut self, retention: Retention);

    /// Checks that this version of flaglake writes the output's layout.
    ///
    /// # Errors
    /// `output_failed` where it does not; the output is unchanged then.
    fn check_layout(&self) -> Answer<'_, ()>;

    /// Checks that publishing does not replace the data of another account.
    ///
    /// # Errors
    /// `output_failed` where it would.
    fn check_account<'a>(&'a mut self, account: &'a Account<'a>, is_demo: bool) -> Answer<'a, ()>;

    /// Whether the output holds an extraction of the account, which [`Self::check_account`] was told.
    fn holds_extractions(&self) -> bool;

    /// Whether the output has the extraction `id`, which is not empty.
    ///
    /// # Errors
    /// When the output cannot be read.
    fn has(&self, id: &str) -> Result<bool>;

    /// Reads the data from which a new run of the account continues. Audit log entries are those
    /// that occurred up to `lookback` before the newest.
    ///
    /// # Errors
    /// When the output cannot be read.
    fn inspect<'a>(&'a self, account_id: Option<&'a str>, lookback: Duration) -> Answer<'a, Known>;

    /// The resources that `record` says are refused, but an earlier extraction of the account
    /// contains. Call it before `publish`.
    ///
    /// # Errors
    /// When the output cannot be read.
    fn degraded<'a>(
        &'a self,
        record: &'a Record,
        account_id: Option<&'a str>,
    ) -> Answer<'a, Vec<Degraded>>;

    /// Publishes the run as `extraction`, and sets its ID. Returns the rows of each table.
    ///
    /// # Errors
    /// `output_failed`, or a reference without a target; `guarded` or `invalid_permissions` where
    /// the guard forbids the removals. The previous data is unchanged then.
    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows>;
}
