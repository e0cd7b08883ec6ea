//! Imports that replace all members of a big segment, those of others included.

use fake_launchdarkly::{Answer, Scripted};
use serde_json::json;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, big_members, count, counts, many, place, script, set, summary, sync,
    sync_without_writes, synced, write_users, writes,
};
use crate::shared::guards;
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];
const EXCLUSIVE: &[&str] = &["--kind", "big", "--exclusive"];
const FULL: &[&str] = &["--kind", "big", "--exclusive", "--full"];

/// Somebody else adds members to the big segment.
fn add_others<K: AsRef<str>>(run: &Run, keys: impl IntoIterator<Item = K>) {
    write_users(run, keys);
    synced(run, SYNC_SEGMENT, &["--kind", "big", "--mode", "add", "--state", "other.db"]);
}

fn of_others(count: usize) -> Run {
    let run = place();
    add_others(&run, many(0..count));
    write_users(&run, ["mine"]);
    run
}

#[test]
fn the_members_that_an_import_replaces_are_removals() {
    let run = of_others(40);
    guards(&run, SYNC_SEGMENT, EXCLUSIVE, "40 of 40 members would be removed");
    guards(&run, SYNC_SEGMENT, &[EXCLUSIVE, &["--dry-run"]].concat(), "40 of 40");
    guards(&run, SYNC_SEGMENT, &[EXCLUSIVE, &["--max-removals", "39"]].concat(), "40 of 40");
    let all = [EXCLUSIVE, &["--max-removals", "40"]].concat();
    let dry = sync_without_writes(&run, SYNC_SEGMENT, &[&all[..], &["--dry-run"]].concat());
    let planned = summary(&dry.succeeded());
    let replaced = &planned["plan"]["items"][1];
    assert_eq!(replaced["action"], "replace");
    assert_eq!(replaced["detail"], json!({"members": 40, "removed": 40}));
    assert_eq!(planned["plan"]["settings"]["options"]["import"], "replace");
    let done = synced(&run, SYNC_SEGMENT, &all);
    for summary in [planned, done] {
        assert_eq!(counts(&summary, ["added", "removed", "foreign"]), [1, 40, 0]);
    }
    assert_eq!(big_members(&run), set(["mine"]));
}

#[test]
fn keys_that_are_held_and_sent_again_are_no_removals() {
    let run = place();
    write_users(&run, many(0..30));
    synced(&run, SYNC_SEGMENT, EXCLUSIVE);
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, FULL), "removed"), 0);
    add_others(&run, ["x", "y"]);
    write_users(&run, many(1..30));
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, FULL), "removed"), 3);
    assert_eq!(big_members(&run), many(1..30).collect());
}

#[test]
fn a_number_of_members_that_is_not_known_is_guarded() {
    let run = of_others(1);
    let shown = json!({"key": "beta", "unbounded": true, "unboundedContextKind": "user"});
    let answer = Answer::json(200, shown.to_string());
    let script = Scripted::once(SEGMENT, answer).method("GET").times(9);
    run.server.behave(|behaviour| behaviour.script = vec![script]);
    let all = [EXCLUSIVE, &["--max-removals", "100%"]].concat();
    guards(&run, SYNC_SEGMENT, &all, "does not say how many members");
}

#[test]
fn a_segment_that_another_creates_first_is_not_replaced() {
    let run = place();
    write_users(&run, ["mine"]);
    let appears = Answer::change(|account| {
        let key = ["web", "production"].map(str::to_owned).to_vec();
        let metadata = json!({"includedCount": 3, "excludedCount": 0, "version": 1});
        let segment = json!({
            "key": "beta", "name": "beta", "tags": [], "rules": [], "version": 1,
            "unbounded": true, "unboundedContextKind": "user", "_unboundedMetadata": metadata,
        });
        let list = account.lists.entry((fake_launchdarkly::Family::Segments, key)).or_default();
        list.push(segment.to_string());
    });
    script(&run, "/api/v2/segments/web/production", 0, appears);
    sync(&run, SYNC_SEGMENT, EXCLUSIVE).failed(13, "conflict");
    assert_eq!(writes(&run).len(), 1, "the creation alone");
}

#[test]
fn an_exclusive_mirror_says_that_members_of_others_stay_without_a_full_run() {
    let run = place();
    write_users(&run, ["mine"]);
    synced(&run, SYNC_SEGMENT, EXCLUSIVE);
    let quiet = sync_without_writes(&run, SYNC_SEGMENT, EXCLUSIVE).succeeded();
    assert!(!quiet.stderr.contains("--full"), "{}", quiet.stderr);
    add_others(&run, ["theirs"]);
    write_users(&run, ["mine"]);
    let ended = sync_without_writes(&run, SYNC_SEGMENT, EXCLUSIVE).succeeded();
    assert!(ended.stderr.contains("1 members of `beta`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("only with `--full`"), "{}", ended.stderr);
    assert_eq!(count(&summary(&ended), "foreign"), 1);
    assert_eq!(counts(&synced(&run, SYNC_SEGMENT, FULL), ["removed", "foreign"]), [1, 0]);
    assert_eq!(big_members(&run), set(["mine"]));
}

#[test]
fn rows_that_are_removed_are_compared_with_the_number_of_members() {
    let run = of_others(60);
    let remove = [BIG, &["--mode", "remove"]].concat();
    write_users(&run, many(0..13));
    guards(&run, SYNC_SEGMENT, &remove, "13 of 60 members");
    write_users(&run, many(0..12));
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, &remove), "removed"), 12);
}
