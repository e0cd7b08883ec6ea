//! Writing flags.

use serde_json::{Value, json};

use super::*;
use crate::account::{READER_TOKEN, Token};

const FLAG: &str = "/api/v2/flags/internal-tools/beta-reports";

/// An account with one flag, off in two environments of which one requires approval.
fn serve_flag() -> Server {
    use crate::account::{Approval, Environment, Flag, Project};
    let mut guarded = Environment::new("guarded");
    guarded.approval = Some(Approval::by(1));
    let project = Project::new("internal-tools")
        .with_environment(Environment::new("test"))
        .with_environment(guarded)
        .with_flag(Flag::new("beta-reports", NOW_MS));
    let mut account = Account::new(NOW_MS).with_project(project);
    // In place of those that follow from the account.
    account.lists.insert((crate::Family::ApprovalRequests, Vec::new()), Vec::new());
    serve(account)
}

fn semantic(environment: &str, kind: &str) -> Value {
    json!({"environmentKey": environment, "comment": "why", "instructions": [{"kind": kind}]})
}

fn patch(server: &Server, query: &str, body: Value) -> Got {
    let request = format!("PATCH {FLAG}{query}");
    write(server, &request, SEMANTIC, body.to_string()).expect("an answer")
}

fn turn(server: &Server, environment: &str, kind: &str) -> Got {
    patch(server, "", semantic(environment, kind))
}

fn flag(server: &Server) -> Value {
    json(server, FLAG)
}

#[test]
fn a_flag_is_turned_on_and_off_in_one_environment() {
    let server = serve_flag();
    let before = flag(&server);
    let on = turn(&server, "test", "turnFlagOn").json();
    assert_eq!(flag(&server), on);
    let state = |flag: &Value| {
        let config = &flag["environments"]["test"];
        (config["on"].as_bool().unwrap(), config["version"].as_i64().unwrap())
    };
    assert_eq!((state(&before), state(&on)), ((false, 1), (true, 2)));
    assert_eq!(on["environments"]["guarded"], before["environments"]["guarded"]);
    assert_eq!(turn(&server, "test", "turnFlagOn").json(), on);
    assert_eq!(state(&turn(&server, "test", "turnFlagOff").json()), (false, 3));
    let log = json(&server, "/api/v2/auditlog");
    let verbs: Vec<_> = items(&log).iter().map(|entry| &entry["titleVerb"]).collect();
    assert_eq!(verbs, ["turned off the flag", "turned on the flag"]);
    let access = &items(&log)[0]["accesses"][0];
    assert_eq!(access["resource"], "proj/internal-tools:env/test:flag/beta-reports");
    assert_eq!(items(&log)[0]["comment"], "why");
}

#[test]
fn a_json_patch_turns_a_flag_on_too() {
    let server = serve_flag();
    let on = json!({"op": "replace", "path": "/environments/test/on", "value": true});
    let request = format!("PATCH {FLAG}");
    let status = |body: Value| written(&server, &request, JSON, body);
    let test = |version: i64| json!({"op": "test", "path": "/_version", "value": version});
    assert_eq!(status(json!([test(7), on])), 409);
    assert_eq!(status(json!([{"op": "replace", "path": "/key", "value": "x"}])), 400);
    assert_eq!(status(semantic("test", "turnFlagOn")), 400);
    assert_eq!(status(json!({"comment": "why", "patch": [test(1), on]})), 200);
    assert_eq!(flag(&server)["environments"]["test"]["on"], true);
}

#[test]
fn a_change_that_requires_approval_is_not_allowed() {
    let server = serve_flag();
    let got = turn(&server, "guarded", "turnFlagOn");
    assert_eq!((got.status, &got.json()["code"]), (405, &json!("method_not_allowed")));
    let message = "Flag configuration updates require approval: action 'updateOn' not allowed";
    assert_eq!(got.json()["message"], message);
    server.behave(|behaviour| behaviour.writes.flag_approvals = Some(true));
    assert_eq!(turn(&server, "test", "turnFlagOn").status, 405);
    server.behave(|behaviour| behaviour.writes.flag_approvals = Some(false));
    assert_eq!(turn(&server, "guarded", "turnFlagOn").status, 200);
    server.behave(|behaviour| behaviour.writes.flag_approvals = None);
    server.change(|account| account.tokens[0].profile.bypasses_approvals = true);
    assert_eq!(turn(&server, "guarded", "turnFlagOff").status, 200);
}

#[test]
fn what_does_not_exist_or_is_not_permitted_is_refused() {
    let server = serve_flag();
    assert_eq!(turn(&server, "none", "turnFlagOn").status, 400);
    assert_eq!(turn(&server, "test", "fly").status, 400);
    let body = json!({"instructions": [{"kind": "turnFlagOn"}]});
    assert_eq!(patch(&server, "", body).status, 400);
    let body = semantic("test", "turnFlagOn").to_string();
    let at = |path: &str| written(&server, path, SEMANTIC, semantic("test", "turnFlagOn"));
    assert_eq!(at("PATCH /api/v2/flags/internal-tools/none"), 404);
    assert_eq!(at("PATCH /api/v2/flags/none/none"), 404);
    let request = format!("PATCH {FLAG}");
    let got = write_as(&server, &request, READER_TOKEN, SEMANTIC, body.as_bytes());
    assert_eq!(got.unwrap().status, 403);
    assert_eq!(flag(&server)["environments"]["test"]["on"], false);
}

#[test]
fn a_dry_run_of_a_toggle_leaves_no_trace() {
    let server = serve_flag();
    let before = flag(&server);
    let preview = patch(&server, "?dryRun=true", semantic("test", "turnFlagOn")).json();
    assert_eq!(preview["environments"]["test"]["on"], true);
    assert_eq!((flag(&server), server.read(|account| account.audit_log.len())), (before, 0));
}

#[test]
fn a_flag_is_archived_and_restored() {
    let server = serve_flag();
    let archived = turn(&server, "test", "archiveFlag").json();
    assert_eq!((&archived["archived"], &archived["_version"]), (&json!(true), &json!(2)));
    assert!(walk(&server, "/api/v2/flags/internal-tools").is_empty());
    let body = json!({"instructions": [{"kind": "restoreFlag"}]});
    assert_eq!(patch(&server, "", body).json()["archived"], false);
    let operation = json!([{"op": "replace", "path": "/archived", "value": true}]);
    assert_eq!(written(&server, &format!("PATCH {FLAG}"), JSON, operation), 200);
    assert_eq!(flag(&server)["archived"], true);
}

#[test]
fn pending_changes_conflict_unless_they_are_ignored() {
    let server = serve_flag();
    let path = ["internal-tools", "beta-reports", "test"].map(str::to_owned).to_vec();
    let scheduled = json!({"_id": "s", "instructions": [{"kind": "turnFlagOff"}]}).to_string();
    server.change(|account| {
        account.lists.insert((crate::Family::ScheduledChanges, path.clone()), vec![scheduled]);
    });
    let list =
        "/api/v2/projects/internal-tools/flags/beta-reports/environments/test/scheduled-changes";
    assert_eq!(items(&json(&server, list)).len(), 1);
    let got = turn(&server, "test", "turnFlagOn");
    assert!(got.status == 400 && got.body.contains("pending"), "{}", got.body);
    assert_eq!(turn(&server, "test", "turnFlagOff").status, 200);
    assert_eq!(turn(&server, "guarded", "turnFlagOn").status, 405);
    let ignoring = patch(&server, "?ignoreConflicts=true", semantic("test", "turnFlagOn"));
    assert_eq!(ignoring.status, 200);
    server.behave(|behaviour| behaviour.writes.pending_conflicts = false);
    assert_eq!(turn(&server, "test", "turnFlagOff").status, 200);
}

#[test]
fn flags_that_depend_on_a_flag_are_a_list_in_beta() {
    let server = serve_flag();
    server.change(|account| {
        let flag = crate::account::Flag::new("child", NOW_MS);
        let mut state = flag.environment("test").into_owned();
        state.config.prerequisites = vec![("beta-reports".to_owned(), 0)];
        account.projects[0].flags.push(flag.in_environment("test", state));
    });
    let path = |environment: &str, flag: &str| {
        format!("/api/v2/flags/internal-tools/{environment}/{flag}/dependent-flags")
    };
    let beta = |path: &str| get_as(&server, path, DEMO_TOKEN, "LD-API-Version: beta\r\n");
    let found = beta(&path("test", "beta-reports")).json();
    assert_eq!(keys(items(&found)), ["child"]);
    assert!(items(&beta(&path("guarded", "beta-reports")).json()).is_empty());
    assert_eq!(beta(&path("none", "beta-reports")).status, 404);
    assert_eq!(get(&server, &path("test", "beta-reports")).status, 403);
}

#[test]
fn a_token_is_found_by_either_of_its_identifiers() {
    let server = serve_company();
    let id = |token: &str| {
        let identity = get_as(&server, "/api/v2/caller-identity", token, "").json();
        identity["tokenId"].as_str().unwrap().to_owned()
    };
    let role = |id: &str| json(&server, &format!("/api/v2/tokens/{id}"))["role"].clone();
    assert_eq!(
        (role(&id(DEMO_TOKEN)), role(&id(READER_TOKEN))),
        (json!("writer"), json!("reader"))
    );
    let listed = &walk(&server, "/api/v2/tokens?limit=100")[0];
    assert_eq!(
        json(&server, &format!("/api/v2/tokens/{}", listed["_id"].as_str().unwrap())),
        *listed
    );
    assert_eq!(get(&server, "/api/v2/tokens/none").status, 404);
}

#[test]
fn a_limited_token_has_a_policy_in_place_of_a_role() {
    let server = serve_company();
    let limited = Token::new("limited", "limited").only_actions(["createMetric"]);
    let limited = limited.without_action("updateTags");
    server.change(|account| account.tokens.push(limited));
    let identity = get_as(&server, "/api/v2/caller-identity", "limited", "").json();
    let id = identity["tokenId"].as_str().unwrap();
    let token = json(&server, &format!("/api/v2/tokens/{id}"));
    let statements = statements_of(&token["inlineRole"]);
    assert_eq!(token["role"], Value::Null);
    assert_eq!(statements, ["allow createMetric", "deny updateTags"]);
}

/// Effect and actions of each statement.
fn statements_of(policy: &Value) -> Vec<String> {
    let statements = policy.as_array().unwrap().iter();
    let text = |one: &Value| format!("{} {}", one["effect"], one["actions"][0]).replace('"', "");
    statements.map(text).collect()
}
