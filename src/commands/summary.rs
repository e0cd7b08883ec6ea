//! The summary of an extraction: tables, rows, and queries to try.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::schema::print as write;
use crate::Result;
use crate::destinations::address::{Address, quoted};
use crate::model::resource::AnyResource;
use crate::model::view;
use crate::record::RunRow;
use crate::resources;
use crate::terminal::counted;

/// Where the data is.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    /// The output.
    pub destination: &'p Address,
    /// The ID of the account, where the output may hold several.
    pub account: Option<&'p str>,
}

/// What was published, and how.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'s> {
    /// The run.
    pub extraction: &'s RunRow,
    /// The rows of each table.
    pub rows: &'s [(&'static str, usize)],
    /// How long it took.
    pub took: Duration,
    /// Whether to list every table.
    pub is_whole: bool,
    /// A sentence about what was published before.
    pub note: Option<&'s str>,
}

/// Prints the summary to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(place: Place<'_>, summary: Summary<'_>) -> Result<()> {
    write(&text(place, summary))
}

/// The summary: rows, and queries for them.
pub fn text(place: Place<'_>, summary: Summary<'_>) -> String {
    let Summary { extraction, rows, took, is_whole, note } = summary;
    let table = if is_whole { tables(rows) } else { subjects(rows) };
    let requests = counted(extraction.requests, "request");
    format!(
        "{table}\n\n{requests} in {:.1} s. The data is in {}\n{}\n{}",
        took.as_secs_f64(),
        place.destination,
        note.map(|note| format!("{note}\n")).unwrap_or_default(),
        queries(place, rows)
    )
}

/// Every table.
fn tables(rows: &[(&'static str, usize)]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["table", "rows"]);
    table.add_rows(rows.iter().map(|(name, rows)| [(*name).to_owned(), rows.to_string()]));
    align(&mut table);
    table
}

/// A line for each resource: its own table, and how much is in the tables about its parts.
fn subjects(rows: &[(&'static str, usize)]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["table", "rows", "further tables"]);
    let mut lines: Vec<_> = resources::ALL.iter().filter_map(|one| subject(*one, rows)).collect();
    // As in the list of all tables.
    lines.sort_by_key(|[name, ..]| rows.iter().position(|(table, _)| table == name));
    table.add_rows(lines);
    align(&mut table);
    table
}

fn subject(resource: &dyn AnyResource, rows: &[(&'static str, usize)]) -> Option<[String; 3]> {
    let own = resource.tables();
    let found = |name: &str| rows.iter().find(|(table, _)| *table == name).map(|(_, rows)| *rows);
    let first = own.first()?.name;
    let parts: Vec<_> = own.iter().skip(1).filter_map(|table| found(table.name)).collect();
    let filled = parts.iter().filter(|rows| **rows > 0).count();
    let further = match filled {
        0 => String::new(),
        _ => format!(
            "{} in {}",
            counted(parts.iter().sum::<usize>(), "row"),
            counted(filled, "table")
        ),
    };
    Some([first.to_owned(), found(first)?.to_string(), further])
}

fn align(table: &mut Table) {
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// Questions that what was published can answer, each with the command for it. None of an output
/// that flaglake cannot read.
fn queries(place: Place<'_>, rows: &[(&'static str, usize)]) -> String {
    let Some(input) = place.destination.input().filter(|input| !input.starts_with('-')) else {
        return String::new();
    };
    // Views are in every SQLite output; Parquet has those as tables that can say something.
    let has_views = place.destination.capabilities().has_views;
    let is_view = |name: &str| view::all().iter().any(|view| view.name == name);
    let published =
        |name: &str| rows.iter().any(|(table, _)| *table == name) || (has_views && is_view(name));
    let answerable = |(_, sql): &&(&str, &str)| {
        TABLES.iter().all(|name| !sql.contains(&format!("FROM {name}")) || published(name))
    };
    let program = program();
    let input = format!("--input {}", quoted(&input));
    let account = place.account.map(|id| format!(" --account {}", quoted(id)));
    let of = format!("{input}{}", account.unwrap_or_default());
    let answer =
        |(question, sql): &(&str, &str)| format!("{question}\n  {program} query {of} \"{sql}\"\n");
    let report = format!("A page with all of it:\n  {program} report {of}\n");
    EXAMPLES.iter().filter(answerable).map(answer).chain([report]).collect()
}

/// The program as it was started. Where that was by a path, as after a build, its name alone may lead
/// nowhere.
fn program() -> String {
    let started_as = std::env::args_os().next().unwrap_or_default();
    let started_as = started_as.to_string_lossy();
    if started_as.contains('/') { quoted(&started_as) } else { "flaglake".to_owned() }
}

/// The tables and views that the examples ask.
const TABLES: [&str; 3] = ["flags", "stale_percentages", "unowned_flags"];

const EXAMPLES: [(&str, &str); 3] = [
    (
        "Flags by state and kind of life:",
        "SELECT state, temporary, count(*) FROM flags GROUP BY 1, 2",
    ),
    (
        "Where temporary flags go stale:",
        "SELECT project_key, environment_key, stale_flags, temporary_flags FROM stale_percentages WHERE critical ORDER BY stale_percentage DESC LIMIT 10",
    ),
    (
        "Flags without a maintainer:",
        "SELECT project_key, flag_key, reason FROM unowned_flags ORDER BY 1, 2 LIMIT 10",
    ),
];
