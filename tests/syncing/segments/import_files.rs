//! First loads of big segments that exceed one file of an import: 40 MB.

use fake_launchdarkly::Answer;

use super::imports::IMPORTS;
use crate::setup::{
    Keys, SYNC_SEGMENT, big_members, count, create_big_segment, kill_when_held, place, script,
    sync, sync_without_writes, synced, write_users, writes,
};
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];

/// Keys of 8,000 bytes, of which 4,999 fit into a file.
fn long_keys() -> impl Iterator<Item = String> {
    (0..5_100).map(|number| format!("k{number:05}{}", "x".repeat(7_994)))
}

/// A segment that has a member of somebody else; the source has more than a file holds.
fn filled() -> Run {
    let run = place();
    create_big_segment(&run);
    write_users(&run, ["theirs"]);
    synced(&run, SYNC_SEGMENT, &["--kind", "big", "--state", "other.db"]);
    run.server.forget_requests();
    write_users(&run, long_keys());
    run
}

/// The requests about imports: `POST`, then a `GET` for each look at its progress.
fn imports(run: &Run) -> String {
    let requests = run.server.requests().into_iter();
    let imports = requests.filter(|one| one.path.starts_with(IMPORTS));
    imports.map(|one| one.method).collect::<Vec<_>>().join(" ")
}

/// One test, since each load takes seconds.
#[test]
fn a_load_of_two_files_replaces_nothing_and_a_kill_between_them_loses_nothing() {
    let run = filled();
    // Only a single file could remove the member of somebody else.
    let exclusive = [BIG, &["--exclusive"]].concat();
    let error = sync_without_writes(&run, SYNC_SEGMENT, &exclusive).failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().contains("more than one import"), "{error}");
    run.server.behave(|behaviour| behaviour.writes.import_polls = 3);
    script(&run, IMPORTS, 1, Answer::Hold);
    kill_when_held(&run, SYNC_SEGMENT, BIG);
    assert_eq!(imports(&run), "POST GET GET GET POST", "the first has ended before the second");
    let sizes: Vec<_> = writes(&run).iter().map(|one| one.body_bytes).collect();
    assert!((39_900_000..40_001_000).contains(&sizes[0]) && sizes[1] < 1_000_000, "{sizes:?}");
    assert_eq!(big_members(&run).len(), 5_000);
    // The second import ends by itself.
    run.server.behave(|behaviour| behaviour.writes.import_polls = 1);
    sync(&run, SYNC_SEGMENT, BIG).failed(12, "guarded");
    assert_eq!(count(&synced(&run, SYNC_SEGMENT, BIG), "added"), 101);
    let expected: Keys = long_keys().chain(["theirs".to_owned()]).collect();
    assert!(big_members(&run) == expected, "{} members", big_members(&run).len());
}
