//! The demo's past in each kind of output.

use std::path::Path;

use flaglake::catalog::history;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{PAST, extract, with_past};
use crate::support::{binary, ended, postgres};

/// A time in one form: PostgreSQL writes another.
fn same(cell: &str) -> String {
    cell.parse::<jiff::Timestamp>().map_or_else(|_| cell.to_owned(), |time| time.to_string())
}

/// The rows of a query on an output, sorted.
fn queried(folder: &Path, output: &str, sql: &str) -> Vec<String> {
    let arguments = ["query", "--input", output, "--format", "csv", sql];
    let printed = ended(binary(folder).args(arguments).output().unwrap()).succeeded().stdout;
    let line = |line: &str| line.split(',').map(same).collect::<Vec<_>>().join(",");
    let mut lines: Vec<_> = printed.lines().map(line).collect();
    lines.sort();
    lines
}

/// The figures of a report on an output, day by day.
fn series(folder: &Path, output: &str) -> Vec<Value> {
    let arguments = ["report", "--input", output, "--format", "json"];
    let printed = ended(binary(folder).args(arguments).output().unwrap()).succeeded().stdout;
    let report: Value = serde_json::from_str(&printed).unwrap();
    let figures = report["headline"].as_array().unwrap();
    figures.iter().map(|figure| json!([figure["series"], figure["changes"]])).collect()
}

#[test]
fn every_kind_of_output_has_the_same_past() {
    let Some(server) = postgres::server() else { return };
    let (database, folder) = (server.database(), TempDir::new().unwrap());
    let (address, place) = (database.address(), folder.path());
    let outputs = ["x.db", address.as_str(), "parquet:lake", "delta:tables"];
    let named: Vec<_> = outputs.iter().flat_map(|output| ["--output", *output]).collect();
    let summary = extract(&mut with_past(place), &named);
    assert!(summary.contains(&format!("The demo's past: {PAST} extractions since ")), "{summary}");
    for table in ["project_daily", "owner_daily", "team_daily", "tag_daily", "extractions"] {
        let columns = if table == "extractions" { "extraction_id, started_at" } else { "*" };
        let sql = format!("SELECT {columns} FROM {table}");
        let [sqlite, others @ ..] = outputs.map(|output| queried(place, output, &sql));
        assert!(sqlite.len() as i64 > PAST, "{table}");
        for (other, output) in others.iter().zip(&outputs[1..]) {
            assert_eq!(&sqlite, other, "{table} of {output}");
        }
    }
    for table in history::tables().iter().filter(|table| table.name.ends_with("_history")) {
        let keys = table.key.join(", ");
        let sql = format!("SELECT {keys}, valid_to, extraction_id FROM {}", table.name);
        let [sqlite, postgres] =
            [outputs[0], outputs[1]].map(|output| queried(place, output, &sql));
        assert_eq!(sqlite, postgres, "{}", table.name);
        assert!(sqlite.len() > 1, "{}", table.name);
    }
    let [sqlite, others @ ..] = outputs.map(|output| series(place, output));
    assert_eq!(sqlite[0][0].as_array().unwrap().len() as i64, PAST + 1);
    for (other, output) in others.iter().zip(&outputs[1..]) {
        assert_eq!(&sqlite, other, "{output}");
    }
}
