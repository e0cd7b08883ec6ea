//! The state file: `status`, `log` and `forget`, its lock, and files that cannot be used.

use std::fs;
use std::process::Stdio;

use fake_launchdarkly::Answer;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::setup::{
    EVENTS, SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, command, kill, kill_when_held, members, place,
    run_until_held, script, set, start, state, sync, sync_without_writes, synced, unscript, write,
    write_events, write_users,
};
use crate::support::{Run, ended, rows};

fn filled() -> Run {
    let run = place();
    write_users(&run, ["a", "b"]);
    write_events(&run, ["x", "y"]);
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n,x\n");
    synced(&run, SYNC_SEGMENT, &[]);
    synced(&run, SYNC_EVENTS, &[]);
    sync(&run, SYNC_METRICS, &[]).failed(11, "rows_rejected");
    run
}

/// What a command about the state file prints.
#[track_caller]
fn look(run: &Run, arguments: &[&str]) -> Value {
    let all = [&["sync"], arguments, &["--format", "json"]].concat();
    run.server.forget_requests();
    let ended = run.run(&all).succeeded();
    assert!(run.server.requests().is_empty(), "it asks LaunchDarkly nothing");
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn status_shows_each_sync_and_its_last_run() {
    let run = filled();
    let status = look(&run, &["status"]);
    let items = status["items"].as_array().unwrap();
    let shown: Vec<_> = items
        .iter()
        .map(|one| {
            json!([
                one["sync_name"],
                one["object"],
                one["last_outcome"],
                one["rows_held"],
                one["rows_rejected"]
            ])
        })
        .collect();
    let expected = [
        json!(["events:web/production", "events", "succeeded", 2, 0]),
        json!(["metrics:web", "metrics", "rows_rejected", 1, 1]),
        json!(["segment:web/production/beta", "segment", "succeeded", 2, 0]),
    ];
    assert_eq!(shown, expected);
    let text = run.run(&["sync", "status"]).succeeded().stdout;
    assert!(text.contains("segment:web/production/beta"), "{text}");
}

#[test]
fn status_shows_a_run_that_was_killed() {
    let run = place();
    write_events(&run, ["x"]);
    script(&run, EVENTS, 0, Answer::Hold);
    kill_when_held(&run, SYNC_EVENTS, &[]);
    let one = look(&run, &["status"])["items"][0].clone();
    assert_eq!((&one["last_outcome"], &one["open_batches"]), (&json!("running"), &json!(1)));
}

#[test]
fn the_log_shows_the_newest_runs_first() {
    let run = filled();
    synced(&run, SYNC_SEGMENT, &[]);
    let log = look(&run, &["log", "segment:web/production/beta"]);
    let counts: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["added"].as_i64().unwrap(), one["rows_unchanged"].as_i64().unwrap()))
        .collect();
    assert_eq!(counts, [(0, 2), (2, 0)]);
    assert_eq!(look(&run, &["log"])["items"].as_array().unwrap().len(), 4);
    assert_eq!(look(&run, &["log", "--limit", "1"])["items"].as_array().unwrap().len(), 1);
    let unknown = run.run(&["sync", "log", "segment:web/production/bta", "--error-format", "json"]);
    let error = unknown.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("segment:web/production/beta"), "{error}");
}

#[test]
fn a_forgotten_sync_leaves_nothing_behind() {
    let run = filled();
    look(&run, &["forget", "metrics:web"]);
    look(&run, &["forget", "events:web/production"]);
    for table in ["syncs", "sync_runs", "sync_rows", "sync_batches", "sync_rejected"] {
        let sql = format!("SELECT count(*) FROM {table}");
        let left = rows(&state(&run), &sql)[0].parse::<i64>().unwrap();
        let expected = match table {
            "syncs" | "sync_runs" => 1,
            "sync_rows" => 2,
            _ => 0,
        };
        assert_eq!(left, expected, "{table}");
    }
    let again = run.run(&["sync", "forget", "metrics:web", "--error-format", "json"]);
    again.failed(2, "usage");
}

#[test]
fn a_forgotten_person_is_in_no_byte_of_the_file() {
    let run = place();
    write_users(&run, ["ada-lovelace", "bob"]);
    synced(&run, SYNC_SEGMENT, &[]);
    let arguments = ["forget", "segment:web/production/beta", "--context-key", "ada-lovelace"];
    assert_eq!(look(&run, &arguments)["forgotten"], 1);
    for entry in fs::read_dir(run.folder.path()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path()).unwrap();
        let is_found = String::from_utf8_lossy(&bytes).contains("ada-lovelace");
        assert!(!is_found || name == "users.csv", "{name}");
    }
    assert_eq!(rows(&state(&run), "SELECT row_key FROM sync_rows"), ["\"bob\""]);
}

#[test]
fn old_runs_are_pruned_and_event_ids_kept() {
    let run = place();
    write_events(&run, ["x"]);
    synced(&run, SYNC_EVENTS, &[]);
    let sql = "UPDATE sync_runs SET started_at = '2020-01-01T00:00:00.000Z'";
    state(&run).execute(sql, []).unwrap();
    sync_without_writes(&run, SYNC_EVENTS, &["--keep-runs", "90d"]).succeeded();
    assert_eq!(rows(&state(&run), "SELECT count(*) FROM sync_runs"), ["1"]);
    sync_without_writes(&run, SYNC_EVENTS, &[]).succeeded();
    assert_eq!(run.server.count_events(), 1);
}

#[test]
fn a_file_of_another_program_is_refused_and_not_changed() {
    let run = place();
    write_users(&run, ["a"]);
    let other = Connection::open(run.path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    drop(other);
    write(&run, "text.db", "this is no database, but a text that is long enough");
    for name in ["other.db", "text.db"] {
        let before = fs::read(run.path(name)).unwrap();
        for more in [&["--state", name][..], &["--state", name, "--dry-run"]] {
            sync_without_writes(&run, SYNC_SEGMENT, more).failed(8, "output_failed");
        }
        assert_eq!(fs::read(run.path(name)).unwrap(), before, "{name}");
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let run = filled();
    state(&run).execute_batch("PRAGMA user_version = 99").unwrap();
    let error = sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("newer version"), "{error}");
}

#[test]
fn commands_about_a_missing_file_create_none() {
    let run = place();
    for arguments in [&["status"][..], &["log"], &["forget", "x"]] {
        let all = [&["sync"], arguments, &["--error-format", "json"]].concat();
        run.run(&all).failed(2, "usage");
    }
    assert!(!run.path("flaglake-sync.db").exists());
}

#[test]
fn a_second_run_at_the_same_time_sends_nothing() {
    let run = place();
    write_events(&run, ["x"]);
    write_users(&run, ["a"]);
    script(&run, EVENTS, 0, Answer::Hold);
    let mut child = start(&run, SYNC_EVENTS, &[]);
    assert!(run_until_held(&run, &mut child));
    unscript(&run);
    for arguments in [SYNC_EVENTS, SYNC_SEGMENT] {
        let error = sync_without_writes(&run, arguments, &[]).failed(8, "output_failed");
        assert!(error.to_string().contains("flaglake-sync.db"), "{error}");
    }
    // Looking, and another state file, are no matter.
    assert_eq!(look(&run, &["status"])["items"][0]["last_outcome"], "running");
    synced(&run, SYNC_SEGMENT, &["--state", "other.db"]);
    kill(child);
    synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(run.server.count_events(), 1);
}

#[test]
fn an_interrupted_run_is_status_130_and_continued() {
    use rustix::process::{Pid, Signal, kill_process};
    let run = place();
    write_events(&run, ["x", "y"]);
    script(&run, EVENTS, 0, Answer::Hold);
    let mut command = command(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(run_until_held(&run, &mut child));
    let pid = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    let error = ended(child.wait_with_output().unwrap()).failed(130, "interrupted");
    let message = error["message"].as_str().unwrap();
    assert_eq!(message, "interrupted; what was sent until then stays");
    unscript(&run);
    synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(run.server.count_events(), 2);
}

#[test]
fn the_tables_are_those_of_the_contract() {
    let run = filled();
    let columns = |table: &str| {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        rows(&state(&run), &sql)
            .iter()
            .map(|name| name.trim_matches('"').to_owned())
            .collect::<Vec<_>>()
    };
    for (table, expected) in [
        ("syncs", &["sync_name", "object", "target", "mapping_hash", "created_at"][..]),
        (
            "sync_runs",
            &[
                "sync_run_id",
                "sync_name",
                "started_at",
                "finished_at",
                "outcome",
                "rows_read",
                "rows_invalid",
                "rows_unchanged",
                "created",
                "updated",
                "added",
                "removed",
                "rejected",
                "foreign_rows",
                "requests",
            ],
        ),
        ("sync_rows", &["sync_name", "row_key", "payload_hash", "status", "last_run"]),
        ("sync_rejected", &["sync_run_id", "row_number", "row_key", "reason", "message"]),
        ("sync_batches", &["sync_name", "payload_id", "state", "created_at", "rows", "body"]),
    ] {
        let found = columns(table);
        for name in expected {
            assert!(found.iter().any(|one| one == name), "{table}.{name}: {found:?}");
        }
    }
    assert_eq!(set(["a", "b"]), members(&run));
}

#[test]
fn old_batches_are_kept_until_their_keys_are_known() {
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    script(&run, EVENTS, 2, Answer::Hang);
    kill_when_held(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    for table in ["sync_batches SET created_at", "sync_runs SET started_at"] {
        let sql = format!("UPDATE {table} = '2020-01-01T00:00:00.000Z'");
        state(&run).execute(&sql, []).unwrap();
    }
    // A run that cannot read its source settles nothing.
    let events = run.path("events.csv");
    fs::rename(&events, run.path("away.csv")).unwrap();
    sync_without_writes(&run, SYNC_EVENTS, &["--keep-runs", "90d"]).failed(2, "usage");
    let old = "SELECT state FROM sync_batches WHERE state = 'acknowledged'";
    assert_eq!(rows(&state(&run), old).len(), 2);
    fs::rename(run.path("away.csv"), events).unwrap();
    synced(&run, SYNC_EVENTS, &["--keep-runs", "90d", "--unknown", "resend"]);
    assert_eq!(run.server.count_events(), 3);
    sync_without_writes(&run, SYNC_EVENTS, &["--keep-runs", "90d"]).succeeded();
}
