//! Compares the stage with the database that is about to change.

use std::path::PathBuf;

use rusqlite::Connection;

use super::replace::last_account;
use crate::Result;
use crate::destinations::removals::{Sides, changes, is_same_account};
use crate::guard::{Guard, Proofs, judge};
use crate::record::Record;
use crate::stage::Staged;
use crate::system::database;

/// Whether the output holds an extraction of `account`.
pub(super) fn is_of(connection: &Connection, account: Option<&str>) -> rusqlite::Result<bool> {
    let last = last_account(connection)?;
    Ok(last.is_some_and(|last| is_same_account(last.as_deref(), account)))
}

/// Compares the stage with the output that `connection` is about to change; returns warnings.
///
/// # Errors
/// `guarded` or `invalid_permissions` where too much would be removed; `output_failed` where the
/// two cannot be compared.
pub(super) fn check(
    connection: &Connection,
    staged: &Staged,
    record: &Record,
    account: Option<&str>,
    guard: &Guard,
) -> Result<Vec<String>> {
    let failed = |error| database::failed(staged.path(), &error);
    let mut proofs = Proofs::read(&staged.connection).map_err(failed)?;
    let mut compared = || {
        if !is_of(connection, account)? {
            return Ok(Vec::new());
        }
        proofs.add(connection)?;
        changes(connection, Sides::OutputAndStage, staged, record, guard)
    };
    let output = PathBuf::from(connection.path().unwrap_or_default());
    let changes = compared().map_err(|error| database::failed(&output, &error))?;
    judge(changes, &proofs, guard.limit)
}
