//! `/segments/{project}/{environment}`: by rule, by list, too big for a list, and out of use.

use serde_json::{Value, json};

use super::{Listing, Total};
use crate::account::{Account, Json, mixed, uuid};

pub(super) const LISTING: Listing = Listing {
    pattern: "segments/{project}/{environment}",
    pages: Some((20, 50)),
    total: Total::Camel,
    is_beta: false,
    items,
};

const DAY_MS: i64 = 86_400_000;

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let [project, environment] = arguments else { return Vec::new() };
    if account.project(project).is_none_or(|project| project.flags.is_empty()) {
        return Vec::new();
    }
    let place = format!("{project}/{environment}");
    let segments = [
        staff(&place),
        early_access(&place),
        newsletter(&place, account.now_ms),
        json!({"key": "spring-campaign", "name": "Spring campaign"}),
    ];
    let number = 0..;
    number
        .zip(segments)
        .map(|(number, one)| finished(one, &place, number, account.now_ms))
        .collect()
}

/// Users with a company e-mail address.
fn staff(place: &str) -> Value {
    json!({
        "key": "staff",
        "name": "Staff",
        "description": "Whoever works here.",
        "tags": ["internal"],
        "rules": [{
            "_id": uuid(&format!("staff rule {place}")),
            "description": "By address",
            "clauses": [{
                "_id": uuid(&format!("staff clause {place}")),
                "attribute": "email",
                "op": "endsWith",
                "values": ["@harbourlane.example"],
                "contextKind": "user",
                "negate": false,
            }],
            "rolloutContextKind": "user",
        }],
    })
}

/// End users by name, which an extraction must not store, and a tenth of the users in two
/// countries.
fn early_access(place: &str) -> Value {
    let keys = |from: u64, count: u64| -> Vec<String> {
        (from..from + count).map(|number| format!("fake-secret-end-user-{number:05}")).collect()
    };
    json!({
        "key": "early-access",
        "name": "Early access",
        "description": "Who asked to see things first.",
        "tags": ["beta", "customer-facing"],
        "included": keys(100, 3 + mixed(place, 21) % 40),
        "excluded": keys(500, 2),
        "includedContexts": [
            {"contextKind": "user", "values": []},
            {"contextKind": "account", "values": keys(900, 1 + mixed(place, 22) % 5)},
        ],
        "rules": [{
            "_id": uuid(&format!("early access rule {place}")),
            "clauses": [{"attribute": "country", "op": "in", "values": ["NO", "PT"], "contextKind": "user", "negate": false}],
            "weight": 10_000,
            "bucketBy": "householdId",
            "rolloutContextKind": "user",
        }],
    })
}

/// A synced segment.
fn newsletter(place: &str, now_ms: i64) -> Value {
    json!({
        "key": "newsletter",
        "name": "Newsletter",
        "unbounded": true,
        "unboundedContextKind": "user",
        "_unboundedMetadata": {
            "envId": place,
            "segmentId": "newsletter.g1",
            "version": 7,
            "includedCount": 40_000 + mixed(place, 23) % 10_000,
            "excludedCount": mixed(place, 24) % 100,
            "lastModified": now_ms - DAY_MS,
            "deleted": false,
        },
        "_external": "segment",
        "_externalLink": "https://fake-secret-external-user@audiences.example/4711?key=fake-secret-external-query",
        "_importInProgress": false,
    })
}

/// Adds the fields that all segments have.
fn finished(mut segment: Value, place: &str, number: i64, now_ms: i64) -> Json {
    let created_ms = now_ms - (400 - number) * DAY_MS;
    let path = format!("/api/v2/segments/{place}/{}", segment["key"].as_str().unwrap_or_default());
    for (name, value) in [
        ("included", json!([])),
        ("excluded", json!([])),
        ("includedContexts", json!([])),
        ("excludedContexts", json!([])),
        ("rules", json!([])),
        ("tags", json!([])),
        ("creationDate", json!(created_ms)),
        ("lastModifiedDate", json!(created_ms + 30 * DAY_MS)),
        ("version", json!(1 + number)),
        ("generation", json!(1)),
        ("deleted", json!(false)),
        ("_links", json!({"self": {"href": path, "type": "application/json"}})),
    ] {
        if segment.get(name).is_none() {
            segment[name] = value;
        }
    }
    segment.to_string()
}
