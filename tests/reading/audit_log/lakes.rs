//! The audit log in Parquet: each entry is in one extraction.

use super::{DAY, MINUTE, entry, extract, now, run_with};
use crate::support::Run;
use crate::support::lake;

#[test]
fn parquet_has_the_new_entries_of_each_extraction() {
    let start = now() - DAY;
    let run = run_with((0..5).map(|number| entry(number, start + number as i64)));
    extract(&run, &["--output", "parquet:lake"]);
    let new = (5..8).map(|number| entry(number, start + number as i64));
    run.server.change(|account| account.audit_log.extend(new));
    run.extract(&["--resources", "core", "--output", "parquet:lake"]);
    extract(&run, &["--output", "parquet:lake"]);
    let counts: Vec<_> = lake::files(&run.path("lake"))
        .into_iter()
        .filter(|((table, _), _)| table == "audit_log_entries")
        .map(|(_, path)| lake::rows(&path).len())
        .collect();
    assert_eq!(counts, [5, 3], "no entry is in two extractions");
}

/// Every ID in a lake, once for each row.
fn ids_in_lake(run: &Run) -> Vec<String> {
    let files = lake::files(&run.path("lake")).into_iter();
    let entries = files.filter(|((table, _), _)| table == "audit_log_entries");
    let rows = entries.flat_map(|(_, path)| lake::rows(&path));
    let mut ids: Vec<_> = rows.map(|row| format!("{row:?}")).collect();
    ids.sort();
    ids
}

#[test]
fn an_entry_that_appears_late_is_in_one_extraction_of_a_lake() {
    let start = now() - DAY;
    let run = run_with((0..50).map(|number| entry(number, start + number as i64 * MINUTE)));
    extract(&run, &["--output", "parquet:lake"]);
    let late = entry(100, start + 19 * MINUTE);
    run.server.change(|account| account.audit_log.push(late));
    extract(&run, &["--output", "parquet:lake"]);
    extract(&run, &["--output", "parquet:lake"]);
    let mut found = ids_in_lake(&run);
    assert_eq!(found.len(), 51);
    found.dedup();
    assert_eq!(found.len(), 51);
}

#[test]
fn parquet_gets_an_entry_that_appears_late_once() {
    let start = now() - DAY;
    let run = run_with((0..5).map(|number| entry(number, start + number as i64 * 60_000)));
    extract(&run, &["--output", "parquet:lake"]);
    let count = |run: &Run| {
        let lake = run.path("lake");
        let entries = lake::part(&lake, "audit_log_entries", &lake::newest(&lake));
        lake::rows(&entries).len()
    };
    assert_eq!(count(&run), 5);
    // Between those that are known, within the hour that is read again; and one before that.
    let late = [entry(5, start + 90_000), entry(6, start - 3_600_000)];
    run.server.change(|account| account.audit_log.extend(late));
    extract(&run, &["--output", "parquet:lake"]);
    assert_eq!(count(&run), 1, "what is known is not published again");
    extract(&run, &["--output", "parquet:lake"]);
    assert_eq!(count(&run), 0, "nor is what appeared late");
}
