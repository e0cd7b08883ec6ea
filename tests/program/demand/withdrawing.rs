//! What a withdrawal does when others change the request at the same time.

use serde_json::json;

use super::*;

const DELETE: (&str, &str) = ("DELETE", "/api/v2/approval-requests");

/// The request's answer once somebody has applied it.
fn completed(run: &Run) -> Answer {
    let mut request = requests(run)[0].clone();
    request["status"] = json!("completed");
    Answer::json(200, request.to_string())
}

#[test]
fn what_was_applied_in_between_is_not_withdrawn() {
    for first in [refusal(409, "changed"), refusal(500, "lost")] {
        let (run, id) = asked("guarded", true);
        let path = format!("/api/v2/approval-requests/{id}");
        let kept = Answer::json(200, requests(&run)[0].to_string());
        answer(&run, "GET", &path, 1, kept);
        answer(&run, "GET", &path, 9, completed(&run));
        answer(&run, DELETE.0, DELETE.1, 1, first);
        let error = ask(&run, "approvals withdraw", &[&id, "--yes"]).failed(12, "guarded");
        assert!(error["message"].as_str().unwrap().contains("completed"), "{error}");
        assert_eq!((requests(&run).len(), writes(&run).len()), (1, 1));
    }
}

#[test]
fn what_somebody_else_withdrew_is_unchanged() {
    let (run, id) = asked("guarded", false);
    let path = format!("/api/v2/approval-requests/{id}");
    let kept = Answer::json(200, requests(&run)[0].to_string());
    answer(&run, "GET", &path, 1, kept);
    run.server.change(|account| {
        account.lists.insert((Family::ApprovalRequests, Vec::new()), Vec::new());
    });
    let found = super::json(&run, "approvals withdraw", &[&id, "--yes"]);
    assert_eq!((&found["outcome"], &found["status"]), (&"unchanged".into(), &"withdrawn".into()));
    assert_eq!(writes(&run).len(), 1);
}
