//! A page made hostile: each of its values replaced, left out or doubled; its bytes changed.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// Values that replace every value of a page.
pub fn hostile_values() -> Vec<String> {
    let literals = [
        "null",
        "true",
        "0",
        "-0.0",
        "-1",
        "1e18",
        "1e308",
        "1e999",
        "-1e999",
        "[]",
        "{}",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "253402300799999",
        "253402300800000",
        "-377705116800000",
        "-377705116800001",
        r#""""#,
        r#"" ""#,
        r#""..""#,
        r#""\u0000\u001b[2J\u009b""#,
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ud83d\ude00""#,
        r#""0001-01-01T00:00:00Z""#,
        r#""-009999-01-01T00:00:00Z""#,
        r#""9999-12-31T23:59:60Z""#,
        r#""%ff%00/..""#,
        "[null]",
        r#"["",""]"#,
        r#"{"":""}"#,
        r#"{"a":null}"#,
        r#"{"items":[],"totalCount":-1}"#,
        r#"{"href":"//%2e%2e/?#"}"#,
        r#""open"#,
        "[",
        "NaN",
    ];
    let long = |part: &str, times| part.repeat(times);
    let made = [
        format!("\"{}\"", long("x", 3_000)),
        long("9", 3_000),
        format!("{}{}", long("[", 10_000), long("]", 10_000)),
        format!("{}1{}", long(r#"{"a":"#, 10_000), long("}", 10_000)),
    ];
    literals.iter().map(|text| (*text).to_owned()).chain(made).collect()
}

const HERE: &str = "\u{1}here\u{1}";

/// Where every value of `page` is, as a JSON pointer.
pub fn pointers(page: &Value) -> Vec<String> {
    fn walk(value: &Value, pointer: &str, found: &mut Vec<String>) {
        found.push(pointer.to_owned());
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                walk(value, &format!("{pointer}/{}", escaped(key)), found)
            }),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, value)| walk(value, &format!("{pointer}/{index}"), found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(page, "", &mut found);
    found
}

/// The page before and after the value at `pointer`.
pub fn around(page: &Value, pointer: &str) -> (String, String) {
    let mut page = page.clone();
    *page.pointer_mut(pointer).unwrap() = HERE.into();
    let (text, here) = (page.to_string(), Value::from(HERE).to_string());
    let (start, end) = text.split_once(&here).unwrap();
    (start.to_owned(), end.to_owned())
}

/// The page without the value at `pointer`.
pub fn removed(page: &Value, pointer: &str) -> String {
    let mut page = page.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    match page.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&name.replace("~1", "/"))),
        Some(Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
        _ => {}
    }
    page.to_string()
}

/// The page with every field of the object, or every item of the list, at `pointer` twice.
pub fn doubled(page: &Value, pointer: &str) -> String {
    let whole = page.pointer(pointer).unwrap().to_string();
    let twice = match whole.get(1..whole.len() - 1) {
        Some(inner) if whole.starts_with(['{', '[']) && !inner.is_empty() => {
            format!("{}{inner},{}", &whole[..1], &whole[1..])
        }
        _ => format!("{whole}{whole}"),
    };
    let (start, end) = around(page, pointer);
    format!("{start}{twice}{end}")
}

/// One change of bytes.
#[derive(Clone, Debug)]
pub enum Edit {
    Set(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index, Index),
}

pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let interesting = prop::sample::select(b"{}[]\",:\\0-e. \0\x7f\xff".to_vec());
    let byte = prop_oneof![any::<u8>(), interesting];
    let at = any::<Index>;
    let edit = prop_oneof![
        4 => (at(), byte).prop_map(|(at, byte)| Edit::Set(at, byte)),
        1 => (at(), at()).prop_map(|(from, to)| Edit::Cut(from, to)),
        1 => (at(), at(), at()).prop_map(|(from, to, at)| Edit::Repeat(from, to, at)),
    ];
    prop::collection::vec(edit, 1..6)
}

/// The page after `edits`.
pub fn edited(page: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut page = page.to_vec();
    for edit in edits {
        let place = |index: &Index| index.index(page.len() + 1);
        let range = |from, to| place(from).min(place(to))..place(from).max(place(to));
        match edit {
            Edit::Set(at, byte) => {
                let at = place(at);
                page.splice(at..(at + 1).min(page.len()), [*byte]);
            }
            Edit::Cut(from, to) => drop(page.drain(range(from, to))),
            Edit::Repeat(from, to, at) => {
                let (copy, at) = (page[range(from, to)].to_vec(), place(at));
                page.splice(at..at, copy);
            }
        }
    }
    page
}
