//! Outputs of each kind, and where the statement comes from.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use rusqlite::Connection;

use super::{company, extracted, query, rows};
use crate::support::ended;

#[test]
fn lakes_give_the_rows_of_a_database() {
    let run = company();
    for output in ["launchdarkly.db", "parquet:lake", "delta:tables"] {
        run.extract(&["--output", output]);
    }
    for sql in [
        "SELECT project_key, flag_key, temporary FROM flags ORDER BY 1, 2",
        "SELECT count(*), sum(age_days) FROM stale_flags",
        "SELECT f.flag_key, s.status FROM flags f JOIN flag_statuses s USING (project_key, flag_key) ORDER BY 1, 2",
        "SELECT threshold, value FROM scorecard_thresholds ORDER BY 1",
        "SELECT outcome, count(*) FROM extraction_resources GROUP BY 1",
    ] {
        let expected = rows(&run, &[sql]);
        assert!(!expected.is_empty(), "{sql}");
        for input in ["parquet:lake", "delta:tables"] {
            assert_eq!(rows(&run, &[sql, "--input", input]), expected, "{input}: {sql}");
        }
    }
    let names = rows(&run, &["SELECT name FROM sqlite_schema", "--input", "parquet:lake"]);
    assert!(names.contains(&"stale_flags".to_owned()), "{names:?}");
}

#[test]
fn only_the_files_of_named_tables_are_read() {
    let run = company();
    run.extract(&["--output", "parquet:lake"]);
    fs::remove_dir_all(run.path("lake/flags")).unwrap();
    let teams = rows(&run, &["SELECT count(*) FROM teams", "--input", "parquet:lake"]);
    assert_eq!(teams.len(), 1);
    let sql = ["SELECT count(*) FROM flags", "--input", "parquet:lake"];
    query(&run, &sql).failed(8, "output_failed");
}

#[test]
fn an_output_of_several_accounts_needs_a_name() {
    let run = company();
    for id in ["commercial", "federal"] {
        run.server.change(|account| account.account_id = id.into());
        run.extract(&["--output", "parquet:lake"]);
    }
    let sql = "SELECT account_id FROM latest_extraction";
    let error = query(&run, &[sql, "--input", "parquet:lake"]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`commercial` and `federal`"), "{error}");
    let named = [sql, "--input", "parquet:lake", "--account", "federal"];
    assert_eq!(rows(&run, &named), ["federal"]);
    let unknown = [sql, "--input", "parquet:lake", "--account", "nobody"];
    query(&run, &unknown).failed(2, "usage");
}

#[test]
fn a_statement_comes_from_a_file_or_standard_input() {
    let run = extracted();
    fs::write(run.path("q.sql"), "\u{feff}-- how many\nSELECT count(*) FROM teams;\n").unwrap();
    let from_file = rows(&run, &["--file", "q.sql"]);
    let mut command = run.command(&["query", "-", "--format", "csv"]);
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(b"SELECT count(*) FROM teams").unwrap();
    let from_input = ended(process.wait_with_output().unwrap()).succeeded().stdout;
    assert_eq!(from_input.lines().nth(1), from_file.first().map(String::as_str));
    query(&run, &["--file", "missing.sql"]).failed(2, "usage");
    query(&run, &[]).failed(2, "usage");
}

#[test]
fn the_default_is_the_output_of_extract() {
    let run = company();
    run.extract(&["--output", "elsewhere.db"]);
    let mut command = run.command(&["query", "SELECT 1", "--format", "csv"]);
    ended(command.env("FLAGLAKE_OUTPUT", "elsewhere.db").output().unwrap()).succeeded();
    let error = query(&run, &["SELECT 1"]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("launchdarkly.db"), "{error}");
}

#[test]
fn a_database_of_an_older_version_can_be_queried() {
    let run = extracted();
    run.database().execute_batch("DROP VIEW stale_flags; PRAGMA user_version = 1").unwrap();
    assert_eq!(rows(&run, &["SELECT count(*) > 0 FROM flags"]), ["1"]);
    Connection::open(run.path("other.db")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    query(&run, &["SELECT 1", "--input", "other.db"]).failed(8, "output_failed");
}
