//! The flags created and archived in each month.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// The changes of flags in one month.
#[derive(Debug, Serialize)]
pub struct Month {
    /// `2026-11`.
    pub month: String,
    /// Flags created.
    pub created: i64,
    /// Flags archived.
    pub archived: i64,
    /// The difference: positive if the number of flags grew.
    pub net: i64,
}

/// Includes months without a change.
const SQL: &str = "
    WITH RECURSIVE months (start, back) AS (
        SELECT date(started_at, 'start of month', '-23 months'), 23 FROM latest_extraction
        UNION ALL
        SELECT date(start, '+1 month'), back - 1 FROM months WHERE back > 0)
    SELECT substr(start, 1, 7), coalesce(created, 0), coalesce(archived, 0), coalesce(net, 0)
    FROM months
    LEFT JOIN flag_velocity ON month = substr(start, 1, 7)
    ORDER BY start";

/// Reads the last 24 months.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Month>> {
    rows(connection, SQL, |row| {
        Ok(Month {
            month: row.get(0)?,
            created: row.get(1)?,
            archived: row.get(2)?,
            net: row.get(3)?,
        })
    })
}
