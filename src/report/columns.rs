//! Rows of any query, as JSON.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::Value;

/// The type of a list's column. It decides how the column is shown and sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text as a user wrote it.
    Text,
    /// A word of a fixed set, such as a status.
    Word,
    /// A number.
    Number,
    /// A time, of which the day is shown.
    Day,
    /// Yes, no, or unknown.
    Boolean,
    /// A JSON array of texts.
    Texts,
    /// A JSON array of such words.
    Words,
}

/// A column of a list.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Column {
    /// Its name in the query.
    pub key: &'static str,
    /// Its heading.
    pub label: &'static str,
    /// Its type.
    pub kind: Kind,
}

/// The rows that `sql` finds, as `map` reads them.
///
/// # Errors
/// When the database cannot be read.
pub fn rows<T>(
    connection: &Connection,
    sql: &str,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map([], map)?.collect()
}

/// The cells of a row, in the order of `columns`, which is the query's.
///
/// # Errors
/// When the row lacks a column.
pub fn cells(row: &Row<'_>, columns: &[Column]) -> rusqlite::Result<Vec<Value>> {
    let cell = |(index, column): (usize, &Column)| Ok(cell(row.get_ref(index)?, column.kind));
    columns.iter().enumerate().map(cell).collect()
}

fn cell(value: ValueRef<'_>, kind: Kind) -> Value {
    match (value, kind) {
        (ValueRef::Null | ValueRef::Blob(_), _) => Value::Null,
        (ValueRef::Integer(number), Kind::Boolean) => (number != 0).into(),
        (ValueRef::Integer(number), _) => number.into(),
        (ValueRef::Real(number), _) => number.into(),
        (ValueRef::Text(text), Kind::Texts | Kind::Words) => {
            serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into())
        }
        (ValueRef::Text(text), _) => String::from_utf8_lossy(text).into(),
    }
}
