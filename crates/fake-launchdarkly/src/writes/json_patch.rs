//! JSON Patch, as far as LaunchDarkly takes it.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::call::Refusal;

/// What an operation does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Add,
    Replace,
    Remove,
    Test,
}

/// One operation.
#[derive(Debug, Deserialize)]
pub(super) struct Operation {
    /// What it does.
    #[serde(rename = "op")]
    pub kind: Kind,
    /// Where, as a JSON pointer.
    pub path: String,
    /// With which value.
    #[serde(default)]
    pub value: Value,
}

impl Operation {
    /// The decoded parts of the path.
    pub fn parts(&self) -> Vec<String> {
        let decoded = |part: &str| part.replace("~1", "/").replace("~0", "~");
        self.path.split('/').skip(1).map(decoded).collect()
    }

    /// Applies the operation. `replace` works for members that are absent; `remove` does not.
    pub fn apply(&self, target: &mut Value) -> Result<(), Refusal> {
        let parts = self.parts();
        if self.kind == Kind::Test {
            let holds = target.pointer(&self.path).unwrap_or(&Value::Null) == &self.value;
            return if holds { Ok(()) } else { Err(Refusal::documented(409)) };
        }
        let Some((last, before)) = parts.split_last() else { return Err(self.refused()) };
        match before.iter().try_fold(target, |parent, part| within(parent, part)) {
            Some(Value::Object(members)) => self.apply_to_object(members, last),
            Some(Value::Array(items)) => self.apply_to_array(items, last),
            _ => Err(self.refused()),
        }
    }

    fn apply_to_object(&self, members: &mut Map<String, Value>, name: &str) -> Result<(), Refusal> {
        if self.kind == Kind::Remove {
            return members.remove(name).map(drop).ok_or_else(|| self.refused());
        }
        members.insert(name.to_owned(), self.value.clone());
        Ok(())
    }

    fn apply_to_array(&self, items: &mut Vec<Value>, place: &str) -> Result<(), Refusal> {
        let index = if place == "-" { Some(items.len()) } else { place.parse().ok() };
        let index = index.filter(|index: &usize| *index <= items.len());
        let index = index.ok_or_else(|| self.refused())?;
        match self.kind {
            Kind::Add => items.insert(index, self.value.clone()),
            Kind::Replace if index < items.len() => items[index] = self.value.clone(),
            Kind::Remove if index < items.len() => drop(items.remove(index)),
            _ => return Err(self.refused()),
        }
        Ok(())
    }

    fn refused(&self) -> Refusal {
        Refusal::new(400, "invalid_patch", format!("cannot apply a patch at {}", self.path))
    }
}

/// The member or item with this name. An object that is absent is created.
fn within<'a>(parent: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    match parent {
        Value::Object(members) => {
            let member = members.entry(name).or_insert_with(|| json!({}));
            if member.is_null() {
                *member = json!({});
            }
            Some(member)
        }
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The comment and the operations of a body: an array, or an object with `patch`.
pub(super) fn parse(body: Value) -> Result<(Option<String>, Vec<Operation>), Refusal> {
    let refused = |_| Refusal::new(400, "invalid_patch", "the body is not a JSON Patch");
    let comment = body.get("comment").and_then(Value::as_str).map(str::to_owned);
    let operations = match body {
        Value::Object(mut members) => members.remove("patch").unwrap_or_default(),
        other => other,
    };
    Ok((comment, serde_json::from_value(operations).map_err(refused)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(target: Value, operation: Value) -> Result<Value, u16> {
        let mut target = target;
        let operation: Operation = serde_json::from_value(operation).unwrap();
        operation.apply(&mut target).map_err(|refusal| refusal.status)?;
        Ok(target)
    }

    #[test]
    fn an_absent_member_can_be_replaced_but_not_removed() {
        let replace = json!({"op": "replace", "path": "/a~1b", "value": 1});
        assert_eq!(patched(json!({}), replace), Ok(json!({"a/b": 1})));
        assert_eq!(patched(json!({}), json!({"op": "remove", "path": "/a"})), Err(400));
        let inner = json!({"op": "replace", "path": "/a/b", "value": 1});
        assert_eq!(patched(json!({"a": null}), inner), Ok(json!({"a": {"b": 1}})));
    }

    #[test]
    fn items_are_found_by_their_position() {
        let at = |op: &str, path: &str| {
            patched(json!({"a": [1, 2]}), json!({"op": op, "path": path, "value": 3}))
        };
        assert_eq!(at("add", "/a/-"), Ok(json!({"a": [1, 2, 3]})));
        assert_eq!(at("add", "/a/0"), Ok(json!({"a": [3, 1, 2]})));
        assert_eq!(at("replace", "/a/1"), Ok(json!({"a": [1, 3]})));
        assert_eq!(at("remove", "/a/0"), Ok(json!({"a": [2]})));
        assert_eq!(at("replace", "/a/2"), Err(400));
        assert_eq!(at("test", "/a/2"), Err(409));
    }
}
