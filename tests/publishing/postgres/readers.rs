//! Readers and other runs while a run publishes. A lock of the test stops it in the midst.

use std::process::{Child, Stdio};

use flaglake::system::hash::hash;
use rustix::process::{Pid, Signal, kill_process};

use super::{extract, small};
use crate::support::postgres::Database;
use crate::support::{Run, ended};

/// A run that has written all tables, and waits to write a view.
struct Stopped {
    child: Child,
    lock: Database,
}

fn start(run: &Run, database: &Database, folder: &str) -> Child {
    let output = database.address();
    let folder = run.path(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = run.command(&["extract", "--error-format", "json", "--output", &output]);
    command.env("TMPDIR", folder).env("FLAGLAKE_BUSY_TIMEOUT", "5m");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

impl Stopped {
    /// Starts a run that is stopped before the end of its transaction.
    fn start(run: &Run, database: &Database) -> Self {
        let lock = database.again();
        lock.run("BEGIN; LOCK TABLE launchdarkly.latest_extraction IN SHARE MODE");
        let child = start(run, database, "first");
        wait_for(database, "1", "wait_event_type = 'Lock'");
        Stopped { child, lock }
    }

    fn release(self) -> Child {
        self.lock.run("COMMIT");
        self.child
    }
}

/// Waits until so many sessions of flaglake are in a state.
fn wait_for(database: &Database, count: &str, state: &str) {
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE application_name = 'flaglake' AND datname = current_database() AND {state}"
    );
    while database.value(&sql) != count {
        std::thread::yield_now();
    }
}

fn rename(run: &Run, name: &str) {
    run.server.change(|account| {
        for project in &mut account.projects {
            project.name = name.to_owned();
            for flag in &mut project.flags {
                flag.name = name.to_owned();
                flag.version += 1;
            }
        }
    });
}

/// The names in the tables, which are those of one run, and the number of runs.
fn state(database: &Database) -> String {
    let names = "SELECT name FROM launchdarkly.projects UNION SELECT name FROM launchdarkly.flags
                 UNION SELECT name FROM launchdarkly.flags_history WHERE valid_to IS NULL";
    let runs = "SELECT count(*) FROM launchdarkly.extractions";
    database.value(&format!(
        "SELECT (SELECT string_agg(name, ',') FROM ({names}) AS names) || ' ' || ({runs})"
    ))
}

fn prepared() -> Option<(Run, Database)> {
    let (run, database) = small()?;
    rename(&run, "one");
    extract(&run, &database.address(), &["--resources", "core"]).succeeded();
    assert_eq!(state(&database), "one 1");
    rename(&run, "two");
    Some((run, database))
}

#[test]
fn a_run_that_is_killed_during_publishing_leaves_the_previous_data() {
    let Some((run, database)) = prepared() else { return };
    let mut stopped = Stopped::start(&run, &database);
    stopped.child.kill().unwrap();
    let mut child = stopped.release();
    assert!(!child.wait().unwrap().success());
    wait_for(&database, "0", "TRUE");
    assert_eq!(state(&database), "one 1");
    // The next run resumes it, and removes its files.
    let ended = ended(start(&run, &database, "first").wait_with_output().unwrap());
    ended.succeeded();
    assert_eq!(state(&database), "two 2");
    assert_eq!(std::fs::read_dir(run.path("first")).unwrap().count(), 0);
}

#[test]
fn a_run_that_is_interrupted_during_publishing_rolls_back() {
    let Some((run, database)) = prepared() else { return };
    let stopped = Stopped::start(&run, &database);
    let id = Pid::from_raw(stopped.child.id().cast_signed()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    // Its statement ends although the lock is still held.
    wait_for(&database, "0", "TRUE");
    let ended = ended(stopped.child.wait_with_output().unwrap());
    ended.failed(130, "interrupted");
    assert_eq!(state(&database), "one 1");
}

#[test]
fn readers_are_not_blocked_and_see_one_state() {
    let Some((run, database)) = prepared() else { return };
    let long = database.again();
    long.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(state(&long), "one 1");
    let stopped = Stopped::start(&run, &database);
    assert_eq!(state(&database), "one 1", "nothing is visible before all of it is");
    let ended = ended(stopped.release().wait_with_output().unwrap());
    ended.succeeded();
    assert_eq!(state(&database), "two 2");
    assert_eq!(state(&long), "one 1", "a snapshot stays as it was");
    long.run("COMMIT");
    assert_eq!(state(&long), "two 2");
}

#[test]
fn a_reader_that_polls_never_sees_half_a_run() {
    let Some((run, database)) = prepared() else { return };
    let mut child = start(&run, &database, "first");
    let mut seen = vec![state(&database)];
    while child.try_wait().unwrap().is_none() {
        seen.push(state(&database));
    }
    seen.push(state(&database));
    seen.dedup();
    assert_eq!(seen, ["one 1", "two 2"]);
}

#[test]
fn of_two_runs_at_once_one_publishes_and_the_other_says_so() {
    let Some((run, database)) = prepared() else { return };
    let first = Stopped::start(&run, &database);
    let second = start(&run, &database, "second");
    wait_for(&database, "2", "wait_event_type = 'Lock'");
    ended(first.release().wait_with_output().unwrap()).succeeded();
    let error = ended(second.wait_with_output().unwrap()).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("another run replaced"), "{error}");
    assert_eq!(state(&database), "two 2");
}

#[test]
fn a_run_waits_for_another_no_longer_than_it_may() {
    let Some((run, database)) = prepared() else { return };
    let lock = hash("flaglake launchdarkly").cast_signed();
    database.run(&format!("SELECT pg_advisory_lock({lock})"));
    let ended = extract(&run, &database.address(), &["--busy-timeout", "1s"]);
    let error = ended.failed(8, "output_failed");
    assert!(error["hint"].as_str().unwrap().contains("--busy-timeout"), "{error}");
    assert_eq!(state(&database), "one 1");
}
