//! A SQLite database, opened for reading only.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};

use super::{Blocking, Each, Rows, Selected, unreadable};
use crate::Error;
use crate::Result;
use crate::sync::cell::Cell;
use crate::system::reading::{self, Refused};

struct Database {
    connection: Connection,
    columns: Vec<String>,
    selected: Selected,
    place: String,
}

/// Opens a database, and finds the columns of a table or a query.
pub(super) fn open(place: &str, selected: &Selected) -> Result<Box<dyn Rows>> {
    let failed = |error: rusqlite::Error| unreadable(place, error);
    if !Path::new(place).exists() {
        return Err(unreadable(place, "there is no such file"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(place, flags).map_err(failed)?;
    reading::only(&mut connection, |_| {}).map_err(failed)?;
    let selected = selected.clone();
    let columns = {
        let statement = prepare(&connection, place, &select(&selected, &[]))?;
        statement.column_names().map(str::to_owned).collect()
    };
    Ok(Box::new(Database { connection, columns, selected, place: place.to_owned() }))
}

/// The statement that reads `columns`, or all of them if none are named. Of a table, only the
/// columns that are needed are read.
fn select(selected: &Selected, columns: &[&String]) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    match selected {
        Selected::Query(query) => query.clone(),
        Selected::All => String::new(),
        Selected::Table(table) => {
            let names: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
            let names = if names.is_empty() { "*".to_owned() } else { names.join(", ") };
            format!("SELECT {names} FROM {}", quoted(table))
        }
    }
}

fn prepare<'c>(connection: &'c Connection, place: &str, sql: &str) -> Result<Statement<'c>> {
    reading::prepare(connection, sql).map_err(|refused| match refused {
        Refused::NotReading => Error::usage("the query is not one that reads rows")
            .resource(place)
            .hint("write one `SELECT` statement"),
        Refused::Failed(error, meant) => {
            let failed = unreadable(place, error);
            let hint = |name: String| failed.clone().hint(format!("did you mean `{name}`?"));
            meant.map_or_else(|| failed.clone(), hint)
        }
    })
}

impl Blocking for Database {
    fn columns(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn read(self, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let failed = |error: rusqlite::Error| unreadable(&self.place, error);
        let named: Vec<_> = wanted.iter().collect();
        let mut statement =
            prepare(&self.connection, &self.place, &select(&self.selected, &named))?;
        let names = statement.column_names().map(str::to_owned).collect::<Vec<_>>();
        let position = |name: &String| names.iter().position(|column| column == name);
        let positions: Vec<_> = wanted.iter().map(position).collect();
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut cells = Vec::with_capacity(positions.len());
            for position in &positions {
                let value = position.map(|position| row.get_ref(position)).transpose();
                cells.push(value.map_err(failed)?.map_or(Cell::Null, cell));
            }
            each(&cells)?;
        }
        Ok(())
    }
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Int(value),
        ValueRef::Real(value) => Cell::Real(value),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            text.map_or(Cell::Other("a text that is not UTF-8"), Cell::Text)
        }
        ValueRef::Blob(_) => Cell::Other("a blob"),
    }
}
