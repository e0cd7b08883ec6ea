//! A SQLite database, opened for reading only.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};

use super::{Blocking, Each, Rows, Selected, unreadable};
use crate::Error;
use crate::Result;
use crate::sync::cell::Cell;
use crate::terminal::suggest::closest;

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
    let connection = Connection::open_with_flags(place, flags).map_err(failed)?;
    // Functions of a query cannot write either.
    connection.pragma_update(None, "query_only", true).map_err(failed)?;
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
    let statement = connection.prepare(sql).map_err(|error| refused(connection, place, &error))?;
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(Error::usage("the query is not one that reads rows")
            .resource(place)
            .hint("write one `SELECT` statement"));
    }
    Ok(statement)
}

/// The error of a statement that SQLite refuses, with the table that may be meant.
fn refused(connection: &Connection, place: &str, error: &rusqlite::Error) -> Error {
    let failed = unreadable(place, error);
    let text = error.to_string();
    let Some((_, unknown)) = text.split_once("no such table: ") else { return failed };
    let unknown = unknown.split([' ', ';']).next().unwrap_or_default();
    let names =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
    let names = names.and_then(|mut statement| {
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
    });
    let names = names.unwrap_or_default();
    match closest(unknown, names.iter().map(String::as_str)) {
        Some(name) => failed.hint(format!("did you mean `{name}`?")),
        None => failed,
    }
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
