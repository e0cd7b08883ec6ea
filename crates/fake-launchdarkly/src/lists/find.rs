//! Finding items of a list, whose JSON may be long, without parsing all of it.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::account::Json;
use crate::json;

#[derive(Deserialize)]
struct Keyed {
    key: String,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(rename = "_id")]
    id: String,
}

#[derive(Deserialize)]
struct Archivable {
    #[serde(default)]
    archived: bool,
}

#[derive(Deserialize)]
struct Unbounded {
    #[serde(default)]
    unbounded: bool,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "resourceId")]
    resource: String,
}

/// The position of the item with this key.
pub(crate) fn by_key(items: &[Json], key: &str) -> Option<usize> {
    position(items, key, |Keyed { key }| key)
}

/// The position of the item with this identifier.
pub(crate) fn by_id(items: &[Json], id: &str) -> Option<usize> {
    position(items, id, |Identified { id }| id)
}

/// Whether an item is archived.
pub(crate) fn is_archived(item: &str) -> bool {
    parsed(item).is_some_and(|Archivable { archived }| archived)
}

/// Whether a segment is a big one.
pub(crate) fn is_big(segment: &str) -> bool {
    parsed(segment).is_some_and(|Unbounded { unbounded }| unbounded)
}

/// The specifier of what an approval request is about.
pub(crate) fn resource(request: &str) -> Option<String> {
    parsed(request).map(|Resource { resource }| resource)
}

fn parsed<T: DeserializeOwned>(item: &str) -> Option<T> {
    serde_json::from_str(item).ok()
}

fn position<T: DeserializeOwned>(
    items: &[Json],
    name: &str,
    named: impl Fn(T) -> String,
) -> Option<usize> {
    let quoted = json::string(name);
    // There is only one way to write a name that needs no escape. Looking for it is many times
    // faster than parsing.
    let is_plain = quoted.len() == name.len() + 2 && name.is_ascii();
    let candidate = |item: &Json| !is_plain || item.contains(&quoted);
    items.iter().position(|item| {
        candidate(item) && parsed(item).map(&named).is_some_and(|found| found == name)
    })
}
