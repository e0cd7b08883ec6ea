//! Every query on a page runs on the demo account, and has the answer that the page shows.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use super::keep_equal;
use crate::support::page::{self, Block};
use crate::support::{NO_DEMO_PAST, binary, ended};

#[test]
fn every_query_is_answered_as_shown() {
    let folder = TempDir::new().unwrap();
    let mut extract = binary(folder.path());
    extract.env_remove(NO_DEMO_PAST.0).args(["extract", "--demo"]);
    ended(extract.output().unwrap()).succeeded();
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    attach_state(&database, folder.path());
    for name in page::names() {
        keep_equal(&name, |page| answer_all(&name, page, &database));
    }
}

/// Adds the tables of a state file of `flaglake sync`.
fn attach_state(database: &Connection, folder: &Path) {
    fs::write(folder.join("keys.csv"), "context_key\nada\n").unwrap();
    let place = ["--project=storefront", "--environment=production", "--segment=beta-users"];
    let arguments = [&["sync", "segment", "--demo", "--from=csv:keys.csv"], &place[..]].concat();
    ended(binary(folder).args(arguments).output().unwrap()).succeeded();
    let state = folder.join("flaglake-sync.db");
    database.execute("ATTACH ?1 AS state", [state.to_str()]).unwrap();
}

/// Replaces every answer that the page shows.
fn answer_all(name: &str, page: &mut String, database: &Connection) {
    let blocks = page::blocks(name, page);
    let queries = blocks.iter().enumerate().rev().filter(|(_, one)| one.language == "sql");
    for (index, query) in queries {
        let (header, rows) = answer(database, query);
        let is_found = !rows.is_empty() || page::is_generated(name);
        assert!(is_found, "{query}: the query finds nothing in the demo account");
        if let Some(shown) = blocks.get(index + 1).filter(|next| next.language == "text") {
            page.replace_range(shown.range.clone(), &drawn(&header, &rows));
        }
    }
}

/// The names of the columns, and the rows.
fn answer(database: &Connection, query: &Block) -> (Vec<String>, Vec<Vec<String>>) {
    let mut statement =
        database.prepare(&query.body).unwrap_or_else(|error| panic!("{query}: {error}"));
    let header: Vec<_> = statement.column_names().map(str::to_owned).collect();
    let rows = statement
        .query_map([], |row| (0..header.len()).map(|index| row.get_ref(index).map(cell)).collect());
    let rows = rows.unwrap().collect::<Result<_, _>>();
    (header, rows.unwrap_or_else(|error| panic!("{query}: {error}")))
}

/// Rows as `sqlite3 -box` draws them.
fn drawn(header: &Vec<String>, rows: &[Vec<String>]) -> String {
    let lines: Vec<_> = std::iter::once(header).chain(rows).collect();
    let width =
        |index: usize| lines.iter().map(|line| line[index].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let rule = |left: &str, middle: &str, right: &str| {
        let dashes: Vec<_> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        format!("{left}{}{right}\n", dashes.join(middle))
    };
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
        format!("│{}│\n", padded.collect::<Vec<_>>().join("│"))
    };
    let body: String = rows.iter().map(line).collect();
    [rule("┌", "┬", "┐"), line(header), rule("├", "┼", "┤"), body, rule("└", "┴", "┘")].concat()
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(_) => panic!("no column holds bytes"),
    }
}
