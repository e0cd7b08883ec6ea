//! `/account/relay-auto-configs`: the environments that Relay Proxies may read.

use serde_json::json;

use super::{Account, Json, Listing, Total};
use crate::account::{Member, Project, object_id};
use crate::json::Object;
use crate::render::people::member_summary;

const DAY_MS: i64 = 86_400_000;

pub(super) const LISTING: Listing = Listing {
    pattern: "account/relay-auto-configs",
    pages: None,
    total: Total::None,
    is_beta: false,
    items,
};

/// One for the first project, one for everything, whose creator has left.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let Some(project) = account.projects.first() else { return Vec::new() };
    let creator = account.members.iter().find(|member| member.role == "admin");
    let creator = creator.or(account.members.first());
    vec![
        item(account, "Edge", &environments_of(project), creator),
        item(account, "Everything", "proj/*:env/*", None),
    ]
}

fn environments_of(project: &Project) -> String {
    format!("proj/{}:env/*", project.key)
}

fn item(account: &Account, name: &str, resource: &str, creator: Option<&Member>) -> Json {
    let policy = json!([{"effect": "allow", "resources": [resource], "actions": ["*"]}]);
    Object::new()
        .text("_id", &object_id(&format!("relay {name}")))
        .raw_if("_creator", creator.map(member_summary).as_deref())
        .text("name", name)
        .raw("policy", &policy.to_string())
        .text("fullKey", "rel-fake-secret-relay-key")
        .text("displayKey", "fake-secret-relay-display-key")
        .integer("creationDate", account.now_ms - 200 * DAY_MS)
        .integer("lastModified", account.now_ms - 20 * DAY_MS)
        .close()
}
