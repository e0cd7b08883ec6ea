//! `/projects/{project}/metric-groups`: a funnel that a team maintains, and guardrails of a member.

use serde_json::{Value, json};

use super::metrics::{self, maintainer, version_id};
use super::{Listing, Total};
use crate::account::{Account, Json, Project, mixed, object_id};
use crate::render::people::member_summary;

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/metric-groups",
    pages: Some((20, 50)),
    total: Total::Camel,
    is_beta: true,
    items,
};

const DAY_MS: i64 = 86_400_000;

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let project = arguments.first().and_then(|key| account.project(key));
    let Some(project) = project.filter(|project| !project.flags.is_empty()) else {
        return Vec::new();
    };
    let funnel = group(account, project, "checkout-funnel", &metrics::KEYS[..3]);
    vec![funnel, group(account, project, "guardrails", &metrics::KEYS[3..4])]
}

fn group(account: &Account, project: &Project, key: &str, metrics: &[&str]) -> Json {
    let is_funnel = metrics.len() > 1;
    let path = format!("/api/v2/projects/{}/metric-groups/{key}", project.key);
    let metric = |metric: &&str| {
        let name = is_funnel.then(|| format!("Step {metric}"));
        json!({
            "key": metric, "name": metric, "kind": "custom", "nameInGroup": name,
            "_versionId": version_id(&project.key, metric), "_links": {},
        })
    };
    let group = json!({
        "_id": object_id(&path),
        "key": key,
        "name": if is_funnel { "Checkout funnel" } else { "Guardrails" },
        "kind": if is_funnel { "funnel" } else { "standard" },
        "description": is_funnel.then_some("From the first page to the order."),
        "tags": if is_funnel { json!(["checkout"]) } else { json!([]) },
        "_creationDate": account.now_ms - 300 * DAY_MS,
        "_lastModified": account.now_ms - 40 * DAY_MS,
        "maintainer": maintained(account, &path, is_funnel),
        "metrics": metrics.iter().map(metric).collect::<Vec<_>>(),
        "_version": 2,
        "_links": {"self": {"href": path, "type": "application/json"}},
    });
    group.to_string()
}

/// By a team, where one is wanted and the account has any; else by a member.
fn maintained(account: &Account, what: &str, by_team: bool) -> Value {
    let count = account.teams.len().max(1) as u64;
    let team = account.teams.get((mixed(what, 33) % count) as usize).filter(|_| by_team);
    if let Some(team) = team {
        let summary = json!({"customRoleKeys": [], "key": team.key, "name": team.name});
        return json!({"key": team.key, "kind": "team", "_team": summary});
    }
    let Some(member) = maintainer(account, what) else { return Value::Null };
    let summary: Value = serde_json::from_str(&member_summary(member)).unwrap_or_default();
    json!({"key": member.id, "kind": "member", "_member": summary})
}
