//! Runs that are refused or stopped while they read the log.

use fake_launchdarkly::Answer;
use fake_launchdarkly::Family;
use fake_launchdarkly::Scripted;

use super::{DAY, entry, extract, ids, now, requests, run_with};
use crate::support::ended;

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
