//! Runs that are stopped before they read anything are recorded, and print their object.

use serde_json::Value;

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, command, count, place, state, summary, sync,
    sync_without_writes, write, write_events, write_users,
};
use crate::shared::USERS;
use crate::support::{Run, ended, rows};

/// An environment that requires comments.
fn commented() -> Run {
    let run = place();
    run.server.change(|account| account.projects[0].environments[0].require_comments = true);
    write_users(&run, ["a"]);
    run
}

#[test]
fn a_run_that_a_guard_stops_at_once_is_recorded() {
    let run = commented();
    let stopped = sync_without_writes(&run, SYNC_SEGMENT, &[]);
    stopped.failed(12, "guarded");
    let object = summary(&stopped);
    assert_eq!((&object["outcome"], count(&object, "read")), (&Value::from("guarded"), 0));
    let sql = "SELECT outcome, finished_at IS NOT NULL FROM sync_runs";
    assert_eq!(rows(&state(&run), sql), ["\"guarded\" | 1"]);
    // What is missing from the state file still is.
    let next = sync(&run, SYNC_SEGMENT, &["--comment", "why"]).succeeded();
    assert!(next.stderr.contains("is new"), "{}", next.stderr);
}

#[test]
fn failed_runs_include_those_that_did_not_begin() {
    let run = commented();
    write(&run, "commented.toml", format!("{USERS}comment = \"why\"\n"));
    write(&run, "syncs.toml", USERS);
    sync(&run, &["run", "commented.toml"], &[]).succeeded();
    sync(&run, &["run", "syncs.toml"], &[]).failed(12, "guarded");
    let again = sync(&run, &["run", "syncs.toml", "--failed"], &[]);
    again.failed(12, "guarded");
    let object = summary(&again);
    assert_eq!(object["syncs"][0]["outcome"], "guarded");
    assert!(count(&object["syncs"][0], "requests") > 0, "{object}");
}

#[test]
fn every_run_prints_one_object() {
    let run = place();
    write_users(&run, ["a"]);
    write_events(&run, ["x"]);
    let missing = ["--require-state", "--state", "missing.db"];
    for (arguments, more, status) in [
        (SYNC_SEGMENT, &["--context-kind", "usr"][..], 2),
        (SYNC_SEGMENT, &["--limit", "1"], 2),
        (SYNC_SEGMENT, &missing, 12),
        (SYNC_EVENTS, &["--map", "evnt_key=id"], 2),
        (SYNC_METRICS, &[], 2),
        (&["run", "missing.toml"], &[], 2),
    ] {
        let ended = sync_without_writes(&run, arguments, more);
        assert_eq!(ended.status, status, "{arguments:?}: {}", ended.stderr);
        assert_eq!(ended.stdout.lines().count(), 1, "{arguments:?}: {}", ended.stdout);
        assert_ne!(summary(&ended)["outcome"], "succeeded", "{arguments:?}");
    }
    let mut command = command(&run, SYNC_SEGMENT, &[]);
    let ended = ended(command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").output().unwrap());
    assert_ne!(ended.status, 0);
    assert_eq!(summary(&ended)["sync_name"], "segment:web/production/beta");
}
