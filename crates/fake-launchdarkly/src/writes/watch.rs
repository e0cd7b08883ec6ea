//! What happens right after a segment was read: edits by somebody else, and progress of imports.

use serde_json::{Value, json};

use super::objects::list;
use super::targets::Change;
use super::{ForeignEdit, imports};
use crate::fragments::Stored;
use crate::{Behaviour, Family, lists, routes};

/// The segment that a path is about: keys of the project, the environment and the segment.
pub(crate) fn segment(path: &str) -> Option<[String; 3]> {
    let path = routes::below(Family::Segments, path)?;
    let found = routes::arguments("segments/{project}/{environment}/{segment}", path)?;
    found.try_into().ok()
}

/// Counts a `GET` of a segment, and makes the changes that follow it.
pub(crate) fn after_read(stored: &mut Stored, behaviour: &Behaviour, path: [String; 3]) {
    imports::advance(stored, behaviour.writes.import_polls, &path);
    let count = stored.written.reads.entry(path.clone()).or_default();
    *count += 1;
    let count = *count;
    let is_due = |edit: &&ForeignEdit| {
        edit.after_get == count
            && [&edit.project, &edit.environment, &edit.segment] == path.each_ref()
    };
    for edit in behaviour.writes.foreign_edits.iter().filter(is_due) {
        make(stored, edit, &path);
    }
}

fn make(stored: &mut Stored, edit: &ForeignEdit, path: &[String; 3]) {
    let items = list(&mut stored.account, Family::Segments, &path[..2]);
    let Some(position) = lists::by_key(items, &path[2]) else { return };
    let Ok(mut segment) = serde_json::from_str::<Value>(&items[position]) else { return };
    for (adds, values) in [(false, &edit.remove), (true, &edit.add)] {
        let context_kind = edit.context_kind.clone();
        let change = Change { includes: true, adds, context_kind, values: values.clone() };
        // An edit that would be refused is not made.
        if change.apply(&mut segment).is_err() {
            return;
        }
    }
    segment["version"] = json!(segment["version"].as_i64().unwrap_or(0) + 1);
    items[position] = segment.to_string();
}
