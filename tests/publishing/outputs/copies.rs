//! The write-ahead log: whether the file alone is complete, and the warning if it is not.

use std::fs;

use rusqlite::Connection;

use crate::outputs::company;
use crate::support::rows;

const EXTRACTIONS: &str = "SELECT count(*) FROM extractions";

#[test]
fn a_reader_that_keeps_the_file_behind_is_warned_of() {
    let run = company();
    run.extract(&[]);
    let reader = run.database();
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(rows(&reader, EXTRACTIONS), ["1"]);
    let ended = run.extract(&[]);
    for word in ["launchdarkly.db-wal", "VACUUM INTO", ".backup", "copy"] {
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
    // The reason for the warning: a copy of the file alone lacks the new data.
    fs::copy(run.path("launchdarkly.db"), run.path("copy.db")).unwrap();
    assert_eq!(rows(&Connection::open(run.path("copy.db")).unwrap(), EXTRACTIONS), ["1"]);
    let into = format!("VACUUM INTO '{}'", run.path("whole.db").display());
    run.database().execute_batch(&into).unwrap();
    assert_eq!(rows(&Connection::open(run.path("whole.db")).unwrap(), EXTRACTIONS), ["2"]);
    reader.execute_batch("COMMIT").unwrap();
}

#[test]
fn the_next_run_moves_all_of_the_log_and_says_nothing() {
    let run = company();
    run.extract(&[]);
    let reader = run.database();
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(rows(&reader, EXTRACTIONS), ["1"]);
    run.extract(&[]);
    reader.execute_batch("COMMIT").unwrap();
    let ended = run.extract(&[]);
    assert!(!ended.stderr.contains("-wal"), "{}", ended.stderr);
    assert_eq!(fs::metadata(run.path("launchdarkly.db-wal")).unwrap().len(), 0);
    fs::copy(run.path("launchdarkly.db"), run.path("copy.db")).unwrap();
    assert_eq!(rows(&Connection::open(run.path("copy.db")).unwrap(), EXTRACTIONS), ["3"]);
    drop(reader);
}

#[test]
fn a_failed_run_gives_back_the_room_of_its_log() {
    let run = company();
    run.extract(&[]);
    // An open connection keeps the file of the log.
    let idle = run.database();
    assert_eq!(rows(&idle, EXTRACTIONS), ["1"]);
    let refuse = "CREATE TRIGGER stop BEFORE INSERT ON project_daily
                  BEGIN SELECT raise(ABORT, 'stopped'); END";
    run.database().execute_batch(refuse).unwrap();
    run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert_eq!(fs::metadata(run.path("launchdarkly.db-wal")).unwrap().len(), 0);
    assert_eq!(rows(&idle, EXTRACTIONS), ["1"]);
}
