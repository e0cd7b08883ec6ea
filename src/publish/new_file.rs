//! A new output becomes visible only when it is whole.

use std::io;
use std::path::{Path, PathBuf};

/// The file that is written to. A new database is built beside its place and moved there when it
/// is whole.
pub(super) struct NewFile {
    /// Where to write.
    pub path: PathBuf,
    is_new: bool,
}

impl NewFile {
    /// An output that exists is written to where it is.
    pub fn none(path: &Path) -> Self {
        NewFile { path: path.to_owned(), is_new: false }
    }

    /// An output that does not exist yet is built beside its place.
    pub fn beside(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = NewFile { path: path.with_file_name(format!(".{name}.new")), is_new: true };
        file.remove();
        file
    }

    /// Moves a new file to its place.
    pub fn take_place(self, path: &Path) -> io::Result<()> {
        match self.is_new {
            true => std::fs::rename(&self.path, path),
            false => Ok(()),
        }
    }

    /// Removes the file and what SQLite keeps beside it: the remains of a dead run, or of this.
    fn remove(&self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            // What is not there need not go.
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.is_new {
            self.remove();
        }
    }
}
