//! Approval requests: made, applied and withdrawn.

use serde_json::{Value, json};

use super::audit::Deed;
use super::flag_steps::Step;
use super::objects::{Found, links, list, require};
use super::pending::conflict;
use super::semantic::instructions;
use super::{Done, WriteCall, WriteOutcome, WriteRoute, flags, segments};
use crate::Family;
use crate::account::{Account, TokenKind, object_id};
use crate::call::Refusal;
use crate::lists;

const FAMILY: Family = Family::ApprovalRequests;
const ALL: &str = "approval-requests";
const ONE: &str = "approval-requests/{id}";
const APPLY: &str = "approval-requests/{id}/apply";
const OF_FLAG: &str =
    "projects/{project}/flags/{flag}/environments/{environment}/approval-requests";
const ONE_OF_FLAG: &str =
    "projects/{project}/flags/{flag}/environments/{environment}/approval-requests/{id}";
const APPLY_OF_FLAG: &str =
    "projects/{project}/flags/{flag}/environments/{environment}/approval-requests/{id}/apply";

pub(super) const ROUTES: &[WriteRoute] = &[
    WriteRoute { family: FAMILY, method: "POST", pattern: ALL, answer: create },
    WriteRoute { family: FAMILY, method: "DELETE", pattern: ONE, answer: withdraw },
    WriteRoute { family: FAMILY, method: "POST", pattern: APPLY, answer: apply },
    WriteRoute { family: FAMILY, method: "POST", pattern: OF_FLAG, answer: create_for_flag },
    WriteRoute { family: FAMILY, method: "DELETE", pattern: ONE_OF_FLAG, answer: withdraw },
    WriteRoute { family: FAMILY, method: "POST", pattern: APPLY_OF_FLAG, answer: apply },
];

/// What a request is about.
struct Subject {
    /// Keys of the project, the environment, and the flag or segment.
    path: [String; 3],
    is_flag: bool,
}

impl Subject {
    /// The subject with this specifier. Tags in it are passed over.
    fn parse(resource: &str) -> Option<Self> {
        let mut parts = resource.split(':');
        let mut part = |kinds: [&str; 2]| {
            let (kind, key) = parts.next()?.split_once('/')?;
            let key = key.split(';').next()?.to_owned();
            kinds.contains(&kind).then_some((kind.to_owned(), key))
        };
        let (project, environment) = (part(["proj"; 2])?.1, part(["env"; 2])?.1);
        let (kind, key) = part(["flag", "segment"])?;
        Some(Subject { path: [project, environment, key], is_flag: kind == "flag" })
    }

    fn resource(&self) -> String {
        let [project, environment, key] = &self.path;
        let kind = if self.is_flag { "flag" } else { "segment" };
        format!("proj/{project}:env/{environment}:{kind}/{key}")
    }

    /// The version of what the request is about, where that exists.
    fn version(&self, call: &WriteCall) -> Result<i64, Refusal> {
        let [key, environment, name] = &self.path;
        let project = &call.account().projects[call.project_named(key)?];
        if self.is_flag {
            let flag = project.environment(environment).and(project.flag(name));
            let version = flag.map(|flag| flag.environment(environment).config.version);
            return version.ok_or_else(|| Refusal::documented(404));
        }
        let items = lists::stored(call.account(), Family::Segments, &self.path[..2]);
        let found = lists::by_key(&items, name).map(|position| &items[position]);
        let segment = found.and_then(|item| serde_json::from_str::<Value>(item).ok());
        let version = segment.map(|segment| segment["version"].as_i64().unwrap_or(0));
        version.ok_or_else(|| Refusal::documented(404))
    }
}

fn create(call: &mut WriteCall) -> WriteOutcome {
    let body = call.json()?;
    let subject = Subject::parse(body["resourceId"].as_str().unwrap_or_default());
    request(call, &subject.ok_or_else(|| Refusal::invalid("invalid resourceId"))?, &body)
}

fn create_for_flag(call: &mut WriteCall) -> WriteOutcome {
    let path = [0, 2, 1].map(|position| call.argument(position).to_owned());
    let body = call.json()?;
    request(call, &Subject { path, is_flag: true }, &body)
}

/// Asking twice makes two requests.
fn request(call: &mut WriteCall, subject: &Subject, body: &Value) -> WriteOutcome {
    let version = subject.version(call)?;
    call.permit("createApprovalRequest")?;
    let description = body["description"].as_str().filter(|text| !text.is_empty());
    require(description.is_some(), "description is missing")?;
    let request = new(call, subject, body, instructions(&body["instructions"])?);
    let id = request["_id"].as_str().unwrap_or_default().to_owned();
    call.stored.written.requested.insert(id, version);
    let text = request.to_string();
    call.list(FAMILY, &[]).push(text.clone());
    let verb = "requested approval for";
    record(call, &request, (verb, "createApprovalRequest"), comment(body));
    Ok(Done::new(201, text))
}

fn new(call: &mut WriteCall, subject: &Subject, body: &Value, instructions: Vec<Value>) -> Value {
    let (id, now_ms) = (call.fresh_id("approval request"), call.stamp());
    let [project, environment, _] = &subject.path;
    let project = call.account().project(project);
    let environment = project.and_then(|project| project.environment(environment));
    let approval = environment.and_then(|environment| environment.approval.as_ref());
    let service = approval.map_or("launchdarkly", |approval| &approval.service_kind);
    let mut request = json!({
        "_id": id, "_version": 1, "creationDate": now_ms, "serviceKind": service,
        "description": body["description"], "reviewStatus": "pending", "allReviews": [],
        "notifyMemberIds": body.get("notifyMemberIds").cloned().unwrap_or_else(|| json!([])),
        "status": "pending", "instructions": instructions, "conflicts": [],
        "_links": links(&format!("/api/v2/approval-requests/{id}")),
        "resourceId": subject.resource(),
    });
    if let TokenKind::Member(member) = &call.token.kind {
        request["requestorId"] = json!(member);
    }
    if body["executionDate"].is_i64() {
        request["executionDate"] = body["executionDate"].clone();
    }
    request
}

/// The request that the last argument but `apply` names.
fn named(call: &mut WriteCall) -> Result<(Found, Subject), Refusal> {
    let id = call.arguments.last().map_or("", String::as_str);
    let found = call.find_id(FAMILY, id)?;
    let subject = Subject::parse(found.object["resourceId"].as_str().unwrap_or_default());
    let subject = subject.ok_or_else(|| Refusal::documented(404))?;
    call.project_named(&subject.path[0])?;
    let is_elsewhere = call.arguments.len() > 1
        && [0, 2, 1].map(|position| call.argument(position))
            != subject.path.each_ref().map(|key| key.as_str());
    if is_elsewhere { Err(Refusal::documented(404)) } else { Ok((found, subject)) }
}

fn withdraw(call: &mut WriteCall) -> WriteOutcome {
    let (found, _) = named(call)?;
    call.permit("deleteApprovalRequest")?;
    let verb = "withdrew the approval request for";
    record(call, &found.object, (verb, "deleteApprovalRequest"), None);
    call.remove(found);
    Ok(Done::empty())
}

fn apply(call: &mut WriteCall) -> WriteOutcome {
    let (mut found, subject) = named(call)?;
    call.permit("applyApprovalRequest")?;
    let body = if call.body()?.is_empty() { Value::Null } else { call.json()? };
    let is_open = matches!(found.object["status"].as_str(), Some("pending" | "scheduled"));
    require(is_open, "the request was applied before")?;
    if found.object["reviewStatus"] != "approved" {
        let status = call.behaviour.writes.early_apply_status;
        return Err(Refusal { status, ..Refusal::invalid("the request is not approved") });
    }
    if has_conflicts(call, &found.object, &subject) {
        found.object["conflicts"] = conflict(&found.object);
        found.object["status"] = json!("failed");
    } else {
        carry_out(call, &subject, &found.object["instructions"], comment(&body))?;
        complete(call, &mut found.object);
    }
    found.object["_version"] = json!(found.object["_version"].as_i64().unwrap_or(0) + 1);
    let verb = "applied the approval request for";
    record(call, &found.object, (verb, "applyApprovalRequest"), comment(&body));
    Ok(Done::ok(call.store(found)))
}

fn comment(body: &Value) -> Option<String> {
    body["comment"].as_str().map(str::to_owned)
}

/// Whether the subject was changed since the request was made.
fn has_conflicts(call: &WriteCall, request: &Value, subject: &Subject) -> bool {
    let id = request["_id"].as_str().unwrap_or_default();
    let known = request["conflicts"].as_array().is_some_and(|conflicts| !conflicts.is_empty());
    let version = call.stored.written.requested.get(id);
    let is_same = |version: &i64| subject.version(call).is_ok_and(|now| now == *version);
    known || !version.is_none_or(is_same)
}

fn complete(call: &mut WriteCall, request: &mut Value) {
    request["status"] = json!("completed");
    request["appliedDate"] = json!(call.stamp());
    match &call.token.kind {
        TokenKind::Member(id) => request["appliedByMemberId"] = json!(id),
        TokenKind::Service => {
            request["appliedByServiceTokenId"] = json!(object_id(&call.token.name));
        }
    }
}

fn carry_out(
    call: &mut WriteCall,
    subject: &Subject,
    instructions: &Value,
    comment: Option<String>,
) -> Result<(), Refusal> {
    let instructions = super::semantic::instructions(instructions)?;
    let [project, environment, key] = subject.path.clone();
    if !subject.is_flag {
        return segments::carry_out(call, &subject.path, &instructions, comment);
    }
    let steps = Step::of_instructions(&instructions, Some(&environment))?;
    let path = [project, key];
    let mut inner = call.about(Family::Flags, &path);
    let place = flags::position(&inner)?;
    let flag = flags::flag(&inner, place).clone();
    for step in flags::apply(&mut inner, place, &steps) {
        flags::record(&mut inner, &flag, &step, comment.clone());
    }
    Ok(())
}

fn record(
    call: &mut WriteCall,
    request: &Value,
    (verb, action): (&str, &str),
    comment: Option<String>,
) {
    let resource = request["resourceId"].as_str().unwrap_or_default().to_owned();
    let name = resource.rsplit('/').next().unwrap_or_default().to_owned();
    let (kind, name, actions) = ("approval", &*name, &[action][..]);
    call.record(Deed { kind, name, verb, actions, resource, comment });
}

/// Approves a request; says whether there is one with this identifier.
pub(crate) fn approve(account: &mut Account, id: &str) -> bool {
    let now_ms = account.now_ms;
    let reviewer = account.members.get(1).or(account.members.first()).map(|one| one.id.clone());
    let items = list(account, FAMILY, &[]);
    let Some(position) = lists::by_id(items, id) else { return false };
    let Ok(mut request) = serde_json::from_str::<Value>(&items[position]) else { return false };
    let review = json!({
        "_id": object_id(&format!("review {id}")), "kind": "approve", "creationDate": now_ms,
        "comment": "", "memberId": reviewer,
    });
    request["reviewStatus"] = json!("approved");
    request["allReviews"] = json!([review]);
    items[position] = request.to_string();
    true
}
