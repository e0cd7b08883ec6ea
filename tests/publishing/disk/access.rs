//! Outputs that are damaged, or that the user may not write.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::{company, fails, text};
use crate::support::Run;
use crate::support::ended;

/// The binary as a user who may not write to the folder.
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
    assert!(run.server.requests().len() < 60, "the output is checked first");
    assert_eq!(run.tables(), tables);
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
        // The file alone has all data, unless the log is not empty.
        run_as_other("report").succeeded();
        fs::write(run.path("launchdarkly.db-wal"), "a log").unwrap();
        let error = run_as_other("report").failed(8, "output_failed");
        assert!(text(&error, "hint").contains(&name), "{error}");
        assert!(run.server.requests().is_empty());
        assert!(fs::read(run.path("launchdarkly.db")).unwrap() == before);
    }
}
