//! One transaction on the live file: readers see the old data or the new, and are never blocked.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tracing::debug;

use super::batch::milliseconds;
use super::connection::{APPLICATION_ID, LOOK, finish, prepare};
use super::degraded::{Degraded, degraded, last_read};
use super::names::taken_name;
use super::new_file::NewFile;
use super::previous::Previous;
use super::removals::is_of;
use super::replace::{last_account, replace};
use super::{AUDIT_LOG, NewestEntries, Rows, history};
use crate::interrupt::Interrupt;
use crate::record::Record;
use crate::stage::Staged;
use crate::verify::ReferenceCheck;
use crate::{Error, Result, catalog, database, demo};

/// The size of a database's header: <https://sqlite.org/fileformat.html#the_database_header>.
const HEADER: usize = 100;

/// A SQLite output that was looked at.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// How long to wait for another program that is writing.
    busy_timeout: Duration,
    interrupt: Interrupt,
    /// How long ago a version of a row may have ended.
    pub(super) history_retention: Option<Duration>,
}

impl Sqlite {
    /// Makes sure that `path` is a flaglake database, or nothing yet.
    ///
    /// # Errors
    /// `output_failed` when it is something else.
    pub fn check(path: &Path, busy_timeout: Duration, interrupt: &Interrupt) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::output(path, "it is a folder").hint("name a file in it"));
        }
        if path.exists() && !path.is_file() {
            return Err(Error::output(path, "it is not a regular file").hint("name another file"));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
            return Err(Error::output(path, format!("there is no folder `{}`", parent.display()))
                .hint("create the folder first"));
        }
        let interrupt = interrupt.clone();
        let path = path.to_owned();
        let sqlite = Sqlite { path, busy_timeout, interrupt, history_retention: None };
        if std::fs::metadata(&sqlite.path).is_ok_and(|metadata| metadata.len() > 0) {
            sqlite.identify()?;
        }
        Ok(sqlite)
    }

    /// Reads the mark from the file's header: opening another program's database with SQLite
    /// might already change it.
    fn identify(&self) -> Result<()> {
        let mut header = [0; HEADER];
        let read = File::open(&self.path).and_then(|mut file| file.read_exact(&mut header));
        if let Err(error) = read.or_else(too_short) {
            return Err(Error::output(&self.path, error)
                .resource(self.path.display().to_string())
                .hint("may this user read and write the file?"));
        }
        let id =
            header.get(68..72).map(|id| id.iter().fold(0, |id, byte| id << 8 | i64::from(*byte)));
        if !header.starts_with(b"SQLite format 3\0") {
            return Err(self.foreign("it is no SQLite file"));
        }
        if id != Some(APPLICATION_ID) {
            return Err(self.foreign("it is another program's"));
        }
        self.check_version()
    }

    fn check_version(&self) -> Result<()> {
        let (is_readonly, version, taken) = self.patiently(|connection| {
            let version: i64 =
                connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok((connection.is_readonly("main")?, version, taken_name(connection)?))
        })?;
        if is_readonly {
            return Err(Error::output(&self.path, "this user may only read it")
                .resource(self.path.display().to_string())
                .hint("may this user write to the file?"));
        }
        if version > catalog::SCHEMA_VERSION {
            let reason = format!("a newer flaglake made it (schema version {version})");
            return Err(Error::output(&self.path, reason)
                .resource(self.path.display().to_string())
                .hint("update flaglake"));
        }
        taken.map_or(Ok(()), |taken| {
            Err(Error::output(&self.path, format!("its {taken} is not flaglake's"))
                .resource(self.path.display().to_string())
                .hint(
                    "flaglake replaces what its tables hold: rename what is yours, or keep it in \
                     a table of another name",
                ))
        })
    }

    fn foreign(&self, reason: &str) -> Error {
        Error::output(&self.path, format!("this is not a flaglake database: {reason}"))
            .hint("name another file; this one stays as it is")
    }

    /// Opens the file, which must exist. A connection that may write leaves no log behind.
    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(LOOK)?;
        Ok(connection)
    }

    /// Asks the database something; waits, but not deaf to signals, while another program writes.
    fn patiently<T>(&self, ask: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let patience = Instant::now() + self.busy_timeout;
        loop {
            self.interrupt.check()?;
            match self.open().and_then(|connection| ask(&connection)) {
                Err(error) if database::is_busy(&error) && Instant::now() < patience => {}
                outcome => return outcome.map_err(|error| database::failed(&self.path, &error)),
            }
        }
    }

    /// Whether there is an extraction called `id`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has(&self, id: &str) -> Result<bool> {
        if !self.path.exists() {
            return Ok(false);
        }
        self.patiently(|connection| {
            if !connection.table_exists(None, "extractions")? {
                return Ok(false);
            }
            let sql = "SELECT count(*) FROM extractions WHERE extraction_id = ?1";
            Ok(connection.query_row(sql, [id], |row| row.get::<_, i64>(0))? > 0)
        })
    }

    /// Makes sure that the file holds the data of `account`, or none: what it keeps of earlier runs
    /// would be lost. A real account takes the place of the demo's, but the demo takes nobody's.
    ///
    /// # Errors
    /// `output_failed` when it is another account's.
    pub fn check_account(&self, account: Option<&str>, is_demo: bool) -> Result<()> {
        if !self.path.exists() {
            return Ok(());
        }
        let Some(last) = self.patiently(last_account)? else { return Ok(()) };
        let is_other = last.is_some() && account.is_some() && last.as_deref() != account;
        match last {
            last if is_demo && last.as_deref() != account => {
                Err(Error::output(&self.path, "it holds the data of a real account")
                    .hint("name another file for the demo: `--output demo.db`"))
            }
            Some(last) if is_other && last != demo::account::account_id() => {
                let reason = format!("it holds the data of another account, {last}");
                Err(Error::output(&self.path, reason)
                    .hint("is this the right token? name another file, or remove this one"))
            }
            _ => Ok(()),
        }
    }

    /// Publishes the stage, once `inspect` has seen the output, and `check` has passed.
    ///
    /// # Errors
    /// `output_failed`, a reference that leads nowhere, or that of `inspect`; the output is as
    /// before then.
    pub fn publish(
        &self,
        staged: &Staged,
        record: &Record,
        check: ReferenceCheck,
        inspect: impl Fn(&Connection) -> Result<()>,
        interrupt: &Interrupt,
    ) -> Result<Rows> {
        let failed = |error| database::failed(&self.path, &error);
        let is_new = std::fs::metadata(&self.path).map_or(true, |metadata| metadata.len() == 0);
        let target = if is_new { NewFile::beside(&self.path) } else { NewFile::none(&self.path) };
        let connection = prepare(&target.path, is_new, staged).map_err(failed)?;
        interrupt.watch(&connection);
        self.begin(&connection, interrupt)?.map_err(failed)?;
        inspect(&connection)?;
        let (rows, is_guarded) = replace(&connection, staged, record).map_err(failed)?;
        if let Some(age) = self.history_retention {
            history::forget_older(&connection, age).map_err(failed)?;
        }
        debug!("Everything is copied.");
        check.finish()?;
        debug!("References are verified.");
        interrupt.commit()?;
        finish(connection, is_new, is_guarded).map_err(failed)?;
        let moved = target.take_place(&self.path);
        moved.map_err(|error| Error::output(&self.path, error))?;
        Ok(rows)
    }

    /// When the newest known entry of the account's audit log occurred.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_entries(&self, account_id: Option<&str>) -> Result<NewestEntries> {
        if !self.path.exists() {
            return Ok(NewestEntries::default());
        }
        let newest = self.patiently(|connection| {
            let is_ours =
                last_account(connection)?.is_some_and(|last| last.as_deref() == account_id);
            if !is_ours || !connection.table_exists(Some("main"), AUDIT_LOG)? {
                return Ok(None);
            }
            let sql = format!("SELECT max(occurred_at) FROM main.{AUDIT_LOG}");
            connection.query_row(&sql, [], |row| row.get::<_, Option<String>>(0))
        })?;
        // What is read again takes its own place.
        let occurred_at = newest.as_deref().and_then(milliseconds);
        Ok(NewestEntries { occurred_at, ids: BTreeSet::new() })
    }

    /// The projects that the output holds of `account`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_projects(&self, account: Option<&str>) -> Result<BTreeSet<String>> {
        if !self.path.exists() {
            return Ok(BTreeSet::new());
        }
        self.patiently(|connection| {
            if !is_of(connection, account)? || !connection.table_exists(Some("main"), "projects")? {
                return Ok(BTreeSet::new());
            }
            let mut statement = connection.prepare("SELECT project_key FROM main.projects")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// What `record` says is refused, although an earlier extraction of `account` has it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn degraded(&self, record: &Record, account: Option<&str>) -> Result<Vec<Degraded>> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let before = self.patiently(|connection| last_read(connection, account))?;
        Ok(degraded(record, &before, true))
    }

    /// What was published last; nothing where that cannot be read.
    pub fn previous(&self) -> Previous {
        let read = self.open().and_then(|connection| Previous::read(&connection));
        read.unwrap_or_default()
    }

    /// Begins the transaction; waits, but not deaf to signals, while another program writes.
    fn begin(
        &self,
        connection: &Connection,
        interrupt: &Interrupt,
    ) -> Result<rusqlite::Result<()>> {
        let patience = Instant::now() + self.busy_timeout;
        connection.busy_timeout(LOOK)?;
        loop {
            interrupt.check()?;
            match connection.execute_batch("BEGIN IMMEDIATE") {
                Err(error) if database::is_busy(&error) && Instant::now() < patience => {}
                outcome => return Ok(outcome),
            }
        }
    }
}

/// A file shorter than a header is no database; the bytes that are missing stay zero.
fn too_short(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Ok(()),
        _ => Err(error),
    }
}
