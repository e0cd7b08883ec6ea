//! Explains SQLite's failures, with advice for the user.

use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};
use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

use crate::Error;
use crate::error::Kind;
use crate::system::files;

/// The suffixes of the files that SQLite keeps beside a database in use.
pub const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Removes the database at `path` and the files beside it, as far as they exist and can be removed.
pub fn remove(path: &Path) {
    for suffix in BESIDE.into_iter().chain([""]) {
        let _ = std::fs::remove_file(files::with_suffix(path, suffix));
    }
}

/// The error of a database at `path` that could not be written.
pub fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    let reach = out_of_reach(path).filter(|_| is_forbidden(error));
    let hint = reach.map_or_else(|| hint(error).to_owned(), |file| advice(path, &file));
    let failed = Error::output(path, error).resource(path.display().to_string()).hint(hint);
    if is_full(error) { failed.full() } else { failed }
}

/// Whether another program holds the database.
pub fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(code(error), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether the system denies SQLite access to a file that it needs.
pub fn is_forbidden(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    matches!(code(error), Some(CannotOpen | PermissionDenied | ReadOnly))
}

/// Whether disk space is missing. If SQLite does not report why a write failed, a limit or a quota
/// is the likely reason.
pub fn is_full(error: &rusqlite::Error) -> bool {
    code(error) == Some(ErrorCode::DiskFull) || is_unwritten(error)
}

/// Whether a write of SQLite failed in the system.
fn is_unwritten(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    let unwritten = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMSIZE,
    ];
    code.is_some_and(|code| unwritten.contains(&code))
}

/// Whether a statement does not match the database: a column is missing, or of another type.
pub fn is_unexpected(error: &rusqlite::Error) -> bool {
    matches!(code(error), None | Some(ErrorCode::Unknown))
}

/// The advice for a failure.
pub fn hint(error: &rusqlite::Error) -> &'static str {
    match code(error) {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program is writing to it: end that program, and run again"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file is damaged: move it away, and run again to make a new one"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "may this user write to the file and its folder? is one of them a symbolic link?"
        }
        Some(ErrorCode::DiskFull) => files::FULL,
        _ if is_unwritten(error) && getrlimit(Resource::Fsize).current.is_some() => files::LIMITED,
        _ if is_unwritten(error) => {
            "the disk is full, or this user's share of it, or it is failing: make room, and run \
             again"
        }
        _ => "is there room on the disk, and may this user write there?",
    }
}

/// The first of the database at `path` and the files beside it that this user may not both read and
/// write. Usually another user has created it.
pub fn out_of_reach(path: &Path) -> Option<PathBuf> {
    let access = Access::READ_OK | Access::WRITE_OK;
    let refused = |file: &PathBuf| {
        let answer = accessat(CWD, file, access, AtFlags::EACCESS);
        matches!(answer, Err(Errno::ACCESS | Errno::PERM | Errno::ROFS))
    };
    let beside = BESIDE.iter().map(|suffix| files::with_suffix(path, suffix));
    [path.to_owned()].into_iter().chain(beside).find(refused)
}

/// The advice for a file of the database at `path` that this user may not use.
pub fn advice(path: &Path, file: &Path) -> String {
    let name = file.display();
    if file == path {
        return "may this user read and write the file?".to_owned();
    }
    if *file == files::with_suffix(path, "-shm") {
        return format!(
            "this user may not use `{name}`: change its owner, or remove it while no program has \
             the database open"
        );
    }
    format!("this user may not use `{name}`: change its owner, but do not remove it: it holds data")
}

impl From<rusqlite::Error> for Error {
    /// The error is one of the output, because SQLite is only used to write.
    fn from(error: rusqlite::Error) -> Self {
        let failed =
            Error::new(Kind::OutputFailed, format!("SQLite failed: {error}")).hint(hint(&error));
        if is_full(&error) { failed.full() } else { failed }
    }
}

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn a_write_that_the_system_refuses_means_a_full_disk() {
        let full = [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE];
        for code in full {
            let error = failed(Path::new("x.db"), &sqlite(code));
            assert!(error.is_full() && error.advice().unwrap().contains("disk is full"), "{code}");
            assert!(Error::from(sqlite(code)).at(Path::new("x.db")).is_full(), "{code}");
        }
        for code in [ffi::SQLITE_IOERR_READ, ffi::SQLITE_CORRUPT, ffi::SQLITE_BUSY] {
            assert!(!failed(Path::new("x.db"), &sqlite(code)).is_full(), "{code}");
        }
    }
}
