//! What the output holds and the stage does not: found in the transaction that would delete it.

use rusqlite::Connection;

use super::replace::last_account;
use crate::guard::{Change, Guard, Proofs, Removed, Thing, judge};
use crate::record::{Coverage, Record};
use crate::stage::Staged;
use crate::{Result, database, demo};

/// Where the objects of before are, and those of now: the schemas of one connection.
pub(super) struct Sides {
    /// The schema, and what stands before the name of a table in it.
    pub before: &'static str,
    /// The schema of the stage.
    pub now: &'static str,
}

/// The output as `main`, with the stage attached.
pub(super) const SQLITE: Sides = Sides { before: "main.", now: "stage." };

/// Whether two extractions are of one account. LaunchDarkly need not tell whose a token is, but
/// whose the demo is, is known.
pub(super) fn is_same_account(last: Option<&str>, account: Option<&str>) -> bool {
    match (last, account) {
        (Some(last), None) => last != demo::account::account_id(),
        (last, account) => last.is_none() || last == account,
    }
}

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
    let compared = || {
        if !is_of(connection, account)? {
            return Ok(Vec::new());
        }
        changes(connection, &SQLITE, staged, record, guard)
    };
    let failed = |error| database::failed(staged.path(), &error);
    let changes = compared().map_err(failed)?;
    judge(changes, &Proofs::read(&staged.connection).map_err(failed)?, guard.limit)
}

/// How each kind changed. What this run did not read whole is not compared.
pub(super) fn changes(
    connection: &Connection,
    sides: &Sides,
    staged: &Staged,
    record: &Record,
    guard: &Guard,
) -> rusqlite::Result<Vec<Change>> {
    let is_read = |thing: &Thing| {
        let is_staged = staged.tables.iter().any(|table| table.name == thing.resource());
        is_staged && record.coverage(thing.resource()) == Coverage::Whole
    };
    let mut changes = Vec::new();
    for thing in Thing::ALL.into_iter().filter(is_read) {
        let schema = sides.before.trim_end_matches('.');
        let table = thing.resource();
        if schema == "main" && !connection.table_exists(Some(schema), table)? {
            continue;
        }
        changes.push(change(connection, sides, thing, guard)?);
    }
    Ok(changes)
}

fn change(
    connection: &Connection,
    sides: &Sides,
    thing: Thing,
    guard: &Guard,
) -> rusqlite::Result<Change> {
    let table = thing.resource();
    let (before, now) = (format!("{}{table}", sides.before), format!("{}{table}", sides.now));
    let is_compared = match thing.is_in_project() && !guard.projects.is_empty() {
        true => "old.project_key IN (SELECT value FROM json_each(?1))",
        false => "?1 IS NOT NULL",
    };
    let projects = serde_json::json!(guard.projects).to_string();
    let count = |from: &str| {
        let sql = format!("SELECT count(*) FROM {from} AS old WHERE {is_compared}");
        let count = connection.query_row(&sql, [&projects], |row| row.get::<_, i64>(0))?;
        Ok::<_, rusqlite::Error>(usize::try_from(count).unwrap_or_default())
    };
    let same = thing.key().iter().map(|name| format!("old.{name} = new.{name}"));
    let sql = format!(
        "SELECT {}, {} FROM {before} AS old WHERE {is_compared} AND NOT EXISTS (
             SELECT 1 FROM {now} AS new WHERE {}) ORDER BY {}",
        thing.created_at().map_or("NULL".to_owned(), |name| format!("old.{name}")),
        thing.key().iter().map(|name| format!("old.{name}")).collect::<Vec<_>>().join(", "),
        same.collect::<Vec<_>>().join(" AND "),
        thing.key().join(", "),
    );
    let mut statement = connection.prepare(&sql)?;
    let removed = statement.query_map([&projects], |row| {
        let key = (1..=thing.key().len()).map(|index| row.get(index));
        Ok(Removed { created_at: row.get(0)?, key: key.collect::<rusqlite::Result<_>>()? })
    })?;
    let removed = removed.collect::<rusqlite::Result<_>>()?;
    Ok(Change { thing, before: count(&before)?, now: count(&now)?, removed })
}
