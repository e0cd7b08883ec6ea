//! A folder that cannot be written to, and a full disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::setup::{SYNC_SEGMENT, command, members, place, synced, write_users};
use crate::support::{Run, ended};

/// The sync of the segment, run by a user who may not write to the folder.
fn powerless(run: &Run) -> Command {
    let whole = command(run, SYNC_SEGMENT, &[]);
    // The user may not be able to enter the folder in which the binary is.
    let program = run.path("flaglake");
    if fs::hard_link(whole.get_program(), &program).is_err() {
        fs::copy(whole.get_program(), &program).unwrap();
    }
    fs::set_permissions(run.folder.path(), PermissionsExt::from_mode(0o555)).unwrap();
    let mut command = Command::new(&program);
    command.args(whole.get_args()).env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if rustix::process::geteuid().is_root() {
        // root ignores permissions.
        command.uid(65_534).gid(65_534);
    }
    command
}

#[test]
fn a_folder_that_cannot_be_written_to_stops_before_anything_is_sent() {
    let run = place();
    write_users(&run, ["a"]);
    let error = ended(powerless(&run).output().unwrap()).failed(8, "output_failed");
    assert!(error.to_string().contains("flaglake-sync.db"), "{error}");
    assert!(crate::setup::writes(&run).is_empty() && members(&run).is_empty());
}

#[test]
fn a_full_disk_loses_nothing() {
    let run = place();
    write_users(&run, crate::setup::many(0..3_000));
    let whole = command(&run, SYNC_SEGMENT, &[]);
    let mut limited = Command::new("sh");
    // A limit of file sizes, in blocks of 512 bytes, with the signal that comes with it ignored.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 120; exec \"$0\" \"$@\""]);
    limited.arg(whole.get_program()).args(whole.get_args()).env_clear();
    limited.current_dir(run.folder.path());
    limited.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ended = ended(limited.output().unwrap());
    ended.failed(8, "output_failed");
    write_users(&run, crate::setup::many(1_000..3_000));
    synced(&run, SYNC_SEGMENT, &["--max-removals", "100%"]);
    let expected: std::collections::BTreeSet<_> = crate::setup::many(1_000..3_000).collect();
    assert_eq!(members(&run), expected);
}
