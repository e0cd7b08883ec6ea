//! A row as an event, in the form that LaunchDarkly imports:
//! <https://launchdarkly.com/docs/home/metrics/import-events>.
//!
//! LaunchDarkly accepts any JSON and drops what is not an event without a word, so everything is
//! checked here.

use std::fmt::{self, Write};

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::time;
use crate::sync::cell::{Cell, Number};
use crate::sync::fields::{Field, Row};
use crate::sync::reason::{Reason, Rejection};

/// The largest event, so that one fits into a request.
const LARGEST: usize = 5_000_000 - 2;

const fn field(name: &'static str, doc: &'static str, required: bool) -> Field {
    Field { name, doc, required }
}

/// The fields of an event.
pub(super) const FIELDS: [Field; 7] = [
    field("event_key", "The key of the event, which metrics name.", true),
    field("context_key", "The key of the context that caused it.", false),
    field("context_kind", "The kind of that context; `user` by default.", false),
    field("context_keys", "In place of both: a JSON object of kinds and keys.", false),
    field("occurred_at", "When it happened: ISO 8601 text, or milliseconds since 1970.", true),
    field("metric_value", "The value of a numeric metric.", false),
    field("data", "A JSON object, which Data Export passes on.", false),
];

const EVENT_KEY: usize = 0;
pub(super) const CONTEXT_KEY: usize = 1;
const CONTEXT_KIND: usize = 2;
pub(super) const CONTEXT_KEYS: usize = 3;
const OCCURRED_AT: usize = 4;
const METRIC_VALUE: usize = 5;
const DATA: usize = 6;

/// Writes the event to `out`; returns the context kinds other than `user`.
///
/// # Errors
/// The reason why the row is no event.
pub(super) fn event(
    row: &Row<'_>,
    now_ms: i64,
    out: &mut String,
) -> Result<Vec<String>, Rejection> {
    out.push_str(r#"{"kind":"custom","key":"#);
    push_text(out, &required_key(row, EVENT_KEY)?);
    out.push_str(r#","contextKeys":{"#);
    let kinds = push_contexts(row, out)?;
    out.push_str(r#"},"creationDate":"#);
    let occurred_at = required(row, OCCURRED_AT)?;
    let ms = time::read(occurred_at, now_ms).map_err(|why| why.of("occurred_at"))?;
    let _ = write!(out, "{ms}");
    if let Some(cell) = row.value(METRIC_VALUE) {
        let number = cell.number().map_err(|why| why.of("metric_value"))?;
        out.push_str(r#","metricValue":"#);
        push_number(out, number);
    }
    if let Some(cell) = row.value(DATA) {
        let object = cell.json_object().map_err(|why| why.of("data"))?;
        out.push_str(r#","data":"#);
        out.push_str(object);
    }
    out.push('}');
    if out.len() > LARGEST {
        return Err(Rejection::new(Reason::BadJson, "data: the event is larger than 5 MB"));
    }
    Ok(kinds)
}

fn name(position: usize) -> &'static str {
    FIELDS.get(position).map_or("", |field| field.name)
}

fn required<'r>(row: &Row<'r>, position: usize) -> Result<Cell<'r>, Rejection> {
    let cell = row.value(position).filter(|cell| *cell != Cell::Text(""));
    cell.ok_or_else(|| Rejection::missing(name(position)))
}

fn required_key<'r>(
    row: &Row<'r>,
    position: usize,
) -> Result<std::borrow::Cow<'r, str>, Rejection> {
    let key = required(row, position)?.key().map_err(|why| why.of(name(position)))?;
    key.ok_or_else(|| Rejection::missing(name(position)))
}

fn push_contexts(row: &Row<'_>, out: &mut String) -> Result<Vec<String>, Rejection> {
    if let Some(cell) = row.value(CONTEXT_KEYS) {
        return push_context_keys(cell, out).map_err(|why| why.of("context_keys"));
    }
    let key = required_key(row, CONTEXT_KEY)?;
    let kind = row.value(CONTEXT_KIND).filter(|cell| *cell != Cell::Text(""));
    let kind = kind.map(|cell| cell.text().map_err(|why| why.of("context_kind"))).transpose()?;
    let kind = kind.unwrap_or("user".into());
    push_text(out, &kind);
    out.push(':');
    push_text(out, &key);
    Ok(if kind == "user" { Vec::new() } else { vec![kind.into_owned()] })
}

/// The members of a JSON object that has none of them twice.
struct Members(Map<String, Value>);

impl<'d> Deserialize<'d> for Members {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'d> Visitor<'d> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut access: A) -> Result<Members, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = access.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is there twice"));
            }
        }
        Ok(Members(members))
    }
}

/// A JSON object whose values are keys: texts, or whole numbers in decimal digits.
fn push_context_keys(cell: Cell<'_>, out: &mut String) -> Result<Vec<String>, Rejection> {
    let wrong = |message: &str| Rejection::new(Reason::BadJson, message);
    let text = cell.json_object()?;
    let Members(keys) = serde_json::from_str(text)
        .map_err(|_| wrong("expected a JSON object that has each context kind once"))?;
    if keys.is_empty() {
        return Err(wrong("the object has no context"));
    }
    let mut kinds = Vec::new();
    for (index, (kind, key)) in keys.into_iter().enumerate() {
        let key = match key {
            Value::String(key) if !key.is_empty() && !kind.is_empty() => key,
            Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
            _ => return Err(wrong("a key is a text that is not empty")),
        };
        if index > 0 {
            out.push(',');
        }
        push_text(out, &kind);
        out.push(':');
        push_text(out, &key);
        if kind != "user" {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

fn push_number(out: &mut String, number: Number) {
    // Both are JSON: a number here is finite.
    let _ = match number {
        Number::Int(value) => write!(out, "{value}"),
        Number::Real(value) => write!(out, "{}", Value::from(value)),
    };
}

/// A JSON string. Most texts need no escapes.
fn push_text(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests;
