//! The summary of an extraction: tables, rows, and queries to try.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::schema::print as write;
use crate::Result;
use crate::destinations::address::{Address, quoted};
use crate::model::view;
use crate::record::RunRow;

/// Where the data is.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    /// The output.
    pub destination: &'p Address,
    /// The name of the account's folders, where the output has any.
    pub account: Option<&'p str>,
}

/// Prints the summary to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(
    place: Place<'_>,
    extraction: &RunRow,
    rows: &[(&'static str, usize)],
    took: Duration,
) -> Result<()> {
    write(&text(place, extraction, rows, took))
}

/// The summary: the rows of each table, and queries for them.
pub fn text(
    place: Place<'_>,
    extraction: &RunRow,
    rows: &[(&'static str, usize)],
    took: Duration,
) -> String {
    let holder = extraction.same_as.as_ref().unwrap_or(&extraction.extraction_id);
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["table", "rows"]);
    table.add_rows(rows.iter().map(|(name, rows)| [(*name).to_owned(), rows.to_string()]));
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!(
        "{table}\n\n{} requests in {:.1} s. The data is in {}\n\n{}",
        extraction.requests,
        took.as_secs_f64(),
        place.destination,
        queries(place, holder, rows)
    )
}

/// Questions that what was published can answer, each with the command for it.
fn queries(place: Place<'_>, extraction_id: &str, rows: &[(&'static str, usize)]) -> String {
    let destination = place.destination;
    // Views are in every SQLite output; Parquet has those as tables that can say something.
    let has_views = destination.capabilities().has_views;
    let is_view = |name: &str| view::all().iter().any(|view| view.name == name);
    let published =
        |name: &str| rows.iter().any(|(table, _)| *table == name) || (has_views && is_view(name));
    let answerable = |(_, sql): &&(&str, &str)| {
        TABLES.iter().all(|name| !sql.contains(&format!("{{{name}}}")) || published(name))
    };
    let answer = |(question, sql): &(&str, &str)| {
        format!("{question}\n  {}\n", command(place, extraction_id, sql))
    };
    let report = match destination.input() {
        Some(input) if !input.starts_with('-') => {
            format!("A page with all of it:\n  flaglake report --input {}\n", quoted(&input))
        }
        _ => String::new(),
    };
    EXAMPLES.iter().filter(answerable).map(answer).chain([report]).collect()
}

/// The tables and views that the examples ask.
const TABLES: [&str; 3] = ["flags", "stale_percentages", "unowned_flags"];

/// The tables' names stand in braces, because Parquet has files instead.
const EXAMPLES: [(&str, &str); 3] = [
    (
        "Flags by state and kind of life:",
        "SELECT state, temporary, count(*) FROM {flags} GROUP BY 1, 2",
    ),
    (
        "Where temporary flags go stale:",
        "SELECT project_key, environment_key, stale_flags, temporary_flags FROM \
         {stale_percentages} WHERE critical ORDER BY stale_percentage DESC LIMIT 10",
    ),
    (
        "Flags without a maintainer:",
        "SELECT project_key, flag_key, reason FROM {unowned_flags} ORDER BY 1, 2 LIMIT 10",
    ),
];

fn command(Place { destination, account }: Place<'_>, extraction_id: &str, sql: &str) -> String {
    let table = |name: &str| destination.table(name, account, extraction_id);
    let sql = TABLES
        .into_iter()
        .fold(sql.to_owned(), |sql, name| sql.replace(&format!("{{{name}}}"), &table(name)));
    destination.command(&sql)
}
