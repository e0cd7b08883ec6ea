//! How fresh the data is.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// When a resource was read.
#[derive(Debug, Serialize)]
pub struct Freshness {
    /// Name of the resource.
    pub resource: String,
    /// The number of projects, environments or teams to read it in; 1 for a resource of the
    /// account.
    pub scopes: i64,
    /// The number of these in which it was read completely.
    pub complete: i64,
    /// The outcomes in the others, separated by commas.
    pub other_outcomes: Option<String>,
    /// When the oldest of its rows were read, UTC; none if it has no rows.
    pub oldest_rows_read_at: Option<String>,
}

const SQL: &str = "
    SELECT resource, count(*), sum(outcome = 'complete'),
           group_concat(DISTINCT nullif(outcome, 'complete')), min(rows_read_at)
    FROM resource_coverage
    GROUP BY resource
    ORDER BY CASE WHEN sum(outcome = 'skipped') = count(*) THEN 2
                  WHEN sum(outcome = 'complete') = count(*) THEN 1 ELSE 0 END, resource";

/// Reads them. Resources that were not read completely come first, skipped ones last.
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
