//! One run at a time on one output.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Kind;
use crate::{Error, Result};

/// A lock that is held until dropped; the system drops it for a process that is killed.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock at `path`.
    ///
    /// # Errors
    /// `output_failed` when another run holds it, or the file cannot be written.
    pub fn take(path: &Path) -> Result<Self> {
        loop {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).open(path);
            let mut file = file.map_err(|error| failed(path, error))?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(held(path, &mut file)),
                Err(TryLockError::Error(error)) => return Err(failed(path, error)),
                Ok(()) => {}
            }
            // The run before may have removed the file between our opening and locking it.
            if is_still_there(&file, path) {
                sign(&mut file).map_err(|error| failed(path, error))?;
                return Ok(Lock { file, path: path.to_owned() });
            }
        }
    }
}

/// How often to look whether the lock is free: the system has no queue that a signal can leave.
const LOOK: Duration = Duration::from_millis(200);

impl Lock {
    /// Takes the lock at `path` as soon as nobody holds it.
    ///
    /// # Errors
    /// `output_failed` when the file cannot be written.
    pub async fn wait(path: &Path) -> Result<Self> {
        loop {
            match Lock::take(path) {
                Err(error) if error.is_held() => tokio::time::sleep(LOOK).await,
                outcome => return outcome,
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while still locked, so that nobody can lock a file that is about to go.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::output(path, error)
        .resource(path.display().to_string())
        .hint("is there room, and may this user write to the folder?")
}

fn is_still_there(file: &File, path: &Path) -> bool {
    let inode = |metadata: std::io::Result<std::fs::Metadata>| metadata.map(|data| data.ino()).ok();
    let ours = inode(file.metadata());
    ours.is_some() && ours == inode(std::fs::metadata(path))
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "process {} since {:.0}", std::process::id(), jiff::Timestamp::now())
}

fn held(path: &Path, file: &mut File) -> Error {
    let mut holder = String::new();
    let _ = file.read_to_string(&mut holder);
    let holder = if holder.is_empty() { "another process" } else { holder.trim_end() };
    Error::new(Kind::OutputFailed, format!("another run is writing to this output: {holder}"))
        .resource(path.display().to_string())
        .hint("wait for it to end, use `--wait`, or write to another output")
        .held()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_is_first_and_the_file_goes_with_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let first = Lock::take(&path).unwrap();
        let error = Lock::take(&path).unwrap_err();
        let process = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
        drop(first);
        assert!(!path.exists());
        Lock::take(&path).unwrap();
    }
}
