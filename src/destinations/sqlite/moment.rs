//! The time of a run in history, whose order is right even if a clock was wrong.
//!
//! In history, runs have the order in which they were published. If a run did not start after the
//! newest time in the output, one of the clocks was wrong, and it is unknown which. The run then
//! takes the millisecond after that newest time.

use rusqlite::Connection;

use crate::catalog::history;

/// The time of the run in history, in SQL.
pub(super) const MOMENT: &str = "(SELECT moment FROM temp.publication)";

/// The start of the run by its own clock, in SQL.
pub(super) const STARTED_AT: &str = "(SELECT started_at FROM stage.extractions)";

/// The millisecond after a version began, in SQL; at the end of the calendar, the same millisecond.
pub(super) const NEXT: &str =
    "coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', valid_from, '+0.001 seconds'), valid_from)";

/// The end of a version that the run found changed or missing, in SQL. It is always after its
/// begin.
pub(super) const END: &str = "max((SELECT moment FROM temp.publication),
     coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', valid_from, '+0.001 seconds'), valid_from))";

/// Computes the time of the run, and the start of the run that was published last. Call it before
/// anything of this run is written to the output.
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
