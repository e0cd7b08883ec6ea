//! Rows that the output has and the stage lacks: a run would delete them.

use rusqlite::Connection;

use crate::guard::{Change, Guard, Removed, Thing};
use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;
use crate::record::{Coverage, Record};
use crate::stage::Staged;

/// The schemas of one connection that hold the earlier objects and those of this run.
#[derive(Clone, Copy)]
pub(super) enum Sides {
    /// The output is `main`; the stage is attached as `stage`.
    OutputAndStage,
    /// The stage is `main`; temporary tables hold the earlier objects.
    BeforeAndStage,
}

impl Sides {
    /// The schema and the name of the table with the earlier objects.
    fn before(self, thing: Thing) -> (&'static str, String) {
        match self {
            Sides::OutputAndStage => ("main", thing.resource().to_owned()),
            Sides::BeforeAndStage => ("temp", before(thing)),
        }
    }

    /// The schema of the stage.
    const fn now(self) -> &'static str {
        match self {
            Sides::OutputAndStage => "stage",
            Sides::BeforeAndStage => "main",
        }
    }
}

/// The name of the temporary table with the earlier objects of a kind.
pub(super) fn before(thing: Thing) -> String {
    format!("before_{}", thing.resource())
}

/// Whether two extractions are of one account. An unknown account counts as equal, except to the
/// demo account, whose ID is always known.
pub(super) fn is_same_account(last: Option<&str>, account: Option<&str>) -> bool {
    match (last, account) {
        (Some(last), None) => last != DEMO_ACCOUNT_ID,
        (last, account) => last.is_none() || last == account,
    }
}

/// The changes of each kind of object. A kind that this run did not read completely is not
/// compared.
pub(super) fn changes(
    connection: &Connection,
    sides: Sides,
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
        let (schema, table) = sides.before(thing);
        if connection.table_exists(Some(schema), &table)? {
            changes.push(change(connection, sides, thing, guard)?);
        }
    }
    Ok(changes)
}

fn change(
    connection: &Connection,
    sides: Sides,
    thing: Thing,
    guard: &Guard,
) -> rusqlite::Result<Change> {
    let (schema, table) = sides.before(thing);
    // The tables of an earlier version may lack the column.
    let created_at = match thing.created_at() {
        Some(name) if connection.column_exists(Some(schema), &table, name)? => name,
        _ => "NULL",
    };
    let is_selected = if thing.is_in_project() && !guard.projects.is_empty() {
        "project_key IN (SELECT value FROM json_each(?1))"
    } else {
        "?1 IS NOT NULL"
    };
    let key = thing.key().join(", ");
    let mut before = format!("SELECT {created_at} AS created_at, {key} FROM {schema}.{table}");
    if matches!(sides, Sides::OutputAndStage) && thing.is_in_project() {
        before += &unselected(connection, thing)?;
    }
    let before = format!("(SELECT * FROM ({before}) WHERE {is_selected})");
    let stage = format!("{}.{}", sides.now(), thing.resource());
    let now = format!("(SELECT * FROM {stage} WHERE {is_selected})");
    let projects = serde_json::json!(guard.projects).to_string();
    let count = |from: &str| {
        let sql = format!("SELECT count(*) FROM {from}");
        let count = connection.query_row(&sql, [&projects], |row| row.get::<_, i64>(0));
        count.map(|count| usize::try_from(count).unwrap_or_default())
    };
    let same = thing.key().iter().map(|name| format!("old.{name} = new.{name}"));
    let sql = format!(
        "SELECT created_at, {key} FROM {before} AS old
         WHERE NOT EXISTS (SELECT 1 FROM {stage} AS new WHERE {}) ORDER BY {key}",
        same.collect::<Vec<_>>().join(" AND ")
    );
    let removed = removed(connection, &sql, &projects)?;
    Ok(Change { thing, before: count(&before)?, now: count(&now)?, removed })
}

/// The projects that an earlier run read and later runs did not select. The tables no longer hold
/// them, but their versions are still open.
pub(super) const UNSELECTED: &str = "SELECT project_key FROM main.environments_history
    WHERE valid_to IS NULL AND project_key NOT IN (SELECT project_key FROM main.projects)";

/// Whether an output has the tables that [`UNSELECTED`] reads.
pub(super) fn has_unselected(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(connection.table_exists(Some("main"), "environments_history")?
        && connection.table_exists(Some("main"), "projects")?)
}

/// Adds the objects of projects that an earlier run read and later runs did not select.
fn unselected(connection: &Connection, thing: Thing) -> rusqlite::Result<String> {
    let versions = format!("{}_history", thing.resource());
    if !has_unselected(connection)? {
        return Ok(String::new());
    }
    if thing == Thing::Project {
        return Ok(format!(" UNION SELECT NULL, project_key FROM ({UNSELECTED})"));
    }
    if !connection.table_exists(Some("main"), &versions)? {
        return Ok(String::new());
    }
    let created_at = match thing.created_at() {
        Some(name) if connection.column_exists(Some("main"), &versions, name)? => name,
        _ => "NULL",
    };
    let key = thing.key().join(", ");
    Ok(format!(
        " UNION SELECT {created_at}, {key} FROM main.{versions}
          WHERE valid_to IS NULL AND project_key IN ({UNSELECTED})"
    ))
}

/// The rows of a statement: the time of creation, and the columns of the key.
fn removed(connection: &Connection, sql: &str, projects: &str) -> rusqlite::Result<Vec<Removed>> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map([projects], |row| {
        let key = (1..columns).map(|index| row.get(index));
        Ok(Removed { created_at: row.get(0)?, key: key.collect::<rusqlite::Result<_>>()? })
    })?;
    rows.collect()
}
