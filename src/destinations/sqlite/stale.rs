//! Rows that an earlier run read, where this one has none: they are marked as such.

use rusqlite::{Connection, params};

use crate::model::resource::Group;
use crate::record::Outcome;
use crate::resources;

/// Completes rows that were written before there was the column: what was complete then is what
/// the tables hold.
pub(super) fn complete_record(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE main.extraction_resources SET rows_read_at = (
                   SELECT started_at FROM main.extractions AS run
                   WHERE run.extraction_id = extraction_resources.extraction_id)
               WHERE outcome = ?1 AND rows_read_at IS NULL";
    connection.execute(sql, [Outcome::Complete.name()]).map(drop)
}

/// Fills the column that tells which runs read only some of the account's projects: before there was
/// one (schema version 3), a remark on the list of projects told it.
pub(super) fn complete_selection(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE main.extractions SET only_selected_projects = EXISTS (
                   SELECT 1 FROM main.extraction_resources AS part
                   WHERE part.extraction_id = extractions.extraction_id AND resource = 'projects'
                     AND '; ' || detail || '; ' LIKE '%; only selected projects; %')";
    connection.execute(sql, []).map(drop)
}

/// Marks what the newest extraction did not read, but the tables still hold, since `previous` or
/// an earlier one. They hold nothing where there is none of this account.
pub(super) fn mark(connection: &Connection, previous: Option<String>) -> rusqlite::Result<()> {
    let Some(previous) = previous else { return Ok(()) };
    let sql = "SELECT extraction_id FROM stage.extractions";
    let newest: String = connection.query_row(sql, [], |row| row.get(0))?;
    // A skipped resource has one row for the account, at any level.
    let update = "UPDATE main.extraction_resources AS now SET rows_read_at = (
                      SELECT min(rows_read_at) FROM main.extraction_resources AS before
                      WHERE before.extraction_id = ?2 AND before.resource = now.resource
                        AND (before.scope = now.scope OR '' IN (before.scope, now.scope)))
                  WHERE extraction_id = ?1 AND (outcome = ?3 OR outcome <> ?4
                        AND resource NOT IN (SELECT value FROM json_each(?5)))";
    let (skipped, complete) = (Outcome::Skipped.name(), Outcome::Complete.name());
    let core = serde_json::json!(resources::group(Group::Core)).to_string();
    connection.execute(update, params![newest, previous, skipped, complete, core])?;
    let stale = "UPDATE main.extraction_resources SET is_stale = rows_read_at IS NOT NULL
                 WHERE extraction_id = ?1 AND outcome <> ?2";
    connection.execute(stale, params![newest, complete]).map(drop)
}
