//! What SQLite's failures mean for whoever has to put them right.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::Error;

/// The error of a database at `path` that could not be written.
pub fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    Error::output(path, error).resource(path.display().to_string()).hint(hint(error))
}

/// Whether another program holds the database.
pub fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(code(error), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether the system keeps SQLite from the files that it needs.
pub fn is_forbidden(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    matches!(code(error), Some(CannotOpen | PermissionDenied | ReadOnly))
}

/// Whether a statement does not fit what is in the database: a column is missing, or of another
/// type.
pub fn is_unexpected(error: &rusqlite::Error) -> bool {
    matches!(code(error), None | Some(ErrorCode::Unknown))
}

/// What to do about a failure.
pub fn hint(error: &rusqlite::Error) -> &'static str {
    match code(error) {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program is writing to it: end that, and run again"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file is damaged: move it away, and run again to make a new one"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "may this user write to the file and its folder?"
        }
        Some(ErrorCode::DiskFull) => "the disk is full: make room, and run again",
        _ => "is there room on the disk, and may this user write there?",
    }
}

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}
