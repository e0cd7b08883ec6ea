//! Finding, adding and changing the objects of the account's lists.

use serde_json::{Value, json};

use super::WriteCall;
use crate::Family;
use crate::account::{Account, Json, object_id};
use crate::call::Refusal;
use crate::lists;

/// An object of a list, with what is needed to store it again.
pub(super) struct Found {
    /// The object.
    pub object: Value,
    list: (Family, Vec<String>),
    position: usize,
}

impl WriteCall<'_> {
    /// A family's list for these arguments, to be changed.
    pub(super) fn list(&mut self, family: Family, arguments: &[String]) -> &mut Vec<Json> {
        list(&mut self.stored.account, family, arguments)
    }

    /// The object with this key in a family's list.
    pub(super) fn find(
        &mut self,
        family: Family,
        arguments: &[String],
        key: &str,
    ) -> Result<Found, Refusal> {
        self.settle(&name(family, arguments, key))?;
        self.found(family, arguments, |items| lists::by_key(items, key))
    }

    /// The object with this identifier in a family's list.
    pub(super) fn find_id(&mut self, family: Family, id: &str) -> Result<Found, Refusal> {
        self.found(family, &[], |items| lists::by_id(items, id))
    }

    fn found(
        &mut self,
        family: Family,
        arguments: &[String],
        position: impl Fn(&[Json]) -> Option<usize>,
    ) -> Result<Found, Refusal> {
        let items = self.list(family, arguments);
        let position = position(items).ok_or_else(|| Refusal::documented(404))?;
        let object = serde_json::from_str(&items[position]);
        let object = object.map_err(|_| Refusal::documented(500))?;
        Ok(Found { object, list: (family, arguments.to_vec()), position })
    }

    /// Stores a changed object, and returns its JSON.
    pub(super) fn store(&mut self, found: Found) -> Json {
        let text = found.object.to_string();
        let (family, arguments) = found.list;
        if let Some(item) = self.list(family, &arguments).get_mut(found.position) {
            item.clone_from(&text);
        }
        text
    }

    /// Removes an object.
    pub(super) fn remove(&mut self, found: Found) {
        let (family, arguments) = found.list;
        self.list(family, &arguments).remove(found.position);
    }

    /// Adds an object with a new key, at the end of its list, and returns its JSON.
    pub(super) fn add(
        &mut self,
        family: Family,
        arguments: &[String],
        object: &Value,
    ) -> Result<Json, Refusal> {
        let key = object["key"].as_str().unwrap_or_default();
        let items = self.list(family, arguments);
        if lists::by_key(items, key).is_some() {
            let kind = if family == Family::Metrics { "metric" } else { "segment" };
            return Err(Refusal::new(409, "key_exists", format!("Duplicate {kind} key")));
        }
        let text = object.to_string();
        items.push(text.clone());
        let fresh = self.behaviour.writes.fresh_not_found;
        self.stored.written.fresh.insert(name(family, arguments, key), fresh);
        Ok(text)
    }

    /// Answers 404 while an object is too new to be found.
    fn settle(&mut self, name: &str) -> Result<(), Refusal> {
        match self.stored.written.fresh.get_mut(name) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Err(Refusal::documented(404))
            }
            _ => Ok(()),
        }
    }

    /// A moment that is later than that of any write before it.
    pub(super) fn stamp(&mut self) -> i64 {
        self.stored.written.made += 1;
        self.stored.account.now_ms + self.stored.written.made as i64
    }

    /// An identifier that nothing else has.
    pub(super) fn fresh_id(&mut self, kind: &str) -> String {
        self.stored.written.made += 1;
        object_id(&format!("written {kind} {}", self.stored.written.made))
    }
}

/// A family's list for these arguments, to be changed. From now on, it is no longer derived.
pub(super) fn list<'a>(
    account: &'a mut Account,
    family: Family,
    arguments: &[String],
) -> &'a mut Vec<Json> {
    let key = (family, arguments.to_vec());
    if !account.lists.contains_key(&key) {
        let derived = lists::stored(account, family, arguments);
        account.lists.insert(key.clone(), derived);
    }
    account.lists.entry(key).or_default()
}

fn name(family: Family, arguments: &[String], key: &str) -> String {
    format!("{family:?} {} {key}", arguments.join(" "))
}

/// A `_links` object with nothing but `self`.
pub(super) fn links(path: &str) -> Value {
    json!({"self": {"href": path, "type": "application/json"}})
}

/// Whether `key` can be the key of a metric or a segment.
pub(super) fn is_key(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && characters.all(|one| one.is_ascii_alphanumeric() || "_.-".contains(one))
}

/// Whether `tags` is a list of tags.
pub(super) fn are_tags(tags: &Value) -> bool {
    let is_tag = |tag: &Value| {
        let characters =
            |tag: &str| tag.chars().all(|one| one.is_ascii_alphanumeric() || "_.-".contains(one));
        tag.as_str().is_some_and(|tag| (1..=64).contains(&tag.len()) && characters(tag))
    };
    tags.as_array().is_some_and(|tags| tags.iter().all(is_tag))
}

/// Whether an object has a member with a value.
pub(super) fn has(object: &Value, name: &str) -> bool {
    object.get(name).is_some_and(|value| !value.is_null())
}

/// Refuses a request with 400 and this message unless `holds`.
pub(super) fn require(holds: bool, message: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::invalid(message)) }
}

/// Removes the members of an object that are null.
pub(super) fn without_nulls(object: &mut Value) {
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
}
