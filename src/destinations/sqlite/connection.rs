//! The connection that publishes: its settings, and the clean-up at its end.

use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};
use tracing::warn;

use crate::model::privacy::Mode;
use crate::stage::Staged;
use crate::system::files;

/// Marks a database as flaglake's: `flak` in ASCII, <https://sqlite.org/pragma.html#pragma_application_id>.
pub(in crate::destinations) const APPLICATION_ID: i64 = 0x666c_616b;

/// How long one attempt waits for another program that writes. Signals are checked in between.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// The characters that need no escape in the path of a `file:` URI.
const URI_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// How long to wait for readers of an earlier state. After that, the log is left to the next run.
const READERS: Duration = Duration::from_millis(500);

/// Opens the file to publish to, which must exist. Changes nothing.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOOK)?;
    Ok(connection)
}

/// Configures the connection, and attaches the stage.
pub(super) fn prepare(
    connection: &Connection,
    is_new: bool,
    staged: &Staged,
) -> rusqlite::Result<()> {
    // Nobody reads a new file before it is complete, so it needs no log.
    let (journal, synchronous) = if is_new { ("OFF", "OFF") } else { ("WAL", "FULL") };
    connection.pragma_update(None, "journal_mode", journal)?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    if is_new {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    // Values that are hashed or dropped must not stay in the file's free pages.
    connection.pragma_update(None, "secure_delete", staged.privacy.mode() != Mode::Keep)?;
    // The stage is checked instead. Only without this setting can SQLite copy records unparsed.
    connection.pragma_update(None, "foreign_keys", false)?;
    // Keeps users' views unchanged while a table of an earlier version is rebuilt.
    connection.pragma_update(None, "legacy_alter_table", true)?;
    connection.pragma_update(None, "cache_size", -8_000)?;
    // Read only: otherwise, the transaction would span two files, and need a journal for both.
    let stage = percent_encode(staged.path().as_os_str().as_encoded_bytes(), URI_PATH);
    connection.execute("ATTACH ?1 AS stage", [format!("file:{stage}?mode=ro")])?;
    Ok(())
}

/// Closes a new file, ready for readers and later runs.
pub(super) fn finish_new(connection: Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DETACH stage")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)
}

/// Closes a file after the commit. Errors are only warnings, because the data is published.
pub(super) fn finish(connection: Connection, path: &Path, is_guarded: bool) {
    let detached = connection.execute_batch("DETACH stage");
    if is_guarded && let Err(error) = detached.and_then(|()| connection.execute_batch("VACUUM")) {
        // Deleted data may stay in pages that are in use, despite `secure_delete`.
        warn!(%error, "The file's bytes may still contain personal data of earlier runs: `VACUUM` removes it.");
    }
    // If a reader still needs the log, the next run truncates it.
    let _ = connection.busy_timeout(READERS);
    match truncate_log(&connection) {
        Ok(true) => {}
        Ok(false) => warn!("{}", behind(path, "another program is reading an earlier state")),
        Err(error) => warn!("{}", behind(path, &error.to_string())),
    }
}

/// Rolls back the transaction, and truncates the log to free its disk space.
pub(super) fn give_up(connection: Connection) {
    // Closing the connection discards its changes, even if this fails.
    let _ = connection.busy_timeout(LOOK);
    let _ = connection.execute_batch("ROLLBACK");
    let _ = truncate_log(&connection);
}

/// Moves the write-ahead log into the file; returns whether all of it is there:
/// <https://sqlite.org/pragma.html#pragma_wal_checkpoint>.
fn truncate_log(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |row| {
        let (pages, moved): (i64, i64) = (row.get("log")?, row.get("checkpointed")?);
        Ok(pages == moved)
    })
}

/// The warning where a part of the published data is still in the log.
fn behind(path: &Path, reason: &str) -> String {
    let (path, log) = (path.display(), files::with_suffix(path, "-wal"));
    format!(
        "The data is published, but a part of it is still in `{}`: {reason}. Readers of `{path}` \
         see all of it, but a copy of that file alone would be incomplete. Copy it with \
         `VACUUM INTO` or `.backup` of sqlite3. The next run tries again to move the rest.",
        log.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with a write-ahead log in a folder, and a reader that has it open.
    fn database() -> (tempfile::TempDir, Connection, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x)").unwrap();
        writer.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = 1").unwrap();
        let reader = Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();
        (folder, writer, reader)
    }

    const FILL: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)
                        INSERT INTO t SELECT randomblob(1000) FROM n";

    #[test]
    fn a_log_that_was_written_for_nothing_takes_no_room() {
        let (folder, writer, reader) = database();
        let log = || std::fs::metadata(folder.path().join("x.db-wal")).unwrap().len();
        writer.execute_batch("BEGIN IMMEDIATE").unwrap();
        writer.execute_batch(FILL).unwrap();
        assert!(log() > 500_000);
        give_up(writer);
        assert_eq!(log(), 0);
        drop(reader);
    }

    #[test]
    fn a_log_that_a_reader_needs_is_told_from_one_that_is_moved() {
        let (_folder, writer, reader) = database();
        writer.execute_batch(FILL).unwrap();
        assert!(!truncate_log(&writer).unwrap());
        // A reader of the newest state keeps the log, but the file has all of it.
        reader.execute_batch("COMMIT; BEGIN; SELECT * FROM t").unwrap();
        assert!(truncate_log(&writer).unwrap());
    }
}
