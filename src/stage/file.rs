//! The file of a stage, and its SQLite settings.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rustix::process::geteuid;

use super::checkpoint::boot;
use super::pending::SUFFIX;
use crate::system::database::BESIDE;
use crate::system::files;
use crate::{Error, Result};

/// The file of a stage. It is removed at the end of the run, unless it is kept for the next one.
pub(super) struct StageFile {
    pub path: PathBuf,
    kept: bool,
}

impl StageFile {
    pub fn new(path: &Path) -> Self {
        StageFile { path: path.to_owned(), kept: false }
    }

    /// Keeps the file as a checkpoint, unless the disk is full, and says so in the error that ended
    /// the run. On a full disk, the file is removed, because readers of a published database need
    /// space for the index of its log.
    pub fn keep(mut self, error: Error) -> Error {
        self.kept = !error.is_full();
        let hint = error.advice().map(|hint| format!("{hint}; ")).unwrap_or_default();
        if self.kept {
            error
                .hint(format!("{hint}the data that was read is kept: the next run resumes with it"))
        } else {
            error.hint(format!("{hint}the data that was read is removed, to free disk space"))
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

/// Removes a stage, and the files beside it.
///
/// # Errors
/// When it is there and cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<()> {
    for suffix in BESIDE.into_iter().chain([SUFFIX, ""]) {
        let name = files::with_suffix(path, suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let hint = "flaglake stages its data there: remove this file or folder";
                return Err(files::failed(&name, &error).hint(hint));
            }
            _ => {}
        }
    }
    Ok(())
}

/// SQLite's cache in KiB. It is larger for writing, since an item has rows in many tables.
const WRITING: i64 = 4_000;
const READING: i64 = 1_000;

/// The size of a stage's pages in bytes. With SQLite's default of 4,096 bytes, it would read and
/// write two thirds more often.
const PAGE: i64 = 8_192;

/// Opens a new stage. Symbolic links are not followed, because the stage of a bucket is in a folder
/// to which other users may write.
pub(super) fn create(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "page_size", PAGE)?;
    Ok(connection)
}

/// Whether the path is a regular file that this user owns.
pub(super) fn is_own(path: &Path) -> bool {
    let metadata = std::fs::symlink_metadata(path);
    metadata.is_ok_and(|file| file.is_file() && file.uid() == geteuid().as_raw())
}

/// Configures a connection that writes. Committed rows survive the end of the process.
///
/// Where the boot ID shows whether the machine has restarted, writing does not wait for the disk.
pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    // No other process opens a stage while it is written.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // Most pages that a transaction writes are new. A rollback journal does not hold those, so that
    // they are written once; a write-ahead log would write them twice.
    connection.pragma_update(None, "journal_mode", "TRUNCATE")?;
    let synchronous = if boot().is_ok() { "OFF" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -WRITING)
}

/// Ends writing, and removes the journal.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.pragma_update(None, "locking_mode", "NORMAL")
}

/// Opens a stage for reading, after [`settle`].
pub(super) fn reopen(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -READING)?;
    Ok(connection)
}
