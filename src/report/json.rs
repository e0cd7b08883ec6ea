//! The report as JSON, for programs.

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::Value;

use super::columns::Column;
use super::data::Report;
use super::lists::List;
use crate::error::Kind;
use crate::{Error, Result};

/// The report as one JSON object.
///
/// # Errors
/// Never, unless there is a bug.
pub fn render(report: &Report) -> Result<String> {
    let text = serde_json::to_string_pretty(report);
    text.map(|text| text + "\n").map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

impl Serialize for List {
    /// Rows become objects.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.definition.columns;
        let rows: Vec<_> = self.rows.iter().map(|cells| NamedCells { columns, cells }).collect();
        let mut list = serializer.serialize_struct("List", 6)?;
        list.serialize_field("id", self.definition.id)?;
        list.serialize_field("view", self.definition.view)?;
        list.serialize_field("title", &self.title)?;
        list.serialize_field("meaning", &self.meaning)?;
        list.serialize_field("unknown", &self.gaps)?;
        list.serialize_field("rows", &rows)?;
        list.end()
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
