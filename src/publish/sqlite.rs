//! One transaction on the live file: readers see the old data or the new, and are never blocked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tracing::debug;

use super::Rows;
use crate::resources::flag_environments::TARGET_VALUES;
use crate::stage::Staged;
use crate::table::TableInfo;
use crate::verify::ReferenceCheck;
use crate::{Error, Result, catalog, record};

/// Marks a database as flaglake's: `flak` in ASCII, <https://sqlite.org/pragma.html#pragma_application_id>.
const APPLICATION_ID: i64 = 0x666c_616b;

/// The size of a database's header: <https://sqlite.org/fileformat.html#the_database_header>.
const HEADER: usize = 100;

/// How long to wait for another program that is writing.
const BUSY: Duration = Duration::from_secs(30);

/// The flags of each project as published last: what `--plan` estimates with.
pub type PreviousFlags = BTreeMap<String, FlagCounts>;

/// How many flags a project has.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlagCounts {
    /// Live and deprecated ones.
    pub current: i64,
    /// Those of them that are deprecated.
    pub deprecated: i64,
    /// Archived ones.
    pub archived: i64,
}

/// A SQLite output that was looked at.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
}

impl Sqlite {
    /// Makes sure that `path` is a flaglake database, or nothing yet.
    ///
    /// # Errors
    /// `output_failed` when it is something else.
    pub fn check(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::output(path, "it is a folder").hint("name a file in it"));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
            return Err(Error::output(path, format!("there is no folder `{}`", parent.display()))
                .hint("create the folder first"));
        }
        let sqlite = Sqlite { path: path.to_owned() };
        if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0) {
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
            return Err(Error::output(&self.path, error));
        }
        let id =
            header.get(68..72).map(|id| id.iter().fold(0, |id, byte| id << 8 | i64::from(*byte)));
        if !header.starts_with(b"SQLite format 3\0") {
            return Err(self.foreign("it is no SQLite file"));
        }
        if id != Some(APPLICATION_ID) {
            return Err(self.foreign("it is another program's"));
        }
        self.check_version().map_err(|error| match error.concerns() {
            Some(_) => error,
            None => Error::output(&self.path, error),
        })
    }

    fn check_version(&self) -> Result<()> {
        let connection = self.open()?;
        if connection.is_readonly("main")? {
            return Err(Error::output(&self.path, "this user may only read it")
                .resource(self.path.display().to_string()));
        }
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version > catalog::SCHEMA_VERSION {
            let reason = format!("a newer flaglake made it (schema version {version})");
            return Err(Error::output(&self.path, reason)
                .resource(self.path.display().to_string())
                .hint("update flaglake"));
        }
        Ok(())
    }

    fn foreign(&self, reason: &str) -> Error {
        Error::output(&self.path, format!("this is not a flaglake database: {reason}"))
            .hint("name another file; this one stays as it is")
    }

    /// Opens the file, which must exist. A connection that may write leaves no log behind.
    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    }

    /// Whether there is an extraction called `id`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has(&self, id: &str) -> Result<bool> {
        if !self.path.exists() {
            return Ok(false);
        }
        let connection = self.open()?;
        if !connection.table_exists(None, "extractions")? {
            return Ok(false);
        }
        let sql = "SELECT count(*) FROM extractions WHERE extraction_id = ?1";
        Ok(connection.query_row(sql, [id], |row| row.get::<_, i64>(0))? > 0)
    }

    /// Publishes the stage, once `check` has passed.
    ///
    /// # Errors
    /// `output_failed`, or a reference that leads nowhere; the transaction is rolled back then.
    pub fn publish(&self, staged: &Staged, check: ReferenceCheck) -> Result<Rows> {
        let existed = self.path.exists();
        let outcome = self.transaction(staged, check);
        if outcome.is_err() && !existed {
            // There was nothing before, so nothing is left; the error at hand matters more.
            let _ = std::fs::remove_file(&self.path);
        }
        outcome
    }

    fn transaction(&self, staged: &Staged, check: ReferenceCheck) -> Result<Rows> {
        let failed = |error| {
            Error::output(&self.path, error)
                .hint("is there room on the disk, and may this user write there?")
        };
        let is_new = std::fs::metadata(&self.path).map_or(true, |metadata| metadata.len() == 0);
        let connection = self.prepare(staged, is_new).map_err(failed)?;
        let rows = replace(&connection, staged).map_err(failed)?;
        debug!("Everything is copied.");
        check.finish()?;
        debug!("References are verified.");
        finish(connection, is_new).map_err(failed)?;
        Ok(rows)
    }

    /// Opens the output and begins the transaction.
    fn prepare(&self, staged: &Staged, is_new: bool) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(BUSY)?;
        // Before a write-ahead log is in use, so that the mark is in the file itself.
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        // Nobody reads a new file yet: the log comes after, which saves writing everything twice.
        if !is_new {
            connection.pragma_update(None, "journal_mode", "WAL")?;
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Checked on the stage; and only without does SQLite copy tables record by record.
        connection.pragma_update(None, "foreign_keys", false)?;
        connection.pragma_update(None, "cache_size", -8_000)?;
        connection.execute("ATTACH ?1 AS stage", [staged.path().to_string_lossy()])?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(connection)
    }

    /// The flags that were published last, by project.
    pub fn previous_flags(&self) -> PreviousFlags {
        self.read_previous_flags().unwrap_or_default()
    }

    fn read_previous_flags(&self) -> rusqlite::Result<PreviousFlags> {
        let connection = self.open()?;
        let mut statement = connection.prepare(
            "SELECT project_key, sum(state <> 'archived'), sum(state = 'deprecated'),
                    sum(state = 'archived')
             FROM flags GROUP BY project_key",
        )?;
        let rows = statement.query_map([], |row| {
            let (current, deprecated) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, FlagCounts { current, deprecated, archived: row.get(3)? }))
        })?;
        rows.collect()
    }
}

/// A file shorter than a header is no database; the bytes that are missing stay zero.
fn too_short(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Ok(()),
        _ => Err(error),
    }
}

/// Commits. A connection that is dropped before has changed nothing.
fn finish(connection: Connection, is_new: bool) -> rusqlite::Result<()> {
    connection.execute_batch("COMMIT; DETACH stage")?;
    // A reader may need the file or the log for as long as it likes: the next run does it then.
    connection.busy_timeout(Duration::ZERO)?;
    let last = if is_new { "PRAGMA journal_mode = WAL" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
    let _ = connection.query_row(last, [], |_| Ok(()));
    connection.close().map_err(|(_, error)| error)
}

/// Replaces what was extracted; keeps what was not, as far as its parents are still there.
fn replace(connection: &Connection, staged: &Staged) -> rusqlite::Result<Rows> {
    let all = catalog::tables();
    for table in &all {
        connection.execute_batch(&catalog::sqlite::create_table(table, &all))?;
    }
    let history = record::tables();
    let mut rows = Rows::new();
    for table in &staged.tables {
        let name = table.name;
        if !history.contains(table) {
            connection.execute_batch(&format!("DELETE FROM main.{name}"))?;
        }
        let copy = format!("INSERT INTO main.{name} SELECT * FROM stage.{name}");
        rows.push((name, connection.execute(&copy, [])?));
    }
    for table in all.iter().filter(|table| !staged.tables.contains(table)) {
        let sql = match table.name {
            // End users' keys do not outlive the wish for them.
            TARGET_VALUES => format!("DELETE FROM main.{}", table.name),
            _ => orphans(table, &all),
        };
        connection.execute_batch(&sql)?;
    }
    connection.pragma_update(None, "user_version", catalog::SCHEMA_VERSION)?;
    Ok(rows)
}

/// Deletes rows of an earlier run whose parents are gone.
fn orphans(table: &TableInfo, all: &[TableInfo]) -> String {
    let parents = table.references().filter_map(|name| all.iter().find(|one| one.name == name));
    let delete = |parent: &TableInfo| {
        let same = |key: &&str| format!("parent.{key} = {}.{key}", table.name);
        let same: Vec<_> = parent.key.iter().map(same).collect();
        format!(
            "DELETE FROM main.{} WHERE NOT EXISTS (SELECT 1 FROM main.{} AS parent WHERE {});",
            table.name,
            parent.name,
            same.join(" AND ")
        )
    };
    parents.map(delete).collect()
}
