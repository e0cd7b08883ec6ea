//! Rows of tables as objects: the form in which lists and details are shown and printed as JSON.

use std::collections::BTreeMap;

use serde::ser::{Error as _, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Result;
use crate::model::table::{Sink, TableInfo, Type, Value, Written};
use crate::model::time;

/// One cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Not known or not set.
    Null,
    /// Text.
    Text(String),
    /// JSON, digit for digit as received.
    Json(Box<RawValue>),
    /// An integer.
    Int(i64),
    /// A number.
    Real(f64),
    /// True or false.
    Bool(bool),
}

impl Cell {
    fn new(ty: Type, value: Value<'_>) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Text(text) if ty == Type::Json => json(text),
            Value::Text(text) => Cell::Text(text.to_owned()),
            Value::Int(number) => Cell::Int(number),
            Value::Real(number) => Cell::Real(number),
            Value::Bool(is) => Cell::Bool(is),
            Value::Time(milliseconds) => Cell::Text(time::text(milliseconds)),
        }
    }

    /// The cell as text for people; empty where nothing is known.
    pub fn shown(&self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Json(json) => json.get().to_owned(),
            Cell::Int(number) => number.to_string(),
            Cell::Real(number) => number.to_string(),
            Cell::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        }
    }
}

fn json(text: &str) -> Cell {
    RawValue::from_string(text.to_owned()).map_or(Cell::Text(text.to_owned()), Cell::Json)
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Null => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Json(json) => json.serialize(serializer),
            Cell::Int(number) => serializer.serialize_i64(*number),
            Cell::Real(number) => serializer.serialize_f64(*number),
            Cell::Bool(is) => serializer.serialize_bool(*is),
        }
    }
}

/// One row: its columns in the order of the table.
#[derive(Clone, Debug, Default)]
pub struct Record {
    cells: Vec<(&'static str, Cell)>,
}

impl Record {
    /// The cell of a column; NULL where the row has no such column.
    pub fn cell(&self, name: &str) -> &Cell {
        let found = self.cells.iter().find(|(column, _)| *column == name);
        found.map_or(&Cell::Null, |(_, cell)| cell)
    }

    /// The text of a column.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a column.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Cell::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a column is true.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.cell(name), Cell::Bool(true))
    }

    /// The decoded JSON of a column.
    pub fn json<'r, T: Deserialize<'r>>(&'r self, name: &str) -> Option<T> {
        match self.cell(name) {
            Cell::Json(json) => serde_json::from_str(json.get()).ok(),
            _ => None,
        }
    }

    /// The column as text for people; empty where nothing is known.
    pub fn shown(&self, name: &str) -> String {
        self.cell(name).shown()
    }

    /// Sets a column, which is added at the end where the row has none of that name.
    pub fn set(&mut self, name: &'static str, cell: Cell) {
        match self.cells.iter_mut().find(|(column, _)| *column == name) {
            Some((_, old)) => *old = cell,
            None => self.cells.push((name, cell)),
        }
    }

    /// Sets a column to anything that can be JSON.
    pub fn set_json(&mut self, name: &'static str, value: &impl Serialize) {
        let json = serde_json::value::to_raw_value(value);
        self.set(name, json.map_or(Cell::Null, Cell::Json));
    }

    /// The row without these columns.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.cells.retain(|(name, _)| !names.contains(name));
        self
    }

    /// The columns' names and cells.
    pub fn cells(&self) -> &[(&'static str, Cell)] {
        &self.cells
    }

    /// Whether a text contains `words`, in any case. A text is one column, or several with a blank
    /// between them.
    pub fn mentions(&self, words: &str, texts: &[&[&str]]) -> bool {
        let words = words.to_lowercase();
        let text = |columns: &&[&str]| {
            columns.iter().map(|name| self.shown(name)).collect::<Vec<_>>().join(" ")
        };
        texts.iter().map(text).any(|text| text.to_lowercase().contains(&words))
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (name, cell) in &self.cells {
            map.serialize_entry(name, cell).map_err(S::Error::custom)?;
        }
        map.end()
    }
}

/// The rows that resources write, by table.
#[derive(Debug, Default)]
pub struct Rows {
    tables: Vec<TableInfo>,
    rows: BTreeMap<&'static str, Vec<Record>>,
}

impl Rows {
    /// No rows yet, of these tables.
    pub fn new(tables: &[fn() -> TableInfo]) -> Self {
        Rows { tables: tables.iter().map(|table| table()).collect(), rows: BTreeMap::new() }
    }

    /// Takes the rows of a table.
    pub fn take(&mut self, table: &str) -> Vec<Record> {
        self.rows.remove(table).unwrap_or_default()
    }
}

impl Sink for Rows {
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written> {
        let info = self.tables.iter().find(|info| info.name == table);
        let columns = info.map_or(&[][..], |info| &info.columns);
        let pairs = columns.iter().zip(cells);
        let cells = pairs.map(|(column, value)| (column.name, Cell::new(column.ty, *value)));
        self.rows.entry(table).or_default().push(Record { cells: cells.collect() });
        Ok(Written::Fresh)
    }

    fn wants(&self, table: &str) -> bool {
        table != crate::resources::flag_environments::TARGET_VALUES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_an_object_in_the_order_of_its_columns() {
        let mut record = Record::default();
        record.set("z", Cell::Int(1));
        record.set("a", Cell::new(Type::Json, Value::Text("[1.10]")));
        record.set("at", Cell::new(Type::Time, Value::Time(1_795_140_000_000)));
        record.set("b", Cell::Null);
        let expected = r#"{"z":1,"a":[1.10],"at":"2026-11-20T02:00:00.000Z","b":null}"#;
        assert_eq!(serde_json::to_string(&record).unwrap(), expected);
    }

    #[test]
    fn words_are_found_in_any_case() {
        let mut record = Record::default();
        record.set("flag_key", Cell::Text("new-Checkout".to_owned()));
        record.set("state", Cell::Text("live".to_owned()));
        let key: [&[&str]; 1] = [&["flag_key"]];
        assert!(record.mentions("CHECK", &key) && !record.mentions("live", &key));
        record.set("first_name", Cell::Text("Ann".to_owned()));
        record.set("last_name", Cell::Text("Archer".to_owned()));
        let name: [&[&str]; 1] = [&["first_name", "last_name"]];
        assert!(record.mentions("ann archer", &name) && !record.mentions("archer ann", &name));
    }
}
