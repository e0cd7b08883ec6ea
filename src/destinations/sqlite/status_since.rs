//! Computes `status_since` in SQLite, from the versions of rows.

use rusqlite::Connection;

use super::history::{is_empty, same_key};
use super::moment::{MOMENT, STARTED_AT};
use crate::catalog;
use crate::destinations::status_since::is_kept;
use crate::model::history::History;
use crate::model::table::TableInfo;
use crate::resources::flag_statuses::STATUS_SINCE;

/// The statement that selects the staged rows of a table with `status_since`. If the open version
/// has the same status, its `status_since` is kept; a flag that was created again with its key
/// starts over. `None` for other tables, which are copied unchanged.
pub(super) fn rows(connection: &Connection, table: &TableInfo) -> rusqlite::Result<Option<String>> {
    let known = catalog::history::all().iter().find(|one| one.of == *table);
    let known = known.filter(|_| table.position(STATUS_SINCE).is_some());
    let Some(History { of, versions }) = known else { return Ok(None) };
    let since = if is_empty(connection, versions)? {
        MOMENT.to_owned()
    } else {
        format!("coalesce({}, {MOMENT})", since_version(of, versions))
    };
    let values = of.columns.iter().map(|column| match column.name {
        STATUS_SINCE => format!("{since} AS {STATUS_SINCE}"),
        name => format!("new.{name}"),
    });
    let values = values.collect::<Vec<_>>().join(", ");
    Ok(Some(format!("SELECT {values} FROM stage.{} AS new", of.name)))
}

/// Replaces each `status_since` after the start of this run by the start of a run. Call it after
/// history was updated: times in history always increase, even if a clock was set back.
pub(super) fn limit(connection: &Connection) -> rusqlite::Result<()> {
    let sql = format!("SELECT {MOMENT} > {STARTED_AT}");
    if !connection.query_row(&sql, [], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    connection.execute_batch(FIRST_STARTS)?;
    let has_since = |one: &&History| one.of.position(STATUS_SINCE).is_some();
    catalog::history::all()
        .iter()
        .filter(has_since)
        .try_for_each(|one| limit_one(connection, one))?;
    connection.execute_batch("DROP TABLE temp.first_starts")
}

/// For each run, the earliest start among it and the runs that were published after it. Row IDs
/// have the order of publication; clocks may be wrong.
const FIRST_STARTS: &str = "DROP TABLE IF EXISTS temp.first_starts;
    CREATE TEMP TABLE first_starts (extraction_id TEXT PRIMARY KEY, started_at TEXT);
    INSERT INTO first_starts
    SELECT extraction_id, min(started_at) OVER (
        ORDER BY rowid ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
    FROM main.extractions";

/// Versions that began with this run get its start, which the next run compares with. Older
/// versions keep their time, because this run's clock may be the wrong one; their rows in the table
/// get the start of the first run that saw the version.
fn limit_one(connection: &Connection, History { of, versions }: &History) -> rusqlite::Result<()> {
    let sql = format!(
        "UPDATE main.{1} SET {STATUS_SINCE} = {STARTED_AT}
         WHERE {STATUS_SINCE} = {MOMENT}
           AND extraction_id = (SELECT extraction_id FROM stage.extractions);
         UPDATE main.{0} AS new SET {STATUS_SINCE} = coalesce((
             SELECT min(first.started_at, {STARTED_AT})
             FROM main.{1} AS old JOIN temp.first_starts AS first USING (extraction_id)
             WHERE {2} AND old.valid_to IS NULL), {STARTED_AT})
         WHERE {STATUS_SINCE} > {STARTED_AT};",
        of.name,
        versions.name,
        same_key(of)
    );
    connection.execute_batch(&sql)
}

/// The `status_since` of the open version of `new`, if it has the same status. The flag must be the
/// one that the previous run knew, and must have existed when the status was first seen. Its
/// creation time shows that, or its own versions, because LaunchDarkly's clock may differ.
fn since_version(of: &TableInfo, versions: &TableInfo) -> String {
    let since = format!("old.{STATUS_SINCE}");
    let existed = format!(
        "{since} >= (
            SELECT min(valid_from) FROM main.flags_history AS first
            WHERE first.project_key = flag.project_key AND first.flag_key = flag.flag_key
              AND first.created_at = flag.created_at)"
    );
    format!(
        "(SELECT {since} FROM main.{} AS old
          JOIN main.flags AS flag USING (project_key, flag_key)
          JOIN main.flags_history AS known USING (project_key, flag_key)
          WHERE {} AND old.valid_to IS NULL
            AND known.valid_to IS NULL AND known.created_at = flag.created_at
            AND {})",
        versions.name,
        same_key(of),
        is_kept(&since, Some(&existed))
    )
}
