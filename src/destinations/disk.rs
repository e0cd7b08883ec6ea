//! File operations whose order matters for durability. Each is logged at trace level when it is
//! done, so that a test can check the order.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use tracing::trace;

use super::new_file::rename_to_vacant_atomically;

/// Makes the contents of a file durable.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    done("synced", path);
    Ok(())
}

/// Makes the names in a folder durable. File systems that cannot synchronise a folder are accepted.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match File::open(path)?.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {}
        outcome => outcome?,
    }
    done("synced", path);
    Ok(())
}

/// Renames a file. Replaces the file that has the new name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    done("renamed", to);
    Ok(())
}

/// Renames a file atomically, unless a file has the new name; returns whether it did.
pub(super) fn rename_to_vacant(from: &Path, to: &Path) -> io::Result<bool> {
    match rename_to_vacant_atomically(from, to) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        outcome => outcome?,
    }
    done("renamed", to);
    Ok(true)
}

/// Removes a file if it exists; returns whether it existed.
pub(super) fn remove_file(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        outcome => outcome?,
    }
    done("removed", path);
    Ok(true)
}

fn done(step: &str, path: &Path) {
    trace!(step, path = %path.display());
}
