//! `/webhooks`: the receivers of change notifications, with a secret in every field that may hold
//! one.

use serde_json::{Value, json};

use super::{Account, Json, Listing, Total};
use crate::account::object_id;

pub(super) const LISTING: Listing =
    Listing { pattern: "webhooks", pages: None, total: Total::None, is_beta: false, items };

/// An account without projects has no webhooks.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let Some(project) = account.projects.first() else { return Vec::new() };
    let resource = format!("proj/{}:env/*:flag/*", project.key);
    let changes = json!([{"effect": "allow", "resources": [resource], "actions": ["*"]}]);
    let person = account.members.first().map_or("*", |member| &member.email);
    let people =
        json!([{"effect": "allow", "resources": [format!("member/{person}")], "actions": ["*"]}]);
    let urls = [
        "https://fake-secret-webhook-user:fake-secret-webhook-password@chat.example:8443/hooks/flags\
         ?key=fake-secret-webhook-query#fake-secret-webhook-fragment",
        "https://siem.example/launchdarkly",
        "https://[fake-secret-webhook-host/hooks",
    ];
    vec![
        item("Chat", urls[0], true, changes, json!(["chat", "releases"])),
        item("Security events", urls[1], true, people, json!([])),
        item("", urls[2], false, Value::Null, Value::Null),
    ]
}

fn item(name: &str, url: &str, on: bool, statements: Value, tags: Value) -> Json {
    let id = object_id(&format!("webhook {url}"));
    let links =
        json!({"self": {"href": format!("/api/v2/webhooks/{id}"), "type": "application/json"}});
    let mut item = json!({
        "_links": links, "_id": id, "url": url, "secret": "fake-secret-webhook",
        "statements": statements, "on": on, "tags": tags,
    });
    if !name.is_empty() {
        item["name"] = name.into();
    }
    item.to_string()
}
