//! Statements that are refused, and those that fail.

use std::fs;

use super::{extracted, query};

#[test]
fn nothing_that_writes_is_run() {
    let run = extracted();
    run.extract(&["--output", "parquet:lake"]);
    let before = fs::read(run.path("launchdarkly.db")).unwrap();
    for sql in [
        "DELETE FROM flags",
        "UPDATE scorecard_thresholds SET value = 1",
        "INSERT INTO tags VALUES ('x') RETURNING *",
        "ATTACH 'made.db' AS made",
        "VACUUM INTO 'made.db'",
        "PRAGMA user_version = 9",
        "PRAGMA query_only = 0",
        "CREATE TABLE made (a)",
        "SELECT 1; DELETE FROM flags",
        "BEGIN",
        "",
    ] {
        for input in ["launchdarkly.db", "parquet:lake"] {
            let error = query(&run, &[sql, "--input", input]).failed(2, "usage");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("nothing was changed"), "{sql}: {error}");
        }
    }
    assert_eq!(fs::read(run.path("launchdarkly.db")).unwrap(), before);
    assert!(!run.path("made.db").exists());
}

#[test]
fn a_statement_that_fails_names_the_place_and_what_may_be_meant() {
    let run = extracted();
    run.extract(&["--output", "parquet:lake"]);
    for (sql, place, hint) in [
        ("SELECT * FROM flag", "no such table: flag", "did you mean `flags`?"),
        ("SELECT flag_kye\nFROM flags", "(line 1, column 8)", "did you mean `flag_key`?"),
        ("SELECT *\nFRM flags", "(line 2, column 1)", "SQLite's SQL"),
    ] {
        for input in ["launchdarkly.db", "parquet:lake"] {
            let error = query(&run, &[sql, "--input", input]).failed(2, "usage");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(place), "{error}");
            assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
            let name = if input == "parquet:lake" { "lake/" } else { input };
            assert_eq!(error["resource"], name);
        }
    }
}

#[test]
fn two_columns_of_one_name_are_no_json() {
    let run = extracted();
    let error = query(&run, &["SELECT 1 AS a, 2 AS a", "--format", "json"]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("AS"), "{error}");
    query(&run, &["SELECT 1 AS a, 2 AS a", "--format", "csv"]).succeeded();
}
