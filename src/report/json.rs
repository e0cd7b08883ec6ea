//! The report as JSON, for programs.

use std::cell::RefCell;

use rusqlite::Connection;
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::columns::{Column, cells};
use super::data::Report;
use super::lists::{self, Context, Heading};
use crate::error::Kind;
use crate::{Error, Result};

/// The report as one JSON object. Rows of lists are read while they are written, because all rows
/// of a large account would take much memory.
///
/// # Errors
/// When the database cannot be read; within, never, unless there is a bug.
pub fn render(report: &Report, connection: &Connection) -> rusqlite::Result<Result<String>> {
    let failed = RefCell::new(None);
    let lists = Lists { connection, context: report.context(), failed: &failed };
    let text = serde_json::to_string_pretty(&Everything { report, lists });
    if let Some(error) = failed.take() {
        return Err(error);
    }
    let text = text.map(|text| text + "\n");
    Ok(text.map_err(|error| Error::new(Kind::Internal, error.to_string())))
}

#[derive(serde::Serialize)]
struct Everything<'a> {
    #[serde(flatten)]
    report: &'a Report,
    lists: Lists<'a>,
}

/// All lists.
struct Lists<'a> {
    connection: &'a Connection,
    context: Context<'a>,
    /// The error of the database, which cannot pass through serde.
    failed: &'a RefCell<Option<rusqlite::Error>>,
}

impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lists = lists::headings(&self.context);
        serializer.collect_seq(lists.map(|heading| List { lists: self, heading }))
    }
}

/// One list.
struct List<'a> {
    lists: &'a Lists<'a>,
    heading: Heading,
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let heading = &self.heading;
        let mut list = serializer.serialize_struct("List", 6)?;
        list.serialize_field("id", heading.definition.id)?;
        list.serialize_field("view", heading.definition.view)?;
        list.serialize_field("title", &heading.title)?;
        list.serialize_field("meaning", &heading.meaning)?;
        list.serialize_field("unknown", &heading.gaps)?;
        list.serialize_field("rows", &Rows(self))?;
        list.end()
    }
}

/// The rows of a list, each an object in one line.
struct Rows<'a>(&'a List<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let List { lists, heading } = self.0;
        let columns = heading.definition.columns;
        let (mut rows, mut unwritten) = (serializer.serialize_seq(None)?, None);
        let read = lists::each_row(lists.connection, heading.definition, |row| {
            let cells = cells(row, columns)?;
            let written = to_raw_value(&NamedCells { columns, cells: &cells })
                .map_err(S::Error::custom)
                .and_then(|row| rows.serialize_element(&row));
            unwritten = unwritten.take().or(written.err());
            Ok(())
        });
        if let Some(error) = unwritten {
            return Err(error);
        }
        if let Err(error) = read {
            lists.failed.replace(Some(error));
            return Err(S::Error::custom("a list could not be read"));
        }
        rows.end()
    }
}

/// A row as an object.
struct NamedCells<'a> {
    columns: &'a [Column],
    cells: &'a [Value],
}

impl Serialize for NamedCells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            map.serialize_entry(column.key, cell)?;
        }
        map.end()
    }
}
