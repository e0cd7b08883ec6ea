//! The walk from the newest entry back to the newest known one.

use fake_launchdarkly::Answer;
use fake_launchdarkly::Scripted;

use super::{DAY, MINUTE, entry, extract, ids, now, requests, run_with};

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
fn the_first_run_reads_as_far_back_as_it_is_told() {
    let now = now();
    let run = run_with((1..60).map(|day| entry(day, now - day as i64 * DAY - 1000)));
    extract(&run, &["--audit-log-since", "30d"]);
    assert_eq!(ids(&run).len(), 29);
    extract(&run, &["--audit-log-since", "60d"]);
    assert_eq!(ids(&run).len(), 29, "later runs read only what is new");
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
