//! An output that cannot be written: the error says where and what to do, and the previous data
//! stays.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Ended, Run, ended};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, company};
use flaglake::system::lock::Lock;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

#[track_caller]
fn fails(run: &Run, arguments: &[&str]) -> Value {
    let fixed = ["extract", "--error-format", "json"];
    let all: Vec<_> = fixed.iter().chain(arguments).copied().collect();
    run.run(&all).failed(8, "output_failed")
}

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}

/// The binary with no right to write files larger than `kibibytes`.
fn limited(run: &Run, kibibytes: usize, arguments: &[&str]) -> Command {
    let whole = run.command(arguments);
    let mut command = Command::new("sh");
    let script = format!("ulimit -f {}; exec \"$0\" \"$@\"", kibibytes * 2);
    command.args(["-c", &script]).arg(whole.get_program()).args(whole.get_args());
    command.env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// Another account's projects take the place of those that were there.
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
    assert_ne!(run.tables(), tables, "the next run succeeds by itself");
}

/// A command of a user who may not write to the folder.
fn powerless(run: &Run, mode: u32, arguments: &[&str]) -> Command {
    let whole = run.command(arguments);
    let program = run.path("program");
    if !program.exists() && fs::hard_link(whole.get_program(), &program).is_err() {
        fs::copy(whole.get_program(), &program).unwrap();
    }
    fs::set_permissions(run.folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    let mut command = Command::new(&program);
    command.args(arguments).env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if rustix::process::geteuid().is_root() {
        // root ignores permissions.
        command.uid(65_534).gid(65_534);
    }
    command
}

#[test]
fn a_read_only_folder_is_output_failed_with_its_path() {
    let run = company();
    run.extract(&[]);
    let tables = run.tables();
    for name in ["launchdarkly.db", "launchdarkly.db-wal", "launchdarkly.db-shm"] {
        if run.path(name).exists() {
            fs::set_permissions(run.path(name), fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
    for output in ["launchdarkly.db", "new.db", "parquet:lake"] {
        let arguments = ["extract", "--error-format", "json", "--output", output];
        let ended = ended(powerless(&run, 0o555, &arguments).output().unwrap());
        fs::set_permissions(run.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = ended.failed(8, "output_failed");
        assert!(text(&error, "message").contains(output.trim_start_matches("parquet:")), "{error}");
        assert!(!text(&error, "hint").is_empty(), "{error}");
    }
    assert!(run.server.requests().len() < 60, "the output is looked at first");
    assert_eq!(run.tables(), tables);
}

#[test]
fn a_locked_database_is_output_failed_and_the_stage_is_kept() {
    let run = company();
    run.extract(&[]);
    let tables = run.tables();
    let other = run.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    run.server.forget_requests();
    let error = fails(&run, &["--busy-timeout", "200ms"]);
    assert!(text(&error, "message").contains("launchdarkly.db"), "{error}");
    assert!(text(&error, "hint").contains("another program"), "{error}");
    assert_eq!(run.tables(), tables);
    other.execute_batch("ROLLBACK").unwrap();
    run.server.forget_requests();
    run.extract(&[]);
    assert_eq!(run.server.requests().len(), 1, "only who is asking is asked");
}

#[test]
fn a_run_waiting_for_a_database_ends_on_a_signal() {
    let run = company();
    run.extract(&[]);
    let other = run.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let requests = run.server.requests().len();
    // A busy machine may be slow once. A run that is slow every time is a defect.
    assert!((0..5).any(|_| time_to_end_a_waiting_run(&run, requests) < Duration::from_secs(1)));
    assert!(run.path(".launchdarkly.db.stage").exists());
}

/// Starts a run that waits for the database after so many requests, and tells it to end; returns
/// how long that took.
fn time_to_end_a_waiting_run(run: &Run, requests: usize) -> Duration {
    run.server.forget_requests();
    let child = run.command(&["extract", "--no-resume", "--error-format", "json", "-v"]);
    let mut child = { child }.stderr(std::process::Stdio::piped()).spawn().unwrap();
    // Everything is read, and the stage is waiting to be published.
    let patience = Instant::now() + Duration::from_secs(60);
    while run.server.requests().len() < requests {
        assert!(child.try_wait().unwrap().is_none() && Instant::now() < patience);
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let told = Instant::now();
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::INT).unwrap();
    let (output, time) = (child.wait_with_output().unwrap(), told.elapsed());
    ended(output).failed(130, "interrupted");
    time
}

#[test]
fn a_damaged_database_is_output_failed_and_stays_as_it_is() {
    let run = company();
    run.extract(&[]);
    let mut bytes = fs::read(run.path("launchdarkly.db")).unwrap();
    let length = bytes.len();
    bytes[4096..length / 2].fill(0xA5);
    fs::write(run.path("launchdarkly.db"), &bytes).unwrap();
    let error = fails(&run, &[]);
    assert!(text(&error, "message").contains("launchdarkly.db"), "{error}");
    assert!(text(&error, "hint").contains("damaged"), "{error}");
    assert!(fs::read(run.path("launchdarkly.db")).unwrap() == bytes);
}

#[test]
fn a_folder_in_place_of_the_file_is_output_failed_with_path() {
    let run = company();
    for name in [".launchdarkly.db.stage", ".launchdarkly.db.lock", "launchdarkly.db"] {
        fs::create_dir(run.path(name)).unwrap();
        fs::write(run.path(name).join("mine"), "").unwrap();
        let error = fails(&run, &[]);
        assert!(text(&error, "message").contains(name), "{error}");
        assert!(run.path(name).join("mine").exists());
        fs::remove_dir_all(run.path(name)).unwrap();
    }
    fs::write(run.path("lake"), "").unwrap();
    let error = fails(&run, &["--output", "parquet:lake"]);
    assert!(text(&error, "message").contains("lake"), "{error}");
}

#[test]
fn a_run_that_waits_for_another_starts_when_that_has_ended() {
    let run = company();
    let lock = Lock::take(&run.path(".launchdarkly.db.lock")).unwrap();
    let mut child = run.command(&["extract", "--wait"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    assert!(child.try_wait().unwrap().is_none());
    assert!(run.server.requests().is_empty(), "nothing is read while another run writes");
    drop(lock);
    assert!(child.wait().unwrap().success());
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}

/// A script, with `extract` and its arguments as "$0" "$@", in a folder `disk` that is a disk of
/// this size. Nothing where this user may not mount a disk.
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

/// Runs, then prints the database's own integrity check; after an error, the files that are left.
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
        // With room for the index of the log, from none for a stage to enough for everything.
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
fn files_beside_the_database_that_another_user_left_are_named() {
    for suffix in ["-wal", "-shm"] {
        let run = company();
        run.extract(&[]);
        let name = format!("launchdarkly.db{suffix}");
        if rustix::process::geteuid().is_root() {
            chown(run.path("launchdarkly.db"), Some(65_534), Some(65_534)).unwrap();
        }
        let before = fs::read(run.path("launchdarkly.db")).unwrap();
        fs::write(run.path(&name), "").unwrap();
        fs::set_permissions(run.path(&name), fs::Permissions::from_mode(0o000)).unwrap();
        run.server.forget_requests();
        let run_as_other = |command: &str| {
            let arguments = [command, "--error-format", "json"];
            ended(powerless(&run, 0o777, &arguments).output().unwrap())
        };
        let error = run_as_other("extract").failed(8, "output_failed");
        assert!(text(&error, "hint").contains(&name), "{error}");
        // The file alone has all of the data, unless there is something in the log.
        run_as_other("report").succeeded();
        fs::write(run.path("launchdarkly.db-wal"), "a log").unwrap();
        let error = run_as_other("report").failed(8, "output_failed");
        assert!(text(&error, "hint").contains(&name), "{error}");
        assert!(run.server.requests().is_empty());
        assert!(fs::read(run.path("launchdarkly.db")).unwrap() == before);
    }
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
