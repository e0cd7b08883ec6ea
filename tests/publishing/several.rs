//! Several outputs of one run: the account is read once, and each output is what it would be alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::AuditEntry;
use fake_launchdarkly::generated::{self, Size};
use flaglake::error::Kind;
use rusqlite::Connection;

use crate::support::{Run, Tables, lake, tables};

fn run() -> Run {
    let size = Size { projects: 2, environments: 2, flags: 30, archived: 2, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    note(&run, "entry-first", 3);
    run
}

/// Adds an entry to the audit log that is so many days old.
fn note(run: &Run, id: &str, days: i64) {
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| {
        account.audit_log.push(AuditEntry::new(id, now - days * 86_400_000));
        account.audit_log.sort_by_key(|entry| -entry.date_ms);
    });
}

/// The options of a run to these outputs.
fn to<'o>(outputs: &[&'o str]) -> Vec<&'o str> {
    let all = ["--resources", "default"];
    outputs.iter().flat_map(|output| ["--output", output]).chain(all).collect()
}

fn database(run: &Run, name: &str) -> Connection {
    Connection::open(run.path(name)).unwrap()
}

/// The entries of the audit log in all extractions of a lake, each as often as it is there.
fn entries(run: &Run, lake: &str) -> BTreeMap<String, usize> {
    let files = lake::files(&run.path(lake)).into_iter();
    let files = files.filter(|((table, _), _)| table == "audit_log_entries");
    let mut found = BTreeMap::new();
    for row in files.flat_map(|(_, path)| lake::rows(&path)) {
        let id = row.split(" | ").find(|cell| cell.starts_with("\"entry-")).unwrap().to_owned();
        *found.entry(id.trim_matches('"').to_owned()).or_default() += 1;
    }
    found
}

/// The names of the entries that a SQLite output has.
fn known(run: &Run, name: &str) -> BTreeSet<String> {
    let database = database(run, name);
    let mut statement = database
        .prepare("SELECT entry_id FROM audit_log_entries WHERE entry_id LIKE 'entry-%'")
        .unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    ids.collect::<rusqlite::Result<_>>().unwrap()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| format!("entry-{name}")).collect()
}

#[test]
fn each_output_holds_what_it_would_hold_alone() {
    let run = run();
    for outputs in [&["alone.db"][..], &["parquet:alone"], &["one.db", "parquet:both", "two.db"]] {
        run.extract(&to(outputs));
    }
    let of = |name| tables(&database(&run, name));
    assert_eq!(of("one.db"), of("alone.db"));
    assert_eq!(of("two.db"), of("alone.db"));
    let lake = |name| -> Tables { lake::tables(&run.path(name)) };
    assert_eq!(lake("both"), lake("alone"));
    assert!(lake("both")["flags"].len() > 50);
    // A second night, when each output has earlier data.
    run.server.change(|account| account.projects[0].flags[0].name += " again");
    run.extract(&to(&["one.db", "parquet:both", "two.db"]));
    run.extract(&to(&["alone.db"]));
    run.extract(&to(&["parquet:alone"]));
    assert_eq!(of("two.db"), of("alone.db"));
    assert_eq!(lake("both"), lake("alone"));
}

#[test]
fn the_account_is_read_once() {
    let run = run();
    run.extract(&to(&["alone.db"]));
    let alone = run.server.requests().len();
    run.extract(&to(&["one.db", "parquet:lake", "delta:tables"]));
    assert_eq!(run.server.requests().len(), 2 * alone);
}

#[test]
fn each_output_gets_each_entry_of_the_audit_log_once() {
    let run = run();
    note(&run, "entry-old", 2);
    run.extract(&to(&["parquet:lake"]));
    note(&run, "entry-middle", 1);
    run.extract(&to(&["delta:tables"]));
    note(&run, "entry-new", 0);
    // The database has none of them, the lake lacks the last two, and the tables the last.
    for outputs in
        [["parquet:lake", "a.db", "delta:tables"], ["delta:tables", "parquet:lake", "b.db"]]
    {
        run.extract(&to(&outputs));
        let all = set(&["first", "old", "middle", "new"]);
        assert_eq!(known(&run, outputs.iter().find(|one| one.ends_with(".db")).unwrap()), all);
        for lake in ["lake", "tables"] {
            let found = entries(&run, lake);
            assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), all, "{lake}");
            assert!(found.values().all(|times| *times == 1), "{lake}: {found:?}");
        }
    }
}

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
fn an_output_of_another_account_ends_the_run_before_anything_is_read() {
    let (run, other) = (run(), run());
    other.server.change(|account| account.account_id = "another".to_owned());
    other.extract(&to(&["theirs.db"]));
    fs::copy(other.path("theirs.db"), run.path("theirs.db")).unwrap();
    let ended = run.run(&[&["extract"], &to(&["ours.db", "theirs.db"])[..]].concat());
    assert_eq!(ended.status, 8, "{ended:?}");
    assert!(!run.path("ours.db").exists());
    assert_eq!(run.requests("/flags"), 0);
}

#[test]
fn an_output_is_named_once() {
    let run = run();
    for pair in [["a.db", "sqlite:./a.db"], ["parquet:lake", "delta:lake"]] {
        let ended = run.run(&[&["extract"], &to(&pair)[..]].concat());
        assert_eq!(ended.status, 2, "{ended:?}");
        assert!(ended.stderr.contains("twice"), "{}", ended.stderr);
    }
}

#[test]
fn an_option_is_for_the_outputs_that_it_concerns() {
    let run = run();
    let outputs = to(&["a.db", "parquet:lake"]);
    for _ in 0..3 {
        run.extract(
            &[&outputs[..], &["--keep-extractions", "2", "--history-retention", "9d"]].concat(),
        );
    }
    let lake = run.path("lake");
    assert_eq!(lake::complete(&lake, &lake::account(&lake)).len(), 2);
    let count = "SELECT count(*) FROM extractions";
    let runs: i64 = database(&run, "a.db").query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(runs, 3);
    let ended = run.run(&["extract", "--output", "a.db", "--keep-extractions", "2"]);
    assert_eq!(ended.status, 2, "{ended:?}");
}
