//! Metrics: `POST /metrics/{project}`, `PATCH` and `DELETE /metrics/{project}/{metric}`.

use serde_json::{Value, json};

use super::audit::Deed;
use super::json_patch::{self, Kind, Operation};
use super::metric_rules::{check, paths};
use super::objects::{links, without_nulls};
use super::{Done, WriteCall, WriteOutcome, WriteRoute};
use crate::Family;
use crate::account::{object_id, uuid};
use crate::call::{Refusal, escaped};
use crate::render::people::member_summary;

pub(super) const ROUTES: &[WriteRoute] = &[
    WriteRoute {
        family: Family::Metrics,
        method: "POST",
        pattern: "metrics/{project}",
        answer: create,
    },
    WriteRoute {
        family: Family::Metrics,
        method: "PATCH",
        pattern: "metrics/{project}/{metric}",
        answer: change,
    },
    WriteRoute {
        family: Family::Metrics,
        method: "DELETE",
        pattern: "metrics/{project}/{metric}",
        answer: delete,
    },
];

fn create(call: &mut WriteCall) -> WriteOutcome {
    call.project()?;
    call.permit("createMetric")?;
    let body = call.json()?;
    check(&body)?;
    let metric = new(call, body);
    let text = call.add(Family::Metrics, call.arguments, &metric)?;
    record(call, &metric, ("created the metric", &["createMetric"]), None);
    Ok(Done::new(201, text))
}

/// The metric that a body describes, with the fields that LaunchDarkly adds.
fn new(call: &mut WriteCall, mut metric: Value) -> Value {
    let project = call.argument(0).to_owned();
    let key = metric["key"].as_str().unwrap_or_default().to_owned();
    let path = format!("/api/v2/metrics/{}/{}", escaped(&project), escaped(&key));
    if call.behaviour.writes.ignore_new_maintainer {
        metric["maintainerId"] = Value::Null;
    }
    defaults(&mut metric, &key);
    metric["_id"] = json!(object_id(&path));
    metric["_links"] = links(&path);
    metric["_creationDate"] = json!(call.stamp());
    metric["_version"] = json!(0);
    for name in ["experimentCount", "metricGroupCount", "_attachedFlagCount"] {
        metric[name] = json!(0);
    }
    metric["dataSource"] = json!({"key": "launchdarkly-hosted", "_name": "LaunchDarkly"});
    finish(call, &mut metric);
    metric
}

fn defaults(metric: &mut Value, key: &str) {
    without_nulls(metric);
    let is_custom = metric["kind"] == "custom";
    let units = metric.get("analysisUnits").or(metric.get("randomizationUnits")).cloned();
    metric["analysisUnits"] = units.unwrap_or_else(|| json!(["user"]));
    let mut default = |name: &str, value: Value| {
        if metric.get(name).is_none() {
            metric[name] = value;
        }
    };
    default("name", json!(key));
    default("tags", json!([]));
    default("archived", json!(false));
    default("unitAggregationType", json!("average"));
    default("analysisType", json!("mean"));
    if is_custom {
        default("successCriteria", json!("HigherThanBaseline"));
        default("eventDefault", json!({"disabled": false, "value": 0}));
    }
}

/// Sets what follows from the other fields, and counts a version.
fn finish(call: &mut WriteCall, metric: &mut Value) {
    without_nulls(metric);
    let now_ms = call.stamp();
    let version = metric["_version"].as_i64().unwrap_or(0) + 1;
    let seed = format!("{} {version}", metric["_id"]);
    metric["_version"] = json!(version);
    metric["_versionId"] = json!(uuid(&seed));
    metric["randomizationUnits"] = metric["analysisUnits"].clone();
    let date = jiff::Timestamp::from_millisecond(now_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    metric["lastModified"] = json!({"date": date.to_string()});
    metric["_maintainer"] = Value::Null;
    let maintainer = metric["maintainerId"].as_str().and_then(|id| call.account().member(id));
    if let Some(member) = maintainer {
        metric["_maintainer"] = serde_json::from_str(&member_summary(member)).unwrap_or_default();
    }
    if metric["archived"] == true && metric.get("archivedAt").is_none() {
        metric["archivedAt"] = json!(now_ms);
    } else if metric["archived"] != true {
        metric["archivedAt"] = Value::Null;
    }
    without_nulls(metric);
}

fn change(call: &mut WriteCall) -> WriteOutcome {
    call.project()?;
    let (project, key) = (&call.arguments[..1], call.argument(1).to_owned());
    let mut found = call.find(Family::Metrics, project, &key)?;
    let body = call.json()?;
    if !body.is_array() {
        return Err(Refusal::new(400, "invalid_patch", "metrics take a JSON Patch"));
    }
    let (_, operations) = json_patch::parse(body)?;
    let before = found.object.clone();
    let actions = apply(call, &mut found.object, &operations)?;
    without_nulls(&mut found.object);
    if found.object == before {
        return Ok(Done::ok(found.object.to_string()));
    }
    check(&found.object)?;
    archivable(&before, &found.object)?;
    finish(call, &mut found.object);
    record(call, &found.object, ("updated the metric", &actions), None);
    Ok(Done::ok(call.store(found)))
}

/// Applies the operations, and returns the actions that they need.
fn apply(
    call: &WriteCall,
    metric: &mut Value,
    operations: &[Operation],
) -> Result<Vec<&'static str>, Refusal> {
    let mut actions = Vec::new();
    for operation in operations {
        let parts = operation.parts();
        let known = paths().find(|(path, _)| parts.first().is_some_and(|part| part == path));
        match known {
            _ if operation.kind == Kind::Test => {}
            Some((_, action)) => actions.push(action),
            None => {
                let message = format!("{} cannot be changed", operation.path);
                return Err(Refusal::new(400, "invalid_patch", message));
            }
        }
        operation.apply(metric)?;
        mirror_units(metric, &parts);
    }
    actions.dedup();
    actions.iter().try_for_each(|action| call.permit(action))?;
    Ok(actions)
}

/// `randomizationUnits` is the old name of `analysisUnits`: either can be written.
fn mirror_units(metric: &mut Value, parts: &[String]) {
    if parts.first().is_some_and(|part| part == "randomizationUnits") {
        metric["analysisUnits"] = metric["randomizationUnits"].clone();
    }
}

/// A metric that is in use cannot be archived.
fn archivable(before: &Value, after: &Value) -> Result<(), Refusal> {
    let is_new = after["archived"] == true && before["archived"] != true;
    let count = |name: &str| before[name].as_i64().unwrap_or(0);
    if is_new && count("activeExperimentCount") + count("activeGuardedRolloutCount") > 0 {
        return Err(Refusal::new(409, "conflict", "the metric is in use"));
    }
    Ok(())
}

/// Only an archived metric that was never used can be deleted.
fn delete(call: &mut WriteCall) -> WriteOutcome {
    call.project()?;
    call.permit("deleteMetric")?;
    let (project, key) = (&call.arguments[..1], call.argument(1).to_owned());
    let found = call.find(Family::Metrics, project, &key)?;
    let used = found.object["experimentCount"].as_i64().unwrap_or(0) > 0;
    if used || found.object["archived"] != true {
        return Err(Refusal::new(409, "conflict", "the metric is in use or not archived"));
    }
    record(call, &found.object, ("deleted the metric", &["deleteMetric"]), None);
    call.remove(found);
    Ok(Done::empty())
}

fn record(
    call: &mut WriteCall,
    metric: &Value,
    (verb, actions): (&str, &[&str]),
    comment: Option<String>,
) {
    let text = |name: &str| metric[name].as_str().unwrap_or_default().to_owned();
    let resource = format!("proj/{}:metric/{}", call.argument(0), text("key"));
    call.record(Deed { kind: "metric", name: &text("name"), verb, actions, resource, comment });
}
