//! The main job through the binary: requests, rows, both outputs, and what a user may choose.

mod requests;
mod rows;
mod selection;
mod values;

use crate::support::{NO_DEMO_PAST, Run, binary, ended, rows};
use fake_launchdarkly::{Behaviour, company};
use rusqlite::Connection;
use std::process::Command;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

#[test]
fn the_demo_needs_no_account_and_fills_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let output = binary(folder.path()).args(["extract", "--demo"]).output().unwrap();
    let ended = ended(output).succeeded();
    assert!(ended.stdout.contains("flag_statuses"), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("flaglake query --input launchdarkly.db \"SELECT"),
        "{}",
        ended.stdout
    );
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["launchdarkly.db"], "nothing else stays behind");
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    for table in [
        "projects",
        "teams",
        "team_maintainers",
        "flags",
        "flag_environments",
        "flag_statuses",
        "tags",
    ] {
        assert!(!rows(&database, &format!("SELECT * FROM {table}")).is_empty(), "{table}");
    }
}

#[test]
fn every_command_that_a_run_proposes_works() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["extract", "--demo", "--output", "a place.db"];
    let output = binary(folder.path()).args(arguments).output().unwrap();
    let stdout = ended(output).succeeded().stdout;
    let commands: Vec<_> = stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(commands.len(), 4, "{stdout}");
    for command in commands {
        // It is not on the `PATH`, so the commands name it as it was started.
        assert!(command.starts_with(env!("CARGO_BIN_EXE_flaglake")), "{command}");
        let output = Command::new("sh").args(["-euc", command]).current_dir(folder.path()).output();
        let ended = ended(output.unwrap()).succeeded();
        assert!(
            !ended.stdout.is_empty() || folder.path().join("report.html").exists(),
            "{command}"
        );
    }
}

#[test]
fn commands_name_a_program_on_the_path_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_flaglake")).parent().unwrap();
    let mut command = Command::new("flaglake");
    command.args(["extract", "--demo"]).current_dir(folder.path()).env("PATH", programs);
    command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
    let stdout = ended(command.output().unwrap()).succeeded().stdout;
    assert!(stdout.contains("\n  flaglake query --input launchdarkly.db"), "{stdout}");
}
