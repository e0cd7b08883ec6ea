use proptest::prelude::*;

use super::*;
use crate::sync::fields::{Bound, Mapping};

const NOW_MS: i64 = 1_790_000_000_000;
const AT: Cell<'_> = Cell::Int(1_700_000_000_000);

fn bound() -> Bound {
    Mapping::default().bind(&FIELDS, None, &[]).unwrap()
}

/// Event key, context key, context kind, context keys, time, value, data.
fn encode(cells: [Cell<'_>; 7]) -> Result<Value, String> {
    text(cells).map(|text| serde_json::from_str(&text).unwrap())
}

/// The event as it is sent.
fn text(cells: [Cell<'_>; 7]) -> Result<String, String> {
    let bound = bound();
    let mut out = String::new();
    event(&Row::new(&bound, &cells), NOW_MS, &mut out)
        .map(|_| out)
        .map_err(|why| why.reason.code().into_owned())
}

fn with(position: usize, cell: Cell<'_>) -> Result<Value, String> {
    encode(cells_with(position, cell))
}

fn cells_with(position: usize, cell: Cell<'_>) -> [Cell<'_>; 7] {
    let mut cells = [Cell::Null; 7];
    (cells[0], cells[1], cells[4]) = (Cell::Text("buy"), Cell::Text("u1"), AT);
    cells[position] = cell;
    cells
}

#[test]
fn an_event_has_the_documented_members() {
    let cells = [
        Cell::Text("buy"),
        Cell::Int(7),
        Cell::Text("account"),
        Cell::Null,
        Cell::Text("2023-11-14T22:13:20Z"),
        Cell::Real(1.5),
        Cell::Text(r#"{"a":[1]}"#),
    ];
    let expected = serde_json::json!({
        "kind": "custom", "key": "buy", "contextKeys": {"account": "7"},
        "creationDate": 1_700_000_000_000_i64, "metricValue": 1.5, "data": {"a": [1]},
    });
    assert_eq!(encode(cells), Ok(expected));
}

#[test]
fn each_defect_has_its_reason() {
    for (position, cell, reason) in [
        (0, Cell::Null, "missing_field:event_key"),
        (0, Cell::Text(""), "missing_field:event_key"),
        (1, Cell::Null, "missing_field:context_key"),
        (1, Cell::Untyped(""), "missing_field:context_key"),
        (1, Cell::Real(1.5), "bad_type"),
        (3, Cell::Text("[]"), "bad_json"),
        (3, Cell::Text("{}"), "bad_json"),
        (3, Cell::Json(r#"{"user":""}"#), "bad_json"),
        (3, Cell::Json(r#"{"user":1.5}"#), "bad_json"),
        (3, Cell::Json(r#"{"user":"a","user":"b"}"#), "bad_json"),
        (3, Cell::Text(r#"{"user":"a","us\u0065r":"a"}"#), "bad_json"),
        (4, Cell::Null, "missing_field:occurred_at"),
        (4, Cell::Text(""), "missing_field:occurred_at"),
        (4, Cell::Text("soon"), "bad_timestamp"),
        (5, Cell::Text("1"), "bad_number"),
        (5, Cell::Real(f64::NAN), "bad_number"),
        (6, Cell::Text("[1]"), "bad_json"),
        (6, Cell::Text("text"), "bad_json"),
    ] {
        assert_eq!(with(position, cell), Err(reason.to_owned()), "{position} {cell:?}");
    }
}

#[test]
fn several_contexts_are_one_event() {
    let keys = r#"{"user":"u","device":12}"#;
    let event = with(3, Cell::Json(keys)).unwrap();
    assert_eq!(event["contextKeys"], serde_json::json!({"user": "u", "device": "12"}));
}

proptest! {
    #[test]
    fn any_text_is_sent_as_it_is(key in "\\PC+|[\\x00-\\x1f\"\\\\]+", user in ".+") {
        let event = with(0, Cell::Text(&key)).unwrap();
        prop_assert_eq!(&event["key"], &Value::from(key.as_str()));
        let event = with(1, Cell::Text(&user)).unwrap();
        prop_assert_eq!(&event["contextKeys"]["user"], &Value::from(user.as_str()));
    }

    #[test]
    fn any_finite_number_is_sent_digit_for_digit(value in any::<f64>()) {
        let event = text(cells_with(5, Cell::Real(value)));
        if value.is_finite() {
            // Not read by serde_json, which may round the last digit.
            let event = event.unwrap();
            let sent = event.split_once("\"metricValue\":").unwrap().1.trim_end_matches('}');
            prop_assert_eq!(sent.parse::<f64>(), Ok(value));
        } else {
            prop_assert_eq!(event, Err("bad_number".to_owned()));
        }
    }
}
