//! `/projects/{project}/ai-configs`

use serde_json::{Value, json};

use super::{Listing, Total};
use crate::account::{Account, Json, uuid};

const DAY_MS: i64 = 86_400_000;

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/ai-configs",
    pages: Some((20, 100)),
    total: Total::Camel,
    is_beta: false,
    items,
};

/// Two for every project with flags: one maintained by a member, one by a team.
fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let project = arguments.first().and_then(|key| account.project(key));
    let Some(project) = project.filter(|project| !project.flags.is_empty()) else {
        return Vec::new();
    };
    let configs = [
        ("product-texts", "Product texts", "completion", of_member(account)),
        ("help-desk", "Help desk", "agent", of_team(account)),
    ];
    let config = |(key, name, mode, maintainer): (&str, &str, &str, Option<Value>)| {
        let mut config = config(account, key, name, mode);
        let seed = format!("ai {} {key}", project.key);
        config["variations"] = (1..=2).map(|number| variation(account, &seed, number)).collect();
        if let Some(maintainer) = maintainer {
            config["_maintainer"] = maintainer;
        }
        config.to_string()
    };
    configs.into_iter().map(config).collect()
}

fn of_member(account: &Account) -> Option<Value> {
    let member = account.members.get(1)?;
    Some(json!({
        "kind": "member", "_id": member.id, "email": member.email, "role": member.role,
        "firstName": member.first_name, "lastName": member.last_name,
    }))
}

fn of_team(account: &Account) -> Option<Value> {
    let team = account.teams.first()?;
    Some(json!({"kind": "team", "key": team.key, "name": team.name}))
}

fn config(account: &Account, key: &str, name: &str, mode: &str) -> Value {
    json!({
        "_access": {"allowed": [], "denied": []}, "_links": {}, "key": key, "name": name,
        "description": format!("{name}, written by a model."), "mode": mode, "tags": ["ai"],
        "version": 3, "createdAt": account.now_ms - 60 * DAY_MS,
        "updatedAt": account.now_ms - 6 * DAY_MS, "evaluationMetricKey": "helpful",
        "evaluationMetricKeys": ["helpful"], "isInverted": false, "dependencies": [],
    })
}

/// Prompts and parameters contain data that an extraction must not store.
fn variation(account: &Account, seed: &str, number: i64) -> Value {
    json!({
        "_links": {}, "key": format!("variant-{number}"), "name": format!("Variant {number}"),
        "_id": uuid(&format!("{seed} {number}")), "color": "417505", "comment": "",
        "description": "fake-secret-ai-description", "instructions": "fake-secret-ai-instructions",
        "messages": [{"role": "system", "content": "fake-secret-ai-prompt"}],
        "model": {"modelName": "kestrel-3", "parameters": {"apiKey": "fake-secret-ai-model"}},
        "modelConfigKey": "Harbour.kestrel-3",
        "outputFormat": {"description": "fake-secret-ai-output-format"},
        "createdAt": account.now_ms - 60 * DAY_MS, "version": number, "state": "published",
        "_publishedAt": account.now_ms - 50 * DAY_MS,
        "tools": [{"key": "stock", "version": 1, "customParameters": {"key": "fake-secret-ai-tool"}}],
        "judgeConfiguration": {"judges": [{"judgeConfigKey": "polite", "samplingRate": 0.1}]},
        "judgingConfigKeys": [],
    })
}
