//! A new output becomes visible only when it is whole.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The file that is written to. A new database is built beside its place and moved there when it
/// is whole.
pub(crate) struct NewFile {
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

    /// Moves a new file to its place, once the disk has all of it.
    pub fn take_place(self, path: &Path) -> io::Result<()> {
        if !self.is_new {
            return Ok(());
        }
        File::open(&self.path)?.sync_all()?;
        std::fs::rename(&self.path, path)?;
        // Not every file system can do this for a folder, and the file is there in any case.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        Ok(())
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
