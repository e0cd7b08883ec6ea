//! `/metrics/{project}`: metrics of a shop.

use serde_json::{Value, json};

use super::experiments::trials;
use super::{Listing, Total};
use crate::account::{Account, Json, Member, mixed, object_id, uuid};
use crate::json::Object;
use crate::render::people::member_summary;

pub(super) const LISTING: Listing = Listing {
    pattern: "metrics/{project}",
    pages: Some((20, 50)),
    total: Total::Camel,
    is_beta: false,
    items,
};

const DAY_MS: i64 = 86_400_000;

/// The metrics that experiments and groups refer to, in the order they were made.
pub(super) const KEYS: [&str; 5] =
    ["home-page-view", "buy-button", "order-completed", "basket-value", "old-conversion"];

/// The ID of a metric's version.
pub(super) fn version_id(project: &str, metric: &str) -> String {
    uuid(&format!("metric {project} {metric}"))
}

/// The member who maintains `what`, unless the account has no members.
pub(super) fn maintainer<'a>(account: &'a Account, what: &str) -> Option<&'a Member> {
    let count = account.members.len().max(1) as u64;
    account.members.get((mixed(what, 31) % count) as usize)
}

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let [key] = arguments else { return Vec::new() };
    if account.project(key).is_none_or(|project| project.flags.is_empty()) {
        return Vec::new();
    }
    let metric = |(number, metric)| item(account, key, number, metric);
    (0..).zip(KEYS).map(metric).collect()
}

fn item(account: &Account, project: &str, number: i64, key: &str) -> Json {
    let created_ms = account.now_ms - (500 - number) * DAY_MS;
    let maintainer = maintainer(account, &format!("{project} {key}"));
    let summary = maintainer.map(member_summary);
    let path = format!("/api/v2/metrics/{project}/{key}");
    Object::new()
        .text("_id", &object_id(&path))
        .text("_versionId", &version_id(project, key))
        .integer("_version", 1 + number)
        .text("key", key)
        .text("name", &name(key))
        .integer("_creationDate", created_ms)
        .integer("experimentCount", experiments(account, project, key))
        .integer("_attachedFlagCount", number)
        .text_if("maintainerId", maintainer.map(|member| member.id.as_str()))
        .raw_if("_maintainer", summary.as_deref())
        .raw("dataSource", r#"{"key":"launchdarkly-hosted","_name":"LaunchDarkly"}"#)
        .raw("_links", &json!({"self": {"href": path, "type": "application/json"}}).to_string())
        .extra(&particulars(key, account.now_ms))
        .close()
}

/// How many experiments measure it.
fn experiments(account: &Account, project: &str, key: &str) -> i64 {
    let is_measured = matches!(key, "order-completed" | "basket-value");
    let project = account.project(project).filter(|_| is_measured);
    project.map_or(0, |project| trials(project).len() as i64)
}

/// `basket-value` is "Basket value".
fn name(key: &str) -> String {
    let words = key.replace('-', " ");
    let (first, rest) = words.split_at(1);
    first.to_uppercase() + rest
}

/// The fields that only this kind of metric has.
fn particulars(key: &str, now_ms: i64) -> Vec<(String, Json)> {
    let seen = now_ms - (mixed(key, 32) % 3_600_000) as i64;
    let particulars = match key {
        "home-page-view" => json!({
            "kind": "pageview", "tags": ["web"], "lastSeen": seen,
            "urls": [{"kind": "exact", "url": "https://shop.harbourlane.example/"}],
        }),
        "buy-button" => json!({
            "kind": "click", "tags": ["checkout", "web"], "lastSeen": seen, "selector": "#buy",
            "urls": [{"kind": "substring", "substring": "/product/"}],
        }),
        "basket-value" => json!({
            "kind": "custom", "eventKey": "order placed", "isNumeric": true, "unit": "cents",
            "successCriteria": "HigherThanBaseline", "unitAggregationType": "sum", "analysisType": "mean",
            "eventDefault": {"disabled": false, "value": 0}, "winsorUpperPercentile": 99.5,
            "analysisUnits": ["user"], "tags": ["revenue"], "lastSeen": seen,
            "lastModified": {"date": "2026-05-04T09:30:00Z"},
        }),
        "old-conversion" => json!({
            "kind": "custom", "eventKey": "checkout v1", "isNumeric": false, "tags": [],
            "archived": true, "archivedAt": now_ms - 60 * DAY_MS,
        }),
        _ => json!({
            "kind": "custom", "eventKey": "order placed", "isNumeric": false, "tags": ["revenue"],
            "successCriteria": "HigherThanBaseline", "analysisUnits": ["user"], "lastSeen": seen,
        }),
    };
    members(particulars)
}

fn members(object: Value) -> Vec<(String, Json)> {
    let Value::Object(members) = object else { return Vec::new() };
    members.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}
