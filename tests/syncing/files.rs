//! The files that a sync writes: they are their owner's alone, and overwrite nothing else.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::setup::{
    SYNC_EVENTS, SYNC_SEGMENT, place, sync_without_writes, synced, write, write_events, write_users,
};
use crate::support::Run;

fn mode(run: &Run, name: &str) -> u32 {
    fs::metadata(run.path(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn files_that_others_could_read_become_the_owners_alone() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &[]);
    for name in ["flaglake-sync.db", "rejected.csv", "plan.json"] {
        fs::OpenOptions::new().append(true).create(true).open(run.path(name)).unwrap();
        fs::set_permissions(run.path(name), Permissions::from_mode(0o644)).unwrap();
    }
    synced(&run, SYNC_SEGMENT, &["--rejected", "rejected.csv", "--plan", "plan.json"]);
    for name in ["flaglake-sync.db", "rejected.csv", "plan.json"] {
        assert_eq!(mode(&run, name), 0o600, "{name}");
    }
}

#[test]
fn a_shorter_file_replaces_a_longer_one() {
    let run = place();
    write_users(&run, ["a"]);
    write(&run, "rejected.csv", "x".repeat(10_000));
    synced(&run, SYNC_SEGMENT, &["--rejected", "rejected.csv"]);
    let text = fs::read_to_string(run.path("rejected.csv")).unwrap();
    assert_eq!(text, "row_number,row_key,reason,message\n");
}

#[test]
fn no_file_that_the_run_uses_is_overwritten() {
    let run = place();
    write_users(&run, ["a"]);
    write_events(&run, ["x"]);
    std::os::unix::fs::symlink("users.csv", run.path("link.csv")).unwrap();
    fs::hard_link(run.path("users.csv"), run.path("other.csv")).unwrap();
    for file in ["users.csv", "./users.csv", "link.csv", "other.csv", "flaglake-sync.db"] {
        for option in ["--rejected", "--plan"] {
            let before = fs::read(run.path("users.csv")).unwrap();
            let error = sync_without_writes(&run, SYNC_SEGMENT, &[option, file]).failed(2, "usage");
            assert!(error["message"].as_str().unwrap().contains(option), "{error}");
            assert_eq!(fs::read(run.path("users.csv")).unwrap(), before);
        }
    }
    let both = ["--rejected", "one.csv", "--plan", "one.csv"];
    sync_without_writes(&run, SYNC_EVENTS, &both).failed(2, "usage");
    assert!(!run.path("flaglake-sync.db").exists() && !run.path("one.csv").exists());
}
