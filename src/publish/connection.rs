//! The connection that publishes: how SQLite treats the output meanwhile, and what stays after it.

use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};
use tracing::warn;

use crate::personal::Mode;
use crate::stage::Staged;

/// Marks a database as flaglake's: `flak` in ASCII, <https://sqlite.org/pragma.html#pragma_application_id>.
pub(super) const APPLICATION_ID: i64 = 0x666c_616b;

/// How long to wait for another program that is writing, without a look at signals.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// What may stand for itself in the path of a `file:` URI.
const URI_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Opens the output, with the stage beside it.
pub(super) fn prepare(path: &Path, is_new: bool, staged: &Staged) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOOK)?;
    // Nobody sees a new file before it is whole: it needs neither a log nor room for one.
    let (journal, synchronous) = if is_new { ("OFF", "OFF") } else { ("WAL", "FULL") };
    connection.pragma_update(None, "journal_mode", journal)?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    if is_new {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    // What is hashed or dropped must not stay in the file's free pages.
    connection.pragma_update(None, "secure_delete", staged.privacy.mode() != Mode::Keep)?;
    // Checked on the stage; and only without does SQLite copy tables record by record.
    connection.pragma_update(None, "foreign_keys", false)?;
    // Views of the user's stay as they are while a table of an earlier flaglake is rebuilt.
    connection.pragma_update(None, "legacy_alter_table", true)?;
    connection.pragma_update(None, "cache_size", -8_000)?;
    // Read only: else the transaction would span two files, and need a journal for both.
    let stage = percent_encode(staged.path().as_os_str().as_encoded_bytes(), URI_PATH);
    connection.execute("ATTACH ?1 AS stage", [format!("file:{stage}?mode=ro")])?;
    Ok(connection)
}

/// Commits. A connection that is dropped before has changed nothing.
pub(super) fn finish(
    connection: Connection,
    is_new: bool,
    is_guarded: bool,
) -> rusqlite::Result<()> {
    connection.execute_batch("COMMIT; DETACH stage")?;
    if is_guarded && let Err(error) = connection.execute_batch("VACUUM") {
        // What was deleted may stay in pages that are in use, whatever `secure_delete` says.
        warn!(%error, "Names and addresses of earlier runs may be left in the file's bytes: `VACUUM` removes them.");
    }
    if is_new {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        return connection.close().map_err(|(_, error)| error);
    }
    // A reader may need the log for as long as it likes: the next run truncates it then.
    connection.busy_timeout(Duration::ZERO)?;
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    connection.close().map_err(|(_, error)| error)
}
