//! Each output of a run gets each entry of the audit log once.

use std::collections::{BTreeMap, BTreeSet};

use fake_launchdarkly::{Answer, Scripted};

use super::{database, note, run, to};
use crate::support::{Run, lake};

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

/// The entries of a lake are these, each once.
fn assert_once(run: &Run, lake: &str, expected: &BTreeSet<String>) {
    let found = entries(run, lake);
    assert!(found.values().all(|times| *times == 1), "{lake}: {found:?}");
    assert_eq!(&found.into_keys().collect::<BTreeSet<_>>(), expected, "{lake}");
}

#[test]
fn a_new_output_gives_an_old_one_no_gap() {
    let run = run();
    run.extract(&to(&["parquet:lake", "old.db"]));
    for (id, days) in [("entry-old", 2), ("entry-middle", 1), ("entry-new", 0)] {
        note(&run, id, days);
    }
    // A first run would begin only a day ago.
    let all = [&to(&["parquet:lake", "old.db", "new.db"])[..], &["--audit-log-since", "12h"]];
    run.extract(&all.concat());
    let expected = set(&["first", "old", "middle", "new"]);
    assert_once(&run, "lake", &expected);
    assert_eq!(known(&run, "old.db"), expected);
    assert!(known(&run, "new.db").contains("entry-new"));
}

#[test]
fn an_entry_that_only_one_output_lacks_is_added_to_that_one() {
    let run = run();
    note(&run, "entry-new", 0);
    run.extract(&to(&["parquet:lake"]));
    // It is older than the newest, and appears late.
    note(&run, "entry-middle", 1);
    run.extract(&to(&["delta:tables"]));
    let both = to(&["parquet:lake", "delta:tables"]);
    run.extract(&[&both[..], &["--audit-log-lookback", "40h"]].concat());
    let expected = set(&["first", "middle", "new"]);
    assert_once(&run, "lake", &expected);
    assert_once(&run, "tables", &expected);
}

#[test]
fn a_stopped_run_is_not_resumed_for_other_outputs() {
    for first in ["parquet:lake", "delta:lake"] {
        let run = run();
        run.extract(&to(&[first]));
        // The run stops when its last flags do not come, and keeps what it has read.
        let unavailable = Scripted::once("/api/v2/flag-statuses", Answer::json(503, "{}"));
        run.server.behave(|behaviour| behaviour.script = vec![unavailable.times(1000)]);
        let arguments =
            [&["extract", "--max-wait", "1s", "--retries", "0"], &to(&[first, "parquet:new"])[..]];
        let ended = run.run(&arguments.concat());
        assert_eq!(ended.status, 6, "{ended:?}");
        run.server.behave(|behaviour| behaviour.script.clear());
        run.extract(&to(&[first]));
        assert_once(&run, "lake", &set(&["first"]));
    }
}
