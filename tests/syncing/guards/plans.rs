//! `--plan FILE` stores a plan, `--apply FILE` sends it while it still is the plan.

use serde_json::{Value, json};

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, edit_in, members, place, set, summary,
    sync_without_writes, synced, write, write_events, write_users,
};
use crate::support::Run;

const PLAN: [&str; 3] = ["--dry-run", "--plan", "plan.json"];
const APPLY: [&str; 2] = ["--apply", "plan.json"];

fn plan(run: &Run) -> Value {
    serde_json::from_slice(&std::fs::read(run.path("plan.json")).unwrap()).unwrap()
}

#[test]
fn a_plan_that_still_applies_is_sent() {
    let run = place();
    write_users(&run, ["a", "b"]);
    write_events(&run, ["a"]);
    write(&run, "metrics.csv", "key,event_key\na,x\n");
    for sync in [SYNC_SEGMENT, SYNC_EVENTS, SYNC_METRICS] {
        sync_without_writes(&run, sync, &PLAN).succeeded();
        let name = plan(&run)["sync_name"].clone();
        assert_eq!(synced(&run, sync, &APPLY)["sync_name"], name);
        // Once it is sent, it is no longer the plan.
        sync_without_writes(&run, sync, &APPLY).failed(13, "conflict");
    }
    assert_eq!(members(&run), set(["a", "b"]));
}

#[test]
fn a_source_that_has_changed_is_a_conflict() {
    let run = place();
    write_users(&run, ["a"]);
    sync_without_writes(&run, SYNC_SEGMENT, &PLAN).succeeded();
    write_users(&run, ["a", "b"]);
    let ended = sync_without_writes(&run, SYNC_SEGMENT, &APPLY);
    let error = ended.failed(13, "conflict");
    assert!(error["message"].as_str().unwrap().contains("plan.json"), "{error}");
    assert_eq!(summary(&ended)["outcome"], "conflict");
}

#[test]
fn an_account_that_has_changed_is_a_conflict() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &[]);
    write_users(&run, ["a", "b"]);
    sync_without_writes(&run, SYNC_SEGMENT, &PLAN).succeeded();
    edit_in(&run, |segment| segment["included"] = json!([]));
    sync_without_writes(&run, SYNC_SEGMENT, &APPLY).failed(13, "conflict");
}

#[test]
fn another_option_or_target_is_a_conflict() {
    let run = place();
    write_users(&run, ["a"]);
    sync_without_writes(&run, SYNC_SEGMENT, &[&PLAN[..], &["--sync-name", "s"]].concat());
    let same = ["--apply", "plan.json", "--sync-name", "s", "--state"];
    for more in [
        &["--segment", "other"][..],
        &["--environment", "test"],
        &["--kind", "big"],
        &["--mode", "add"],
        &["--context-kind", "account"],
        &["--exclusive"],
        &["--full"],
        &["--name", "Other"],
        &["--comment", "other"],
    ] {
        let option = more[0];
        let mut arguments = SYNC_SEGMENT.to_vec();
        match arguments.iter().position(|one| *one == option) {
            Some(position) => arguments[position + 1] = more[1],
            None => arguments.extend(more),
        }
        let state = format!("{}.db", option.trim_start_matches('-'));
        let apply = [&same[..], &[&state]].concat();
        sync_without_writes(&run, &arguments, &apply).failed(13, "conflict");
    }
    run.server.change(|account| account.account_id = "0123456789abcdef01234567".to_owned());
    let apply = [&same[..], &["account.db"]].concat();
    sync_without_writes(&run, SYNC_SEGMENT, &apply).failed(13, "conflict");
}

#[test]
fn every_field_of_a_new_metric_is_a_part_of_the_plan() {
    let run = place();
    let columns = "key,event_key,maintainer_id,archived,name\n";
    let row = |maintainer: &str, archived: &str, name: &str| {
        write(&run, "metrics.csv", format!("{columns}m,e,{maintainer},{archived},{name}\n"));
    };
    let (one, other) = ("569fdeadbeef1644facecafe", "569fdeadbeef1644facec000");
    row(one, "false", "N");
    sync_without_writes(&run, SYNC_METRICS, &PLAN).succeeded();
    assert_eq!(plan(&run)["items"][0]["detail"]["maintainerId"], one);
    for (maintainer, archived, name) in
        [(other, "false", "N"), (one, "true", "N"), (one, "false", "M")]
    {
        row(maintainer, archived, name);
        sync_without_writes(&run, SYNC_METRICS, &APPLY).failed(13, "conflict");
    }
    row(one, "false", "N");
    for more in [&["--mode", "create"][..], &["--allow-in-use"], &["--nulls", "clear"]] {
        sync_without_writes(&run, SYNC_METRICS, &[&APPLY[..], more].concat())
            .failed(13, "conflict");
    }
}

#[test]
fn a_plan_of_another_sync_is_a_conflict_and_other_files_are_no_plans() {
    let run = place();
    write_users(&run, ["a"]);
    sync_without_writes(&run, SYNC_SEGMENT, &PLAN).succeeded();
    let other = ["--apply", "plan.json", "--sync-name", "other"];
    sync_without_writes(&run, SYNC_SEGMENT, &other).failed(13, "conflict");
    for text in ["", "{}", "[1]"] {
        write(&run, "plan.json", text);
        sync_without_writes(&run, SYNC_SEGMENT, &APPLY).failed(2, "usage");
    }
    sync_without_writes(&run, SYNC_SEGMENT, &["--apply", "none.json"]).failed(2, "usage");
}

#[test]
fn the_file_has_every_item_and_the_dry_run_the_same_plan() {
    let run = place();
    write(&run, "users.csv", "context_key\na\nb\n\"\"\n");
    let ended = sync_without_writes(&run, SYNC_SEGMENT, &PLAN);
    ended.failed(11, "rows_rejected");
    assert_eq!(summary(&ended)["plan"], plan(&run));
    let items = plan(&run)["items"].clone();
    let expected = json!([
        {"action": "add", "row_number": 1, "row_key": "a", "detail": null},
        {"action": "add", "row_number": 2, "row_key": "b", "detail": null},
        {"action": "reject", "row_number": 3, "row_key": "", "detail": "empty_key"},
    ]);
    assert_eq!(items, expected);
}
