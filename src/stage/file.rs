//! The file of a stage, and how SQLite treats it.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rustix::process::geteuid;

use super::checkpoint::boot;
use crate::system::database::BESIDE;
use crate::system::files;
use crate::{Error, Result};

/// The file of a stage; it goes with the run, unless it is kept for the next one.
pub(super) struct StageFile {
    pub path: PathBuf,
    kept: bool,
}

impl StageFile {
    pub fn new(path: &Path) -> Self {
        StageFile { path: path.to_owned(), kept: false }
    }

    /// Leaves the file as a checkpoint, unless the disk has no room for it, and says so in the error
    /// that ended the run. A full disk keeps readers from the published data as well: SQLite needs
    /// room for the index of the log.
    pub fn keep(mut self, error: Error) -> Error {
        self.kept = !error.is_full();
        let hint = error.advice().map(|hint| format!("{hint}; ")).unwrap_or_default();
        if self.kept {
            error.hint(format!("{hint}what was read is kept: the next run goes on with it"))
        } else {
            error.hint(format!("{hint}what was read is removed, to make room"))
        }
    }
}

impl Drop for StageFile {
    fn drop(&mut self) {
        if !self.kept {
            // The next run removes files that cannot be removed now.
            let _ = remove(&self.path);
        }
    }
}

/// Removes a stage with what SQLite keeps beside it.
///
/// # Errors
/// When it is there and cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<()> {
    for suffix in BESIDE.into_iter().chain([""]) {
        let name = files::with_suffix(path, suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let hint = "flaglake stages its data there: remove what is in the way";
                return Err(files::failed(&name, &error).hint(hint));
            }
            _ => {}
        }
    }
    Ok(())
}

/// SQLite's cache in KiB: rows come in no order while they are written, and in that of their key
/// when they are read back.
const WRITING: i64 = 8_000;
const READING: i64 = 1_000;

/// The size of a stage's pages in bytes. The rows of one answer fall on pages all over its project,
/// which are written twice each, to the log and to the file: with 4,096 bytes, SQLite's own choice,
/// it would read and write two thirds more often.
const PAGE: i64 = 8_192;

/// Opens a new stage. Where a bucket is written to, it is in a folder that others may write to as
/// well: whatever leads elsewhere is not followed.
pub(super) fn create(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "page_size", PAGE)?;
    Ok(connection)
}

/// Whether the file is a plain one of this user's own.
pub(super) fn is_own(path: &Path) -> bool {
    let metadata = std::fs::symlink_metadata(path);
    metadata.is_ok_and(|file| file.is_file() && file.uid() == geteuid().as_raw())
}

/// Sets up a connection that writes: what is committed outlives the process.
///
/// The disk is not waited for where a loss of power can be told from the end of a process.
pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    // No other process looks at a stage while it is written, so its log needs no shared index.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let synchronous = if boot().is_ok() { "OFF" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -WRITING)
}

/// Ends the writing: everything is in the file itself then.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.pragma_update(None, "locking_mode", "NORMAL")
}

/// Opens a stage that is settled.
pub(super) fn reopen(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -READING)?;
    Ok(connection)
}
