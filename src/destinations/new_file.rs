//! A new output file becomes visible only when it is complete.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::system::{database, files};

/// A file that is written under a temporary name beside its final path, and renamed when it is
/// complete.
pub(crate) struct NewFile {
    /// Where to write.
    pub path: PathBuf,
    is_ours: bool,
}

impl NewFile {
    /// Creates an empty file beside the path of an output. Removes the file of a dead run first.
    ///
    /// # Errors
    /// When it cannot be created, for example because a folder has its name.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let mut new = NewFile { path: files::beside(path, "new"), is_ours: false };
        database::remove(&new.path);
        // It was created here, so it belongs to this run, even in a shared folder.
        File::create_new(&new.path)?;
        new.is_ours = true;
        Ok(new)
    }

    /// Removes the temporary file that a dead run left beside an output.
    pub fn remove_remains(path: &Path) {
        database::remove(&files::beside(path, "new"));
    }

    /// Makes the file durable and renames it to `path`. Replaces the file there.
    ///
    /// # Errors
    /// When the disk or the system refuses.
    pub fn take_place(mut self, path: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, path)?;
        self.is_ours = false;
        sync_folder(path);
        Ok(())
    }

    /// Makes the file durable and renames it to `path`, where no file may exist.
    ///
    /// # Errors
    /// `AlreadyExists` where a file exists there; others when the disk or the system refuses.
    pub fn take_vacant_place(mut self, path: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        rename_to_vacant(&self.path, path)?;
        self.is_ours = false;
        sync_folder(path);
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.is_ours {
            database::remove(&self.path);
        }
    }
}

/// Makes the new name durable. Errors are ignored, because not every file system can do this.
fn sync_folder(path: &Path) {
    let _ = File::open(files::folder(path)).and_then(|folder| folder.sync_all());
}

/// Renames without replacing a file: atomically, if the file system supports that.
fn rename_to_vacant(from: &Path, to: &Path) -> io::Result<()> {
    without_replacing(from, to, link)
}

/// Renames a file atomically, without replacing another one.
///
/// # Errors
/// `AlreadyExists` where a file has the new name; others also where the file system can do this
/// neither by a rename nor by a hard link.
pub(super) fn rename_to_vacant_atomically(from: &Path, to: &Path) -> io::Result<()> {
    without_replacing(from, to, link_atomically)
}

/// Renames by the system's call, or by `other` where the file system does not support that.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn without_replacing(
    from: &Path,
    to: &Path,
    other: fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => other(from, to),
        outcome => Ok(outcome?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn without_replacing(
    from: &Path,
    to: &Path,
    other: fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    other(from, to)
}

/// Renames in two steps: creating a hard link fails where a file exists.
fn link_atomically(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

/// Like [`link_atomically`], also on file systems without hard links.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match link_atomically(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Not every file system supports hard links. Then, the path can only be checked before.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_that_appeared_is_never_replaced() {
        for step in [rename_to_vacant, rename_to_vacant_atomically, link, link_atomically] {
            let folder = TempDir::new().unwrap();
            let path = |name: &str| folder.path().join(name);
            fs::write(path("new"), "new").unwrap();
            fs::write(path("theirs"), "theirs").unwrap();
            let error = step(&path("new"), &path("theirs")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::read(path("theirs")).unwrap(), b"theirs");
            step(&path("new"), &path("vacant")).unwrap();
            assert!(!path("new").exists());
            assert_eq!(fs::read(path("vacant")).unwrap(), b"new");
        }
    }

    #[test]
    fn an_unused_new_file_is_removed_and_the_obstacle_stays() {
        let folder = TempDir::new().unwrap();
        let place = folder.path().join("x.db");
        drop(NewFile::beside(&place).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::create_dir(folder.path().join(".x.db.new")).unwrap();
        assert!(NewFile::beside(&place).is_err());
        assert!(folder.path().join(".x.db.new").is_dir());
    }
}
