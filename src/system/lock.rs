//! A lock file: at most one run at a time writes to an output.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::process::geteuid;

use crate::error::Kind;
use crate::system::files;
use crate::{Error, Result};

/// A lock that is held until it is dropped. The system releases the lock of a process that is
/// killed.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    is_held: bool,
}

impl Lock {
    /// Takes the lock at `path`.
    ///
    /// # Errors
    /// `output_failed` if another run holds it, or the file cannot be written.
    pub fn take(path: &Path) -> Result<Self> {
        loop {
            let file = open(path).map_err(|error| failed(path, &error))?;
            let mut lock = Lock { file, path: path.to_owned(), is_held: false };
            lock.check()?;
            match lock.file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(lock.held()),
                Err(TryLockError::Error(error)) => return Err(failed(path, &error)),
                Ok(()) => lock.is_held = true,
            }
            // The previous run may have removed the file after it was opened here.
            if lock.is_in_place() {
                // On a full disk this fails. The lock is valid without its content.
                let _ = lock.sign();
                return Ok(lock);
            }
        }
    }

    /// Who holds the lock at `path`, if somebody does. Creates nothing.
    ///
    /// # Errors
    /// If this user may not read the file.
    pub fn holder(path: &Path) -> io::Result<Option<String>> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut options = OpenOptions::new();
        let opened = options.read(true).custom_flags(flags.bits().cast_signed()).open(path);
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        // Shared, and given back at once, when the file is closed.
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => Ok(Some(holder(&mut file))),
        }
    }

    /// Checks that the file is a lock and nothing else, such as a link to a file that would be
    /// overwritten, or a pipe.
    fn check(&self) -> Result<()> {
        let found = self.file.metadata().map_err(|error| failed(&self.path, &error))?;
        let user = geteuid();
        let reason = if !found.is_file() {
            "it is not a regular file"
        } else if found.nlink() > 1 {
            "it has another name as well"
        } else if found.uid() != user.as_raw() && !user.is_root() {
            "it is another user's"
        } else {
            return Ok(());
        };
        Err(Error::output(&self.path, reason)
            .resource(self.path.display().to_string())
            .hint(REMOVE))
    }

    /// Whether the file is still the one at the lock's path.
    fn is_in_place(&self) -> bool {
        let id = |found: io::Result<Metadata>| found.map(|data| (data.dev(), data.ino())).ok();
        let ours = id(self.file.metadata());
        ours.is_some() && ours == id(std::fs::symlink_metadata(&self.path))
    }

    fn sign(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        let (process, now) = (std::process::id(), jiff::Timestamp::now());
        writeln!(self.file, "process {process} since {now:.0}")
    }

    fn held(mut self) -> Error {
        let holder = holder(&mut self.file);
        Error::new(Kind::OutputFailed, format!("another run is writing to this output: {holder}"))
            .resource(self.path.display().to_string())
            .held()
    }
}

/// What a lock says about its holder.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    // A lock that is held has a line or two.
    let _ = file.take(200).read_to_string(&mut holder);
    let holder = holder.trim_end();
    if holder.is_empty() { "another process".to_owned() } else { holder.to_owned() }
}

/// The advice if something else is at the lock's path.
const REMOVE: &str = "remove it, unless another run is active: flaglake creates a new file there";

/// The interval between attempts. The system's own wait for a lock cannot be ended by a signal.
const LOOK: Duration = Duration::from_millis(200);

impl Lock {
    /// Takes the lock at `path`, and waits until it is free.
    ///
    /// # Errors
    /// `output_failed` if the file cannot be written.
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
        if self.is_held && self.is_in_place() {
            // Removed before it is unlocked: no other run can lock a file that is about to be
            // removed.
            let _ = std::fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

/// Opens or creates the file. It does not follow a link, and does not wait for a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed()).open(path)
}

fn failed(path: &Path, error: &io::Error) -> Error {
    let failed = files::failed(path, error);
    if files::is_loop(error) || path.exists() && !files::is_full(error) {
        return failed.hint(REMOVE);
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_names_its_holder_and_is_removed_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        assert_eq!(Lock::holder(&path).unwrap(), None);
        let first = Lock::take(&path).unwrap();
        let holder = Lock::holder(&path).unwrap().unwrap();
        assert!(holder.starts_with(&format!("process {}", std::process::id())), "{holder}");
        let error = Lock::take(&path).unwrap_err();
        let process = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
        drop(first);
        assert!(!path.exists());
        Lock::take(&path).unwrap();
    }

    #[test]
    fn other_files_at_the_path_of_a_lock_are_refused_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("mine"), "precious").unwrap();
        std::os::unix::fs::symlink("mine", path("link")).unwrap();
        std::os::unix::fs::symlink("nothing", path("dangling")).unwrap();
        std::fs::hard_link(path("mine"), path("hard")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            path("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        for name in ["link", "dangling", "hard", "pipe"] {
            let error = Lock::take(&path(name)).unwrap_err();
            assert_eq!(error.kind(), Kind::OutputFailed, "{name}");
            assert!(error.advice().unwrap().contains("remove it"), "{name}: {error}");
            assert!(path(name).symlink_metadata().is_ok(), "{name}");
        }
        assert_eq!(std::fs::read(path("mine")).unwrap(), b"precious");
        assert!(!path("nothing").exists());
    }
}
