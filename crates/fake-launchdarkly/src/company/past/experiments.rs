//! Experiments as they were, and what refers to them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Moment;
use super::undo::undo;
use crate::Family;
use crate::account::{Account, Json, Project};

/// The experiments of each project, by its key and theirs.
pub(super) struct Experiments(BTreeSet<(String, String)>);

impl Experiments {
    /// Those that existed then.
    pub fn of(moment: Moment, today: &Account, then: &Account) -> Self {
        let keys = then.projects.iter().flat_map(|project| {
            let place = (Family::Experiments, vec![project.key.clone()]);
            let items = today.lists.get(&place).into_iter().flatten();
            let items = items.filter_map(move |item| as_of(moment, project, item));
            items.filter_map(|item| Some((project.key.clone(), item["key"].as_str()?.to_owned())))
        });
        Experiments(keys.collect())
    }

    /// How many a project has.
    pub fn count(&self, project: &Project) -> usize {
        self.0.iter().filter(|(of, _)| *of == project.key).count()
    }

    /// Removes the others from a list, whose items name them in this field.
    pub fn keep_known(&self, project: &Project, list: &mut Value, field: &str) {
        let is_known = |item: &Value| {
            let key = item[field].as_str().unwrap_or_default();
            self.0.contains(&(project.key.clone(), key.to_owned()))
        };
        if let Some(items) = list.as_array_mut() {
            items.retain(is_known);
        }
    }
}

/// An experiment, unless it or its flag is newer.
pub(super) fn as_of(moment: Moment, then: &Project, item: &Json) -> Option<Value> {
    let mut item: Value = serde_json::from_str(item).ok()?;
    let flag = item["key"].as_str()?.strip_suffix("-trial")?;
    let is_there = then.flag(flag).is_some() && undo(moment, &mut item, i64::MIN);
    is_there.then(|| with_iterations(item))
}

/// The experiment with its iterations in the places that they had: one in preparation, the newest of
/// the others, and earlier ones.
fn with_iterations(mut experiment: Value) -> Value {
    let mut all = match experiment["previousIterations"].take() {
        Value::Array(previous) => previous,
        _ => Vec::new(),
    };
    all.push(experiment["currentIteration"].take());
    all.push(experiment["draftIteration"].take());
    all.retain(|iteration| !iteration.is_null());
    all.iter_mut().for_each(date);
    let (drafts, mut begun): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|iteration| iteration["status"] == "not_started");
    experiment["draftIteration"] = drafts.into_iter().next().into();
    experiment["currentIteration"] = begun.pop().into();
    experiment["previousIterations"] = begun.into();
    experiment
}

/// Gives an iteration the status that its times tell. Nothing had won before it ended.
fn date(iteration: &mut Value) {
    let has_ended = !iteration["endedAt"].is_null();
    let has_begun = !iteration["startedAt"].is_null();
    if !has_ended {
        iteration["status"] = if has_begun { "running" } else { "not_started" }.into();
        iteration["winningReason"] = Value::Null;
        iteration["winningTreatmentId"] = Value::Null;
    }
}
