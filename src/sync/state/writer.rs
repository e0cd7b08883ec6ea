//! Writes rows of the state file's tables by their definitions.

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::model::table::ddl::parameters;
use crate::model::table::{Sink, Table, Value, Written, write_row};
use crate::model::time;
use crate::{Error, Result};

/// Writes one row of a table; a row with the same key is replaced.
pub(super) fn write<T: Table>(connection: &Connection, row: &T::Row<'_>) -> Result<()> {
    let info = T::info();
    // By name: columns that were added to an older file come last there.
    let names: Vec<_> = info.columns.iter().map(|column| column.name).collect();
    let (names, values) = (names.join(", "), parameters(&info));
    let sql = format!("INSERT OR REPLACE INTO state.{} ({names}) VALUES ({values})", T::NAME);
    write_row::<T>(&mut RowWriter { connection, sql }, row).map(drop)
}

struct RowWriter<'c> {
    connection: &'c Connection,
    sql: String,
}

/// A cell as SQLite's tables have it.
struct Bound<'v>(Value<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Int(number) => ToSqlOutput::Owned(Owned::Integer(number)),
            Value::Real(number) => ToSqlOutput::Owned(Owned::Real(number)),
            Value::Bool(value) => ToSqlOutput::Owned(Owned::Integer(value.into())),
            Value::Time(ms) => ToSqlOutput::Owned(Owned::Text(time::text(ms))),
        })
    }
}

impl Sink for RowWriter<'_> {
    fn write(&mut self, _: &'static str, cells: &[Value<'_>]) -> Result<Written> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        statement.execute(params_from_iter(cells.iter().map(|cell| Bound(*cell))))?;
        Ok(Written::Fresh)
    }

    fn wants(&self, _: &str) -> bool {
        true
    }
}

/// The milliseconds of a time that the state file keeps.
pub(super) fn time_ms(text: &str) -> Result<i64> {
    let wrong = || Error::output("the state file", format!("`{text}` is not a time"));
    time::milliseconds(text).ok_or_else(wrong)
}
