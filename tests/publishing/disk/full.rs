//! Full disks and limits of file sizes.

use std::fs;
use std::process::Command;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use serde_json::Value;

use super::{company, text};
use crate::support::Ended;
use crate::support::Run;
use crate::support::ended;

/// The binary under a limit: it may not write files larger than `kibibytes`.
fn limited(run: &Run, kibibytes: usize, arguments: &[&str]) -> Command {
    let whole = run.command(arguments);
    let mut command = Command::new("sh");
    let script = format!("ulimit -f {}; exec \"$0\" \"$@\"", kibibytes * 2);
    command.args(["-c", &script]).arg(whole.get_program()).args(whole.get_args());
    command.env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// The tests replace all projects, which the guard would refuse.
const ALL_MAY_GO: [&str; 2] = ["--max-removals", "100%"];

#[test]
fn a_limit_of_file_sizes_leaves_the_previous_data_and_is_named() {
    let run = company();
    run.extract(&[]);
    run.extract(&["--output", "parquet:lake"]);
    let (tables, latest) = (run.tables(), crate::support::lake::newest(&run.path("lake")));
    let larger = Size { projects: 3, flags: 300, ..Size::default() };
    run.server.change(|account| account.projects = generated::account(larger).projects);
    for (output, kibibytes) in
        [("launchdarkly.db", 64), ("launchdarkly.db", 1500), ("parquet:lake", 64)]
    {
        let arguments = ["extract", "--error-format", "json", "--output", output, "--no-resume"];
        let arguments = [&arguments[..], &ALL_MAY_GO].concat();
        let ended = ended(limited(&run, kibibytes, &arguments).output().unwrap());
        let error = ended.failed(8, "output_failed");
        assert!(text(&error, "message").contains(output.trim_start_matches("parquet:")), "{error}");
        assert!(text(&error, "hint").contains("ulimit -f"), "{error}");
        assert_eq!(run.tables(), tables, "{kibibytes}");
        assert_eq!(crate::support::lake::newest(&run.path("lake")), latest);
    }
    run.extract(&ALL_MAY_GO);
    assert_ne!(run.tables(), tables, "the next run succeeds without help");
}

/// Runs a script, with `extract` and its arguments as "$0" "$@", beside a folder `disk` on which a
/// disk of this size is mounted. `None` where this user may not mount a disk.
fn on_a_disk(run: &Run, bytes: u64, output: &str, script: &str) -> Option<Ended> {
    fs::create_dir_all(run.path("disk")).unwrap();
    let arguments = ["extract", "--quiet", "--error-format", "json", "--output", output];
    let whole = run.command(&arguments);
    let script = format!("mount -t tmpfs -o size={bytes} tmpfs disk || exit 77\n{script}");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script]).arg(whole.get_program()).args(whole.get_args());
    command.env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().ok()?;
    let refused = output.stderr.starts_with(b"unshare") || output.status.code() == Some(77);
    if refused {
        eprintln!("skipped: this user may not mount a disk");
    }
    (!refused).then(|| ended(output))
}

/// Runs, then prints SQLite's integrity check; after an error, lists the remaining files.
const NEW: &str = r#""$0" "$@" || { status=$?; ls -A disk; exit $status; }
    sqlite3 disk/launchdarkly.db 'PRAGMA integrity_check'"#;

/// Runs over published data, then reads that data and lists the files.
const AGAIN: &str = r#"cp launchdarkly.db disk/; "$0" "$@"; status=$?
    sqlite3 disk/launchdarkly.db 'SELECT count(*) FROM extractions' || exit 99
    find disk; exit $status"#;

#[test]
fn after_a_full_disk_there_is_room_and_the_data_is_readable() {
    let size = Size { projects: 2, flags: 250, environments: 4, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&["--quiet"]);
    let published = fs::metadata(run.path("launchdarkly.db")).unwrap().len();
    let mut failed = 0;
    for output in ["disk/launchdarkly.db", "parquet:disk/lake"] {
        // Each disk has room for the index of the log. The room for the stage grows from none to
        // enough.
        for spare in (0..5).map(|step| 100_000 + step * published) {
            let Some(ended) = on_a_disk(&run, published + spare, output, AGAIN) else { return };
            assert!(!ended.stdout.contains(".stage"), "{output} {spare}: {}", ended.stdout);
            if ended.status == 0 {
                continue;
            }
            failed += 1;
            let error = ended.failed(8, "output_failed");
            assert!(text(&error, "hint").contains("disk is full"), "{output} {spare}: {error}");
            assert!(ended.stdout.starts_with("1\n"), "{output} {spare}: {ended:?}");
        }
    }
    assert!((2..10).contains(&failed), "{failed} of 10 disks were too small");
}

#[test]
fn a_killed_runs_stage_is_removed_when_the_disk_is_full() {
    let run = company();
    run.extract(&["--quiet"]);
    let fill = "cp launchdarkly.db disk/; cat /dev/zero > disk/.launchdarkly.db.stage
                sqlite3 disk/launchdarkly.db 'SELECT count(*) FROM flags' && exit 98";
    let script = format!("{fill}\n{AGAIN}").replace("cp launchdarkly.db disk/; \"", "\"");
    let Some(ended) = on_a_disk(&run, 40_000_000, "disk/launchdarkly.db", &script) else { return };
    let ended = ended.succeeded();
    assert!(ended.stdout.starts_with("2\n") && !ended.stdout.contains(".stage"), "{ended:?}");
}

#[test]
fn what_killed_runs_left_half_built_makes_room_too() {
    let run = company();
    let script = r#"cat /dev/zero > disk/.launchdarkly.db.new; "$0" "$@" || exit 99; ls -A disk"#;
    let ended = on_a_disk(&run, 40_000_000, "disk/launchdarkly.db", script);
    let Some(ended) = ended else { return };
    assert_eq!(ended.succeeded().stdout, "launchdarkly.db\n");
}

#[test]
fn a_disk_that_is_full_at_any_moment_gets_whole_data_or_none() {
    let size = Size { projects: 2, flags: 250, environments: 4, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    let mut published = 0;
    let disks = (0..14).map(|step| 300 + 700 * step).chain([40_000]);
    for kibibytes in disks {
        let ended = on_a_disk(&run, kibibytes * 1024, "disk/launchdarkly.db", NEW);
        let Some(ended) = ended else { return };
        if ended.status == 0 {
            assert!(ended.stdout.ends_with("ok\n"), "{kibibytes} KiB: {}", ended.stdout);
            published += 1;
            continue;
        }
        let line = ended.stderr.lines().last().unwrap();
        let error: Value = serde_json::from_str(line).expect(line);
        assert_eq!(error["code"], "output_failed", "{kibibytes} KiB: {error}");
        assert!(text(&error, "hint").contains("disk is full"), "{kibibytes} KiB: {error}");
        assert!(!ended.stdout.contains("launchdarkly.db\n"), "{kibibytes} KiB: {}", ended.stdout);
    }
    assert!((1..14).contains(&published), "{published} of 15 disks were large enough");
}
