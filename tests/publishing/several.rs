//! Several outputs of one run: the account is read once, and each output is what it would be alone.

mod audit_log;
mod failures;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::AuditEntry;
use fake_launchdarkly::generated::{self, Size};
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
fn an_output_is_named_once() {
    let run = run();
    for pair in [
        ["a.db", "sqlite:./a.db"],
        ["parquet:lake", "delta:lake"],
        ["parquet:lake", "delta:./none/../lake"],
    ] {
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
