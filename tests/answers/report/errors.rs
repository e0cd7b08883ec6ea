//! Errors of a report, and the files that remain unchanged after one.

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::report::{change, place, report};

#[test]
fn failed_scorecards_are_exit_status_9_after_the_report() {
    let folder = place();
    let json_errors = ["--error-format", "json", "--fail-on"];
    let with = |status| report(&folder, &[&json_errors[..], &[status]].concat());
    let error = with("fail").failed(9, "scorecard_failed");
    assert!(error["message"].as_str().unwrap().starts_with("19 scorecards do not pass"), "{error}");
    assert!(folder.path().join("report.html").exists());
    change(&folder, "UPDATE scorecards SET status = 'warn' WHERE status = 'fail'");
    with("fail").succeeded();
    with("warn").failed(9, "scorecard_failed");
    change(&folder, "UPDATE scorecards SET status = 'unknown' WHERE status = 'warn'");
    with("warn").succeeded();
}

#[test]
fn a_missing_or_foreign_database_is_refused_with_a_hint() {
    let folder = TempDir::new().unwrap();
    let failed = |arguments: &[&str], status, code| {
        let error = report(&folder, &[&["--error-format", "json"], arguments].concat())
            .failed(status, code);
        (error["message"].as_str().unwrap().to_owned(), error["hint"].as_str().unwrap().to_owned())
    };
    let (message, hint) = failed(&[], 2, "usage");
    assert!(
        message.contains("launchdarkly.db") && hint.contains("`flaglake extract`"),
        "{message} {hint}"
    );
    fs::write(folder.path().join("notes.txt"), "These are notes, and no database.").unwrap();
    let (message, _) = failed(&["--input", "notes.txt"], 8, "output_failed");
    assert!(message.contains("not a flaglake database"), "{message}");
    Connection::open(folder.path().join("other.db"))
        .unwrap()
        .execute_batch("CREATE TABLE a (b)")
        .unwrap();
    let (message, _) = failed(&["--input", "other.db"], 8, "output_failed");
    assert!(message.contains("another program"), "{message}");
    assert!(failed(&["--input", "."], 8, "output_failed").0.contains("not a regular file"));
    assert!(!folder.path().join("report.html").exists());
}

#[test]
fn a_database_of_another_version_is_refused_with_advice() {
    let folder = place();
    change(&folder, "PRAGMA user_version = 99");
    let arguments = ["--error-format", "json"];
    let error = report(&folder, &arguments).failed(8, "output_failed");
    assert_eq!(error["hint"], "update flaglake");
    change(&folder, "PRAGMA user_version = 1; DROP TABLE scorecards");
    let error = report(&folder, &arguments).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("older version of flaglake"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("flaglake extract"), "{error}");
}

#[test]
fn a_limit_that_is_missing_is_named() {
    let folder = place();
    change(&folder, "DELETE FROM scorecard_thresholds WHERE threshold = 'inactive'");
    let error = report(&folder, &["--error-format", "json"]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("no row `inactive`"), "{error}");
    assert_eq!(error["hint"], "run `flaglake extract`, which adds the row again");
}

#[test]
fn a_users_view_under_our_name_is_named_as_the_cause() {
    let folder = place();
    change(&folder, "DROP TABLE stale_flags; CREATE VIEW stale_flags AS SELECT 1 AS mine");
    let error = report(&folder, &["--error-format", "json"]).failed(8, "output_failed");
    assert!(error["hint"].as_str().unwrap().contains("rename"), "{error}");
}
