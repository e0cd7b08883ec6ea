//! How old flags are.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// The number of flags of an age, without archived flags.
#[derive(Debug, Serialize)]
pub struct Age {
    /// The age in words.
    pub label: String,
    /// The lowest age, in whole days.
    pub from_days: i64,
    /// The end of the range, in whole days, exclusive; none for the oldest.
    pub below_days: Option<i64>,
    /// Temporary flags.
    pub temporary: i64,
    /// Permanent flags.
    pub permanent: i64,
}

const SQL: &str = "
    WITH bounds (label, from_days, below_days) AS (VALUES
        ('under 1 week', 0, 7), ('1 week to 1 month', 7, 30), ('1 to 3 months', 30, 90),
        ('3 to 6 months', 90, 182), ('6 to 12 months', 182, 365), ('1 to 2 years', 365, 730),
        ('over 2 years', 730, NULL)),
    ages AS (
        SELECT CAST(julianday(started_at) - julianday(created_at) AS INTEGER) AS age_days,
               temporary, count(*) AS flags
        FROM flags, latest_extraction
        WHERE state <> 'archived'
        GROUP BY 1, 2)
    SELECT label, from_days, below_days, coalesce(sum(flags) FILTER (WHERE temporary), 0),
           coalesce(sum(flags) FILTER (WHERE NOT temporary), 0)
    FROM bounds
    LEFT JOIN ages ON age_days >= from_days AND (below_days IS NULL OR age_days < below_days)
    GROUP BY label, from_days, below_days
    ORDER BY from_days";

/// Reads them, the youngest first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Age>> {
    rows(connection, SQL, |row| {
        Ok(Age {
            label: row.get(0)?,
            from_days: row.get(1)?,
            below_days: row.get(2)?,
            temporary: row.get(3)?,
            permanent: row.get(4)?,
        })
    })
}
