//! The path of an output: whether a database may be there, and whether it changed during the run.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::system::files;
use crate::{Error, Result};

/// The characters that the name of a stage has in addition to that of its output. Other files
/// beside the output add fewer.
const STAGE: usize = "..stage".len();

/// The identity of a file, which does not depend on its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The object at the path of a SQLite output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Vacant,
    /// An empty file, which is treated like none.
    Empty(FileId),
    /// A file that is not empty.
    File(FileId),
}

/// Inspects `path`, and checks that a database may be there.
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
    /// Inspects `path`.
    ///
    /// # Errors
    /// `output_failed` where it is not a regular file.
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

    /// Checks that the same file is still there.
    ///
    /// # Errors
    /// `output_failed` where it is not.
    pub(super) fn check(self, path: &Path) -> Result<()> {
        let now = Standing::look(path)?;
        let reason = match (self, now) {
            (then, now) if then == now => return Ok(()),
            (_, Standing::Vacant) => "it was removed during the run",
            (Standing::Vacant, _) => "another program created a file there during the run",
            _ => "another file took its place during the run",
        };
        Err(changed(path, reason))
    }
}

impl FileId {
    fn of(found: &Metadata) -> Self {
        FileId { device: found.dev(), inode: found.ino() }
    }
}

/// Whether the file or its folder is missing.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The error of a symbolic link. Links were resolved before, so this one leads to itself, or is
/// new.
fn link(path: &Path) -> Error {
    let ring = fs::metadata(path).err().filter(files::is_loop);
    ring.map_or_else(
        || refused(path, "a symbolic link is in its place", "remove the link, and run again"),
        |error| files::failed(path, &error),
    )
}

/// The error of an output that changed since the run began.
pub(super) fn changed(path: &Path, reason: &str) -> Error {
    refused(path, reason, "nothing was published, and the file there is unchanged: run again")
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
        assert!(vacant.check(&path).unwrap_err().to_string().contains("created a file"));
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
