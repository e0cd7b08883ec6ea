//! The difference between a definition and the metric that LaunchDarkly holds.

use serde_json::{Map, Value, json};

use super::fields::{AGGREGATION_ON_CREATION, API_FIELDS, ApiField, FIELDS, Takes};
use crate::sync::reason::{Reason, Rejection};

/// A change of one field.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub field: &'static ApiField,
    /// The new value, as it is sent.
    pub value: Value,
}

/// The fields of `definition` that differ from `current`. `left_alone` has names of ours.
pub(super) fn changes(
    definition: &Map<String, Value>,
    current: &Value,
    left_alone: &[String],
) -> Vec<Change> {
    let is_left_alone =
        |field: &ApiField| left_alone.iter().any(|name| name == FIELDS[field.position].name);
    let differs = |field: &&ApiField| {
        let wanted = definition.get(field.name);
        let held = held(field, current);
        wanted.is_some_and(|wanted| {
            let is_empty = wanted.is_null() && is_default(field, held);
            !is_empty && canonical(field, wanted) != canonical(field, held)
        })
    };
    let changed = API_FIELDS.iter().filter(|field| !is_left_alone(field)).filter(differs);
    let change = |field: &'static ApiField| {
        let value = definition.get(field.name).cloned().unwrap_or_default();
        Change { field, value: if value.is_null() { empty(field) } else { value } }
    };
    changed.map(change).collect()
}

/// The value that LaunchDarkly holds; two fields have had other names.
fn held<'v>(field: &ApiField, current: &'v Value) -> &'v Value {
    let found = &current[field.name];
    match field.name {
        "analysisUnits" if found.is_null() => &current["randomizationUnits"],
        "maintainerId" if found.is_null() => &current["_maintainer"]["_id"],
        _ => found,
    }
}

/// The value in a form that is equal for equal meanings: lists are sets, and a value that is not
/// there is LaunchDarkly's default.
fn canonical(field: &ApiField, value: &Value) -> Value {
    match field.takes {
        Takes::List => {
            let mut items: Vec<_> =
                value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            items.sort_unstable();
            items.dedup();
            json!(items)
        }
        Takes::Urls => value.as_array().into_iter().flatten().map(url).collect(),
        Takes::Boolean => value.as_bool().unwrap_or(false).into(),
        Takes::Number => value.as_f64().map_or(Value::Null, Value::from),
        Takes::Text => match (value.as_str().unwrap_or_default(), field.name) {
            ("", "unitAggregationType") => "average".into(),
            ("", "analysisType") => "mean".into(),
            (text, _) => text.into(),
        },
    }
}

/// Whether a value is what LaunchDarkly puts where a field is empty. To empty it again would be
/// without effect, in every run.
fn is_default(field: &ApiField, value: &Value) -> bool {
    match field.name {
        "successCriteria" => value == "HigherThanBaseline",
        "analysisUnits" => *value == json!(["user"]),
        _ => false,
    }
}

/// The members of a URL that matter.
fn url(value: &Value) -> Value {
    json!([value["kind"], value["url"], value["substring"], value["pattern"]])
}

/// The value that empties a field.
fn empty(field: &ApiField) -> Value {
    match (field.takes, field.name) {
        (Takes::List | Takes::Urls, _) => json!([]),
        (_, "description" | "unit" | "selector") => "".into(),
        (_, "unitAggregationType") => "average".into(),
        (_, "analysisType") => "mean".into(),
        _ => Value::Null,
    }
}

/// The JSON Patch for `changes`. LaunchDarkly's `replace` works for fields that are not there.
pub(super) fn patch(changes: &[Change], current: &Value) -> Value {
    let operation =
        |path: &str, value: &Value| json!({"op": "replace", "path": path, "value": value});
    let mut operations: Vec<_> = changes
        .iter()
        .map(|change| operation(&format!("/{}", change.field.name), &change.value))
        .collect();
    let becomes_percentile = changes
        .iter()
        .any(|change| change.field.name == "analysisType" && change.value == "percentile");
    // LaunchDarkly takes a percentile only where contexts without events are left out.
    if becomes_percentile && current["eventDefault"]["disabled"] != json!(true) {
        operations.push(operation("/eventDefault/disabled", &json!(true)));
    }
    operations.into()
}

/// The action that takes a change of what contexts without events count.
pub(super) const UPDATE_EVENT_DEFAULT: &str = "updateEventDefault";

/// The actions that a patch takes.
pub(super) fn actions(changes: &[Change], patch: &Value) -> Vec<&'static str> {
    let mut actions: Vec<_> = changes.iter().map(|change| change.field.action).collect();
    if patch.as_array().is_some_and(|operations| operations.len() > changes.len()) {
        actions.push(UPDATE_EVENT_DEFAULT);
    }
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// The body that creates a metric.
///
/// # Errors
/// `missing_field` where its kind needs a field that the row does not have.
pub(super) fn creation(key: &str, definition: &Map<String, Value>) -> Result<Value, Rejection> {
    let kind = definition.get("kind").and_then(Value::as_str).unwrap_or("custom");
    check_complete(kind, definition)?;
    let mut body = Map::new();
    body.insert("key".to_owned(), key.into());
    body.insert("kind".to_owned(), kind.into());
    for field in API_FIELDS.iter().filter(|field| field.on_creation) {
        if let Some(value) = definition.get(field.name).filter(|value| !value.is_null()) {
            body.insert(field.name.to_owned(), value.clone());
        }
    }
    if kind == "custom" && !body.contains_key("isNumeric") {
        body.insert("isNumeric".to_owned(), false.into());
    }
    if let Some(aggregation) = definition.get(AGGREGATION_ON_CREATION) {
        body.insert("unitAggregationType".to_owned(), aggregation.clone());
    }
    if body.get("analysisType").is_some_and(|value| value == "percentile") {
        body.insert("eventDefault".to_owned(), json!({"disabled": true}));
    }
    Ok(body.into())
}

/// Everything that creating a metric sends, later requests included.
///
/// # Errors
/// Those of [`creation`].
pub(super) fn planned(key: &str, definition: &Map<String, Value>) -> Result<Value, Rejection> {
    let mut body = creation(key, definition)?;
    for Change { field, value } in after_creation(definition) {
        body[field.name] = value;
    }
    Ok(body)
}

/// The fields that LaunchDarkly takes only after a metric is created.
pub(super) fn after_creation(definition: &Map<String, Value>) -> Vec<Change> {
    let later = API_FIELDS.iter().filter(|field| !field.on_creation);
    let change = |field: &'static ApiField| {
        let value = definition.get(field.name)?.clone();
        let is_default = value.is_null() || value == false;
        (!is_default).then_some(Change { field, value })
    };
    later.filter_map(change).collect()
}

fn check_complete(kind: &str, definition: &Map<String, Value>) -> Result<(), Rejection> {
    let is_numeric = definition.get("isNumeric").and_then(Value::as_bool).unwrap_or(false);
    let needed: &[&str] = match kind {
        "custom" if is_numeric => &["eventKey", "unit", "successCriteria"],
        "custom" => &["eventKey"],
        "pageview" => &["urls"],
        "click" => &["urls", "selector"],
        _ => &[],
    };
    let is_empty = |value: &Value| {
        value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
    };
    let missing = needed.iter().find(|name| definition.get(**name).is_none_or(is_empty));
    let ours = missing.and_then(|name| API_FIELDS.iter().find(|field| field.name == *name));
    match ours {
        Some(field) => {
            let why = Rejection::missing(FIELDS[field.position].name);
            Err(Rejection { message: format!("{}, which a new metric needs", why.message), ..why })
        }
        None => Ok(()),
    }
}

/// Checks whether `changes` may be made to the metric that LaunchDarkly holds.
///
/// # Errors
/// `kind_changed` or `in_use` if not.
pub(super) fn check_allowed(
    definition: &Map<String, Value>,
    current: &Value,
    changes: &[Change],
    allow_in_use: bool,
) -> Result<(), Rejection> {
    if let (Some(wanted), Some(held)) =
        (definition.get("kind").and_then(Value::as_str), current["kind"].as_str())
        && wanted != held
    {
        let message = format!("LaunchDarkly holds a metric of the kind `{held}`, not `{wanted}`");
        return Err(Rejection::new(Reason::KindChanged, message));
    }
    let counts = ["activeExperimentCount", "activeGuardedRolloutCount"];
    let is_in_use = counts.iter().any(|name| current[*name].as_i64().is_some_and(|one| one > 0));
    match changes.iter().find(|change| !change.field.is_harmless) {
        Some(change) if is_in_use && !allow_in_use => {
            let field = FIELDS[change.field.position].name;
            let message = format!(
                "a running experiment or rollout uses the metric: `{field}` changes only with \
                 `--allow-in-use`"
            );
            Err(Rejection::new(Reason::InUse, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
