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

/// The files of the folder and the objects of the bucket whose paths contain `part`.
fn names_with(cloud: &Cloud, run: &Run, part: &str) -> Vec<String> {
    let bucket = run.path("bucket");
    let _ = fs::remove_dir_all(&bucket);
    cloud.download(&bucket);
    let mut folders = vec![run.folder.path().to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path().to_string_lossy().into_owned());
        }
    }
    found.retain(|path| path.contains(part) && std::path::Path::new(path).is_file());
    found
}

#[test]
fn the_copy_of_a_killed_run_is_removed() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a"]);
    script(&run, EVENTS, 0, Answer::Hang);
    kill_when_held(&cloud, &run, SYNC_EVENTS, &[]);
    let left = names_with(&cloud, &run, "flaglake-state");
    assert!(!left.is_empty());
    for path in left {
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded();
    assert_eq!(names_with(&cloud, &run, "flaglake-state"), [""; 0]);
}

/// The lease of another run.
const ANOTHER: &str = r#"{"owner": "another run", "expires_ms": 9000000000000}"#;

/// Runs a sync whose machine sleeps for long while its first batch is sent: another run takes over,
/// and stores these objects.
fn overtaken(cloud: &Cloud, run: &Run, objects: &[(&str, &str)]) -> Ended {
    script(run, EVENTS, 0, Answer::Delay(std::time::Duration::from_secs(5)));
    let mut command = command(run, SYNC_EVENTS, &[&STATE[..], &["--batch-size", "1"]].concat());
    cloud.lend(run, &mut command);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while run.requests(EVENTS) == 0 {
        std::thread::yield_now();
    }
    objects.iter().for_each(|(key, body)| cloud.put(key, body));
    ended(child.wait_with_output().unwrap())
}

#[test]
fn the_state_file_of_a_run_that_has_taken_over_is_not_overwritten() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a", "b"]);
    let theirs = "the state file of the other run";
    let stored = [(LEASE, ANOTHER), ("state/nightly.db", theirs)];
    overtaken(&cloud, &run, &stored).failed(8, "output_failed");
    let found = names_with(&cloud, &run, "bucket/state/nightly.db");
    let found = found.iter().find(|path| path.ends_with("nightly.db")).unwrap();
    assert_eq!(fs::read_to_string(found).unwrap(), theirs);
}

#[test]
fn a_run_that_has_lost_its_lease_sends_nothing_more() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    let first = overtaken(&cloud, &run, &[(LEASE, ANOTHER)]);
    let error = first.failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("taken over"), "{error}");
    assert_eq!(accepted(&run), ["a"]);
    // The lease is the other run's, and is left to it.
    let leases = names_with(&cloud, &run, LEASE);
    assert_eq!(fs::read_to_string(&leases[0]).unwrap(), ANOTHER);
    unscript(&run);
    cloud.remove(LEASE);
    sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded();
    assert_eq!(accepted(&run), ["a", "b", "c"]);
}

#[test]
fn a_batch_that_was_certainly_not_sent_is_never_unknown() {
    let Some(cloud) = Cloud::start() else { return };
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    script(&run, EVENTS, 1, Answer::refusal(403));
    let refused = sync(&cloud, &run, SYNC_EVENTS, &["--batch-size", "1"]);
    refused.failed(4, "invalid_permissions");
    assert_eq!(names_with(&cloud, &run, ".outbox/"), [""; 0]);
    unscript(&run);
    let next = summary(&sync(&cloud, &run, SYNC_EVENTS, &[]).succeeded());
    assert_eq!(counts(&next, ["created", "unchanged"]), [2, 1]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
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
