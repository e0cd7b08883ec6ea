//! Marks resources whose rows are stale: an earlier run read them, and the newest run did not.

use rusqlite::{Connection, params};

use crate::model::resource::Group;
use crate::record::Outcome;
use crate::resources;

/// Fills `rows_read_at` of rows that were written before the column existed: the rows of a complete
/// resource were read by the same run.
pub(super) fn complete_record(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE main.extraction_resources SET rows_read_at = (
                   SELECT started_at FROM main.extractions AS run
                   WHERE run.extraction_id = extraction_resources.extraction_id)
               WHERE outcome = ?1 AND rows_read_at IS NULL";
    connection.execute(sql, [Outcome::Complete.name()]).map(drop)
}

/// Fills `only_selected_projects` of runs with schema version 3, which recorded it as a remark on
/// the list of projects.
pub(super) fn complete_selection(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE main.extractions SET only_selected_projects = EXISTS (
                   SELECT 1 FROM main.extraction_resources AS part
                   WHERE part.extraction_id = extractions.extraction_id AND resource = 'projects'
                     AND '; ' || detail || '; ' LIKE '%; only selected projects; %')";
    connection.execute(sql, []).map(drop)
}

/// Marks the resources that the newest extraction did not read, but whose rows the tables still
/// hold since `previous` or an earlier one. Without an extraction of this account before, there are
/// none.
pub(super) fn mark(connection: &Connection, previous: Option<String>) -> rusqlite::Result<()> {
    let Some(previous) = previous else { return Ok(()) };
    let sql = "SELECT extraction_id FROM stage.extractions";
    let newest: String = connection.query_row(sql, [], |row| row.get(0))?;
    // A skipped resource has one row with an empty scope, even if it is read per project.
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
