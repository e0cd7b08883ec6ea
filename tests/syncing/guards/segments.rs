//! Guards about the segment that is to be written.

use serde_json::{Value, json};

use crate::setup::{
    SYNC_SEGMENT, create_big_segment, create_segment, edit_in, many, members, place,
    sync_without_writes, synced, write, write_users,
};
use crate::shared::guards;
use crate::support::Run;

fn existing(fields: Value) -> Run {
    let run = place();
    create_segment(&run, fields);
    write_users(&run, ["a"]);
    run
}

#[test]
fn a_synced_segment_is_not_written() {
    let run = existing(json!({"_external": "amplitude"}));
    guards(&run, SYNC_SEGMENT, &[], "is synced by `amplitude`");
}

#[test]
fn a_segment_of_the_other_kind_is_not_written() {
    let run = existing(json!({}));
    guards(&run, SYNC_SEGMENT, &["--kind", "big"], "is a standard segment");
    let run = place();
    create_big_segment(&run);
    write_users(&run, ["a"]);
    guards(&run, SYNC_SEGMENT, &[], "is a big segment");
}

#[test]
fn a_segment_with_an_import_in_progress_is_not_written() {
    let run = place();
    create_big_segment(&run);
    edit_in(&run, |segment| segment["_importInProgress"] = json!(true));
    write_users(&run, ["a"]);
    guards(&run, SYNC_SEGMENT, &["--kind", "big"], "an import");
}

#[test]
fn a_big_segment_of_another_context_kind_is_not_written() {
    let run = place();
    create_big_segment(&run);
    write_users(&run, ["a"]);
    guards(
        &run,
        SYNC_SEGMENT,
        &["--kind", "big", "--context-kind", "account"],
        "of the context kind `user`",
    );
}

#[test]
fn a_standard_segment_has_at_most_15000_members() {
    let run = place();
    write_users(&run, many(0..15_001));
    guards(&run, SYNC_SEGMENT, &[], "15001 members");
    let error = sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(12, "guarded");
    assert!(error["hint"].as_str().unwrap().contains("--kind big"), "{error}");
    assert!(members(&run).is_empty());
}

#[test]
fn members_of_others_and_of_other_kinds_count_too() {
    let all: Vec<_> = many(0..14_000).collect();
    let others = json!([{"contextKind": "account", "values": many(0..999).collect::<Vec<_>>()}]);
    let run = existing(json!({"included": all, "includedContexts": others}));
    synced(&run, SYNC_SEGMENT, &[]);
    write_users(&run, ["a", "b"]);
    guards(&run, SYNC_SEGMENT, &[], "15001 members");
}

#[test]
fn a_mirror_from_a_pipe_needs_a_number_of_rows() {
    let run = place();
    let mut arguments = SYNC_SEGMENT.to_vec();
    *arguments.last_mut().unwrap() = "csv:-";
    let error = sync_without_writes(&run, &arguments, &[]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("--expect-rows"), "{error}");
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let run = place();
    write_users(&run, ["a"]);
    write(&run, "plan.json", "{}");
    for more in [
        &["--exclusive", "--mode", "add"][..],
        &["--limit", "1"],
        &["--kind", "synced"],
        &["--integration-key", "mine"],
        &["--kind", "synced", "--integration-key", "mine", "--exclusive"],
        &["--kind", "synced", "--integration-key", "mine", "--instance", "eu"],
        &["--plan", "a.json", "--apply", "plan.json"],
        &["--table", "users"],
        &["--map", "context_key=a", "--map", "context_key=b"],
        &["--map", "context_key=a", "--set", "context_key=b"],
        &["--personal-data", "drop"],
        &["--max-removals", "lots"],
    ] {
        sync_without_writes(&run, SYNC_SEGMENT, more).failed(2, "usage");
    }
}
