//! Entries that appear in the log after newer ones were read.

use super::{DAY, MINUTE, entry, extract, ids, now, run_with};
use crate::support::rows;

#[test]
fn a_late_entry_in_the_newest_millisecond_is_read() {
    let start = now() - DAY;
    let run = run_with([entry(0, start)]);
    extract(&run, &[]);
    run.server.change(|account| account.audit_log.push(entry(1, start)));
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 2);
}

#[test]
fn an_entry_that_appears_late_is_read_by_the_next_run() {
    let start = now() - DAY;
    let run = run_with((0..50).map(|number| entry(number, start + number as i64 * MINUTE)));
    extract(&run, &[]);
    run.server.change(|account| {
        // 30 and 60 minutes older than the newest known; and one that is too late.
        let late = [(100, 19), (101, -11), (102, -12)];
        let late = late.map(|(number, minute)| entry(number, start + minute * MINUTE));
        account.audit_log.extend(late);
    });
    extract(&run, &[]);
    let found = ids(&run);
    assert_eq!(found.len(), 52);
    assert!(
        found.contains(&format!("\"{:024x}\"", 100))
            && found.contains(&format!("\"{:024x}\"", 101))
    );
    // Known entries are not counted as read again.
    let new: i64 = run.value(
        "SELECT distinct_rows FROM extraction_resources JOIN extractions USING (extraction_id)
         WHERE resource = 'audit_log' AND is_latest",
    );
    assert_eq!(new, 2);
    let before = rows(&run.database(), "SELECT * FROM audit_log_entries ORDER BY entry_id");
    extract(&run, &[]);
    let after = rows(&run.database(), "SELECT * FROM audit_log_entries ORDER BY entry_id");
    assert_eq!(before, after);
}

#[test]
fn how_late_an_entry_may_be_can_be_chosen() {
    for (lookback, count) in [("0s", 1), ("29m", 1), ("30m", 2), ("2d", 2)] {
        let start = now() - DAY;
        let run = run_with([entry(0, start)]);
        extract(&run, &[]);
        run.server.change(|account| account.audit_log.push(entry(1, start - 30 * MINUTE)));
        extract(&run, &["--audit-log-lookback", lookback]);
        assert_eq!(ids(&run).len(), count, "{lookback}");
    }
}

#[test]
fn late_entries_in_shared_milliseconds_are_read() {
    let start = now() - DAY;
    let run = run_with((0..90).map(|number| entry(number, start + number as i64 / 6 * MINUTE)));
    extract(&run, &[]);
    let late = (100..145).map(|number| entry(number, start + (number as i64 - 100) / 3 * MINUTE));
    run.server.change(|account| account.audit_log.extend(late));
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 90 + 45);
}
