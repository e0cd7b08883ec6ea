//! `/projects/{project}/release-pipelines`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Listing, Total};
use crate::account::{Account, Environment, Json, Project, uuid};

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/release-pipelines",
    pages: Some((20, 100)),
    total: Total::Camel,
    is_beta: true,
    items,
};

/// The project's default pipeline, if it has one, and an older one.
fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let project = arguments.first().and_then(|key| account.project(key));
    let default = project.and_then(|project| Some((project, project.release_pipeline.as_deref()?)));
    let Some((project, key)) = default else { return Vec::new() };
    let legacy = json!({
        "createdAt": time(account.now_ms - 900 * 86_400_000), "key": "legacy-pipeline",
        "name": "Legacy pipeline", "phases": [], "tags": [], "_version": 1, "_isLegacy": true,
        "isProjectDefault": false,
    });
    vec![pipeline(account, project, key).to_string(), legacy.to_string()]
}

/// One environment after another, those that matter most at the end.
fn pipeline(account: &Account, project: &Project, key: &str) -> Value {
    let environments = project.environments.iter().rev().enumerate();
    let phases: Vec<Value> =
        environments.map(|(number, one)| phase(account, project, one, number)).collect();
    json!({
        "createdAt": time(account.now_ms - 300 * 86_400_000), "key": key, "name": "Standard",
        "description": "From development to customers.", "phases": phases, "tags": ["release"],
        "_version": 4, "isProjectDefault": true, "_isLegacy": false,
        "_access": {"allowed": [], "denied": []},
    })
}

fn phase(account: &Account, project: &Project, environment: &Environment, number: usize) -> Value {
    json!({
        "id": uuid(&format!("phase {} {}", project.key, environment.key)),
        "name": format!("{}. {}", number + 1, environment.name),
        "audiences": [{
            "name": "Everybody", "segmentKeys": [],
            "environment": {
                "_links": {}, "key": environment.key, "name": environment.name,
                "color": environment.color,
            },
            "configuration": configuration(account, environment),
        }],
    })
}

fn configuration(account: &Account, environment: &Environment) -> Value {
    let notified = account.members.iter().skip(1).take(1).map(|member| &member.id);
    let mut configuration = json!({
        "releaseStrategy": if environment.critical { "monitored" } else { "immediate" },
        "requireApproval": environment.critical,
    });
    if environment.critical {
        configuration["notifyMemberIds"] = json!(notified.collect::<Vec<_>>());
        configuration["notifyTeamKeys"] =
            json!(account.teams.iter().take(1).map(|team| &team.key).collect::<Vec<_>>());
        configuration["releaseGuardianConfiguration"] = json!({
            "monitoringWindowMilliseconds": 86_400_000, "rolloutWeight": 25_000,
            "rollbackOnRegression": true, "randomizationUnit": "user",
        });
    }
    configuration
}

/// Unlike most times of the API, a text.
fn time(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
