//! Opens the database for a report.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use url::Url;

use super::file::MAGIC;
use super::lists;
use crate::error::Kind;
use crate::model::thresholds;
use crate::system::{database, files};
use crate::{Error, Result, catalog};

/// Views and tables that the sections read. Lists name their own.
pub(super) const NEEDED: [&str; 22] = [
    "latest_extraction",
    "resource_coverage",
    "view_coverage",
    "project_daily",
    "scorecards",
    "scorecard_thresholds",
    "flag_lifecycle",
    "flag_readiness",
    "status_counts",
    "stale_flags",
    "stale_percentages",
    "unowned_flags",
    "owner_debt",
    "flag_velocity",
    "flag_judgements",
    "removal_verdicts",
    "forward_values",
    "critical_environments",
    "exempt_flags",
    "project_thresholds",
    "code_references",
    "code_reference_files",
];

/// Opens the database at `path`, for reading only.
///
/// # Errors
/// `usage` when there is no such file; `output_failed` when it is not a flaglake database, holds no
/// extraction, or was written by an older or newer version of flaglake.
pub fn open(path: &Path) -> Result<Connection> {
    let connection = open_any(path)?;
    check_version(path, &connection).map_err(|error| unreadable(path, &error))??;
    Ok(connection)
}

/// Opens the database at `path`, whatever version of flaglake wrote it, for reading only.
///
/// # Errors
/// `usage` when there is no such file; `output_failed` when it is not a flaglake database.
pub fn open_any(path: &Path) -> Result<Connection> {
    look(path)?;
    let failed = |error| unreadable(path, &error);
    let connection = match connect(path) {
        Err(error) if is_placeless(&error) && !has_log(path) => connect_unchanging(path),
        connected => connected,
    };
    let connection = connection.map_err(failed)?;
    let is_ours = connection.table_exists(None, "extractions").map_err(failed)?;
    if is_ours { Ok(connection) } else { Err(foreign(path, "it belongs to another program")) }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Opened for writing, although nothing is written: otherwise SQLite does not remove the files
    // of its write-ahead log.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepare(Connection::open_with_flags(path, flags)?)
}

/// Opens a read-only database without the files of the write-ahead log, which cannot be created:
/// <https://sqlite.org/wal.html#read_only_databases>.
fn connect_unchanging(path: &Path) -> rusqlite::Result<Connection> {
    let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut address =
        Url::from_file_path(&whole).map_err(|()| rusqlite::Error::InvalidPath(path.to_owned()))?;
    address.set_query(Some("immutable=1"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepare(Connection::open_with_flags(address.as_str(), flags)?)
}

/// Whether the files of the write-ahead log cannot be created.
fn is_placeless(error: &rusqlite::Error) -> bool {
    database::is_forbidden(error) || database::is_full(error)
}

/// Whether the write-ahead log holds changes: without them, the file is out of date or corrupt.
fn has_log(path: &Path) -> bool {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let log = files::with_suffix(&path, "-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Whether the file is a SQLite database; checked before SQLite opens it.
fn look(path: &Path) -> Result<()> {
    let no_file = || {
        Error::usage(format!("there is no file `{}`", path.display()))
            .resource(path.display().to_string())
            .hint("run `flaglake extract`, or name the database: `--input PATH`")
    };
    let found = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(no_file()),
        Err(error) => return Err(refused(path, &error).hint(files::hint(&error))),
        Ok(found) => found,
    };
    if !found.is_file() {
        return Err(refused(path, "it is not a regular file")
            .hint("name the SQLite database that `flaglake extract` made: `--input PATH`"));
    }
    let mut start = [0; MAGIC.len()];
    let read = File::open(path).and_then(|mut file| file.read(&mut start));
    read.map_err(|error| refused(path, error).hint("give this user permission to read it"))?;
    if start != MAGIC { Err(foreign(path, "it is not a SQLite file")) } else { Ok(()) }
}

/// Sets up a connection that a report only reads.
pub(super) fn read_only(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "query_only", true)?;
    // Memory suffices to sort 20,000 flags.
    connection.pragma_update(None, "temp_store", "MEMORY")
}

fn prepare(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::from_secs(30))?;
    read_only(&connection)?;
    // The first statement that reads the file, so it shows whether the file can be read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn check_version(path: &Path, connection: &Connection) -> rusqlite::Result<Result<()>> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = pragma("user_version")?;
    if version > catalog::SCHEMA_VERSION {
        let reason = format!("a newer version of flaglake wrote it (schema version {version})");
        return Ok(Err(refused(path, reason).hint("update flaglake")));
    }
    let missing = missing(connection)?;
    if let Some(name) = missing.first() {
        let reason = format!("an older version of flaglake wrote it: it has no `{name}`");
        return Ok(Err(refused(path, reason).hint("run `flaglake extract`, which adds the views")));
    }
    if version < catalog::SCHEMA_VERSION {
        let reason = format!("an older version of flaglake wrote it (schema version {version})");
        return Ok(Err(refused(path, reason).hint("run `flaglake extract`, which migrates it")));
    }
    if let Some(name) = missing_threshold(connection)? {
        let reason = format!("`scorecard_thresholds` has no row `{name}`");
        return Ok(Err(
            refused(path, reason).hint("run `flaglake extract`, which adds the row again")
        ));
    }
    let sql = "SELECT count(*) FROM latest_extraction";
    Ok(match connection.query_row(sql, [], |row| row.get::<_, i64>(0))? {
        0 => Err(refused(path, "it holds no extraction yet").hint("run `flaglake extract`")),
        _ => Ok(()),
    })
}

fn missing(connection: &Connection) -> rusqlite::Result<Vec<&'static str>> {
    let mut statement = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1")?;
    let mut missing = Vec::new();
    for name in NEEDED.into_iter().chain(lists::all().map(|(_, list)| list.view)) {
        if !statement.exists([name])? {
            missing.push(name);
        }
    }
    Ok(missing)
}

fn missing_threshold(connection: &Connection) -> rusqlite::Result<Option<&'static str>> {
    let sql = "SELECT 1 FROM scorecard_thresholds WHERE threshold = ?1";
    let mut statement = connection.prepare(sql)?;
    for one in thresholds::ALL {
        if !statement.exists([one.name])? {
            return Ok(Some(one.name));
        }
    }
    Ok(None)
}

/// The error of a database that SQLite cannot read.
pub fn unreadable(path: &Path, error: &rusqlite::Error) -> Error {
    let reach = database::out_of_reach(path).filter(|_| database::is_forbidden(error));
    if let Some(file) = reach.filter(|file| file != path) {
        return refused(path, error).hint(database::advice(path, &file));
    }
    let hint = if database::is_busy(error) {
        "another program has locked it: run again later"
    } else if database::is_full(error) {
        database::hint(error)
    } else if files::is_too_long(path) {
        "its path is too long for SQLite: move it to a folder nearer to the root"
    } else if database::is_unexpected(error) {
        "a view or table of your own may have the name of one of flaglake's: rename it, and run \
         `flaglake extract`, which makes its own"
    } else {
        "check that the file is complete, and that this user may write to its folder, where SQLite \
         keeps a log"
    };
    refused(path, error).hint(hint)
}

fn foreign(path: &Path, reason: &str) -> Error {
    refused(path, format!("this is not a flaglake database: {reason}"))
        .hint("name the SQLite database that `flaglake extract` made: `--input PATH`")
}

fn refused(path: &Path, reason: impl std::fmt::Display) -> Error {
    Error::new(Kind::OutputFailed, format!("could not read `{}`: {reason}", path.display()))
        .resource(path.display().to_string())
}
