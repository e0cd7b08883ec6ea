//! The audit log: read from the newest known entry back, complete, and never twice.

use crate::support::{Run, ended, rows};
use fake_launchdarkly::account::{Account, AuditEntry};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};

/// One day before the account's current time.
fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

const DAY: i64 = 24 * 3_600_000;

fn entry(number: usize, date_ms: i64) -> AuditEntry {
    AuditEntry::new(format!("{number:024x}"), date_ms)
}

fn run_with(entries: impl IntoIterator<Item = AuditEntry>) -> Run {
    let mut account = Account::new(now());
    account.audit_log.extend(entries);
    Run::new(account, Behaviour::default())
}

fn extract(run: &Run, more: &[&str]) {
    let arguments = [&["--resources", "audit_log"], more].concat();
    run.extract(&arguments);
}

fn ids(run: &Run) -> Vec<String> {
    rows(&run.database(), "SELECT entry_id FROM audit_log_entries ORDER BY 1")
}

fn requests(run: &Run) -> usize {
    run.requests("/auditlog")
}

#[test]
fn every_entry_is_read_once_and_kept_over_many_runs() {
    let start = now() - DAY;
    let run = run_with((0..45).map(|number| entry(number, start + number as i64)));
    extract(&run, &["--audit-log-lookback", "0s"]);
    assert_eq!((ids(&run).len(), requests(&run)), (45, 3));
    for round in 1..4 {
        run.server.forget_requests();
        run.server.change(|account| {
            let new = (0..18).map(|one| {
                let number = 45 + (round - 1) * 18 + one;
                entry(number, start + 1000 * round as i64 + one as i64)
            });
            account.audit_log.extend(new);
            // LaunchDarkly deletes old entries.
            account.audit_log.drain(..10);
        });
        extract(&run, &["--audit-log-lookback", "0s"]);
        assert_eq!((ids(&run).len(), requests(&run)), (45 + round * 18, 1), "round {round}");
    }
    run.server.forget_requests();
    extract(&run, &["--audit-log-lookback", "0s"]);
    assert_eq!((ids(&run).len(), requests(&run)), (99, 1), "nothing new takes one request");
    let sql = "SELECT count(*) FROM audit_log_accesses WHERE entry_id NOT IN
               (SELECT entry_id FROM audit_log_entries)";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn entries_that_share_a_millisecond_are_all_read() {
    let start = now() - DAY;
    for shared in [2, 5, 19] {
        for offset in 0..20 {
            let date = |number: usize| match number {
                number if number < offset => start + 100 - number as i64,
                number if number < offset + shared => start,
                number => start - number as i64,
            };
            let run = run_with((0..60).map(|number| entry(number, date(number))));
            extract(&run, &[]);
            assert_eq!(ids(&run).len(), 60, "{shared} shared from {offset}");
        }
    }
}

#[test]
fn a_millisecond_with_more_entries_than_shown_is_noted() {
    let start = now() - DAY;
    let run = run_with((0..50).map(|number| entry(number, start - (number as i64 / 40))));
    extract(&run, &[]);
    assert!(ids(&run).len() >= 30, "the walk goes on behind them");
    let detail: String =
        run.value("SELECT detail FROM extraction_resources WHERE resource = 'audit_log'");
    assert!(detail.contains("20 entries or more"), "{detail}");
}

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
fn the_first_run_reads_as_far_back_as_it_is_told() {
    let now = now();
    let run = run_with((1..60).map(|day| entry(day, now - day as i64 * DAY - 1000)));
    extract(&run, &["--audit-log-since", "30d"]);
    assert_eq!(ids(&run).len(), 29);
    extract(&run, &["--audit-log-since", "60d"]);
    assert_eq!(ids(&run).len(), 29, "later runs read only what is new");
}

#[test]
fn what_is_refused_leaves_no_gap() {
    let start = now() - DAY;
    let run = run_with((0..30).map(|number| entry(number, start + number as i64)));
    extract(&run, &[]);
    let new = (30..90).map(|number| entry(number, start + number as i64));
    run.server.change(|account| account.audit_log.extend(new));
    // The second page is refused, when the first has been staged.
    run.server.behave(|behaviour| {
        let refusal = Scripted::once("/api/v2/auditlog", Answer::refusal(403));
        behaviour.script = vec![refusal.query("before=")];
    });
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 30, "half of what is new is not published");
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 90);
}

#[test]
fn a_run_that_was_stopped_in_the_log_goes_on_there() {
    let start = now() - DAY;
    let run = run_with((0..100).map(|number| entry(number, start + number as i64)));
    run.server.behave(|behaviour| {
        let failure = Scripted::once("/api/v2/auditlog", Answer::json(500, "{}")).times(99);
        behaviour.script = vec![failure.query("before=")];
    });
    let arguments = ["extract", "--resources", "audit_log", "--retries", "0"];
    assert_eq!(run.run(&arguments).status, 6);
    run.server.behave(|behaviour| behaviour.script.clear());
    run.server.forget_requests();
    extract(&run, &[]);
    assert_eq!((ids(&run).len(), requests(&run)), (100, 5), "what was answered is not asked again");
}

#[test]
fn parquet_has_the_new_entries_of_each_extraction() {
    let start = now() - DAY;
    let run = run_with((0..5).map(|number| entry(number, start + number as i64)));
    extract(&run, &["--output", "parquet:lake"]);
    let new = (5..8).map(|number| entry(number, start + number as i64));
    run.server.change(|account| account.audit_log.extend(new));
    run.extract(&["--resources", "core", "--output", "parquet:lake"]);
    extract(&run, &["--output", "parquet:lake"]);
    let counts: Vec<_> = crate::support::lake::files(&run.path("lake"))
        .into_iter()
        .filter(|((table, _), _)| table == "audit_log_entries")
        .map(|(_, path)| crate::support::lake::rows(&path).len())
        .collect();
    assert_eq!(counts, [5, 3], "no entry is in two extractions");
}

const MINUTE: i64 = 60_000;

/// Every ID in a lake, once for each row.
fn ids_in_lake(run: &Run) -> Vec<String> {
    let files = crate::support::lake::files(&run.path("lake")).into_iter();
    let entries = files.filter(|((table, _), _)| table == "audit_log_entries");
    let rows = entries.flat_map(|(_, path)| crate::support::lake::rows(&path));
    let mut ids: Vec<_> = rows.map(|row| format!("{row:?}")).collect();
    ids.sort();
    ids
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

#[test]
fn an_entry_dated_in_the_future_hides_no_other() {
    let now = now();
    let run = run_with([entry(0, now - 3 * 60 * MINUTE), entry(1, now + 400 * DAY)]);
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 2);
    run.server.change(|account| account.audit_log.push(entry(2, now - 2 * 60 * MINUTE)));
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), 3);
    assert_eq!(requests(&run), 2);
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
fn another_account_does_not_resume() {
    let start = now() - DAY;
    let run = run_with((0..5).map(|number| entry(number, start + number as i64)));
    extract(&run, &[]);
    run.server.change(|account| {
        account.account_id = "00000000000000000000ffff".into();
        account.audit_log = vec![entry(77, start - DAY)];
    });
    extract(&run, &[]);
    assert_eq!(ids(&run), [format!("\"{:024x}\"", 77)]);
}

#[test]
fn a_refused_log_does_not_end_the_run() {
    let run = run_with([entry(0, now() - DAY)]);
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::AuditLog, 403)]));
    extract(&run, &[]);
    let arguments = ["extract", "--resources", "audit_log", "--strict"];
    assert_eq!(ended(run.command(&arguments).output().unwrap()).status, 4);
}

#[test]
fn a_server_that_does_not_honour_before_ends_the_run() {
    let start = now() - DAY;
    let run = run_with([]);
    let item = |number: i64| {
        let date = start + 100 - number;
        format!(
            r#"{{"_id":"{number:024x}","_accountId":"a","date":{date},"accesses":[],"kind":"flag",
                "name":"n","description":"","shortDescription":"","_links":{{}}}}"#
        )
    };
    let items = (0..20).map(item).collect::<Vec<_>>().join(",");
    let page = Answer::json(200, format!(r#"{{"_links":{{}},"items":[{items}]}}"#));
    let script = vec![Scripted::once("/api/v2/auditlog", page).times(9999)];
    run.server.behave(|behaviour| behaviour.script = script);
    let arguments = ["extract", "--resources", "audit_log", "--error-format", "json"];
    let error = run.run(&arguments).failed(7, "unexpected_response");
    assert!(error["message"].as_str().unwrap().contains("`before`"), "{error}");
    assert!(requests(&run) < 5, "{}", requests(&run));
}

#[test]
fn parquet_gets_an_entry_that_appears_late_once() {
    let start = now() - DAY;
    let run = run_with((0..5).map(|number| entry(number, start + number as i64 * 60_000)));
    extract(&run, &["--output", "parquet:lake"]);
    let count = |run: &Run| {
        let lake = run.path("lake");
        let entries = crate::support::lake::part(
            &lake,
            "audit_log_entries",
            &crate::support::lake::newest(&lake),
        );
        crate::support::lake::rows(&entries).len()
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
