//! `/projects/{project}/environments/{environment}/holdouts`: one where there are experiments.

use serde_json::{Value, json};

use super::experiments::{holdout_id, trials};
use super::{Listing, Total};
use crate::account::{Account, Json};

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/environments/{environment}/holdouts",
    pages: Some((20, 100)),
    total: Total::Snake,
    is_beta: false,
    items,
};

const DAY_MS: i64 = 86_400_000;

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let [project, environment] = arguments else { return Vec::new() };
    let Some(project) = account.project(project) else { return Vec::new() };
    let trials = trials(project);
    let here = trials.iter().take(1).filter(|trial| trial.environment.key == *environment);
    let experiments: Vec<Value> = here
        .map(|trial| json!({"key": trial.key(), "name": trial.flag.name, "environment": environment}))
        .collect();
    if experiments.is_empty() {
        return Vec::new();
    }
    let holdout = json!({
        "_id": holdout_id(&project.key),
        "key": "untouched",
        "name": "Untouched",
        "status": "running",
        "createdAt": account.now_ms - 120 * DAY_MS,
        "updatedAt": account.now_ms - 20 * DAY_MS,
        "experiments": experiments,
    });
    vec![holdout.to_string()]
}
