//! Batches that LaunchDarkly refuses are halved down to the rows at fault.

use fake_launchdarkly::Answer;
use serde_json::json;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, counts, create_segment, edit_segment, many, members, place, rejected,
    script, set, summary, sync, unscript, write_users, writes,
};

#[test]
fn one_key_at_fault_does_not_stop_the_others() {
    let run = place();
    create_segment(&run, json!({}));
    write_users(&run, many(0..20));
    // Somebody excludes a key after the segment was read.
    let change = Answer::change(|account| {
        edit_segment(account, |segment| segment["excluded"] = json!(["k00007"]));
    });
    script(&run, SEGMENT, 0, change);
    let ended = sync(&run, SYNC_SEGMENT, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["added", "rejected"]), [19, 1]);
    assert_eq!(rejected(&run), ["8 | \"k00007\" | \"refused:invalid_request\""]);
    assert_eq!(members(&run).len(), 19);
    unscript(&run);
    // The next run tries it again, once it may be a member.
    run.server.change(|account| edit_segment(account, |segment| segment["excluded"] = json!([])));
    let summary = crate::setup::synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(counts(&summary, ["added", "unchanged"]), [1, 19]);
    assert!(members(&run).contains("k00007"));
}

#[test]
fn after_twenty_equal_refusals_the_rest_is_not_tried() {
    let run = place();
    create_segment(&run, json!({}));
    run.server.behave(|behaviour| behaviour.writes.most_members = Some(0));
    write_users(&run, many(0..64));
    let ended = sync(&run, SYNC_SEGMENT, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["added", "rejected"]), [0, 64]);
    let rejected = rejected(&run);
    let of = |reason: &str| rejected.iter().filter(|row| row.contains(reason)).count();
    assert_eq!(of("refused:invalid_request") + of("not_tried"), 64);
    assert!((20..32).contains(&of("refused:invalid_request")), "{rejected:?}");
    assert!(writes(&run).len() < 70, "{}", writes(&run).len());
}

#[test]
fn rejected_rows_are_tried_again_after_the_new_ones() {
    let run = place();
    create_segment(&run, json!({}));
    run.server.behave(|behaviour| behaviour.writes.most_members = Some(0));
    write_users(&run, ["a", "b"]);
    sync(&run, SYNC_SEGMENT, &[]).failed(11, "rows_rejected");
    run.server.behave(|behaviour| behaviour.writes.most_members = Some(1));
    write_users(&run, ["a", "b", "c"]);
    let ended = sync(&run, SYNC_SEGMENT, &[]);
    assert_eq!(counts(&summary(&ended), ["added", "rejected"]), [1, 2]);
    assert_eq!(members(&run), set(["c"]));
}

#[test]
fn a_required_approval_is_status_10_and_not_halved() {
    let run = place();
    create_segment(&run, json!({}));
    run.server.behave(|behaviour| behaviour.writes.segment_approvals = true);
    write_users(&run, many(0..20));
    let error = sync(&run, SYNC_SEGMENT, &[]).failed(10, "approval_required");
    assert!(error["hint"].as_str().unwrap().contains("bypassRequiredSegmentApproval"), "{error}");
    assert_eq!(writes(&run).len(), 1);
}
