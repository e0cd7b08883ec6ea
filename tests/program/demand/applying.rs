//! What is shown, asked and checked when a request is applied.

use serde_json::json;

use super::*;

const DAY: i64 = 86_400_000;

/// The words after `fact` in what a command has shown.
fn shown<'e>(ended: &'e Ended, fact: &str) -> Vec<&'e str> {
    let lines = ended.stderr.lines().filter_map(|line| line.strip_prefix(fact));
    lines.map(str::trim).collect()
}

#[test]
fn instructions_are_shown_and_keys_of_targets_are_counted() {
    let (run, id) = asked("guarded", true);
    change_request(&run, |request| {
        request["instructions"] = json!([
            {"kind": "addTargets", "values": ["ann@example.com", "bob"], "variationId": "v"},
            {"kind": "removeRule", "ruleId": "r1"},
            {"kind": "turnFlagOn"},
        ]);
    });
    let ended = ask(&run, "approvals apply", &[&id]);
    ended.failed(10, "approval_required");
    let does = shown(&ended, "does ");
    assert!(does[0].contains(r#""values":2"#) && does[0].contains(r#""variationId":"v""#));
    assert_eq!(does[1..], [r#"{"kind":"removeRule","ruleId":"r1"}"#, r#"{"kind":"turnFlagOn"}"#]);
    assert!(shown(&ended, "then ")[0].starts_with("on: "), "{}", ended.stderr);
    let text = ask(&run, "approvals show", &[&id]).succeeded().stdout;
    assert!(text.contains(r#""ruleId":"r1""#), "{text}");
    let object = super::json(&run, "approvals show", &[&id]);
    assert_eq!(object["instructions"][0]["values"], 2);
    for output in [&ended.stderr, &text, &object.to_string()] {
        assert!(!output.contains("ann@"), "{output}");
    }
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn the_last_turn_of_a_flag_is_shown_and_checked() {
    let (run, id) = asked("guarded", true);
    let turns = json!([{"kind": "turnFlagOff"}, {"kind": "turnFlagOn"}]);
    change_request(&run, |request| request["instructions"] = turns);
    let done = json!({"_id": id, "status": "completed", "reviewStatus": "approved"});
    let done = Answer::json(200, done.to_string());
    answer(&run, "POST", "/api/v2/approval-requests", 1, done);
    let ended = ask(&run, "approvals apply", &[&id, "--yes"]);
    ended.failed(7, "unexpected_response");
    assert!(shown(&ended, "then ")[0].starts_with("on: "), "{}", ended.stderr);
    assert_eq!((writes(&run).len(), is_on(&run, "guarded")), (1, false));
}

#[test]
fn a_change_at_a_later_time_is_scheduled_once() {
    for is_lost in [false, true] {
        let (run, id) = asked("guarded", true);
        change_request(&run, |request| request["executionDate"] = json!(NOW + DAY));
        let mut later = requests(&run)[0].clone();
        later["status"] = json!("scheduled");
        let scheduled = Answer::json(200, later.to_string());
        if is_lost {
            let path = format!("/api/v2/approval-requests/{id}");
            answer(&run, "POST", "/api/v2/approval-requests", 1, Answer::Lost);
            let kept = Answer::json(200, requests(&run)[0].to_string());
            answer(&run, "GET", &path, 1, kept);
            answer(&run, "GET", &path, 1, scheduled);
        } else {
            answer(&run, "POST", "/api/v2/approval-requests", 1, scheduled);
        }
        let text = ask(&run, "approvals apply", &[&id, "--yes"]).succeeded();
        assert!(text.stdout.contains("will be made at 20"), "{}", text.stdout);
        assert_eq!((shown(&text, "when ").len(), writes(&run).len()), (1, 1));
    }
}

#[test]
fn what_is_scheduled_already_is_unchanged() {
    let (run, id) = asked("guarded", true);
    change_request(&run, |request| {
        request["executionDate"] = json!(NOW + DAY);
        request["status"] = json!("scheduled");
    });
    let found = super::json(&run, "approvals apply", &[&id, "--yes"]);
    assert_eq!((&found["outcome"], &found["status"]), (&"unchanged".into(), &"scheduled".into()));
    super::definitions::check("approvals_apply", &found);
    change_request(&run, |request| request["reviewStatus"] = json!("pending"));
    ask(&run, "approvals apply", &[&id, "--yes"]).failed(10, "approval_required");
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn a_request_is_not_pending_beside_itself() {
    let (run, id) = asked("guarded", true);
    let other = format!("supersedes {id}");
    let ask_again = ["--comment", &other];
    change_request(&run, |request| request["instructions"] = json!([{"kind": "turnFlagOff"}]));
    let command = "flags on beta --project web --environment guarded --request-approval";
    let second = super::json(&run, command, &ask_again);
    let second = second["approval_request_id"].as_str().unwrap();
    let conflict = refusal(400, "conflict with pending changes");
    answer(&run, "POST", "/api/v2/approval-requests", 1, conflict);
    let ended = ask(&run, "approvals apply", &[&id, "--yes"]);
    let error = ended.failed(13, "conflict");
    let pending = shown(&ended, "pending ")[0];
    for text in [pending, error["message"].as_str().unwrap()] {
        assert!(text.contains(&format!("approval request {second}")), "{text}");
        assert!(!text.contains(&format!("approval request {id}")), "{text}");
    }
}

#[test]
fn what_may_be_pending_is_not_none() {
    for (family, text) in [
        (Family::ScheduledChanges, "scheduled changes are not known"),
        (Family::ApprovalRequests, "approval requests are not known"),
    ] {
        let (run, id) = asked("guarded", true);
        let path = match family {
            Family::ScheduledChanges => "scheduled-changes",
            _ => "approval-requests",
        };
        let path = format!("/api/v2/projects/web/flags/beta/environments/guarded/{path}");
        answer(&run, "GET", &path, 1, refusal(403, "no"));
        let ended = ask(&run, "approvals apply", &[&id, "--yes"]).succeeded();
        assert_eq!(shown(&ended, "pending "), [text], "{}", ended.stderr);
    }
}
