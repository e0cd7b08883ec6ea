//! `--dry-run` sends nothing but GET, leaves the state file as it is, and says what the run does.

use std::path::Path;

use serde_json::{Value, json};

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, create_segment, place, summary, sync,
    sync_without_writes, synced, write, write_events, write_users,
};
use crate::support::Run;

/// The counts that a plan and its run have in common.
fn shared(summary: &Value) -> Vec<Value> {
    let names = [
        "read",
        "invalid",
        "unchanged",
        "duplicates",
        "created",
        "updated",
        "added",
        "removed",
        "rejected",
        "foreign",
    ];
    names.map(|name| summary[name].clone()).into()
}

fn bytes(run: &Run) -> Option<Vec<u8>> {
    std::fs::read(run.path("flaglake-sync.db")).ok()
}

/// Every file of the folder.
fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A dry run, and then the run.
#[track_caller]
fn plans_what_it_does(run: &Run, arguments: &[&str], more: &[&str]) -> Value {
    let before = (bytes(run), files(run.folder.path()));
    let dry = sync_without_writes(run, arguments, &[more, &["--dry-run"]].concat());
    assert_eq!((bytes(run), files(run.folder.path())), before, "a dry run leaves no trace");
    let planned = summary(&dry);
    assert_eq!(planned["dry_run"], true);
    let wet = sync(run, arguments, more);
    let done = summary(&wet);
    assert_eq!(done["dry_run"], false);
    assert_eq!(dry.status, wet.status, "{}\n{}", dry.stderr, wet.stderr);
    assert_eq!(shared(&planned), shared(&done));
    planned
}

#[test]
fn of_a_segment() {
    let run = place();
    write(&run, "users.csv", "context_key\na\nb\n\"\"\na\n");
    let plan = plans_what_it_does(&run, SYNC_SEGMENT, &[])["plan"].clone();
    assert_eq!(plan["counts"], json!({"add": 2, "reject": 1}));
    create_segment(&run, json!({"key": "gamma"}));
    write_users(&run, ["b", "c"]);
    let plan = plans_what_it_does(&run, SYNC_SEGMENT, &[])["plan"].clone();
    assert_eq!(plan["counts"], json!({"add": 1, "remove": 1}));
    let items = plan["items"].as_array().unwrap();
    let actions: Vec<_> = items.iter().map(|item| (&item["action"], &item["row_key"])).collect();
    assert!(actions.contains(&(&json!("add"), &json!("c"))), "{plan}");
    assert!(actions.contains(&(&json!("remove"), &json!("a"))), "{plan}");
    plans_what_it_does(&run, SYNC_SEGMENT, &[]);
}

#[test]
fn of_a_big_segment() {
    let run = place();
    for keys in [["a", "b"], ["b", "c"], ["b", "c"]] {
        write_users(&run, keys);
        plans_what_it_does(&run, SYNC_SEGMENT, &["--kind", "big"]);
    }
}

#[test]
fn of_events() {
    let run = place();
    for ids in [&["a", "b", "a"][..], &["b", "c"], &["b", "c"]] {
        write_events(&run, ids);
        plans_what_it_does(&run, SYNC_EVENTS, &[]);
    }
    write(&run, "events.csv", "id,event_key,context_key,occurred_at\nd,d,u,never\n");
    plans_what_it_does(&run, SYNC_EVENTS, &[]);
}

#[test]
fn of_metrics() {
    let run = place();
    write(&run, "metrics.csv", "key,name,event_key\na,A,x\nb,B,x\nc,C,\n");
    plans_what_it_does(&run, SYNC_METRICS, &[]);
    write(&run, "metrics.csv", "key,name,event_key\na,A,x\nb,New,x\nd,D,x\n");
    let plan = plans_what_it_does(&run, SYNC_METRICS, &[])["plan"].clone();
    assert_eq!(plan["counts"], json!({"create": 1, "update": 1}));
    let items = plan["items"].as_array().unwrap();
    let change = items.iter().find(|item| item["action"] == "update").unwrap();
    let expected = json!([{"op": "replace", "path": "/name", "value": "New"}]);
    assert_eq!((&change["row_key"], &change["detail"]), (&json!("b"), &expected));
}

#[test]
fn of_what_a_killed_run_left() {
    use fake_launchdarkly::Answer;
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    crate::setup::script(&run, crate::setup::EVENTS, 1, Answer::Hold);
    crate::setup::kill_when_held(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    // The write-ahead log of the killed run is still there; reading it is no change.
    let dry = sync_without_writes(&run, SYNC_EVENTS, &["--dry-run"]);
    let planned = summary(&dry.succeeded());
    let done = synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(shared(&planned), shared(&done));
}

#[test]
fn guards_stop_a_dry_run_too() {
    let run = place();
    write_users(&run, [""; 0]);
    sync_without_writes(&run, SYNC_SEGMENT, &["--dry-run"]).failed(12, "guarded");
    assert_eq!(bytes(&run), None);
}

#[test]
fn for_people_the_first_items_and_the_counts_are_shown() {
    let run = place();
    write_users(&run, (0..40).map(|number| format!("user-{number:02}")));
    let plain = [&["sync"], SYNC_SEGMENT, &["--dry-run"]].concat();
    let text = run.run(&plain).succeeded().stdout;
    assert!(text.contains("dry run: nothing was sent"), "{text}");
    assert!(text.contains("user-00") && !text.contains("user-39"), "{text}");
    assert!(text.lines().any(|line| line.contains("added") && line.contains("40")), "{text}");
}
