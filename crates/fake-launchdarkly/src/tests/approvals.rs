//! Writing approval requests.

use serde_json::json;

use super::*;
use crate::account::READER_TOKEN;

const ALL: &str = "/api/v2/approval-requests";
const OF_FLAG: &str =
    "/api/v2/projects/internal-tools/flags/beta-reports/environments/guarded/approval-requests";

/// An account with one flag and one segment, in an environment that requires approval.
fn serve_flag() -> Server {
    use crate::account::{Approval, Environment, Flag, Project};
    let mut guarded = Environment::new("guarded");
    guarded.approval = Some(Approval::by(1));
    let project = Project::new("internal-tools")
        .with_environment(guarded)
        .with_flag(Flag::new("beta-reports", NOW_MS));
    let mut account = Account::new(NOW_MS).with_project(project);
    // In place of those that follow from the account.
    account.lists.insert((crate::Family::ApprovalRequests, Vec::new()), Vec::new());
    serve(account)
}

fn body() -> Value {
    json!({"description": "Please.", "instructions": [{"kind": "turnFlagOn"}], "comment": "why"})
}

fn request(server: &Server) -> Value {
    let got = write(server, &format!("POST {OF_FLAG}"), JSON, body().to_string()).unwrap();
    assert_eq!(got.status, 201, "{}", got.body);
    got.json()
}

fn id(request: &Value) -> &str {
    request["_id"].as_str().unwrap()
}

fn apply(server: &Server, id: &str) -> Got {
    write(server, &format!("POST {ALL}/{id}/apply"), JSON, r#"{"comment":"now"}"#).unwrap()
}

fn is_on(server: &Server) -> bool {
    let flag = json(server, "/api/v2/flags/internal-tools/beta-reports");
    flag["environments"]["guarded"]["on"] == true
}

#[test]
fn asking_twice_makes_two_requests() {
    let server = serve_flag();
    let [first, second] = [request(&server), request(&server)];
    assert_ne!(first["_id"], second["_id"]);
    assert_eq!((&first["status"], &first["reviewStatus"]), (&json!("pending"), &json!("pending")));
    let resource = "proj/internal-tools:env/guarded:flag/beta-reports";
    assert_eq!(first["resourceId"], resource);
    let listed = json(&server, OF_FLAG);
    assert_eq!(items(&listed), [first.clone(), second]);
    assert_eq!(items(&json(&server, ALL)).len(), 2);
    assert_eq!(json(&server, &format!("{ALL}/{}", id(&first))), first);
    assert_eq!(json(&server, &format!("{OF_FLAG}/{}", id(&first))), first);
    assert_eq!(get(&server, &format!("{ALL}/none")).status, 404);
}

#[test]
fn a_request_is_applied_once_and_only_when_approved() {
    let server = serve_flag();
    let request = request(&server);
    for status in [400, 403, 405] {
        server.behave(|behaviour| behaviour.writes.early_apply_status = status);
        assert_eq!(apply(&server, id(&request)).status, status);
    }
    assert!(!server.approve("none") && server.approve(id(&request)));
    assert!(!is_on(&server));
    let applied = apply(&server, id(&request));
    assert_eq!((applied.status, &applied.json()["status"]), (200, &json!("completed")));
    assert!(is_on(&server) && applied.json()["appliedDate"].is_i64());
    assert_eq!(json(&server, &format!("{ALL}/{}", id(&request))), applied.json());
    assert_eq!(apply(&server, id(&request)).status, 400);
    let log = json(&server, "/api/v2/auditlog");
    let comments: Vec<_> = items(&log).iter().map(|entry| &entry["comment"]).collect();
    assert_eq!(comments, ["now", "now", "why"]);
}

#[test]
fn a_request_fails_if_the_flag_was_changed_since() {
    let server = serve_flag();
    let request = request(&server);
    server.approve(id(&request));
    server.behave(|behaviour| behaviour.writes.flag_approvals = Some(false));
    let body = json!({"environmentKey": "guarded", "instructions": [{"kind": "turnFlagOn"}]});
    let flag = "PATCH /api/v2/flags/internal-tools/beta-reports";
    assert_eq!(written(&server, flag, SEMANTIC, body.clone()), 400);
    let ignoring = format!("{flag}?ignoreConflicts=true");
    assert_eq!(written(&server, &ignoring, SEMANTIC, body), 200);
    let applied = apply(&server, id(&request)).json();
    assert_eq!(applied["status"], "failed");
    assert_eq!(applied["conflicts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_request_can_be_withdrawn() {
    let server = serve_flag();
    let [first, second] = [request(&server), request(&server)];
    let delete = |path: &str| write(&server, &format!("DELETE {path}"), "", "").unwrap().status;
    assert_eq!(delete(&format!("{ALL}/{}", id(&first))), 204);
    assert_eq!(delete(&format!("{ALL}/{}", id(&first))), 404);
    assert_eq!(delete(&format!("{OF_FLAG}/{}", id(&second))), 204);
    assert!(items(&json(&server, ALL)).is_empty());
}

#[test]
fn a_request_needs_a_subject_a_description_and_instructions() {
    let server = serve_flag();
    let status = |changes: Value| {
        let mut body = body();
        body["resourceId"] = json!("proj/internal-tools:env/guarded:flag/beta-reports");
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        written(&server, &format!("POST {ALL}"), JSON, body)
    };
    assert_eq!(status(json!({})), 201);
    assert_eq!(
        status(json!({"resourceId": "proj/internal-tools;a:env/guarded;b:flag/beta-reports"})),
        201
    );
    assert_eq!(status(json!({"resourceId": "member/x"})), 400);
    assert_eq!(status(json!({"resourceId": "proj/internal-tools:env/guarded:flag/none"})), 404);
    assert_eq!(status(json!({"description": ""})), 400);
    assert_eq!(status(json!({"instructions": []})), 400);
    let request = format!("POST {OF_FLAG}");
    let text = body().to_string();
    let got = write_as(&server, &request, READER_TOKEN, JSON, text.as_bytes()).unwrap();
    assert_eq!(got.status, 403);
}

#[test]
fn members_of_a_segment_can_be_asked_for() {
    let server = serve_flag();
    server.behave(|behaviour| behaviour.writes.segment_approvals = true);
    let segment = json!({"key": "some", "name": "Some"});
    let create = "POST /api/v2/segments/internal-tools/guarded";
    assert_eq!(written(&server, create, JSON, segment), 201);
    let body = json!({
        "resourceId": "proj/internal-tools:env/guarded:segment/some", "description": "Please.",
        "instructions": [{"kind": "addIncludedTargets", "contextKind": "user", "values": ["a"]}],
    });
    let got = write(&server, &format!("POST {ALL}"), JSON, body.to_string()).unwrap();
    let request = got.json();
    server.approve(id(&request));
    assert_eq!(apply(&server, id(&request)).json()["status"], "completed");
    let members = server.segment_members("internal-tools", "guarded", "some", "user");
    assert_eq!(members.into_iter().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn a_plan_can_be_without_approvals() {
    let server = serve_flag();
    server.behave(|behaviour| behaviour.refused.insert(crate::Family::ApprovalRequests, 403));
    assert_eq!(written(&server, &format!("POST {OF_FLAG}"), JSON, body()), 403);
}
