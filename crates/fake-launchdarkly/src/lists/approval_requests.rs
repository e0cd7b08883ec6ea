//! `/approval-requests`

use serde_json::{Value, json};

use super::{Listing, Total};
use crate::account::{Account, Environment, Flag, Json, Project, State, object_id};

/// The outcomes that requests take in rotation: status, review status, and the reviewers' actions.
const COURSES: [(&str, &str, &[&str]); 4] = [
    ("pending", "pending", &["comment"]),
    ("completed", "approved", &["comment", "approve"]),
    ("failed", "declined", &["decline"]),
    ("scheduled", "approved", &["approve"]),
];
const HOUR_MS: i64 = 3_600_000;

pub(super) const LISTING: Listing = Listing {
    pattern: "approval-requests",
    pages: Some((20, 200)),
    total: Total::Camel,
    is_beta: false,
    items,
};

/// One for each of a few flags, in the first environment of their project that demands approval.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let requests = account.projects.iter().flat_map(|project| {
        let required = |one: &&Environment| one.approval.as_ref().is_some_and(|of| of.required);
        let environment = project.environments.iter().find(required);
        let live = project.flags.iter().filter(|flag| flag.state() == State::Live);
        let flags = live.take(COURSES.len()).enumerate();
        flags.filter_map(move |(number, flag)| {
            Some(request(account, project, environment?, flag, number).to_string())
        })
    });
    requests.collect()
}

fn request(
    account: &Account,
    project: &Project,
    environment: &Environment,
    flag: &Flag,
    number: usize,
) -> Value {
    let resource = format!("proj/{}:env/{}:flag/{}", project.key, environment.key, flag.key);
    let id = object_id(&format!("approval {resource}"));
    let created_ms = account.now_ms - (number as i64 * 70 + 5) * HOUR_MS;
    let (status, review_status, deeds) = COURSES[number];
    let kind = environment.approval.as_ref().map_or("", |approval| &approval.service_kind);
    let mut request = json!({
        "_id": id, "_version": 1 + deeds.len(), "creationDate": created_ms, "serviceKind": kind,
        "description": format!("Turn on {}", flag.name), "reviewStatus": review_status,
        "allReviews": reviews(account, &id, created_ms, deeds), "notifyMemberIds": reviewers(account),
        "status": status, "instructions": [{"kind": "turnFlagOn"}], "conflicts": [], "_links": {},
        "resourceId": resource,
    });
    if let Some(requestor) = flag.maintainer_id.as_ref().or(member(account, 0)) {
        request["requestorId"] = json!(requestor);
    }
    progress(&mut request, account, created_ms);
    if kind != "launchdarkly" {
        request["integrationMetadata"] = elsewhere(number, created_ms);
    }
    request
}

fn progress(request: &mut Value, account: &Account, created_ms: i64) {
    if request["status"] == "completed" {
        request["appliedDate"] = json!(created_ms + 3 * HOUR_MS);
        request["appliedByMemberId"] = json!(member(account, 1));
    }
    if request["status"] == "scheduled" {
        request["executionDate"] = json!(account.now_ms + 20 * HOUR_MS);
    }
}

fn reviews(account: &Account, id: &str, created_ms: i64, deeds: &[&str]) -> Vec<Value> {
    let review = |(number, deed): (usize, &&str)| {
        json!({
            "_id": object_id(&format!("review {id} {number}")), "kind": deed,
            "creationDate": created_ms + (number as i64 + 1) * HOUR_MS,
            "comment": if *deed == "approve" { "" } else { "Is support informed?" },
            "memberId": member(account, number + 1),
        })
    };
    deeds.iter().enumerate().map(review).collect()
}

fn reviewers(account: &Account) -> Vec<&String> {
    account.members.iter().skip(1).take(2).map(|member| &member.id).collect()
}

fn member(account: &Account, number: usize) -> Option<&String> {
    account.members.get(number).map(|member| &member.id)
}

/// A ticket of the service that manages the approval.
fn elsewhere(number: usize, created_ms: i64) -> Value {
    let ticket = format!("CHG{:07}", 30_012 + number);
    json!({
        "externalId": ticket, "externalStatus": {"display": "Assess", "value": "-4"},
        "externalUrl": format!("https://tickets.example/{ticket}?token=fake-secret-approval-url"),
        "lastChecked": created_ms + HOUR_MS,
    })
}
