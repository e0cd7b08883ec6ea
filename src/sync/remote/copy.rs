//! The copy of a state file on this machine, in the folder for temporary files.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::Result;
use crate::system::database;
use crate::system::files;
use crate::system::lock::Lock;

/// How the names of all copies start.
const PREFIX: &str = "flaglake-state-";

/// The end of the name of the lock that a copy has for as long as its process lives.
const IN_USE: &str = "copy";

/// A copy that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Copy {
    path: PathBuf,
    _in_use: Lock,
}

impl Copy {
    /// A place for a copy. Copies that killed runs have left are removed.
    ///
    /// # Errors
    /// `output_failed` if nothing can be written there.
    pub fn new() -> Result<Self> {
        let folder = files::temporary_folder();
        sweep(&folder);
        let path = folder.join(format!("{PREFIX}{}.db", Uuid::new_v4()));
        let in_use = Lock::take(&files::beside(&path, IN_USE))?;
        Ok(Copy { path, _in_use: in_use })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fills it. Only its owner may read it.
    ///
    /// # Errors
    /// `output_failed` if it cannot be written.
    pub fn fill(&self, bytes: &[u8]) -> Result<()> {
        let failed = |error: std::io::Error| files::failed(&self.path, &error);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(files::PRIVATE);
        let mut file = options.open(&self.path).map_err(failed)?;
        file.write_all(bytes).map_err(failed)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        database::remove(&self.path);
    }
}

/// Removes the copies whose processes have ended. Those of other users cannot be locked, and stay.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Of a process that was killed early there may be nothing but the lock.
        let copy = name.trim_start_matches('.').trim_end_matches(&format!(".{IN_USE}"));
        if !copy.starts_with(PREFIX) || !copy.ends_with(".db") {
            continue;
        }
        let path = folder.join(copy);
        if let Ok(_unused) = Lock::take(&files::beside(&path, IN_USE)) {
            // The lock of the database itself goes as well.
            let _ = Lock::take(&files::beside(&path, "lock"));
            database::remove(&path);
        }
    }
}
