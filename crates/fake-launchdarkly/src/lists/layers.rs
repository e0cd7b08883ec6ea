//! `/projects/{project}/layers`: one where there are experiments.

use serde_json::{Value, json};

use super::experiments::{Trial, trials};
use super::{Listing, Total};
use crate::account::{Account, Json};

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/layers",
    pages: None,
    total: Total::Camel,
    is_beta: false,
    items,
};

const DAY_MS: i64 = 86_400_000;

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let Some(project) = arguments.first().and_then(|key| account.project(key)) else {
        return Vec::new();
    };
    let trials = trials(project);
    let Some(first) = trials.first() else { return Vec::new() };
    let reservation = |trial: &Trial| json!({"experimentKey": trial.key(), "flagKey": trial.flag.key, "reservationPercent": 30});
    let reservations: Vec<Value> = trials.iter().map(reservation).collect();
    let environments = json!({(first.environment.key.clone()): {"reservations": reservations}});
    let layer = json!({
        "key": "one-at-a-time",
        "name": "One at a time",
        "description": "Nobody takes part in two experiments.",
        "createdAt": account.now_ms - 150 * DAY_MS,
        "randomizationUnit": "user",
        "environments": environments,
    });
    vec![layer.to_string()]
}
