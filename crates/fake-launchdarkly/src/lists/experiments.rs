//! `/projects/{project}/experiments`: on the flags whose variations are served side by side.

use serde_json::{Value, json};

use super::metrics::{maintainer, version_id};
use super::{Listing, Total};
use crate::account::{
    Account, Environment, Flag, Json, Project, Rollout, Serve, State, object_id, uuid,
};

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/experiments",
    pages: Some((20, 100)),
    total: Total::Snake,
    is_beta: false,
    items,
};

const DAY_MS: i64 = 86_400_000;

/// No project has more experiments.
const MOST: usize = 3;

/// The subject of an experiment.
pub(super) struct Trial<'a> {
    pub environment: &'a Environment,
    pub flag: &'a Flag,
    weights: Vec<(i64, i64)>,
}

impl Trial<'_> {
    /// The experiment's key.
    pub fn key(&self) -> String {
        format!("{}-trial", self.flag.key)
    }
}

/// The subjects of a project's experiments: flags with a rollout in the most important environment.
pub(super) fn trials(project: &Project) -> Vec<Trial<'_>> {
    let Some(environment) = project.environments.first() else { return Vec::new() };
    let flags = project.flags.iter().filter(|flag| flag.state() == State::Live);
    let trials = flags.filter_map(|flag| {
        let state = flag.environment(&environment.key);
        let weights = match &state.config.fallthrough {
            Some(Serve::Rollout(Rollout { weights, .. })) => weights.clone(),
            _ => return None,
        };
        Some(Trial { environment, flag, weights })
    });
    trials.take(MOST).collect()
}

/// The ID of the project's holdout.
pub(super) fn holdout_id(project: &str) -> String {
    uuid(&format!("holdout {project}"))
}

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let Some(project) = arguments.first().and_then(|key| account.project(key)) else {
        return Vec::new();
    };
    let trials = (0..).zip(trials(project));
    trials.map(|(number, trial)| experiment(account, project, number, &trial)).collect()
}

/// The first experiment is in its second iteration, with a third in preparation. The others have
/// ended and are archived.
fn experiment(account: &Account, project: &Project, number: i64, trial: &Trial) -> Json {
    let key = trial.key();
    let created_ms = account.now_ms - (90 - number) * DAY_MS;
    let is_first = number == 0;
    let run =
        |age: i64, status: &str| iteration(project, trial, account.now_ms - age * DAY_MS, status);
    let experiment = json!({
        "_id": object_id(&format!("experiment {} {key}", project.key)),
        "key": key,
        "name": format!("{}: which is better?", trial.flag.name),
        "description": is_first.then_some("Decides what everybody gets."),
        "_maintainerId": maintainer(account, &key).map(|member| &member.id),
        "_creationDate": created_ms,
        "environmentKey": trial.environment.key,
        "methodology": if is_first { "bayesian" } else { "frequentist" },
        "dataSource": "launchdarkly",
        "type": "experiment",
        "archivedDate": (!is_first).then_some(account.now_ms - 10 * DAY_MS),
        "tags": trial.flag.tags,
        "holdoutId": is_first.then(|| holdout_id(&project.key)),
        "analysisConfig": {"bayesianThreshold": "95", "sequentialTestingEnabled": false},
        "currentIteration": if is_first { run(20, "running") } else { run(50, "stopped") },
        "previousIterations": if is_first { json!([run(70, "stopped")]) } else { json!([]) },
        "draftIteration": is_first.then(|| run(1, "not_started")),
        "_links": {"self": {"href": format!("/api/v2/projects/{}/environments/{}/experiments/{key}", project.key, trial.environment.key), "type": "application/json"}},
    });
    experiment.to_string()
}

fn iteration(project: &Project, trial: &Trial, created_ms: i64, status: &str) -> Value {
    let id = object_id(&format!("iteration {} {} {status}", project.key, trial.flag.key));
    let treatments: Vec<Value> =
        trial.weights.iter().map(|share| treatment(trial, *share)).collect();
    let winner = treatments.first().map(|one| one["_id"].clone());
    let winner = winner.filter(|_| status == "stopped");
    let primary = metric(&project.key, "order-completed", false);
    json!({
        "_id": id,
        "hypothesis": format!("People like {}.", trial.flag.name),
        "status": status,
        "createdAt": created_ms,
        "startedAt": (status != "not_started").then_some(created_ms + DAY_MS),
        "endedAt": (status == "stopped").then_some(created_ms + 15 * DAY_MS),
        "winningReason": winner.as_ref().map(|_| "Ahead all along."),
        "winningTreatmentId": winner,
        "canReshuffleTraffic": true,
        "version": 1,
        "randomizationUnit": "user",
        "attributes": ["country", "device"],
        "flags": {(trial.flag.key.clone()): {"targetingRule": "fallthrough", "flagConfigVersion": 4, "_links": {}}},
        "primaryMetric": primary,
        "metrics": [primary, metric(&project.key, "basket-value", false), metric(&project.key, "checkout-funnel", true)],
        "treatments": treatments,
    })
}

fn metric(project: &str, key: &str, is_group: bool) -> Value {
    json!({
        "key": key, "name": key, "kind": if is_group { "funnel" } else { "custom" },
        "isGroup": is_group, "_versionId": version_id(project, key), "_links": {},
    })
}

fn treatment(trial: &Trial, (variation, weight): (i64, i64)) -> Value {
    let found = usize::try_from(variation).ok().and_then(|index| trial.flag.variations.get(index));
    let id = found.and_then(|variation| variation.id.clone());
    let name = found.and_then(|variation| variation.name.clone());
    json!({
        "_id": id,
        "name": name.unwrap_or_else(|| format!("Variation {variation}")),
        "allocationPercent": format!("{}", weight as f64 / 1000.0),
        "baseline": variation == 0,
        "parameters": [{"variationId": id, "flagKey": trial.flag.key}],
    })
}
