//! Checks whether a file is a flaglake database, and reads of which account.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rusqlite::Connection;

use super::conflicts::taken_name;
use super::connection::APPLICATION_ID;
use super::replace::{last_account, newest};
use crate::system::{database, files};
use crate::{Error, Result, catalog};

/// The size of a database's header: <https://sqlite.org/fileformat.html#the_database_header>.
const HEADER: usize = 100;

/// The last extraction, as a database records it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The account, which may be unknown; the outer `None` means that there is no extraction.
    pub account_id: Option<Option<String>>,
    /// The extraction.
    extraction_id: Option<String>,
}

/// Checks the application ID in the file's header without SQLite, because opening another program's
/// database with SQLite could already change it.
///
/// # Errors
/// `output_failed` where it is another program's, or this user may not use it.
pub(super) fn check_header(path: &Path) -> Result<()> {
    if let Some(file) = database::out_of_reach(path) {
        let reason = format!("this user may not read and write `{}`", file.display());
        return Err(refused(path, &reason, &database::advice(path, &file)));
    }
    let mut header = [0; HEADER];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.or_else(too_short).map_err(|error| files::failed(path, &error))?;
    let id = header.get(68..72).map(|id| id.iter().fold(0, |id, byte| id << 8 | i64::from(*byte)));
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(foreign(path, "it is not a SQLite file"));
    }
    if id == Some(APPLICATION_ID) { Ok(()) } else { Err(another_programs(path)) }
}

/// Accepts a file shorter than a header: its missing bytes stay zero, so it is no database.
fn too_short(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::UnexpectedEof { Ok(()) } else { Err(error) }
}

/// Checks that this version of flaglake may publish to the database at `path`; returns its last
/// extraction.
///
/// # Errors
/// Those of SQLite. The inner error is `output_failed`, where publishing would destroy other data.
pub(super) fn read(path: &Path, connection: &Connection) -> rusqlite::Result<Result<State>> {
    let pragma = |name| connection.pragma_query_value(Some("main"), name, |row| row.get(0));
    let (id, version): (i64, i64) = (pragma("application_id")?, pragma("user_version")?);
    if id != APPLICATION_ID {
        return Ok(Err(another_programs(path)));
    }
    if connection.is_readonly("main")? {
        let hint = "give this user permission to write to it";
        return Ok(Err(refused(path, "this user may only read it", hint)));
    }
    if version > catalog::SCHEMA_VERSION {
        let reason = format!("a newer version of flaglake wrote it (schema version {version})");
        return Ok(Err(refused(path, &reason, "update flaglake")));
    }
    if let Some(taken) = taken_name(connection)? {
        let hint = "flaglake replaces the rows of its tables: rename your own table or column, or \
                    keep it in a table of another name";
        return Ok(Err(refused(path, &format!("its {taken} was not made by flaglake"), hint)));
    }
    let account_id = last_account(connection)?;
    Ok(Ok(State { account_id, extraction_id: newest(connection, "extraction_id")? }))
}

fn another_programs(path: &Path) -> Error {
    foreign(path, "it belongs to another program")
}

fn foreign(path: &Path, reason: &str) -> Error {
    let reason = format!("this is not a flaglake database: {reason}");
    refused(path, &reason, "name another file; this one is not changed")
}

fn refused(path: &Path, reason: &str, hint: &str) -> Error {
    Error::output(path, reason).resource(path.display().to_string()).hint(hint)
}
