//! Undoes what happened to an item of a list since a moment, by the times that its JSON has.

use serde_json::{Map, Value, json};

use super::Moment;

/// When an object was created.
const CREATED: [&str; 3] = ["_creationDate", "createdAt", "creationDate"];
/// When something happened to it that happens once.
const ONCE: [&str; 6] =
    ["_publishedAt", "appliedDate", "archivedAt", "archivedDate", "endedAt", "startedAt"];
/// When it was last changed.
const CHANGED: [&str; 4] = ["_lastModified", "lastModified", "lastModifiedDate", "updatedAt"];
/// When it was last seen or used, as every day.
pub(super) const SEEN: [&str; 6] =
    ["lastChecked", "lastError", "lastSeen", "lastSync", "lastUsed", "timestamp"];

/// Undoes what happened later, in the parts of a value as well: a part that is newer is removed from
/// its list, or becomes null. `floor_ms` is when that of which it is a part was created. Returns
/// whether it existed.
pub(super) fn undo(moment: Moment, value: &mut Value, floor_ms: i64) -> bool {
    match value {
        Value::Object(fields) => undo_object(moment, fields, floor_ms),
        Value::Array(items) => {
            items.retain_mut(|item| undo(moment, item, floor_ms));
            true
        }
        _ => true,
    }
}

fn undo_object(moment: Moment, fields: &mut Map<String, Value>, floor_ms: i64) -> bool {
    let created_ms = CREATED.iter().find_map(|name| fields.get(*name)?.as_i64());
    if created_ms.is_some_and(|at_ms| !moment.has_seen(at_ms)) {
        return false;
    }
    ONCE.iter().for_each(|name| undo_once(moment, fields, name));
    CHANGED.iter().for_each(|name| undo_change(moment, fields, name, created_ms));
    let floor_ms = created_ms.unwrap_or(floor_ms);
    for (name, value) in fields.iter_mut() {
        match value.as_i64() {
            Some(at_ms) if SEEN.contains(&name.as_str()) => {
                *value = moment.daily(at_ms).max(floor_ms).into();
            }
            Some(_) => {}
            None if undo(moment, value, floor_ms) => {}
            None => *value = Value::Null,
        }
    }
    true
}

/// Removes a time that had not come, and what it is the time of.
fn undo_once(moment: Moment, fields: &mut Map<String, Value>, name: &str) {
    if !fields.get(name).is_some_and(|at| is_later(moment, at)) {
        return;
    }
    fields.remove(name);
    let (state, before) = match name {
        "archivedAt" | "archivedDate" => ("archived", json!(false)),
        "_publishedAt" => ("state", json!("draft")),
        _ => return,
    };
    if let Some(state) = fields.get_mut(state) {
        *state = before;
    }
}

/// Before its last change, an object was as it was created, and one without that time was changed
/// every day.
fn undo_change(
    moment: Moment,
    fields: &mut Map<String, Value>,
    name: &str,
    created_ms: Option<i64>,
) {
    let Some(at) = fields.get_mut(name).filter(|at| is_later(moment, at)) else { return };
    let last_ms = at.as_i64().unwrap_or_default();
    *at = created_ms.unwrap_or_else(|| moment.daily(last_ms)).into();
    for version in ["_version", "version"] {
        if let Some(version) = fields.get_mut(version)
            && let Some(number) = version.as_i64()
        {
            *version = (number - 1).max(1).into();
        }
    }
}

fn is_later(moment: Moment, at: &Value) -> bool {
    at.as_i64().is_some_and(|at_ms| !moment.has_seen(at_ms))
}
