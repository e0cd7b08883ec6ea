//! Prints lists and objects.

use std::env;

use console::Term;
use serde::Serialize;

use super::table;
pub(super) use super::table::Wrap;
use crate::cli::ListFormat;
use crate::commands::schema::print;
use crate::demand::lists::List;
use crate::demand::record::{Cell, Record};
use crate::error::Kind;
use crate::terminal::escaped_json;
use crate::{Error, Result};

/// The width of a table where the terminal has none.
const WIDTH: u16 = 80;

/// A column of a table for people: its header, and what it shows of a record.
pub(super) type Shown = (&'static str, Content);

/// What a column shows of a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    /// A column of the record.
    Of(&'static str),
    /// The first of several columns that is set.
    First(&'static [&'static str]),
    /// Those of several columns that are set.
    Path(&'static [&'static str]),
}

impl Content {
    /// What it shows of a record.
    pub(super) fn shown(self, record: &Record) -> String {
        let set = |names: &'static [&'static str]| {
            let cells = names.iter().map(|name| cell(record, name));
            cells.filter(|text| !text.is_empty())
        };
        match self {
            Content::Of(name) => cell(record, name),
            Content::First(names) => set(names).next().unwrap_or_default(),
            Content::Path(names) => set(names).collect::<Vec<_>>().join("/"),
        }
    }

    /// Whether it is a time, which is not wrapped either.
    fn is_time(self) -> bool {
        matches!(self, Content::Of(name) if name.ends_with("_at"))
    }
}

/// A list as one object. Nothing is decoded on the way: numbers stay digit for digit.
#[derive(Serialize)]
struct Items<'l> {
    items: &'l [Record],
}

/// Prints a list. A table has the columns `shown`; the other forms have all.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn list(list: &List, shown: &[Shown], format: ListFormat) -> Result<()> {
    let items = &list.items;
    match format {
        ListFormat::Json => object(&Items { items }),
        ListFormat::Csv => print(&csv(list)?),
        ListFormat::Text if items.is_empty() => print("There are none.\n"),
        ListFormat::Text => {
            let header = shown.iter().map(|(header, _)| (*header).to_owned());
            let row = |item: &Record| shown.iter().map(|(_, of)| of.shown(item)).collect();
            let wrap = |(index, (_, of)): (usize, &Shown)| match of {
                Content::Path(_) => Wrap::AtSlashes,
                of if index == 0 || of.is_time() => Wrap::Never,
                _ => Wrap::AtBlanks,
            };
            let wraps = shown.iter().enumerate().map(wrap).collect::<Vec<_>>();
            print(&table(header.collect(), items.iter().map(row).collect(), &wraps))
        }
    }
}

/// Prints an object as one line of JSON.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn object(object: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(object).map_err(bug)?;
    print(&format!("{}\n", escaped_json(&text)))
}

fn bug(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Internal, error.to_string())
}

/// A table that fits the terminal. Columns that `wraps` does not name are wrapped at blanks.
pub(super) fn table(header: Vec<String>, rows: Vec<Vec<String>>, wraps: &[Wrap]) -> String {
    table::text(header, rows, wraps, width())
}

/// Words and their explanations, one pair a line.
pub(super) fn pairs(rows: Vec<Vec<String>>) -> String {
    table(Vec::new(), rows, &[Wrap::Never])
}

/// The columns of a record that are set, as pairs.
pub(super) fn facts(record: &Record) -> Vec<Vec<String>> {
    let names = record.cells().iter().map(|(name, _)| *name);
    let rows = names.map(|name| vec![name.replace('_', " "), cell(record, name)]);
    rows.filter(|row| !matches!(row[1].as_str(), "" | "[]" | "null")).collect()
}

/// The width of the terminal, else of `COLUMNS`, else 80.
fn width() -> u16 {
    let terminal = Term::stdout();
    let size = terminal.is_term().then(|| terminal.size_checked()).flatten();
    let given = || env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    size.map(|(_, columns)| columns).or_else(given).unwrap_or(WIDTH).max(20)
}

/// A cell for people: times to the minute.
pub(super) fn cell(record: &Record, name: &str) -> String {
    let text = record.shown(name);
    if name.ends_with("_at") { minute(&text) } else { text }
}

/// A time to the minute, such as `2026-11-20 02:00`.
pub(super) fn minute(time: &str) -> String {
    time.get(..16).map_or_else(|| time.to_owned(), |time| time.replace('T', " "))
}

/// All columns, with a header line.
fn csv(list: &List) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&list.columns).map_err(bug)?;
    for item in &list.items {
        writer.write_record(item.cells().iter().map(|(_, cell)| csv_cell(cell))).map_err(bug)?;
    }
    let bytes = writer.into_inner().map_err(bug)?;
    String::from_utf8(bytes).map_err(bug)
}

/// Booleans are as in JSON.
fn csv_cell(cell: &Cell) -> String {
    match cell {
        Cell::Bool(is) => is.to_string(),
        cell => cell.shown(),
    }
}
