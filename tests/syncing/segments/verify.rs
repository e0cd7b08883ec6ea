//! `--verify`: what LaunchDarkly shows of a segment is compared with what was sent.

use std::time::Duration;

use fake_launchdarkly::{Answer, Scripted};
use serde_json::json;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, create_big_segment, create_segment, members, place, segment, set, sync,
    sync_without_writes, synced, write_users, writes,
};
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];
const VERIFY: &[&str] = &["--kind", "big", "--verify"];

/// Answers the reads of the segment: the first ones as they are, the next one so.
fn answer_read(run: &Run, after: usize, answer: Answer) {
    let real = Scripted::once(SEGMENT, Answer::Delay(Duration::ZERO)).method("GET").times(after);
    let next = Scripted::once(SEGMENT, answer).method("GET");
    run.server.behave(|behaviour| behaviour.script = vec![real, next]);
}

fn reads(run: &Run) -> usize {
    let requests = run.server.requests();
    requests.iter().filter(|one| one.method == "GET" && one.path == SEGMENT).count()
}

#[test]
fn a_count_that_is_late_is_waited_for() {
    let run = place();
    create_big_segment(&run);
    let hour = Duration::from_secs(3_600);
    run.server.behave(|behaviour| behaviour.writes.counts_late = hour);
    write_users(&run, ["a"]);
    // The hour passes between the fourth and the fifth look.
    answer_read(&run, 5, Answer::change(|account| account.now_ms += 2 * 3_600_000));
    let ended = sync(&run, SYNC_SEGMENT, VERIFY).succeeded();
    assert!(!ended.stderr.contains("counts"), "{}", ended.stderr);
    assert_eq!(reads(&run), 6, "one before the change, and five looks");
}

#[test]
fn without_a_change_only_verification_looks_for_a_gap() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, BIG);
    write_users(&run, ["theirs"]);
    sync(&run, SYNC_SEGMENT, &[BIG, &["--state", "other.db"]].concat()).succeeded();
    write_users(&run, ["a"]);
    let ended = sync_without_writes(&run, SYNC_SEGMENT, BIG).succeeded();
    assert!(!ended.stderr.contains("counts"), "{}", ended.stderr);
    assert_eq!(reads(&run), 1);
    let ended = sync_without_writes(&run, SYNC_SEGMENT, VERIFY).succeeded();
    let gap = "counts 2 members, and this sync has added 1";
    assert!(ended.stderr.contains(gap), "{}", ended.stderr);
}

#[test]
fn a_count_that_agrees_is_asked_for_once() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, BIG);
    let ended = sync_without_writes(&run, SYNC_SEGMENT, VERIFY).succeeded();
    assert!(!ended.stderr.contains("counts"), "{}", ended.stderr);
    assert_eq!(reads(&run), 2);
}

#[test]
fn a_list_from_before_the_change_is_read_again() {
    let run = place();
    create_segment(&run, json!({"included": ["a"]}));
    write_users(&run, ["a", "b"]);
    let before = segment(&run).to_string();
    answer_read(&run, 1, Answer::json(200, before));
    let ended = sync(&run, SYNC_SEGMENT, &["--verify"]).succeeded();
    assert!(!ended.stderr.contains("still shows"), "{}", ended.stderr);
    assert_eq!((reads(&run), writes(&run).len()), (3, 1));
    assert_eq!(members(&run), set(["a", "b"]));
}
