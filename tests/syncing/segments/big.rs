//! Big segments: their members cannot be read, so the difference to the state file is sent.

use fake_launchdarkly::Writes;

use crate::setup::{
    SYNC_SEGMENT, big_members, count, counts, create_big_segment, many, place, set, summary, sync,
    sync_without_writes, synced, write, write_users, writes,
};
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];

fn paths(run: &Run) -> Vec<String> {
    let short = |path: &str| path.trim_start_matches("/api/v2/segments/web/production").to_owned();
    writes(run).iter().map(|one| format!("{} {}", one.method, short(&one.path))).collect()
}

#[test]
fn many_keys_are_imported_and_a_difference_is_sent_alone() {
    let run = place();
    write_users(&run, many(0..20_000));
    let summary = synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(count(&summary, "added"), 20_000);
    assert_eq!(paths(&run), ["POST ", "POST /beta/imports"]);
    assert_eq!(big_members(&run), many(0..20_000).collect());
    sync_without_writes(&run, SYNC_SEGMENT, BIG).succeeded();
    // One percent leaves, and as many come.
    write_users(&run, many(200..20_200));
    run.server.forget_requests();
    let summary = synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(counts(&summary, ["added", "removed", "unchanged"]), [200, 200, 19_800]);
    assert_eq!(paths(&run), ["POST /beta/contexts"]);
    assert!(writes(&run)[0].body_bytes < 5_000, "only the difference is sent");
    assert_eq!(big_members(&run), many(200..20_200).collect());
}

#[test]
fn few_keys_are_sent_without_an_import() {
    let run = place();
    create_big_segment(&run);
    write_users(&run, many(0..5_000));
    synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(paths(&run), ["POST /beta/contexts"; 5]);
    assert_eq!(big_members(&run).len(), 5_000);
}

#[test]
fn members_of_others_are_a_gap_in_the_count_that_is_warned_of() {
    let run = place();
    write_users(&run, ["theirs", "too"]);
    synced(&run, SYNC_SEGMENT, &["--kind", "big", "--state", "other.db"]);
    write_users(&run, ["mine"]);
    let ended = sync(&run, SYNC_SEGMENT, BIG).succeeded();
    assert_eq!(count(&summary(&ended), "foreign"), 2);
    assert!(ended.stderr.contains("counts 3 members"), "{}", ended.stderr);
    assert!(ended.stderr.contains("--full"), "{}", ended.stderr);
    assert_eq!(big_members(&run), set(["mine", "theirs", "too"]));
}

#[test]
fn a_full_run_sends_all_keys_again() {
    let run = place();
    write_users(&run, ["a", "b"]);
    synced(&run, SYNC_SEGMENT, BIG);
    run.server.forget_requests();
    let full = [BIG, &["--full"]].concat();
    let summary = synced(&run, SYNC_SEGMENT, &full);
    assert_eq!(counts(&summary, ["added", "unchanged"]), [2, 0]);
    assert_eq!(paths(&run), ["POST /beta/imports"]);
}

#[test]
fn a_segment_that_was_deleted_is_filled_again() {
    let run = place();
    write_users(&run, ["a", "b"]);
    synced(&run, SYNC_SEGMENT, BIG);
    run.server.change(|account| account.lists.clear());
    let summary = synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(count(&summary, "added"), 2);
}

#[test]
fn a_plan_without_big_segments_is_named() {
    for status in [400, 403, 404] {
        let run = place();
        run.server.behave(|behaviour| behaviour.writes.big_segments_refused = Some(status));
        write_users(&run, ["a"]);
        let ended = sync(&run, SYNC_SEGMENT, BIG);
        assert!([4, 7].contains(&ended.status), "{status}: {}", ended.stderr);
        assert_eq!(writes(&run).len(), 1, "no standard segment takes its place");
        assert!(big_members(&run).is_empty());
    }
}

#[test]
fn hashed_keys_are_refused_since_removals_need_the_keys() {
    let run = place();
    write_users(&run, ["a"]);
    write(&run, "key", "0123456789abcdef0123456789abcdef");
    let hash = ["--personal-data", "hash", "--personal-data-key-file", "key"];
    sync_without_writes(&run, SYNC_SEGMENT, &[BIG, &hash].concat()).failed(2, "usage");
}

#[test]
fn lost_answers_and_failures_are_made_good() {
    let run = place();
    create_big_segment(&run);
    run.server.behave(|behaviour| {
        behaviour.writes =
            Writes { lost_answers: Some(2), fail_before: Some((3, 503)), ..Writes::default() };
    });
    write_users(&run, many(0..10));
    synced(&run, SYNC_SEGMENT, &[BIG, &["--batch-size", "4"]].concat());
    assert_eq!(big_members(&run), many(0..10).collect());
}
