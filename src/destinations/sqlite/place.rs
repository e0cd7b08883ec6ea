//! The place of an output: what may stand there, and whether it still does.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::system::files;
use crate::{Error, Result};

/// The length of what the name of a stage has more than that of its output; other files have less.
const STAGE: usize = "..stage".len();

/// The identity of a file, which does not depend on its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The object in the place of a SQLite output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Vacant,
    /// An empty file, which is as good as none.
    Empty(FileId),
    /// A file with something in it.
    File(FileId),
}

/// The object at `path`, where a database may be.
pub(super) fn check_file(path: &Path) -> Result<Standing> {
    files::check_length(path, STAGE)?;
    let standing = Standing::look(path)?;
    let folder = files::folder(path);
    match fs::metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(no_folder(path, folder)),
        Err(error) => Err(files::failed(path, &error)),
        Ok(found) if !found.is_dir() => Err(no_folder(path, folder)),
        Ok(_) => Ok(standing),
    }
}

fn no_folder(path: &Path, folder: &Path) -> Error {
    refused(path, &format!("there is no folder `{}`", folder.display()), "create the folder first")
}

impl Standing {
    /// Looks at what is there.
    ///
    /// # Errors
    /// `output_failed` where it is no regular file.
    pub(super) fn look(path: &Path) -> Result<Self> {
        match fs::symlink_metadata(path) {
            Err(error) if is_missing(&error) => Ok(Standing::Vacant),
            Err(error) => Err(files::failed(path, &error)),
            Ok(found) if found.is_dir() => {
                Err(refused(path, "it is a folder", "name a file in it"))
            }
            Ok(found) if found.is_symlink() => Err(link(path)),
            Ok(found) if !found.is_file() => {
                Err(refused(path, "it is not a regular file", "name another file"))
            }
            Ok(found) if found.len() == 0 => Ok(Standing::Empty(FileId::of(&found))),
            Ok(found) => Ok(Standing::File(FileId::of(&found))),
        }
    }

    /// Makes sure that the same stands there still.
    ///
    /// # Errors
    /// `output_failed` where something else does.
    pub(super) fn check(self, path: &Path) -> Result<()> {
        let now = Standing::look(path)?;
        let reason = match (self, now) {
            (then, now) if then == now => return Ok(()),
            (_, Standing::Vacant) => "it was removed while the run was going on",
            (Standing::Vacant, _) => "another file was put there while the run was going on",
            _ => "another file took its place while the run was going on",
        };
        Err(changed(path, reason))
    }
}

impl FileId {
    fn of(found: &Metadata) -> Self {
        FileId { device: found.dev(), inode: found.ino() }
    }
}

/// A file that is missing, or whose folder is.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Links were followed before: one that is still there leads to itself, or is new.
fn link(path: &Path) -> Error {
    let ring = fs::metadata(path).err().filter(files::is_loop);
    ring.map_or_else(
        || refused(path, "a symbolic link is in its place", "remove the link, and run again"),
        |error| files::failed(path, &error),
    )
}

/// The error of an output that is not as it was when the run began.
pub(super) fn changed(path: &Path, reason: &str) -> Error {
    refused(path, reason, "nothing was published, and what is there stays: run again")
}

fn refused(path: &Path, reason: &str, hint: &str) -> Error {
    Error::output(path, reason).resource(path.display().to_string()).hint(hint)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_replaced_output_is_noticed() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("x.db");
        let vacant = Standing::look(&path).unwrap();
        fs::write(&path, "").unwrap();
        let empty = Standing::look(&path).unwrap();
        assert!(vacant.check(&path).unwrap_err().to_string().contains("put there"));
        fs::write(&path, "data").unwrap();
        let file = Standing::look(&path).unwrap();
        assert!(empty.check(&path).unwrap_err().to_string().contains("took its place"));
        fs::write(&path, "more data").unwrap();
        file.check(&path).unwrap();
        fs::copy(&path, folder.path().join("copy")).unwrap();
        fs::rename(folder.path().join("copy"), &path).unwrap();
        assert!(file.check(&path).unwrap_err().to_string().contains("took its place"));
        fs::remove_file(&path).unwrap();
        assert!(file.check(&path).unwrap_err().to_string().contains("removed"));
        symlink("elsewhere", &path).unwrap();
        assert!(vacant.check(&path).unwrap_err().to_string().contains("link"));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(file.check(&path).unwrap_err().to_string().contains("folder"));
    }
}
