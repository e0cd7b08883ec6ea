//! A large log is split into parts, which are read at the same time.

use std::process::Stdio;
use std::time::Duration;

use fake_launchdarkly::{Answer, Behaviour, Boundary, Scripted};

use super::{MINUTE, entry, extract, ids, now, requests, run_with};
use crate::support::Run;

const ENTRIES: usize = 2000;
/// The requests of one walk: each page begins with the last entry of the one before.
const PAGES: usize = (ENTRIES - 1).div_ceil(19);
/// What the splits of a log of this size may cost.
const SPLITS: usize = 12;

/// A log whose entries are 50 minutes apart.
fn large_log() -> Run {
    let start = now() - MINUTE;
    run_with((0..ENTRIES).map(|number| entry(number, start - number as i64 * 50 * MINUTE)))
}

/// The times of the requests' `before`, in order of arrival.
fn times(run: &Run) -> Vec<i64> {
    let requests = run.server.requests();
    requests.iter().filter_map(|request| request.query("before")?.parse().ok()).collect()
}

#[test]
fn parts_are_read_at_the_same_time_and_no_entry_is_lost() {
    let run = large_log();
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), ENTRIES);
    assert!((PAGES..PAGES + SPLITS).contains(&requests(&run)), "{}", requests(&run));
    assert!(!times(&run).is_sorted_by(|one, next| one >= next), "there was one walk only");
    let distinct: i64 =
        run.value("SELECT distinct_rows FROM extraction_resources WHERE resource = 'audit_log'");
    assert_eq!(distinct, ENTRIES as i64);
}

#[test]
fn one_connection_reads_in_one_walk() {
    let run = large_log();
    extract(&run, &["--concurrency", "1"]);
    assert_eq!((ids(&run).len(), requests(&run)), (ENTRIES, PAGES));
    assert!(times(&run).is_sorted_by(|one, next| one >= next));
}

#[test]
fn parts_are_read_from_servers_that_behave_differently() {
    let changes: [fn(&mut Behaviour); 3] = [
        |behaviour| behaviour.audit_before = Boundary::Inclusive,
        |behaviour| behaviour.omit_page_links = true,
        |behaviour| behaviour.maximum = [(fake_launchdarkly::Family::AuditLog, 13)].into(),
    ];
    for change in changes {
        let run = large_log();
        run.server.behave(change);
        extract(&run, &[]);
        assert_eq!(ids(&run).len(), ENTRIES);
    }
}

#[test]
fn full_milliseconds_are_noted_in_any_part() {
    let run = large_log();
    let full: Vec<_> = [200, 1000, 1800]
        .into_iter()
        .flat_map(|number| {
            let date = now() - MINUTE * 7 - number * 50 * MINUTE;
            (0..30).map(move |one| entry((number * 100) as usize + one, date))
        })
        .collect();
    run.server.change(|account| account.audit_log.extend(full));
    extract(&run, &[]);
    assert_eq!(ids(&run).len(), ENTRIES + 3 * 20, "the walks go on behind them");
    let detail: String =
        run.value("SELECT detail FROM extraction_resources WHERE resource = 'audit_log'");
    assert_eq!(detail.matches("20 entries or more").count(), 3, "{detail}");
}

/// A run that gets no other answers than its first `number`.
fn failing(number: usize, answer: Answer) -> Run {
    let run = large_log();
    let log = "/api/v2/auditlog";
    let as_it_is = Scripted::once(log, Answer::change(|_| ())).times(number);
    let failure = Scripted::once(log, answer).times(9999);
    run.server.behave(|behaviour| behaviour.script = vec![as_it_is, failure]);
    run
}

#[test]
fn a_run_that_was_stopped_between_parts_repeats_no_request() {
    for number in [1, 7, 20, 60, 100] {
        let run = failing(number, Answer::json(500, "{}"));
        let arguments = ["extract", "--resources", "audit_log", "--retries", "0"];
        assert_eq!(run.run(&arguments).status, 6);
        run.server.behave(|behaviour| behaviour.script.clear());
        run.server.forget_requests();
        extract(&run, &[]);
        assert_eq!(ids(&run).len(), ENTRIES);
        // Answers that arrived together with the first failure may be lost.
        let most = PAGES + SPLITS - number + 8;
        assert!(requests(&run) <= most, "{number}: {} of {most}", requests(&run));
    }
}

#[test]
fn a_run_that_was_killed_between_parts_goes_on() {
    for number in [3, 40] {
        let run = failing(number, Answer::Hang);
        let mut command = run.command(&["extract", "--resources", "audit_log"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while requests(&run) <= number {
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        run.server.behave(|behaviour| behaviour.script.clear());
        extract(&run, &[]);
        assert_eq!(ids(&run).len(), ENTRIES);
    }
}

#[test]
fn a_later_run_reads_only_the_new_entries() {
    let run = large_log();
    extract(&run, &[]);
    run.server.forget_requests();
    let new = (0..30).map(|number| entry(ENTRIES + number, now() - number as i64 * 100));
    run.server.change(|account| account.audit_log.extend(new));
    extract(&run, &[]);
    assert_eq!((ids(&run).len(), requests(&run)), (ENTRIES + 30, 2));
    extract(&run, &["--audit-log-lookback", "365d"]);
    assert_eq!(ids(&run).len(), ENTRIES + 30, "known entries are recognised in every part");
}
