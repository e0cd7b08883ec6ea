//! What an unattended run leaves: an object, metrics, a page, and a copy for other users.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::support::Run;

fn run() -> Run {
    let size = Size { projects: 1, environments: 2, flags: 30, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The value of a metric; `None` where the file does not have it.
fn metric(run: &Run, name: &str) -> Option<f64> {
    let text = fs::read_to_string(run.path("run.prom")).unwrap();
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.rsplit_once(' ').unwrap().1.parse().ok()
}

#[test]
fn a_run_ends_with_one_object() {
    let run = run();
    let ended = run.extract(&["--format", "json"]);
    let all = object(&ended.stdout);
    assert_eq!((&all["outcome"], &all["exit_status"]), (&json!("succeeded"), &json!(0)));
    assert_eq!(all["requests"], json!(run.server.requests().len()));
    assert_eq!(all["not_read"], json!([]));
    let output = &all["outputs"][0];
    assert_eq!(
        (&output["outcome"], &output["output"]),
        (&json!("published"), &json!("launchdarkly.db"))
    );
    let id: String = run.value("SELECT extraction_id FROM extractions");
    assert_eq!(output["extraction_id"], json!(id));
    for (table, rows) in output["rows"].as_object().unwrap() {
        let held: i64 = run.value(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(rows, &json!(held), "{table}");
    }
}

#[test]
fn a_run_that_fails_ends_with_an_object_too() {
    let run = run();
    let mut command = run.command(&["extract", "--format", "json", "--error-format", "json"]);
    let ended = crate::support::ended(
        command.env("LAUNCHDARKLY_ACCESS_TOKEN", "api-none").output().unwrap(),
    );
    let error = ended.failed(3, "invalid_credentials");
    let all = object(&ended.stdout);
    assert_eq!((&all["outcome"], &all["exit_status"]), (&json!("invalid_credentials"), &json!(3)));
    assert_eq!((&all["message"], &all["hint"]), (&error["message"], &error["hint"]));
    assert_eq!(all["outputs"], json!([]));
    assert!(!ended.stdout.contains("api-none"));
}

#[test]
fn an_unchanged_run_says_so() {
    let run = run();
    let arguments = ["--output", "parquet:lake", "--skip-unchanged", "--format", "json"];
    let first = object(&run.extract(&arguments).stdout)["outputs"][0].clone();
    let second = object(&run.extract(&arguments).stdout)["outputs"][0].clone();
    assert_eq!((&first["outcome"], &second["outcome"]), (&json!("published"), &json!("unchanged")));
    assert_eq!(second["same_as"], first["extraction_id"]);
}

#[test]
fn metrics_tell_the_last_run_and_the_age_of_the_data() {
    let run = run();
    let arguments = ["extract", "--metrics-file", "run.prom"];
    run.run(&arguments).succeeded();
    assert_eq!(metric(&run, "flaglake_run_exit_status"), Some(0.0));
    let requests = metric(&run, "flaglake_run_requests").unwrap();
    assert_eq!(requests, run.server.requests().len() as f64);
    let flags: i64 = run.value("SELECT count(*) FROM flags");
    let rows = "flaglake_data_rows{account=\"\",output=\"launchdarkly.db\",table=\"flags\"}";
    assert_eq!(metric(&run, rows), Some(flags as f64));
    let read_at = metric(&run, "flaglake_data_timestamp_seconds").unwrap();
    let started: f64 = run.value("SELECT unixepoch(started_at, 'subsec') FROM extractions");
    assert!((read_at - started).abs() < 0.001, "{read_at} {started}");
    // A run that fails says so, and the data is as old as it was.
    let mut command = run.command(&arguments);
    command.env("LAUNCHDARKLY_ACCESS_TOKEN", "api-none").output().unwrap();
    assert_eq!(metric(&run, "flaglake_run_exit_status"), Some(3.0));
    assert_eq!(metric(&run, "flaglake_data_timestamp_seconds"), Some(read_at));
    assert_eq!(metric(&run, rows), Some(flags as f64));
    run.run(&arguments).succeeded();
    assert_eq!(metric(&run, "flaglake_run_exit_status"), Some(0.0));
    assert!(metric(&run, "flaglake_data_timestamp_seconds") > Some(read_at));
    let mode = fs::metadata(run.path("run.prom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "another user's collector reads it");
}

#[test]
fn every_metric_is_explained_once_and_has_no_line_twice() {
    let run = run();
    for _ in 0..2 {
        run.extract(&[
            "--metrics-file",
            "run.prom",
            "--output",
            "a.db",
            "--output",
            "parquet:it's \"a\" lake",
        ]);
    }
    let text = fs::read_to_string(run.path("run.prom")).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    assert!(text.contains("output=\"parquet:it's \\\"a\\\" lake"), "{text}");
    let count = lines.len();
    lines.sort_unstable();
    lines.dedup_by_key(|line| line.rsplit_once(' ').unwrap().0.to_owned());
    assert_eq!(lines.len(), count);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split('{').next().unwrap();
        for word in ["HELP", "TYPE"] {
            assert_eq!(text.matches(&format!("# {word} {name} ")).count(), 1, "{line}");
        }
    }
}

#[test]
fn metrics_go_to_a_file_that_a_collector_reads() {
    let run = run();
    run.extract(&[]);
    for (wrong, status) in [("run.txt", 2), ("run", 2), ("missing/run.prom", 8)] {
        let ended = run.run(&["extract", "--metrics-file", wrong]);
        assert_eq!(ended.status, status, "{wrong}: {ended:?}");
        assert!(!run.path(wrong).exists());
    }
    fs::write(run.path("theirs.prom"), b"SQLite format 3\0").unwrap();
    assert_eq!(run.run(&["extract", "--metrics-file", "theirs.prom"]).status, 8);
}

#[test]
fn a_page_is_written_after_publishing() {
    let run = run();
    for output in ["launchdarkly.db", "parquet:lake"] {
        let ended = run.extract(&["--output", output, "--report", "page.html"]);
        assert!(ended.stderr.contains("page.html"), "{}", ended.stderr);
        let page = fs::read_to_string(run.path("page.html")).unwrap();
        assert!(page.starts_with("<!doctype html>") || page.starts_with("<!DOCTYPE html>"));
        fs::remove_file(run.path("page.html")).unwrap();
    }
}

/// A database as a user sees it who may only read the file.
fn read_only(run: &Run, name: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(run.path(name), flags).unwrap()
}

#[test]
fn a_copy_has_all_rows_and_no_log() {
    let run = run();
    fs::create_dir(run.path("shared")).unwrap();
    let arguments = ["--copy-to", "shared/copy.db,mode=0644"];
    for night in 0..2 {
        run.server.change(|account| account.projects[0].flags[0].name = format!("night {night}"));
        run.extract(&arguments);
        let copy = read_only(&run, "shared/copy.db");
        assert_eq!(crate::support::tables(&copy), run.tables());
        let journal: String = copy.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(journal, "delete");
        drop(copy);
        let header = fs::read(run.path("shared/copy.db")).unwrap();
        // Version 1 of reading and writing: no write-ahead log is needed to open it.
        assert_eq!(header[18..20], [1, 1]);
        let mode = fs::metadata(run.path("shared/copy.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let beside: Vec<_> = fs::read_dir(run.path("shared")).unwrap().collect();
        assert_eq!(beside.len(), 1, "{beside:?}");
    }
    let report = run.run(&["report", "--input", "shared/copy.db", "--format", "json"]);
    assert_eq!(report.status, 0, "{}", report.stderr);
}

#[test]
fn a_reader_of_the_copy_keeps_its_state_while_it_is_replaced() {
    let run = run();
    run.extract(&["--copy-to", "copy.db"]);
    let mode = fs::metadata(run.path("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "private unless said otherwise");
    let reader = read_only(&run, "copy.db");
    reader.execute_batch("BEGIN; SELECT count(*) FROM flags").unwrap();
    run.server.change(|account| account.projects[0].flags[0].name = "renamed".to_owned());
    run.extract(&["--copy-to", "copy.db"]);
    let count = |database: &Connection| -> i64 {
        let sql = "SELECT count(*) FROM flags WHERE name = 'renamed'";
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((count(&reader), count(&read_only(&run, "copy.db"))), (0, 1));
}

#[test]
fn a_copy_replaces_only_a_copy() {
    let run = run();
    run.extract(&[]);
    fs::write(run.path("notes.txt"), "mine").unwrap();
    Connection::open(run.path("theirs.db")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    fs::create_dir(run.path("folder")).unwrap();
    let before = fs::read(run.path("theirs.db")).unwrap();
    for target in ["notes.txt", "theirs.db", "folder", "missing/copy.db"] {
        let ended = run.run(&["extract", "--copy-to", target]);
        assert_eq!(ended.status, 8, "{target}: {ended:?}");
    }
    assert_eq!(fs::read(run.path("notes.txt")).unwrap(), b"mine");
    assert_eq!(fs::read(run.path("theirs.db")).unwrap(), before);
    let ended = run.run(&["extract", "--output", "parquet:lake", "--copy-to", "copy.db"]);
    assert_eq!(ended.status, 2, "{ended:?}");
    assert!(!run.path("lake").exists());
}

#[test]
fn a_file_that_cannot_be_made_fails_the_run_but_not_the_data() {
    let run = run();
    let ended = run.run(&["extract", "--report", "gone/page.html", "--format", "json"]);
    assert_eq!(ended.status, 8, "{ended:?}");
    let all = object(&ended.stdout);
    assert_eq!(all["outputs"][0]["outcome"], "published");
    assert!(all["message"].as_str().unwrap().contains("published, but not the report"), "{all}");
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}

#[test]
fn every_command_of_the_summary_runs() {
    let run = run();
    for output in ["launchdarkly.db", "it's mine.db", "parquet:a lake", "delta:tables"] {
        let ended = run.extract(&["--output", output, "--resources", "default"]);
        let commands: Vec<_> =
            ended.stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        assert!(commands.len() > 2, "{output}: {}", ended.stdout);
        for command in commands {
            let mut shell = crate::support::program("sh").unwrap();
            let ran = shell.args(["-c", command]).current_dir(run.folder.path()).output().unwrap();
            assert!(ran.status.success(), "{command}: {ran:?}");
        }
    }
}

#[test]
fn no_file_of_a_run_is_written_in_place_of_another() {
    let run = run();
    fs::write(run.path("token"), fake_launchdarkly::account::DEMO_TOKEN).unwrap();
    fs::write(run.path("conf.toml"), "[extract]\nresources = ['core']").unwrap();
    let two = ["--output", "a.db", "--output", "b.db"];
    run.extract(&two);
    let wrong: [&[&str]; 8] = [
        &["--copy-to", "b.db"],
        &["--copy-to", "a.db-wal"],
        &["--copy-to", ".a.db.stage"],
        &["--report", "a.db"],
        &["--report", "./x.html", "--copy-to", "x.html"],
        &["--report", "x.prom", "--metrics-file", "x.prom"],
        &["--report", "token", "--access-token-file", "token"],
        &["--report", "conf.toml", "--config", "conf.toml"],
    ];
    let before = run.server.requests().len();
    for arguments in wrong {
        let ended = run.run(&[&["extract"], &two[..], arguments].concat());
        assert_eq!(ended.status, 2, "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains("overwrite"), "{}", ended.stderr);
    }
    assert_eq!(run.server.requests().len(), before);
}

#[test]
fn an_error_of_the_metrics_is_that_of_the_run() {
    let run = run();
    fs::write(run.path("m.prom"), [0xff, 0xfe]).unwrap();
    let ended = run.run(&["extract", "--metrics-file", "m.prom", "--format", "json"]);
    assert_eq!(ended.status, 8, "{ended:?}");
    let all = object(&ended.stdout);
    assert_eq!((&all["exit_status"], &all["outcome"]), (&json!(8), &json!("output_failed")));
    assert_eq!(all["outputs"][0]["outcome"], "published");
    let mut command = run.command(&["extract", "--metrics-file", "m.prom"]);
    let ended = command.env("LAUNCHDARKLY_ACCESS_TOKEN", "api-none").output().unwrap();
    let ended = crate::support::ended(ended);
    assert!(ended.status == 3 && ended.stderr.contains("metrics"), "{ended:?}");
}

#[test]
fn an_output_that_is_not_named_any_more_has_no_metrics() {
    let run = run();
    run.extract(&["--metrics-file", "run.prom", "--output", "a.db", "--output", "b.db"]);
    run.extract(&["--metrics-file", "run.prom", "--output", "b.db"]);
    let text = fs::read_to_string(run.path("run.prom")).unwrap();
    assert!(text.contains("output=\"b.db\"") && !text.contains("output=\"a.db\""), "{text}");
}
