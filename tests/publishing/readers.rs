//! The output in other tools: they read types, timestamps and all values exactly (`pip install
//! duckdb duckdb-extension-sqlite-scanner pandas pyarrow polars datafusion`).

use std::io::Write;

use crate::support::{Run, lake};
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{Account, Environment, Flag, Project};
use flaglake::catalog;
use flaglake::model::table::Type;
use flaglake::model::view;
use serde_json::{Value, json};

const CREATED: i64 = 1_795_140_000_123;
const NAME: &str = "crab 🦀, \u{202e}right to left, nul \0 and a\nnew line";
const VALUES: [&str; 6] =
    ["9007199254740993", "18446744073709551615", "1e308", "-0.0", "null", r#""🦀 \u0000 \" end""#];

/// An account with one flag, whose values are hard to represent exactly.
pub fn run(output: &str) -> Run {
    let mut flag = Flag::new("fragile", CREATED).with_values(VALUES);
    flag.name = NAME.to_owned();
    let project = Project::new("web").with_environment(Environment::new("production"));
    let account = Account::new(CREATED).with_project(project.with_flag(flag));
    let run = Run::new(account, Behaviour::default());
    run.extract(&["--output", output]);
    run
}

/// The values that every reader must see. Names of types differ.
#[track_caller]
pub fn check(facts: &Value, created_at: &str, temporary: Option<&str>) {
    assert_eq!(facts["created_at"], created_at);
    assert_eq!(facts["temporary"].as_str(), temporary);
    assert_eq!(facts["created"], CREATED);
    assert_eq!(facts["flag"], json!([NAME, true]));
    assert_eq!(facts["values"], json!(VALUES));
}

/// The facts that a script prints about a lake with one extraction.
#[track_caller]
fn read_lake(script: &str) -> Value {
    let run = run("parquet:lake");
    let facts = crate::support::python::run(script, [run.path("lake")]);
    let id = lake::newest(&run.path("lake"));
    assert_eq!(facts["extraction"], id);
    assert_eq!(facts["extractions"], json!([id]));
    let account = lake::account(&run.path("lake"));
    assert_eq!(facts["newest"], json!([[account.trim_start_matches("account_id="), id]]));
    facts
}

#[test]
fn duckdb_reads_parquet_as_it_was_written() {
    if crate::support::python::has(&["duckdb"]) {
        let facts = read_lake(include_str!("../python/read_parquet_with_duckdb.py"));
        check(&facts, "TIMESTAMP WITH TIME ZONE", Some("BOOLEAN"));
    }
}

#[test]
fn pandas_and_pyarrow_read_parquet_as_it_was_written() {
    if crate::support::python::has(&["pandas", "pyarrow.dataset"]) {
        let facts = read_lake(include_str!("../python/read_parquet_with_pandas.py"));
        check(&facts, "datetime64[us, UTC]", Some("bool"));
    }
}

#[test]
fn polars_reads_parquet_as_it_was_written() {
    if crate::support::python::has(&["polars"]) {
        let facts = read_lake(include_str!("../python/read_parquet_with_polars.py"));
        check(&facts, "Datetime(time_unit='us', time_zone='UTC')", Some("Boolean"));
    }
}

#[test]
fn datafusion_reads_parquet_as_it_was_written() {
    if crate::support::python::has(&["datafusion", "pyarrow"]) {
        let facts = read_lake(include_str!("../python/read_parquet_with_datafusion.py"));
        check(&facts, "timestamp[us, tz=UTC]", Some("bool"));
    }
}

#[test]
fn pandas_reads_sqlite_as_it_was_written() {
    if crate::support::python::has(&["pandas"]) {
        let run = run("launchdarkly.db");
        let script = include_str!("../python/read_sqlite_with_pandas.py");
        check(&crate::support::python::run(script, [run.path("launchdarkly.db")]), "UTC", None);
    }
}

#[test]
fn duckdb_sees_times_in_sqlite_as_such_and_booleans_as_0_and_1() {
    if !crate::support::python::has(&["duckdb"]) {
        return;
    }
    let run = run("launchdarkly.db");
    let script = include_str!("../python/read_sqlite_with_duckdb.py");
    let facts = crate::support::python::run(script, [run.path("launchdarkly.db")]);
    match facts["skipped"].as_str() {
        Some(reason) => writeln!(std::io::stderr(), "skipped: {reason}").unwrap(),
        // The scanner has no booleans: https://github.com/duckdb/duckdb-sqlite, sqlite_utils.cpp.
        None => {
            check(&facts, "TIMESTAMP", Some("BIGINT"));
            assert_eq!(facts["lists_views"], true);
            assert_eq!(facts["stages"], run.value::<i64>("SELECT count(*) FROM flags"));
        }
    }
}

/// DuckDB reads every table of a SQLite file. It refuses every view, whichever way it is queried.
#[test]
fn duckdb_gives_right_answers_or_none_over_sqlite() {
    if !crate::support::python::has(&["duckdb", "duckdb_extension_sqlite_scanner"]) {
        return;
    }
    let run = run("launchdarkly.db");
    let tables: Vec<_> = catalog::tables().into_iter().chain(catalog::kept()).collect();
    let names = tables.iter().map(|table| table.name).collect::<Vec<_>>().join(",");
    let views = view::all();
    let view_names = views.iter().map(|view| view.name).collect::<Vec<_>>().join(",");
    let path = run.path("launchdarkly.db").into_os_string().into_string().unwrap();
    let script = include_str!("../python/ask_sqlite_with_duckdb.py");
    let facts = crate::support::python::run(script, [path, names, view_names]);
    assert_eq!(facts["answered"], json!([]));
    assert_eq!(facts["unlisted"], json!([]));
    for table in &tables {
        let rows: i64 = run.value(&format!("SELECT count(*) FROM {}", table.name));
        assert_eq!(facts["counts"][table.name], rows, "{}", table.name);
        assert_eq!(facts["ones"][table.name], rows, "{}", table.name);
        assert_eq!(facts["exist"][table.name], rows > 0, "{}", table.name);
    }
    for view in &views {
        let columns = view.columns.iter().map(|column| match column.ty {
            Type::Text | Type::Json => [column.name, "VARCHAR"],
            Type::Int | Type::Bool => [column.name, "BIGINT"],
            Type::Real => [column.name, "DOUBLE"],
            Type::Time => [column.name, "TIMESTAMP"],
        });
        assert_eq!(
            facts["columns"][view.name],
            json!(columns.collect::<Vec<_>>()),
            "{}",
            view.name
        );
    }
}

/// Columns are only ever added, so that those of the newest extraction have a value or none in
/// all.
#[test]
fn extractions_of_two_versions_are_read_together() {
    if !crate::support::python::has(&["duckdb", "polars"]) {
        return;
    }
    let run = run("parquet:lake");
    let path = run.path("lake");
    let older = lake::newest(&path);
    run.extract(&["--output", "parquet:lake"]);
    lake::without_column(&path, &older, "flags", "name");
    lake::without_column(&path, &older, "flags", "temporary");
    let script = include_str!("../python/read_two_versions.py");
    let facts = crate::support::python::run(script, [&path]);
    let newer = lake::newest(&path);
    let rows = json!([[older, null, null, CREATED], [newer, NAME, true, CREATED]]);
    assert_eq!(facts["duckdb"], rows);
    assert_eq!(facts["polars"], rows);
}
