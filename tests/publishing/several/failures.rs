//! An output that fails does not keep the others from being published.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flaglake::error::Kind;
use flaglake::system::lock::Lock;
use rusqlite::Connection;
use serde_json::Value;

use super::{database, run, to};
use crate::support::{Run, ended};

#[test]
fn an_output_that_fails_does_not_keep_the_others_from_being_published() {
    let run = run();
    run.extract(&to(&["a.db", "b.db", "c.db"]));
    run.server.change(|account| account.projects[0].flags[0].name = "renamed".to_owned());
    let writer = database(&run, "b.db");
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let arguments = [
        &["extract", "--busy-timeout", "0s", "--error-format", "json"],
        &to(&["a.db", "b.db", "c.db"])[..],
    ]
    .concat();
    let ended = run.run(&arguments);
    let error = ended.failed(Kind::OutputFailed.exit_status().into(), "output_failed");
    let hint = error["hint"].as_str().unwrap();
    assert!(error["message"].as_str().unwrap().contains("b.db"), "{error}");
    assert!(hint.contains("published in `a.db`, `c.db`"), "{hint}");
    drop(writer);
    let renamed = |name| -> i64 {
        let sql = "SELECT count(*) FROM flags WHERE name = 'renamed'";
        database(&run, name).query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(["a.db", "b.db", "c.db"].map(renamed), [1, 0, 1]);
    // The next run reads again, since some outputs have what was read.
    run.extract(&to(&["a.db", "b.db", "c.db"]));
    assert_eq!(["a.db", "b.db", "c.db"].map(renamed), [1, 1, 1]);
    let left = fs::read_dir(run.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("stage")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_output_of_another_account_is_left_out() {
    let (run, other) = (run(), run());
    other.server.change(|account| account.account_id = "another".to_owned());
    other.extract(&to(&["theirs.db"]));
    fs::copy(other.path("theirs.db"), run.path("theirs.db")).unwrap();
    let ended = run.run(&[&["extract"], &to(&["ours.db", "theirs.db"])[..]].concat());
    assert_eq!(ended.status, 8, "{ended:?}");
    let count = |name| -> i64 {
        database(&run, name)
            .query_row("SELECT count(*) FROM extractions", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!([count("ours.db"), count("theirs.db")], [1, 1]);
    let alone = run.run(&[&["extract"], &to(&["theirs.db"])[..]].concat());
    assert_eq!((alone.status, count("theirs.db")), (8, 1));
}

#[test]
fn an_output_that_cannot_be_opened_is_left_out() {
    for broken in ["postgres://u@127.0.0.1:1/db", "missing/x.db", "notes.txt", "parquet:notes.txt"]
    {
        let run = run();
        fs::write(run.path("notes.txt"), "mine").unwrap();
        let broken = if broken == "notes.txt" { "sqlite:notes.txt" } else { broken };
        let arguments =
            [&["extract", "--format", "json"], &to(&[broken, "a.db", "parquet:lake"])[..]].concat();
        let ended = run.run(&arguments);
        assert_eq!(ended.status, 8, "{broken}: {ended:?}");
        let all: Value = serde_json::from_str(&ended.stdout).unwrap();
        let outcomes =
            all["outputs"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap());
        assert_eq!(
            outcomes.collect::<Vec<_>>(),
            ["output_failed", "published", "published"],
            "{broken}"
        );
        assert!(all["outputs"][0]["rows"].is_null() && all["outputs"][0]["message"].is_string());
        assert!(run.path("a.db").exists() && run.path("lake").exists());
        assert_eq!(fs::read_to_string(run.path("notes.txt")).unwrap(), "mine");
        // Alone, it ends the run before anything is read.
        run.server.forget_requests();
        assert_eq!(run.run(&["extract", "--output", broken]).status, 8, "{broken}");
        assert_eq!(run.requests("/flags"), 0, "{broken}");
    }
}

#[test]
fn an_output_that_is_left_out_is_free_for_other_runs() {
    let (run, other) = (run(), run());
    other.server.change(|account| account.account_id = "another".to_owned());
    other.extract(&to(&["theirs.db"]));
    fs::copy(other.path("theirs.db"), run.path("theirs.db")).unwrap();
    // Long enough for the run to go on while its outputs are looked at.
    run.server.behave(|behaviour| behaviour.latency = Duration::from_secs(1));
    let mut command = run.command(&[&["extract"], &to(&["ours.db", "theirs.db"])[..]].concat());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = lines.map_while(Result::ok).find(|line| line.contains("theirs.db` is left out"));
    assert!(told.is_some());
    let held = Lock::holder(&run.path(".ours.db.lock")).unwrap();
    let free = Lock::holder(&run.path(".theirs.db.lock")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(held.is_some() && free.is_none(), "{held:?} {free:?}");
}

/// A run that has published `a.db` and waits for the writer of `b.db`; it will publish `c.db`.
struct Waiting {
    run: Run,
    writer: Connection,
    child: Child,
}

impl Waiting {
    fn start() -> Self {
        let run = run();
        run.extract(&to(&["b.db"]));
        let writer = database(&run, "b.db");
        writer.execute_batch("BEGIN IMMEDIATE").unwrap();
        let arguments = ["extract", "--busy-timeout", "10m", "--error-format", "json"];
        let arguments = [&arguments[..], &to(&["a.db", "b.db", "c.db"])].concat();
        let mut command: Command = run.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while !run.path("a.db").exists() {
            assert!(child.try_wait().unwrap().is_none(), "it waits for the writer of b.db");
            std::thread::yield_now();
        }
        Waiting { run, writer, child }
    }
}

#[test]
fn all_outputs_are_locked_until_the_last_is_published() {
    let Waiting { run, writer, child } = Waiting::start();
    for name in ["a.db", "b.db", "c.db"] {
        let other = run.run(&[&["extract"], &to(&[name])[..]].concat());
        assert!(other.status == 8 && other.stderr.contains("another run"), "{name}: {other:?}");
    }
    writer.execute_batch("ROLLBACK").unwrap();
    ended(child.wait_with_output().unwrap()).succeeded();
    let flags = |name| -> i64 {
        database(&run, name).query_row("SELECT count(*) FROM flags", [], |row| row.get(0)).unwrap()
    };
    assert!(flags("a.db") > 50);
    assert_eq!(flags("c.db"), flags("a.db"));
}

#[test]
fn a_signal_between_two_outputs_ends_the_run() {
    let Waiting { run, writer, child } = Waiting::start();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    // The writer goes on: the run ends although it holds the database.
    let ended = ended(child.wait_with_output().unwrap());
    drop(writer);
    let error = ended.failed(130, "interrupted");
    assert!(error["message"].as_str().unwrap().contains("b.db"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("published in `a.db`"), "{error}");
    assert!(!run.path("c.db").exists());
}
