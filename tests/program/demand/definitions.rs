//! Compares JSON with a definition of `schema/commands.json`.

use std::collections::BTreeSet;

use flaglake::catalog;
use serde_json::Value;

/// The words of JSON Schema that [`faults`] knows, and those that only describe.
const KNOWN: [&str; 10] = [
    "type",
    "enum",
    "pattern",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "format",
    "description",
    "title",
];

/// Fails where `value` is not as the definition says.
pub fn check(definition: &str, value: &Value) {
    let schema: Value = serde_json::from_str(&catalog::commands::schema()).unwrap();
    let faults = faults(&schema["$defs"][definition], value, "$");
    assert!(faults.is_empty(), "{definition}: {faults:#?}");
}

/// Where `value` is not as `schema` says. A word that is not known here is a mistake of the test.
fn faults(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let words = schema.as_object().unwrap_or_else(|| panic!("{path}: there is no definition"));
    let unknown: Vec<_> = words.keys().filter(|word| !KNOWN.contains(&word.as_str())).collect();
    assert!(unknown.is_empty(), "{path}: {unknown:?}");
    let mut found = Vec::new();
    if !is_of_type(&schema["type"], value) {
        found.push(format!("{path}: {value} is not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        found.push(format!("{path}: {value} is not in {}", schema["enum"]));
    }
    if !schema["pattern"].is_null() && value.as_str().is_some_and(|text| !is_time(text)) {
        found.push(format!("{path}: {value} is not a time"));
    }
    if let Some(object) = value.as_object().filter(|_| !schema["properties"].is_null()) {
        found.extend(of_object(schema, object, path));
    }
    if let Some(items) = value.as_array().filter(|_| !schema["items"].is_null()) {
        let items = items.iter().enumerate();
        found.extend(
            items.flat_map(|(index, item)| {
                faults(&schema["items"], item, &format!("{path}[{index}]"))
            }),
        );
    }
    found
}

fn of_object(schema: &Value, object: &serde_json::Map<String, Value>, path: &str) -> Vec<String> {
    let properties = schema["properties"].as_object().unwrap();
    let required = schema["required"].as_array().unwrap();
    let required: BTreeSet<_> = required.iter().map(|name| name.as_str().unwrap()).collect();
    let missing = required.iter().filter(|name| !object.contains_key(**name));
    let mut found: Vec<_> = missing.map(|name| format!("{path}.{name} is missing")).collect();
    for (name, value) in object {
        match properties.get(name) {
            Some(schema) => found.extend(faults(schema, value, &format!("{path}.{name}"))),
            None => found.push(format!("{path}.{name} is not in the schema")),
        }
    }
    found
}

/// Whether a value is of a type, or of one of several. Without a type, any value is.
fn is_of_type(types: &Value, value: &Value) -> bool {
    let is_of = |ty: &Value| match ty.as_str() {
        Some("null") => value.is_null(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => panic!("`{ty}` is not a type"),
    };
    match types {
        Value::Null => true,
        Value::Array(types) => types.iter().any(is_of),
        ty => is_of(ty),
    }
}

/// The only pattern in the file: a time as the SQLite output has it.
fn is_time(text: &str) -> bool {
    let shape: String =
        text.chars().map(|one| if one.is_ascii_digit() { '0' } else { one }).collect();
    shape == "0000-00-00T00:00:00.000Z"
}

#[test]
fn what_is_not_as_the_schema_says_is_found() {
    let schema: Value = serde_json::json!({ "type": "object", "required": ["at", "n"],
        "additionalProperties": false, "properties": {
            "at": { "type": ["string", "null"], "pattern": "a time" },
            "n": { "type": "array", "items": { "type": "integer" } } } });
    for (text, count) in [
        (r#"{"at":null,"n":[1]}"#, 0),
        (r#"{"at":"2026-11-20T02:00:00.000Z","n":[]}"#, 0),
        (r#"{"at":"2026-11-20","n":[]}"#, 1),
        (r#"{"at":1,"n":["x",1.5]}"#, 3),
        (r#"{"n":[],"more":1}"#, 2),
        ("[]", 1),
    ] {
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(faults(&schema, &value, "$").len(), count, "{text}");
    }
}
