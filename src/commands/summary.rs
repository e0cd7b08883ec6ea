//! What an extraction says at its end: tables, rows, and queries to try.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::schema::print as write;
use crate::Result;
use crate::output::Destination;
use crate::record::Extraction;
use crate::stage::Staged;

/// Rows of each table that was published.
pub fn count(staged: &Staged) -> Result<Vec<(&'static str, i64)>> {
    let rows = |name| {
        let sql = format!("SELECT count(*) FROM {name}");
        Ok((name, staged.connection.query_row(&sql, [], |row| row.get(0))?))
    };
    staged.tables.iter().map(|table| rows(table.name)).collect()
}

/// Prints the summary to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(
    destination: &Destination,
    extraction: &Extraction,
    rows: &[(&'static str, i64)],
    took: Duration,
) -> Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["table", "rows"]);
    table.add_rows(rows.iter().map(|(name, rows)| [(*name).to_owned(), rows.to_string()]));
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    write(&format!(
        "{table}\n\n{} requests in {:.1} s. The data is in {destination}\n\n{}",
        extraction.requests,
        took.as_secs_f64(),
        queries(destination)
    ))
}

/// Three questions, each with the command that answers it.
fn queries(destination: &Destination) -> String {
    EXAMPLES
        .iter()
        .map(|(question, sql)| format!("{question}\n  {}\n", command(destination, sql)))
        .collect()
}

const EXAMPLES: [(&str, &str); 3] = [
    (
        "Flags by state and kind of life:",
        "SELECT state, temporary, count(*) AS flags FROM flags GROUP BY 1, 2",
    ),
    (
        "Temporary flags that are inactive in production:",
        "SELECT project_key, flag_key, last_requested_at FROM flags JOIN flag_statuses USING \
         (project_key, flag_key) WHERE temporary AND status = 'inactive' AND environment_key = \
         'production' AND state = 'live' ORDER BY last_requested_at LIMIT 10",
    ),
    (
        "Live flags that nobody maintains:",
        "SELECT project_key, flag_key, created_at FROM flags WHERE state = 'live' AND \
         maintainer_id IS NULL AND maintainer_team_key IS NULL ORDER BY created_at LIMIT 10",
    ),
];

fn command(destination: &Destination, sql: &str) -> String {
    match destination {
        Destination::Sqlite(path) => format!("sqlite3 -box {} \"{sql}\"", path.display()),
        place => format!("duckdb -c \"{}\"", over_parquet(&place.to_string(), sql)),
    }
}

/// The same query over the files of the newest extraction.
fn over_parquet(place: &str, sql: &str) -> String {
    let place = place.trim_end_matches('/');
    let words = sql.split(' ').map(|word| match word {
        "flags" | "flag_statuses" => format!("'{place}/{word}/*/*.parquet'"),
        word => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}
