//! Individual targets of standard segments.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::objects::require;
use super::semantic::kind;
use crate::account::Account;
use crate::call::Refusal;
use crate::{Family, lists};

/// An instruction that adds targets to a segment or removes them.
pub(super) struct Change {
    /// Whether it is about included targets, and not about excluded ones.
    pub includes: bool,
    /// Whether it adds them.
    pub adds: bool,
    /// Their context kind.
    pub context_kind: String,
    /// Their keys.
    pub values: Vec<String>,
}

impl Change {
    /// The change that an instruction makes; nothing where it is about something else.
    pub fn parse(instruction: &Value) -> Result<Option<Self>, Refusal> {
        let (includes, adds, is_of_users) = match kind(instruction) {
            "addIncludedTargets" => (true, true, false),
            "removeIncludedTargets" => (true, false, false),
            "addExcludedTargets" => (false, true, false),
            "removeExcludedTargets" => (false, false, false),
            "addIncludedUsers" => (true, true, true),
            "removeIncludedUsers" => (true, false, true),
            "addExcludedUsers" => (false, true, true),
            "removeExcludedUsers" => (false, false, true),
            _ => return Ok(None),
        };
        let context_kind = instruction["contextKind"].as_str().filter(|_| !is_of_users);
        let context_kind = context_kind.unwrap_or("user").to_owned();
        let values = keys(&instruction["values"])?;
        Ok(Some(Change { includes, adds, context_kind, values }))
    }

    /// The action that permits it.
    pub fn action(&self) -> &'static str {
        if self.includes { "updateIncluded" } else { "updateExcluded" }
    }

    /// Makes the change, unless a key would be both included and excluded.
    pub fn apply(&self, segment: &mut Value) -> Result<(), Refusal> {
        if !self.adds {
            self.remove(segment);
            return Ok(());
        }
        let opposite = edit(segment, !self.includes, &self.context_kind, |targets| set(targets));
        if let Some(key) = self.values.iter().find(|key| opposite.contains(*key)) {
            let message = format!("{key} cannot be both included and excluded");
            return Err(Refusal::invalid(message));
        }
        self.add(segment);
        Ok(())
    }

    fn add(&self, segment: &mut Value) {
        edit(segment, self.includes, &self.context_kind, |targets| {
            let mut known = set(targets);
            let fresh = self.values.iter().filter(|key| known.insert((*key).clone()));
            targets.extend(fresh.map(|key| json!(key)));
        });
    }

    fn remove(&self, segment: &mut Value) {
        let removed: HashSet<&str> = self.values.iter().map(String::as_str).collect();
        let stays = |value: &Value| value.as_str().is_none_or(|key| !removed.contains(key));
        edit(segment, self.includes, &self.context_kind, |targets| targets.retain(stays));
    }
}

/// A list of keys, none of which is empty.
pub(super) fn keys(values: &Value) -> Result<Vec<String>, Refusal> {
    let values = values.as_array().ok_or_else(|| Refusal::invalid("values are missing"))?;
    let keys: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let sound = keys.len() == values.len() && keys.iter().all(|key| !key.is_empty());
    require(sound, "values must be texts that are not empty")?;
    Ok(keys)
}

fn set(values: &[Value]) -> HashSet<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Gives the targets of one context kind to `edit`. Users have a list of their own.
fn edit<T>(
    segment: &mut Value,
    includes: bool,
    kind: &str,
    edit: impl FnOnce(&mut Vec<Value>) -> T,
) -> T {
    let plain = if includes { "included" } else { "excluded" };
    if kind == "user" {
        return edit_array(&mut segment[plain], edit);
    }
    edit_array(&mut segment[format!("{plain}Contexts")], |kinds| {
        let position = kinds.iter().position(|one| one["contextKind"] == kind);
        let position = position.unwrap_or_else(|| {
            kinds.push(json!({"contextKind": kind, "values": []}));
            kinds.len() - 1
        });
        edit_array(&mut kinds[position]["values"], edit)
    })
}

/// Gives the items of an array to `edit`; a value of another type becomes an array.
fn edit_array<T>(value: &mut Value, edit: impl FnOnce(&mut Vec<Value>) -> T) -> T {
    let mut items = match value.take() {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    let edited = edit(&mut items);
    *value = Value::Array(items);
    edited
}

/// The included keys of one context kind of a segment of this environment.
pub(crate) fn members(
    account: &Account,
    place: &[String],
    segment: &str,
    kind: &str,
) -> BTreeSet<String> {
    let items = lists::stored(account, Family::Segments, place);
    let found = lists::by_key(&items, segment).map(|position| &items[position]);
    let parsed = found.and_then(|item| serde_json::from_str::<Value>(item).ok());
    parsed.map(|one| included(&one, kind).map(str::to_owned).collect()).unwrap_or_default()
}

fn included<'a>(segment: &'a Value, kind: &str) -> impl Iterator<Item = &'a str> {
    let values = if kind == "user" {
        &segment["included"]
    } else {
        let kinds = segment["includedContexts"].as_array();
        let found = kinds.into_iter().flatten().find(|one| one["contextKind"] == kind);
        found.map_or(&Value::Null, |one| &one["values"])
    };
    values.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// How many targets a segment includes.
pub(super) fn count(segment: &Value) -> usize {
    let length = |values: &Value| values.as_array().map_or(0, Vec::len);
    let kinds = segment["includedContexts"].as_array().into_iter().flatten();
    length(&segment["included"]) + kinds.map(|one| length(&one["values"])).sum::<usize>()
}
