//! The state file: what syncs have sent. It is a SQLite database with a lock of its own.
//!
//! The connection's main database is a temporary one, for the rows of the run
//! ([`super::staging`]); the state file is attached as `state`, so that one statement can compare
//! both. SQLite deletes the temporary database, whatever ends the process.

mod batch_state;
mod batches;
mod columns;
mod forget;
mod rows;
mod runs;
mod syncs;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

pub use self::batch_state::BatchState;
pub use self::batches::{Batch, CLEAR_KEYS, OpenBatch, RowKey};
pub use self::rows::Status;
pub use self::runs::{LastRun, RunListing};
pub use self::syncs::SyncListing;
use crate::model::privacy::{Mode, Privacy};
use crate::model::table::ddl::{create_staged_table, create_table};
use crate::model::table::{Table, TableInfo};
use crate::record::sync::{SyncRowTable, tables};
use crate::system::database;
use crate::system::files;
use crate::system::hash;
use crate::system::lock::Lock;
use crate::{Error, Result};

/// Marks a database as a state file: `flsy` in ASCII.
const APPLICATION_ID: i64 = 0x666c_7379;

/// The version of the tables, in `user_version`.
const VERSION: i64 = 2;

/// The characters that need no escape in the path of a `file:` URI.
const URI_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// How long to wait for another program that reads or writes the state file.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a command does with the state file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes it; no other command may do so.
    Write,
    /// Reads it. Where there is none, an empty one in memory stands in for it.
    Read,
}

/// A state file that is open.
#[derive(Debug)]
pub struct State {
    /// The connection, for statements over both databases.
    pub connection: Connection,
    /// Whether the file did not exist, or was empty.
    pub is_new: bool,
    /// How keys of rows are kept.
    pub privacy: Privacy,
    path: PathBuf,
    _lock: Option<Lock>,
}

impl State {
    /// Opens the state file at `path`.
    ///
    /// # Errors
    /// `output_failed` if it cannot be opened, is another program's, or is in use.
    pub fn open(path: &Path, access: Access, privacy: Privacy) -> Result<Self> {
        let path = files::resolve(path).map_err(|error| files::failed(path, &error))?;
        let lock = match access {
            Access::Write => Some(lock(&path)?),
            Access::Read => None,
        };
        if access == Access::Write {
            keep_private(&path)?;
        }
        let is_new = path.metadata().map_or(true, |file| file.len() == 0);
        let connection =
            connect(&path, access, is_new).map_err(|error| database::failed(&path, &error))?;
        let mut state = State { connection, is_new, privacy, path, _lock: lock };
        state.check()?;
        state.prepare(access)?;
        Ok(state)
    }

    /// The path of the state file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes everything into the file itself, none of it in the log beside it.
    ///
    /// # Errors
    /// `output_failed` when that is not possible.
    pub fn empty_log(&self) -> Result<()> {
        let sql = "PRAGMA state.wal_checkpoint(TRUNCATE)";
        self.or_failed(self.connection.query_row(sql, [], |_| Ok(())))
    }

    /// The error of a statement that failed.
    pub fn failed(&self, error: &rusqlite::Error) -> Error {
        database::failed(&self.path, error)
    }

    /// `outcome`, with the error that users see.
    pub(super) fn or_failed<T>(&self, outcome: rusqlite::Result<T>) -> Result<T> {
        outcome.map_err(|error| self.failed(&error))
    }

    /// The SQL expression for the key of a row as the state file keeps it.
    pub fn stored(&self, expression: &str) -> String {
        match self.privacy.mode() {
            Mode::Keep => expression.to_owned(),
            Mode::Hash | Mode::Drop => format!("stored({expression})"),
        }
    }

    /// Refuses a database that is not a state file.
    fn check(&self) -> Result<()> {
        let number = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let tables = self.or_failed(number("SELECT count(*) FROM state.sqlite_schema"))?;
        let id = self.or_failed(number("PRAGMA state.application_id"))?;
        let version = self.or_failed(number("PRAGMA state.user_version"))?;
        if tables > 0 && id != APPLICATION_ID {
            return Err(Error::output(&self.path, "it is not a state file of `flaglake sync`")
                .resource(self.path.display().to_string())
                .hint("name another file with `--state`"));
        }
        if version > VERSION {
            return Err(Error::output(&self.path, "it is of a newer version of flaglake")
                .resource(self.path.display().to_string())
                .hint("use the newer version"));
        }
        Ok(())
    }

    fn prepare(&mut self, access: Access) -> Result<()> {
        let prepared = register(&self.connection, self.privacy.clone())
            .and_then(|()| super::staging::create(&self.connection))
            .and_then(|()| set_up(&self.connection, access, self.is_new));
        self.or_failed(prepared)
    }
}

fn lock(path: &Path) -> Result<Lock> {
    files::check_length(path, ".lock".len() + 1)?;
    Lock::take(&files::beside(path, "lock")).map_err(|error| {
        if !error.is_held() {
            return error;
        }
        error.hint("wait for that run to end, or use another `--state`")
    })
}

/// Only its owner may read a state file, also one that another program has created. SQLite gives the
/// files beside it the same mode.
fn keep_private(path: &Path) -> Result<()> {
    let beside = database::BESIDE.iter().map(|suffix| files::with_suffix(path, suffix));
    for path in [path.to_owned()].into_iter().chain(beside) {
        files::keep_private(&path).map_err(|error| files::failed(&path, &error))?;
    }
    Ok(())
}

/// Connects to a temporary database, and attaches the state file.
fn connect(path: &Path, access: Access, is_new: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags("", flags)?;
    connection.busy_timeout(PATIENCE)?;
    // The temporary database is lost with the process in any case.
    // Rows come and go in order: large pages take fewer calls.
    connection.pragma_update(None, "page_size", 32_768)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "cache_size", -12_000)?;
    let encoded = percent_encode(path.as_os_str().as_encoded_bytes(), URI_PATH);
    let address = match access {
        Access::Write => format!("file:{encoded}?mode=rwc"),
        Access::Read if !is_new => format!("file:{encoded}?mode=rw"),
        Access::Read => "file::memory:".to_owned(),
    };
    match connection.execute("ATTACH ?1 AS state", [&address]) {
        // In a folder that this user may not write to, SQLite can still read.
        Err(error) if access == Access::Read && database::is_forbidden(&error) => {
            connection.execute("ATTACH ?1 AS state", [format!("file:{encoded}?mode=ro")])?;
        }
        outcome => drop(outcome?),
    }
    Ok(connection)
}

/// Creates the tables, and makes every commit durable.
fn set_up(connection: &Connection, access: Access, is_new: bool) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA state.cache_size = -8000")?;
    if access == Access::Read && !is_new {
        return Ok(());
    }
    if access == Access::Write {
        connection
            .execute_batch("PRAGMA state.journal_mode = WAL; PRAGMA state.synchronous = FULL")?;
        // Keys that are forgotten must not stay in free pages.
        connection.execute_batch("PRAGMA state.secure_delete = FAST")?;
        // The pages of a batch are used again by later ones: the fewer copies into the file itself,
        // the less is written in vain. 16 MB.
        connection.execute_batch("PRAGMA state.wal_autocheckpoint = 4000")?;
    }
    connection.execute_batch(&format!(
        "PRAGMA state.application_id = {APPLICATION_ID}; PRAGMA state.user_version = {VERSION};"
    ))?;
    let all = tables();
    let script: String = all.iter().map(|table| definition(table, &all)).collect();
    connection.execute_batch(&script)?;
    columns::add_missing(connection, &all)
}

fn definition(table: &TableInfo, all: &[TableInfo]) -> String {
    // Most of the file is `sync_rows`: without row IDs, it has each key once.
    let sql = if table.name == SyncRowTable::NAME {
        create_staged_table(table, all)
    } else {
        create_table(table, all)
    };
    sql.replacen("EXISTS ", "EXISTS state.", 1)
}

/// Makes two functions available to statements: `stored(key)` is a key as the state file keeps it,
/// `row_hash(key)` the hash of a row that is nothing but its key.
fn register(connection: &Connection, privacy: Privacy) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("row_hash", 1, flags, |context| {
        let key: Option<String> = context.get(0)?;
        Ok(key.map(|key| hash::of_bytes(key.as_bytes())))
    })?;
    connection.create_scalar_function("stored", 1, flags, move |context| {
        let key: Option<String> = context.get(0)?;
        Ok(key.map(|mut key| {
            privacy.treat_own(&mut key);
            key
        }))
    })
}

#[cfg(test)]
mod tests;
