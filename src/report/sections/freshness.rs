//! How fresh the data is.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// When a resource was read.
#[derive(Debug, Serialize)]
pub struct Freshness {
    /// Name of the resource.
    pub resource: String,
    /// In how many projects, environments or teams it was to be read; 1 for one of the account.
    pub scopes: i64,
    /// In how many of them it was read whole.
    pub complete: i64,
    /// How it ended elsewhere, with commas between.
    pub other_outcomes: Option<String>,
    /// When the oldest rows that are there were read; none where there are none. UTC.
    pub oldest_rows_read_at: Option<String>,
}

const SQL: &str = "
    SELECT resource, count(*), sum(outcome = 'complete'),
           group_concat(DISTINCT nullif(outcome, 'complete')), min(rows_read_at)
    FROM resource_coverage
    GROUP BY resource
    ORDER BY CASE WHEN sum(outcome = 'skipped') = count(*) THEN 2
                  WHEN sum(outcome = 'complete') = count(*) THEN 1 ELSE 0 END, resource";

/// Reads it: what was not read whole comes first, what was left out last.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Freshness>> {
    rows(connection, SQL, |row| {
        Ok(Freshness {
            resource: row.get(0)?,
            scopes: row.get(1)?,
            complete: row.get(2)?,
            other_outcomes: row.get(3)?,
            oldest_rows_read_at: row.get(4)?,
        })
    })
}
