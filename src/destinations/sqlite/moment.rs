//! The moment of a run in history, also if its clock is wrong.
//!
//! A run that is published after others comes after them in history, too. Where its clock says
//! otherwise, one of the clocks was wrong, and nobody knows which: the run takes the millisecond
//! after the newest moment that is known.

use rusqlite::Connection;

use crate::catalog::history;

/// The run's moment, in SQL.
pub(super) const MOMENT: &str = "(SELECT moment FROM temp.publication)";

/// When the run started, in SQL.
pub(super) const STARTED_AT: &str = "(SELECT started_at FROM stage.extractions)";

/// The millisecond after a version began, in SQL; the same one at the end of the calendar.
pub(super) const NEXT: &str =
    "coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', valid_from, '+0.001 seconds'), valid_from)";

/// When a version ends that the run found changed or missing, in SQL: it held for some time in any
/// case.
pub(super) const END: &str = "max((SELECT moment FROM temp.publication),
     coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', valid_from, '+0.001 seconds'), valid_from))";

/// Finds the run's moment, and when the run that was published last started, before the output has
/// anything of the run.
pub(super) fn find(connection: &Connection) -> rusqlite::Result<()> {
    let versions = history::versions().map(|versions| {
        let name = versions.name;
        format!("UNION ALL SELECT max(valid_from), max(valid_to) FROM main.{name} ")
    });
    let sql = format!(
        "DROP TABLE IF EXISTS temp.publication;
         CREATE TEMP TABLE publication AS
         WITH moments AS (
             SELECT max(started_at) AS one, NULL AS other FROM main.extractions
             {}),
         known AS (SELECT coalesce(max(max(one, coalesce(other, ''))), '') AS newest FROM moments)
         SELECT CASE
             WHEN {STARTED_AT} > newest THEN {STARTED_AT}
             ELSE coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', newest, '+0.001 seconds'), newest)
         END AS moment, (
             SELECT started_at FROM main.extractions
             ORDER BY is_latest DESC, started_at DESC LIMIT 1
         ) AS last_started_at
         FROM known",
        versions.collect::<String>()
    );
    connection.execute_batch(&sql)
}
