//! The limits that scorecards and lists use.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;
use crate::report::words::decimal;

/// A limit. Users may change it in the table `scorecard_thresholds`.
#[derive(Debug, Serialize)]
pub struct Threshold {
    /// Its name.
    pub threshold: String,
    /// The value in use.
    pub value: f64,
    /// The default value.
    pub default_value: f64,
    /// Unit of both.
    pub unit: String,
    /// Its meaning.
    pub description: String,
}

/// Reads them.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Threshold>> {
    let sql = "SELECT threshold, value, default_value, unit, description
               FROM scorecard_thresholds ORDER BY threshold";
    rows(connection, sql, |row| {
        Ok(Threshold {
            threshold: row.get(0)?,
            value: row.get(1)?,
            default_value: row.get(2)?,
            unit: row.get(3)?,
            description: row.get(4)?,
        })
    })
}

impl Threshold {
    /// The limit with its unit: `30 days`, `1 day`.
    pub fn words(&self) -> String {
        match (decimal(self.value), self.unit.strip_suffix('s')) {
            (value, Some(one)) if value == "1" => format!("1 {one}"),
            (value, _) => format!("{value} {}", self.unit),
        }
    }
}
