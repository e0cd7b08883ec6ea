//! Standard segments: sizes, others' edits, conflicts, and what a killed run leaves behind.

use fake_launchdarkly::{Answer, ForeignEdit, Writes};
use serde_json::json;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, count, counts, create_segment, kill_when_held, many, members, place,
    script, segment, set, summary, sync, sync_without_writes, synced, write_users, writes,
};
use crate::support::Run;

const LIST: &str = "/api/v2/segments/web/production";

fn synced_segment(run: &Run, keys: &[&str]) {
    write_users(run, keys);
    synced(run, SYNC_SEGMENT, &[]);
    run.server.forget_requests();
}

#[test]
fn fifteen_thousand_members_take_at_most_16_writes() {
    let run = place();
    write_users(&run, many(0..15_000));
    let summary = synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(count(&summary, "added"), 15_000);
    assert_eq!(members(&run).len(), 15_000);
    assert!(writes(&run).len() <= 16, "{}", writes(&run).len());
    let again = sync_without_writes(&run, SYNC_SEGMENT, &[]).succeeded();
    assert_eq!(count(&crate::setup::summary(&again), "unchanged"), 15_000);
}

#[test]
fn no_request_has_more_than_a_thousand_keys() {
    let run = place();
    create_segment(&run, json!({}));
    run.server.behave(|behaviour| behaviour.writes.most_targets = 1_000);
    write_users(&run, many(0..1_500));
    synced(&run, SYNC_SEGMENT, &[]);
    write_users(&run, many(800..2_300));
    run.server.forget_requests();
    let summary = synced(&run, SYNC_SEGMENT, &["--max-removals", "100%"]);
    assert_eq!(counts(&summary, ["added", "removed"]), [800, 800]);
    assert_eq!(members(&run), many(800..2_300).collect());
    assert_eq!(writes(&run).len(), 2);
}

#[test]
fn removals_come_first_where_a_segment_is_nearly_full() {
    let run = place();
    write_users(&run, many(0..15_000));
    synced(&run, SYNC_SEGMENT, &[]);
    run.server.behave(|behaviour| behaviour.writes.most_members = Some(15_000));
    write_users(&run, many(50..15_050));
    synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(members(&run), many(50..15_050).collect());
}

#[test]
fn members_of_others_stay_and_are_counted() {
    let run = place();
    create_segment(&run, json!({"included": ["other", "both"]}));
    write_users(&run, ["both", "mine"]);
    let summary = synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(counts(&summary, ["added", "unchanged", "foreign"]), [1, 1, 1]);
    assert_eq!(members(&run), set(["both", "mine", "other"]));
    // A key that the source has held is the sync's, though somebody else added it.
    write_users(&run, ["mine"]);
    let summary = synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(counts(&summary, ["removed", "foreign"]), [1, 1]);
    assert_eq!(members(&run), set(["mine", "other"]));
}

#[test]
fn what_others_undo_between_read_and_write_is_done_again() {
    let run = place();
    synced_segment(&run, &["a", "b"]);
    let edit = ForeignEdit {
        project: "web".to_owned(),
        environment: "production".to_owned(),
        segment: "beta".to_owned(),
        context_kind: "user".to_owned(),
        after_get: 2,
        add: vec!["other".to_owned()],
        remove: vec!["a".to_owned()],
    };
    run.server.behave(|behaviour| behaviour.writes.foreign_edits = vec![edit]);
    write_users(&run, ["a", "b", "c"]);
    let summary = synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(members(&run), set(["a", "b", "c", "other"]));
    assert_eq!(count(&summary, "read"), 3);
}

#[test]
fn a_key_is_the_syncs_before_the_request_that_adds_it() {
    for answer in [Answer::Hold, Answer::Hang] {
        let run = place();
        create_segment(&run, json!({"included": ["other"]}));
        write_users(&run, ["a", "b"]);
        script(&run, SEGMENT, 0, answer);
        kill_when_held(&run, SYNC_SEGMENT, &[]);
        write_users(&run, ["b"]);
        synced(&run, SYNC_SEGMENT, &[]);
        assert_eq!(members(&run), set(["b", "other"]));
    }
}

#[test]
fn a_lost_answer_does_not_add_or_create_twice() {
    let run = place();
    run.server.behave(|behaviour| {
        behaviour.writes = Writes { lost_answers: Some(2), ..Writes::default() };
    });
    script(&run, LIST, 0, Answer::Lost);
    write_users(&run, ["a", "b", "c"]);
    let summary = synced(&run, SYNC_SEGMENT, &["--batch-size", "1"]);
    assert_eq!(count(&summary, "added"), 3);
    assert_eq!(members(&run), set(["a", "b", "c"]));
}

#[test]
fn a_segment_that_is_too_new_to_be_found_is_waited_for() {
    let run = place();
    run.server.behave(|behaviour| behaviour.writes.fresh_not_found = 2);
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(members(&run), set(["a"]));
}

#[test]
fn a_conflict_is_overcome_and_an_endless_one_is_status_13() {
    let run = place();
    synced_segment(&run, &["a"]);
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(2));
    write_users(&run, ["a", "b", "c"]);
    synced(&run, SYNC_SEGMENT, &["--batch-size", "1"]);
    assert_eq!(members(&run), set(["a", "b", "c"]));
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(1));
    write_users(&run, ["a", "b", "c", "d"]);
    let ended = sync(&run, SYNC_SEGMENT, &[]);
    ended.failed(13, "conflict");
    assert_eq!(summary(&ended)["outcome"], "conflict");
    assert_eq!(members(&run), set(["a", "b", "c"]));
}

#[test]
fn a_new_segment_has_the_name_and_the_change_its_comment() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &["--name", "Beta users", "--comment", "nightly"]);
    assert_eq!(segment(&run)["name"], "Beta users");
    let comments: Vec<_> = run.server.read(|account| {
        account.audit_log.iter().filter_map(|entry| entry.comment.clone()).collect()
    });
    assert_eq!(comments, ["nightly"]);
}
