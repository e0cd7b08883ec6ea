//! A key that a run may have added stays the sync's, until LaunchDarkly certainly lacks it.

use fake_launchdarkly::Answer;
use serde_json::json;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, big_members, count, create_big_segment, create_segment, edit_in,
    kill_when_held, members, place, script, set, sync, synced, unscript, write_users,
};
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];
const CONTEXTS: &str = "/api/v2/segments/web/production/beta/contexts";

fn big(keys: &[&str]) -> Run {
    let run = place();
    create_big_segment(&run);
    write_users(&run, keys);
    run
}

/// LaunchDarkly refuses the key `a`; then it leaves the source.
#[track_caller]
fn refuse_and_leave(run: &Run) {
    sync(run, SYNC_SEGMENT, BIG).failed(11, "rows_rejected");
    unscript(run);
    write_users(run, ["other"]);
    synced(run, SYNC_SEGMENT, BIG);
    assert_eq!(big_members(run), set(["other"]));
}

#[test]
fn a_key_of_a_killed_run_is_removed_though_it_was_refused_since() {
    let run = big(&["a"]);
    script(&run, CONTEXTS, 0, Answer::Hold);
    kill_when_held(&run, SYNC_SEGMENT, BIG);
    assert_eq!(big_members(&run), set(["a"]));
    script(&run, CONTEXTS, 0, Answer::refusal(400));
    refuse_and_leave(&run);
}

#[test]
fn a_key_of_a_lost_answer_is_removed_though_it_was_refused_since() {
    let run = big(&["a"]);
    let lost = fake_launchdarkly::Scripted::once(CONTEXTS, Answer::Lost).method("POST");
    let refused = fake_launchdarkly::Scripted::once(CONTEXTS, Answer::refusal(400)).method("POST");
    run.server.behave(|behaviour| behaviour.script = vec![lost, refused]);
    refuse_and_leave(&run);
}

#[test]
fn a_key_that_was_refused_and_never_sent_before_is_not_the_syncs() {
    let run = big(&["a"]);
    script(&run, CONTEXTS, 0, Answer::refusal(400));
    sync(&run, SYNC_SEGMENT, BIG).failed(11, "rows_rejected");
    unscript(&run);
    write_users(&run, ["other"]);
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, BIG), "removed"), 0);
}

#[test]
fn a_refill_of_a_deleted_segment_that_is_killed_is_continued() {
    let run = place();
    write_users(&run, ["a", "b", "c"]);
    synced(&run, SYNC_SEGMENT, BIG);
    run.server.change(|account| account.lists.clear());
    script(&run, CONTEXTS, 1, Answer::Hang);
    kill_when_held(&run, SYNC_SEGMENT, &[BIG, &["--batch-size", "1"]].concat());
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, BIG), "added"), 2);
}

/// A run that is killed while its request is on its way, and one that then finds no member.
fn late() -> Run {
    let run = place();
    create_segment(&run, json!({"included": []}));
    write_users(&run, ["a", "b"]);
    script(&run, SEGMENT, 0, Answer::Hang);
    kill_when_held(&run, SYNC_SEGMENT, &[]);
    write_users(&run, ["b"]);
    synced(&run, SYNC_SEGMENT, &[]);
    run
}

fn arrive(run: &Run) {
    edit_in(run, |segment| segment["included"] = json!(["a", "b"]));
}

#[test]
fn a_key_that_arrives_after_the_next_run_is_removed() {
    let run = late();
    arrive(&run);
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, &[]), "removed"), 1);
    assert_eq!(members(&run), set(["b"]));
}

#[test]
fn a_key_that_does_not_arrive_is_forgotten() {
    let run = late();
    synced(&run, SYNC_SEGMENT, &[]);
    arrive(&run);
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, &[]), "foreign"), 1);
    assert_eq!(members(&run), set(["a", "b"]));
}
