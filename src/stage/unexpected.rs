//! Notes the cells that are NULL because LaunchDarkly sent another type than it documents.
//!
//! The notes are in the stage, in the same transaction as their rows, because a resumed run does
//! not decode those rows again.

use std::collections::BTreeMap;

use rusqlite::{Connection, Statement};

use super::Staged;
use crate::Result;
use crate::model::table::{TableInfo, Value};
use crate::record::Place;

/// The table in the staging database. A row that is seen twice is noted once.
pub(super) const DDL: &str = "CREATE TABLE unexpected (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, row_key TEXT NOT NULL,
    PRIMARY KEY (table_name, column_name, row_key)) WITHOUT ROWID;";

const INSERT: &str = "INSERT OR IGNORE INTO unexpected VALUES (?1, ?2, ?3)";

/// Writes the notes.
pub(super) struct Notes<'c>(Option<Statement<'c>>);

impl<'c> Notes<'c> {
    /// Without the table of notes, none are written: the record of a run needs none.
    pub fn new(connection: &'c Connection) -> Self {
        Notes(connection.prepare(INSERT).ok())
    }

    /// Notes a cell of the row with `key`.
    pub fn add(&mut self, table: &str, column: &str, key: &[Value<'_>]) -> Result<()> {
        if let Some(statement) = &mut self.0 {
            statement.execute((table, column, json(key)))?;
        }
        Ok(())
    }
}

fn json(key: &[Value<'_>]) -> String {
    let parts = key.iter().map(|value| match value {
        Value::Text(text) => serde_json::Value::from(*text),
        Value::Int(number) | Value::Time(number) => serde_json::Value::from(*number),
        Value::Real(number) => serde_json::Value::from(*number),
        Value::Bool(value) => serde_json::Value::from(*value),
        Value::Null => serde_json::Value::Null,
    });
    serde_json::Value::Array(parts.collect()).to_string()
}

impl Staged {
    /// How many such cells there are in each place.
    ///
    /// # Errors
    /// When the stage cannot be read.
    pub fn unexpected(&self) -> Result<BTreeMap<Place, u64>> {
        let sql = "SELECT table_name, column_name, row_key FROM unexpected";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut counts = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (name, column, key): (String, _, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if let Some(table) = self.tables.iter().find(|table| table.name == name) {
                *counts.entry(place(table, column, &key)).or_default() += 1;
            }
        }
        Ok(counts)
    }
}

fn place(table: &TableInfo, column: String, key: &str) -> Place {
    let parts: Vec<serde_json::Value> = serde_json::from_str(key).unwrap_or_default();
    let part = |name: &str| {
        let position = table.key.iter().position(|key| *key == name);
        let part = position.and_then(|position| parts.get(position)?.as_str());
        part.unwrap_or_default().to_owned()
    };
    let (project_key, environment_key) = (part("project_key"), part("environment_key"));
    Place { table: table.name, column, project_key, environment_key }
}
