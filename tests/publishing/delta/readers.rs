//! Delta tables in other tools (`pip install deltalake duckdb duckdb-extension-delta pandas polars
//! pyarrow pysail pyspark[connect]`).

use std::path::Path;

use serde_json::{Value, json};

use super::log;
use crate::readers;
use crate::support::{Run, python};

/// An ID that looks other than it is in paths, however often it is decoded.
const ACCOUNT: &str = "a b/%20ü";

/// The runs until a reader starts at a checkpoint, and reads a commit after it.
const RUNS: usize = 12;

/// An account whose values are hard to represent exactly, after several runs, and the same in SQLite.
fn run() -> Run {
    let run = readers::run("launchdarkly.db");
    run.server.change(|account| account.account_id = ACCOUNT.into());
    for _ in 0..RUNS {
        run.extract(&["--output", "delta:lake"]);
    }
    run
}

#[track_caller]
fn check(run: &Run, facts: &Value, created_at: &str, temporary: &str) {
    readers::check(facts, created_at, Some(temporary));
    let objects = log::objects(&run.path("lake"));
    let tables = log::tables(&objects);
    let newest = tables["latest_extraction"].extractions()[0];
    assert_eq!(facts["archived"], Value::Null);
    assert_eq!(facts["extraction"], newest);
    assert_eq!(facts["newest"], json!([[ACCOUNT, newest]]));
    let rows = facts["rows"].as_object().unwrap();
    assert_eq!(rows.len(), tables.len());
    for (name, rows) in rows {
        let kept = if name.starts_with("extraction") { RUNS } else { 1 };
        let expected = run.value::<i64>(&format!("SELECT count(*) FROM {name}"));
        assert_eq!(*rows, expected * i64::try_from(kept).unwrap(), "{name}");
    }
}

/// What a script prints about the tables; `None` where it needs what is not installed.
fn read(lake: &Path, modules: &[&str], script: &str) -> Option<Value> {
    python::has(modules).then(|| python::run(script, [lake]))
}

#[test]
fn every_reader_finds_the_rows_and_types_of_sqlite() {
    let run = run();
    let lake = run.path("lake");
    let script = include_str!("../../python/read_delta_with_duckdb.py");
    if let Some(facts) = read(&lake, &["duckdb", "duckdb_extension_delta"], script) {
        check(&run, &facts, "TIMESTAMP WITH TIME ZONE", "BOOLEAN");
    }
    let script = include_str!("../../python/read_delta_with_deltalake.py");
    if let Some(facts) = read(&lake, &["deltalake", "pyarrow"], script) {
        check(&run, &facts, "timestamp[us, tz=UTC]", "bool");
    }
    let script = include_str!("../../python/read_delta_with_pandas.py");
    if let Some(facts) = read(&lake, &["deltalake", "pandas"], script) {
        check(&run, &facts, "datetime64[us, UTC]", "bool");
    }
    let script = include_str!("../../python/read_delta_with_polars.py");
    if let Some(facts) = read(&lake, &["deltalake", "polars"], script) {
        check(&run, &facts, "Datetime(time_unit='us', time_zone='UTC')", "Boolean");
    }
    let script = include_str!("../../python/read_delta_with_sail.py");
    if let Some(facts) = read(&lake, &["pysail.spark", "pyspark.sql"], script) {
        check(&run, &facts, "timestamp", "boolean");
    }
}
