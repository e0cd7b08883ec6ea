//! A copy of the database without a write-ahead log, which other users can open read-only.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::identity::check_header;
use super::place::{Standing, check_file};
use crate::destinations::new_file::NewFile;
use crate::system::lock::Lock;
use crate::system::{database, files};
use crate::{Error, Result};

/// The mode of a new copy: flag data may be confidential.
const PRIVATE: u32 = 0o600;

/// A copy to make of a database.
#[derive(Debug)]
pub struct Copy {
    database: PathBuf,
    target: PathBuf,
    mode: u32,
}

impl Copy {
    /// A copy of `database` at the path that `target` leads to. Without a mode, it has that of the
    /// copy that it replaces.
    ///
    /// # Errors
    /// `output_failed` where no copy may be there: only a copy of flaglake's own is replaced.
    pub fn find(database: &Path, target: &Path, mode: Option<u32>) -> Result<Self> {
        let target = files::follow(target).map_err(|error| files::failed(target, &error))?;
        if belongs(&target, database) {
            return Err(refused(&target, "it is the output, or belongs to it"));
        }
        let standing = check_file(&target)?;
        if let Standing::File(_) = standing {
            check_header(&target)?;
        }
        let beside = database::BESIDE.map(|suffix| files::with_suffix(&target, suffix));
        if let Some(file) = beside.iter().find(|file| file.symlink_metadata().is_ok()) {
            let reason = format!("a program writes to it: there is `{}`", file.display());
            return Err(refused(&target, &reason));
        }
        let old = fs::metadata(&target).ok().filter(|_| standing != Standing::Vacant);
        let mode = mode.or(old.map(|old| old.permissions().mode() & 0o777)).unwrap_or(PRIVATE);
        Ok(Copy { database: database.to_owned(), target, mode })
    }

    /// Makes the copy under another name, and moves it into place.
    ///
    /// # Errors
    /// `output_failed` where the database cannot be read, or the copy not be written.
    pub fn write(&self) -> Result<()> {
        let failed = |error| files::failed(&self.target, &error);
        // A run may be making its output there.
        let _lock = Lock::take(&files::beside(&self.target, "lock"))?;
        let new = NewFile::beside(&self.target).map_err(failed)?;
        fill(&self.database, &new.path).map_err(|error| database::failed(&self.target, &error))?;
        fs::set_permissions(&new.path, Permissions::from_mode(self.mode)).map_err(failed)?;
        // Another program may have put its file there while the copy was made.
        Copy::find(&self.database, &self.target, Some(self.mode))?;
        new.take_place(&self.target).map_err(failed)
    }
}

/// Writes the state of one moment. The copy holds no deleted rows.
fn fill(database: &Path, new: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(super::connection::LOOK)?;
    connection.execute("VACUUM main INTO ?1", [new.to_string_lossy()])?;
    // Who may only read the folder cannot create the files of a write-ahead log.
    let copy = Connection::open_with_flags(new, flags)?;
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)
}

/// Whether a path is that of the database, or of a file beside it.
fn belongs(path: &Path, database: &Path) -> bool {
    let beside = database::BESIDE.map(|suffix| files::with_suffix(database, suffix));
    let hidden = ["lock", "stage", "new"].map(|what| files::beside(database, what));
    let own = [database.to_owned()];
    own.iter().chain(&beside).chain(&hidden).any(|file| files::is_same(path, file))
}

fn refused(target: &Path, reason: &str) -> Error {
    Error::output(target, reason)
        .resource(target.display().to_string())
        .hint("name another file with `--copy-to`")
}
