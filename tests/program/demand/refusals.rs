//! Refusals, signals and lists that come late.

use std::process::Stdio;

use super::*;
use crate::support::ended;

const OFF: &str = "flags off beta --project web --environment live --yes";
const REQUEST: &str = "flags on beta --project web --environment guarded --request-approval";

/// Starts a command, tells it to end once a write was answered, and waits for its end.
fn interrupt_after_a_write(run: &Run, command: &str) -> Ended {
    let words: Vec<_> = command.split(' ').collect();
    let mut command = run.command(&words);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while writes(run).is_empty() {
        std::thread::yield_now();
    }
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    ended(child.wait_with_output().unwrap())
}

#[test]
fn nothing_is_sent_again_after_a_signal() {
    let run = run();
    let limited = refusal(429, "slow down").with_header("retry-after", "60");
    answer(&run, "PATCH", "/api/v2/flags", 9, limited);
    let ended = interrupt_after_a_write(&run, OFF);
    assert_eq!((ended.status, writes(&run).len()), (130, 1), "{}", ended.stderr);
    assert!(ended.stderr.contains("nothing was changed"), "{}", ended.stderr);
    assert!(is_on(&run, "live"));
}

#[test]
fn a_signal_after_a_lost_answer_says_that_the_outcome_is_not_known() {
    let run = run();
    answer(&run, "PATCH", "/api/v2/flags", 9, refusal(500, "no"));
    let ended = interrupt_after_a_write(&run, OFF);
    assert_eq!(ended.status, 130, "{}", ended.stderr);
    assert!(ended.stderr.contains("is unknown"), "{}", ended.stderr);
}

#[test]
fn a_missing_permission_for_requests_is_no_missing_approval() {
    for message in [
        "action 'createApprovalRequest' not allowed",
        "You do not have permission to access approval requests",
        "Approvals are not available on this plan",
    ] {
        let run = run();
        answer(&run, "POST", "/api/v2/projects", 1, refusal(403, message));
        let error = ask(&run, REQUEST, &[]).failed(4, "invalid_permissions");
        assert!(error["message"].as_str().unwrap().contains("createApprovalRequest"), "{error}");
        assert_eq!(requests(&run).len(), 0);
    }
    let run = run();
    answer(&run, "POST", "/api/v2/projects", 1, refusal(404, "Not here"));
    let error = ask(&run, REQUEST, &[]).failed(7, "unexpected_response");
    assert!(error["message"].as_str().unwrap().contains("Not here"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("plan"), "{error}");
}

#[test]
fn a_request_that_is_listed_late_is_not_made_twice() {
    let run = run();
    answer(&run, "POST", "/api/v2/projects", 1, Answer::Lost);
    let list = "/api/v2/projects/web/flags/beta/environments/guarded/approval-requests";
    answer(&run, "GET", list, 3, Answer::json(200, r#"{"items":[]}"#));
    json(&run, REQUEST, &[]);
    assert_eq!(requests(&run).len(), 1);
}

#[test]
fn archiving_names_no_option_that_it_does_not_have() {
    let run = run();
    answer(&run, "PATCH", "/api/v2/flags", 1, refusal(405, "no"));
    let command = "flags archive beta --project web --yes --force --comment gone";
    let error = ask(&run, command, &[]).failed(10, "approval_required");
    assert!(!error["hint"].as_str().unwrap().contains("--request-approval"), "{error}");
    answer(&run, "PATCH", "/api/v2/flags", 1, refusal(405, "no"));
    let error = ask(&run, OFF, &[]).failed(10, "approval_required");
    assert!(error["hint"].as_str().unwrap().contains("--request-approval"), "{error}");
}

#[test]
fn what_fails_beside_a_change_does_not_stop_it() {
    for status in [401, 403, 404, 405, 500] {
        let run = run();
        run.server.behave(|behaviour| {
            behaviour.refused.extend([(Family::DependentFlags, status)]);
        });
        let ended = ask(&run, OFF, &["--retries", "0"]).succeeded();
        assert!(ended.stderr.contains("dependents   not known"), "{status}: {}", ended.stderr);
        assert_eq!(writes(&run), [PATCH]);
    }
}

#[test]
fn a_status_that_is_not_known_is_not_never_requested() {
    for status in [401, 403, 404, 405] {
        let run = run();
        run.server.behave(|behaviour| behaviour.refused.extend([(Family::FlagStatus, status)]));
        let shown = ask(&run, "flags show beta --project web", &[]).succeeded().stdout;
        assert!(shown.contains("unknown, requests not known"), "{status}: {shown}");
        assert!(!shown.contains("never requested"), "{shown}");
    }
}

#[test]
fn flags_are_listed_without_statuses_that_are_refused() {
    for status in [403, 404] {
        let run = run();
        run.server.behave(|behaviour| behaviour.refused.extend([(Family::FlagStatuses, status)]));
        let listed = json(&run, "flags list --project web --environment live", &[]);
        let flag = &listed["items"][0];
        assert_eq!((&flag["is_on"], &flag["status"]), (&true.into(), &Value::Null), "{status}");
    }
}

#[test]
fn a_failed_look_after_a_lost_answer_says_that_the_outcome_is_not_known() {
    for (status, code) in [(403, 4), (503, 6)] {
        let run = run();
        answer(&run, "PATCH", "/api/v2/flags", 1, Answer::Lost);
        let words: Vec<_> = OFF.split(' ').chain(["--retries", "0"]).collect();
        let refuse = Answer::change(move |_| ());
        // The plan reads the flag once.
        answer(&run, "GET", "/api/v2/flags/web/beta", 1, refuse);
        answer(&run, "GET", "/api/v2/flags/web/beta", 9, refusal(status, "no"));
        let ended = run.run(&words);
        assert_eq!((ended.status, writes(&run).len()), (code, 1), "{}", ended.stderr);
        assert!(ended.stderr.contains("is unknown"), "{}", ended.stderr);
        assert!(!is_on(&run, "live"));
    }
}

#[test]
fn a_change_that_others_undo_is_not_made_again() {
    let run = run();
    answer(&run, "PATCH", "/api/v2/flags", 1, Answer::Lost);
    answer(&run, "GET", "/api/v2/flags/web/beta", 1, Answer::change(|_| ()));
    let undo = Answer::change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
        let mut state = flag.environment("live").into_owned();
        (state.config.on, state.config.version) = (true, state.config.version + 1);
        flag.environments.insert("live".to_owned(), state);
    });
    answer(&run, "GET", "/api/v2/flags/web/beta", 1, undo);
    let error = ask(&run, OFF, &[]).failed(13, "conflict");
    assert!(error["message"].as_str().unwrap().contains("by others"), "{error}");
    assert_eq!((writes(&run).len(), is_on(&run, "live")), (1, true));
}

#[test]
fn a_change_whose_answer_is_cut_is_looked_at() {
    let run = run();
    answer(&run, "PATCH", "/api/v2/flags", 1, Answer::Cut(20));
    let found = json(&run, OFF, &[]);
    assert_eq!((&found["outcome"], writes(&run).len()), (&"changed".into(), 1));
}

#[test]
fn a_flag_that_was_archived_in_between_is_guarded() {
    let run = run();
    let archive = Answer::change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
        flag.archived_ms = Some(NOW);
    });
    answer(&run, "PATCH", "/api/v2/flags", 1, refusal(400, "The flag is archived"));
    answer(&run, "GET", "/api/v2/flags/web/beta", 1, Answer::change(|_| ()));
    answer(&run, "GET", "/api/v2/flags/web/beta", 1, archive);
    ask(&run, OFF, &[]).failed(12, "guarded");
}
