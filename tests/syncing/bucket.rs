//! A state file in a bucket, for machines that are thrown away.
#![cfg(feature = "cloud")]

use std::fs;

use fake_launchdarkly::Answer;

use crate::events::accepted;
use crate::setup::{
    EVENTS, SEGMENT, SYNC_EVENTS, SYNC_SEGMENT, big_members, command, counts, create_big_segment,
    many, place, run_until_held, script, set, summary, synced, unscript, write_events, write_users,
    writes,
};
use crate::support::cloud::Cloud;
use crate::support::{Ended, Run, ended, rows};

const STATE: [&str; 2] = ["--state", "s3://lake/state/nightly.db"];
const LEASE: &str = "state/nightly.db.lease";

fn sync(cloud: &Cloud, run: &Run, arguments: &[&str], more: &[&str]) -> Ended {
    let mut command = command(run, arguments, &[&STATE, more].concat());
    cloud.lend(run, &mut command);
    ended(command.output().unwrap())
}

/// Runs a sync, kills it while the server holds a request, and removes its lease: on a real account
/// the next run waits until it has ended.
fn kill_when_held(cloud: &Cloud, run: &Run, arguments: &[&str], more: &[&str]) {
    let mut command = command(run, arguments, &[&STATE, more].concat());
    cloud.lend(run, &mut command);
    let mut child = command.spawn().unwrap();
    assert!(run_until_held(run, &mut child), "it ended before it was held");
    let other = sync(cloud, run, arguments, more);
    other.failed(8, "output_failed");
    assert!(other.stderr.contains("another run holds the state file"), "{}", other.stderr);
    child.kill().unwrap();
    child.wait().unwrap();
    cloud.remove(LEASE);
    unscript(run);
}

#[test]
fn a_state_file_in_a_bucket_outlives_the_machine() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, many(0..30));
    let first = summary(&sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded());
    assert_eq!(counts(&first, ["created", "unchanged"]), [30, 0]);
    run.server.forget_requests();
    write_events(&run, many(0..31));
    let again = summary(&sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded());
    assert_eq!(counts(&again, ["created", "unchanged"]), [1, 30]);
    assert_eq!(writes(&run).len(), 1);
    let left = |name: &str| name.contains("flaglake-state");
    let names = fs::read_dir(run.folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    assert!(!names.into_iter().any(|name| left(&name)), "a copy of the state file is left");
    cloud.download(&run.path("bucket"));
    assert!(run.path("bucket/state/nightly.db").exists());
    assert!(!run.path("bucket/state/nightly.db.outbox").exists());
    assert!(!run.path("bucket").join(LEASE).exists());
}

#[test]
fn a_killed_run_leaves_its_batches_in_the_bucket() {
    let Some(cloud) = Cloud::start() else { return };
    for answer in [Answer::Hold, Answer::Hang] {
        let run = place();
        write_events(&run, many(0..30));
        script(&run, EVENTS, 1, answer);
        kill_when_held(&cloud, &run, SYNC_EVENTS, &["--batch-size", "10"]);
        let next = summary(&sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded());
        assert_eq!(counts(&next, ["created", "unchanged"]), [20, 10]);
        assert_eq!(accepted(&run), many(0..30).collect::<Vec<_>>());
        cloud.remove("state/nightly.db");
    }
}

#[test]
fn keys_that_a_killed_run_added_are_its_own() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_users(&run, ["a", "b", "c"]);
    script(&run, SEGMENT, 0, Answer::Hold);
    kill_when_held(&cloud, &run, SYNC_SEGMENT, &[]);
    write_users(&run, ["b", "c", "d"]);
    let next = summary(&sync(&cloud, &run, SYNC_SEGMENT, &[]).succeeded());
    assert_eq!(counts(&next, ["removed", "foreign"]), [1, 0]);
    let members = run.server.segment_members("web", "production", "beta", "user");
    assert_eq!(members.into_iter().collect::<Vec<_>>(), ["b", "c", "d"]);
}

#[test]
fn an_exclusive_load_replaces_the_members_of_others() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    create_big_segment(&run);
    let big = ["--kind", "big", "--exclusive"];
    write_users(&run, ["theirs"]);
    synced(&run, SYNC_SEGMENT, &["--kind", "big", "--state", "other.db"]);
    write_users(&run, ["a", "b"]);
    sync(&cloud, &run, SYNC_SEGMENT, &big).succeeded();
    assert_eq!(big_members(&run), set(["a", "b"]));
}

#[test]
fn a_failure_before_the_start_is_known_to_the_next_machine() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a"]);
    sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded();
    run.server.change(|account| account.account_id = "0123456789abcdef01234567".to_owned());
    sync(&cloud, &run, SYNC_EVENTS, &[]).failed(12, "guarded");
    cloud.download(&run.path("bucket"));
    let state = rusqlite::Connection::open(run.path("bucket/state/nightly.db")).unwrap();
    let outcomes = rows(&state, "SELECT outcome FROM sync_runs ORDER BY started_at");
    assert_eq!(outcomes, ["\"succeeded\"", "\"guarded\""]);
}

#[test]
fn a_missing_state_file_in_a_bucket_is_guarded_if_it_is_required() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a"]);
    sync(&cloud, &run, SYNC_EVENTS, &["--require-state"]).failed(12, "guarded");
    assert!(writes(&run).is_empty());
    sync(&cloud, &run, SYNC_EVENTS, &["--dry-run"]).succeeded();
    cloud.download(&run.path("bucket"));
    assert!(!run.path("bucket/state").exists(), "a dry run has stored something");
}
