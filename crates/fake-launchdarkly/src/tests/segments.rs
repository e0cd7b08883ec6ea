//! Writing standard segments.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::account::Token;
use crate::{ForeignEdit, TargetsCounted};

const LIST: &str = "/api/v2/segments/storefront/test";

fn create(server: &Server, key: &str) -> u16 {
    written(server, &format!("POST {LIST}"), JSON, json!({"key": key, "name": "Some"}))
}

fn serve_segment() -> Server {
    let server = serve_company();
    assert_eq!(create(&server, "some"), 201);
    server
}

fn patch(server: &Server, instructions: Value) -> Got {
    let body = json!({"environmentKey": "test", "comment": "why", "instructions": instructions});
    write(server, &format!("PATCH {LIST}/some"), SEMANTIC, body.to_string()).expect("an answer")
}

fn targets(kind: &str, values: &[&str]) -> Value {
    json!({"kind": kind, "contextKind": "user", "values": values})
}

fn add(server: &Server, values: &[&str]) -> u16 {
    patch(server, json!([targets("addIncludedTargets", values)])).status
}

fn members(server: &Server) -> Vec<String> {
    server.segment_members("storefront", "test", "some", "user").into_iter().collect()
}

fn one(server: &Server) -> Value {
    json(server, &format!("{LIST}/some"))
}

#[test]
fn a_created_segment_is_in_the_list_and_found_singly() {
    let server = serve_company();
    assert_eq!(get(&server, &format!("{LIST}/some")).status, 404);
    assert_eq!((create(&server, "some"), create(&server, "some")), (201, 409));
    assert_eq!((create(&server, "staff"), create(&server, "-a")), (409, 400));
    let segment = one(&server);
    assert_eq!((&segment["version"], &segment["included"]), (&json!(1), &json!([])));
    assert!(walk(&server, LIST).contains(&segment));
    assert_eq!(get(&server, "/api/v2/segments/storefront/production/some").status, 404);
    assert_eq!(get(&server, "/api/v2/segments/storefront/none/some").status, 404);
}

#[test]
fn targets_are_added_and_removed_as_in_a_set() {
    let server = serve_segment();
    assert_eq!(add(&server, &["a", "b", "a"]), 200);
    let both = json!([
        targets("removeIncludedTargets", &["a", "x"]),
        targets("addIncludedTargets", &["c"])
    ]);
    let answer = patch(&server, both.clone()).json();
    assert_eq!((&answer["included"], &answer["version"]), (&json!(["b", "c"]), &json!(3)));
    assert_eq!(patch(&server, both).json(), answer);
    assert_eq!(one(&server), answer);
    assert_eq!(members(&server), ["b", "c"]);
}

#[test]
fn other_kinds_than_users_have_lists_of_their_own() {
    let server = serve_segment();
    let account = json!({"kind": "addIncludedTargets", "contextKind": "account", "values": ["x"]});
    let segment = patch(&server, json!([account, targets("addIncludedTargets", &["x"])])).json();
    assert_eq!(segment["included"], json!(["x"]));
    let contexts = json!([{"contextKind": "account", "values": ["x"]}]);
    assert_eq!(segment["includedContexts"], contexts);
    let found = server.segment_members("storefront", "test", "some", "account");
    assert_eq!(found, BTreeSet::from(["x".to_owned()]));
}

#[test]
fn one_bad_instruction_undoes_all() {
    let server = serve_segment();
    assert_eq!(patch(&server, json!([targets("addExcludedTargets", &["bad"])])).status, 200);
    let before = one(&server);
    let good = targets("addIncludedTargets", &["good"]);
    for bad in [
        targets("addIncludedTargets", &["bad"]),
        targets("addIncludedTargets", &[""]),
        json!({"kind": "addIncludedTargets", "values": [1]}),
        json!({"kind": "addIncludedTargets"}),
        json!({"kind": "other"}),
        json!({}),
    ] {
        assert_eq!(patch(&server, json!([good, bad])).status, 400, "{bad}");
    }
    assert_eq!(patch(&server, json!([])).status, 400);
    assert_eq!(one(&server), before);
}

#[test]
fn at_most_1500_operations_fit_a_request_or_an_instruction() {
    let server = serve_segment();
    let keys: Vec<String> = (0..1501).map(|number| format!("k{number}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let halves = json!([
        targets("addIncludedTargets", &keys[..1000]),
        targets("addIncludedTargets", &keys[1000..])
    ]);
    assert_eq!(patch(&server, halves.clone()).status, 400);
    assert_eq!(add(&server, &keys[..1500]), 200);
    server.behave(|behaviour| {
        behaviour.writes.targets_counted = TargetsCounted::PerInstruction;
    });
    assert_eq!(patch(&server, halves).status, 200);
    assert_eq!((add(&server, &keys), members(&server).len()), (400, 1501));
    server.behave(|behaviour| behaviour.writes.most_members = Some(1501));
    assert_eq!((add(&server, &["k1"]), add(&server, &["one-more"])), (200, 400));
}

#[test]
fn a_semantic_patch_needs_its_content_type() {
    let server = serve_segment();
    let body =
        json!({"environmentKey": "test", "instructions": [targets("addIncludedTargets", &["a"])]});
    let request = format!("PATCH {LIST}/some");
    assert_eq!(written(&server, &request, JSON, body.clone()), 400);
    assert_eq!(written(&server, &request, SEMANTIC, body), 200);
    let operations = json!([{"op": "add", "path": "/included/-", "value": "b"}]);
    assert_eq!(written(&server, &request, SEMANTIC, operations.clone()), 400);
    assert_eq!(written(&server, &request, JSON, operations.clone()), 200);
    assert_eq!(written(&server, &request, JSON, json!({"patch": operations})), 200);
    assert_eq!(members(&server), ["a", "b"]);
}

#[test]
fn the_environment_key_can_be_required() {
    let server = serve_segment();
    let status = |environment: Value| {
        let mut body = json!({"instructions": [targets("addIncludedTargets", &["a"])]});
        if environment.is_string() {
            body["environmentKey"] = environment;
        }
        written(&server, &format!("PATCH {LIST}/some"), SEMANTIC, body)
    };
    assert_eq!((status(Value::Null), status(json!("production"))), (200, 400));
    server.behave(|behaviour| behaviour.writes.require_environment_key = true);
    assert_eq!((status(Value::Null), status(json!("test"))), (400, 200));
}

#[test]
fn approval_is_required_of_changes_but_not_of_creation() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.segment_approvals = true);
    assert_eq!(create(&server, "some"), 201);
    let got = patch(&server, json!([targets("addIncludedTargets", &["a"])]));
    assert_eq!(got.status, 403);
    let body = json!({"code": "forbidden", "message": "approval is required"});
    assert_eq!(got.json(), body);
    assert!(members(&server).is_empty());
}

#[test]
fn a_dry_run_shows_the_change_and_stores_nothing() {
    let server = serve_segment();
    let before = (one(&server), server.read(|account| account.audit_log.len()));
    let body = json!({"instructions": [targets("addIncludedTargets", &["a"])]});
    let request = format!("PATCH {LIST}/some?dryRun=true");
    let got = write(&server, &request, SEMANTIC, body.to_string()).unwrap();
    assert_eq!((got.status, &got.json()["included"]), (200, &json!(["a"])));
    assert_eq!((one(&server), server.read(|account| account.audit_log.len())), before);
}

#[test]
fn details_and_tags_can_be_changed() {
    let server = serve_segment();
    let segment = patch(
        &server,
        json!([{"kind": "updateName", "value": "New"}, {"kind": "addTags", "values": ["a", "b"]},
               {"kind": "updateDescription", "value": "d"}, {"kind": "removeTags", "values": ["a"]}]),
    );
    let segment = segment.json();
    assert_eq!((&segment["name"], &segment["tags"]), (&json!("New"), &json!(["b"])));
    assert_eq!((&segment["description"], &segment["version"]), (&json!("d"), &json!(2)));
}

#[test]
fn a_token_needs_the_action_of_each_instruction() {
    let server = serve_segment();
    server.change(|account| {
        account.tokens.push(Token::new("t", "t").only_actions(["updateIncluded"]));
    });
    let status = |kind: &str| {
        let body = json!({"instructions": [targets(kind, &["a"])]}).to_string();
        let request = format!("PATCH {LIST}/some");
        write_as(&server, &request, "t", SEMANTIC, body.as_bytes()).unwrap().status
    };
    assert_eq!((status("addExcludedTargets"), status("addIncludedTargets")), (403, 200));
    let body = json!({"key": "x", "name": "X"}).to_string();
    let got = write_as(&server, &format!("POST {LIST}"), "t", JSON, body.as_bytes()).unwrap();
    assert_eq!(got.status, 403);
}

#[test]
fn somebody_else_can_edit_between_get_and_patch() {
    let server = serve_segment();
    add(&server, &["ours", "theirs"]);
    let edit = ForeignEdit {
        project: "storefront".into(),
        environment: "test".into(),
        segment: "some".into(),
        context_kind: "user".into(),
        after_get: 2,
        add: vec!["foreign".into()],
        remove: vec!["theirs".into()],
    };
    server.behave(|behaviour| behaviour.writes.foreign_edits = vec![edit]);
    let version = |server: &Server| one(server)["version"].clone();
    assert_eq!((version(&server), version(&server)), (json!(2), json!(2)));
    assert_eq!(members(&server), ["foreign", "ours"]);
    assert_eq!(version(&server), json!(3));
}

#[test]
fn a_change_is_in_the_audit_log_with_its_comment() {
    let server = serve_segment();
    add(&server, &["a"]);
    let log = json(&server, "/api/v2/auditlog?limit=2");
    let [changed, created] = items(&log) else { panic!("{log}") };
    assert_eq!((&changed["kind"], &changed["comment"]), (&json!("segment"), &json!("why")));
    let access = &changed["accesses"][0];
    assert_eq!(access["action"], "updateIncluded");
    assert_eq!(access["resource"], "proj/storefront:env/test:segment/some");
    assert_eq!(changed["member"]["firstName"], "Noor");
    assert_eq!(created["accesses"][0]["action"], "createSegment");
}

#[test]
fn a_segment_of_15000_members_takes_more() {
    let server = serve_segment();
    for batch in 0..15 {
        let keys: Vec<String> = (0..1000).map(|number| format!("k{batch}-{number}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        assert_eq!(add(&server, &keys), 200);
    }
    assert_eq!((members(&server).len(), &one(&server)["version"]), (15_000, &json!(16)));
}
