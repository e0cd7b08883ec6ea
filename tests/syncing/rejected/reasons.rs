//! Each reason for which a row is not sent.

use serde_json::{Value, json};

use crate::setup::{
    SYNC_EVENTS, SYNC_SEGMENT, count, create_segment, members, now_ms, place, rejected,
    rejected_in_file, set, summary, sync, write, write_users,
};
use crate::support::Run;

const FROM_EVENTS: &[&str] = &[
    "events",
    "--project",
    "web",
    "--environment",
    "production",
    "--from",
    "jsonl:rows.jsonl",
    "--id",
    "id",
];
const FROM_USERS: &[&str] = &[
    "segment",
    "--project",
    "web",
    "--environment",
    "production",
    "--segment",
    "beta",
    "--from",
    "jsonl:rows.jsonl",
];
const FROM_METRICS: &[&str] = &["metrics", "--project", "web", "--from", "jsonl:rows.jsonl"];

/// The reasons of the rows, by number; the rows without one have reached LaunchDarkly.
#[track_caller]
fn reasons(run: &Run, sync_of: &[&str], rows: &[Value]) -> Vec<String> {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    write(run, "rows.jsonl", lines);
    let ended = sync(run, sync_of, &["--rejected", "rejected.csv"]);
    ended.failed(11, "rows_rejected");
    let summary = summary(&ended);
    let listed = rejected(run);
    assert_eq!(count(&summary, "invalid"), i64::try_from(listed.len()).unwrap());
    assert_eq!(count(&summary, "rejected"), 0);
    let in_file = rejected_in_file(run);
    assert_eq!(in_file, listed.iter().map(|row| row.replace("NULL", "\"\"")).collect::<Vec<_>>());
    listed
}

/// An event with some fields changed; null ones are NULL.
fn event(id: Value, changes: Value) -> Value {
    let mut event = json!({
        "id": id, "event_key": "e", "context_key": "u", "occurred_at": 1_700_000_000_000_i64,
    });
    for (name, value) in changes.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn each_bad_event_has_its_reason_and_the_good_one_is_sent() {
    let run = place();
    let now = 1_700_000_000_i64;
    let bad = [
        (json!({"event_key": null}), "missing_field:event_key"),
        (json!({"event_key": ""}), "missing_field:event_key"),
        (json!({"event_key": 1.5}), "bad_type"),
        (json!({"context_key": null}), "missing_field:context_key"),
        (json!({"context_key": ""}), "missing_field:context_key"),
        (json!({"context_key": true}), "bad_type"),
        (json!({"context_keys": "[]"}), "bad_json"),
        (json!({"context_keys": {}}), "bad_json"),
        (json!({"context_keys": {"user": ""}}), "bad_json"),
        (json!({"occurred_at": null}), "missing_field:occurred_at"),
        (json!({"occurred_at": "yesterday"}), "bad_timestamp"),
        (json!({"occurred_at": now}), "bad_timestamp"),
        (json!({"occurred_at": now * 1_000_000}), "bad_timestamp"),
        (json!({"occurred_at": now_ms() + 25 * 3_600_000}), "bad_timestamp"),
        (json!({"metric_value": "12"}), "bad_number"),
        (json!({"metric_value": true}), "bad_number"),
        (json!({"data": [1]}), "bad_json"),
        (json!({"data": "{"}), "bad_json"),
        (json!({"data": {"text": "x".repeat(5_000_000)}}), "bad_json"),
    ];
    let events = bad.iter().zip(1..).map(|((changes, _), id)| event(json!(id), changes.clone()));
    let mut rows: Vec<_> = events.collect();
    rows.push(event(json!(100), json!({"occurred_at": now_ms() + 23 * 3_600_000})));
    let expected: Vec<_> = bad
        .iter()
        .zip(1..)
        .map(|((_, reason), number)| format!("{number} | \"{number}\" | \"{reason}\""))
        .collect();
    assert_eq!(reasons(&run, FROM_EVENTS, &rows), expected);
    assert_eq!(run.server.count_events(), 1);
    assert_eq!(run.server.count_dropped_events(), 0);
}

#[test]
fn a_value_that_is_not_finite_is_no_number() {
    let run = place();
    let line = |(value, id): (&str, usize)| format!("{id},e,u,2024-02-03T04:05:06Z,{value}\n");
    let lines: String =
        ["NaN", "inf", "-infinity", "1e999", "2.5"].into_iter().zip(1..).map(line).collect();
    write(
        &run,
        "events.csv",
        format!("id,event_key,context_key,occurred_at,metric_value\n{lines}"),
    );
    sync(&run, SYNC_EVENTS, &[]).failed(11, "rows_rejected");
    let expected = [1, 2, 3, 4].map(|id| format!("{id} | \"{id}\" | \"bad_number\""));
    assert_eq!(rejected(&run), expected);
    assert_eq!(run.server.events()[0].metric_value, Some(2.5));
}

#[test]
fn the_id_of_an_event_is_its_row_key() {
    let run = place();
    let ids = [json!(null), json!(""), json!(2.5), json!("a"), json!("b"), json!("b"), json!("c")];
    let rows = ids.into_iter().zip(0..).map(|(id, number)| {
        event(id, json!({"context_key": format!("u{}", if number == 5 { 4 } else { number })}))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.push(event(json!("a"), json!({"context_key": "another"})));
    let expected = [
        "1 | NULL | \"null_key\"",
        "2 | \"\" | \"empty_key\"",
        "3 | NULL | \"bad_type\"",
        "4 | \"a\" | \"duplicate_key\"",
        "8 | \"a\" | \"duplicate_key\"",
    ];
    assert_eq!(reasons(&run, FROM_EVENTS, &rows), expected);
    assert_eq!(run.server.count_events(), 2, "`b` once and `c`");
}

#[test]
fn each_bad_key_of_a_segment_has_its_reason() {
    let run = place();
    create_segment(&run, json!({"excluded": ["out"]}));
    let keys = [json!(null), json!(""), json!(1.5), json!({}), json!("out"), json!(7), json!("a")];
    let rows: Vec<_> = keys.into_iter().map(|key| json!({"context_key": key})).collect();
    let expected = [
        "1 | NULL | \"null_key\"",
        "2 | \"\" | \"empty_key\"",
        "3 | NULL | \"bad_type\"",
        "4 | NULL | \"bad_type\"",
        "5 | \"out\" | \"excluded_in_segment\"",
    ];
    assert_eq!(reasons(&run, FROM_USERS, &rows), expected);
    assert_eq!(members(&run), set(["7", "a"]));
}

#[test]
fn each_bad_metric_has_its_reason() {
    let run = place();
    let rows = [
        json!({"key": null, "event_key": "x"}),
        json!({"key": "", "event_key": "x"}),
        json!({"key": 1.5, "event_key": "x"}),
        json!({"key": "a", "event_key": null}),
        json!({"key": "b", "event_key": "x", "measure": "median"}),
        json!({"key": "c", "event_key": "x", "is_numeric": "maybe"}),
        json!({"key": "d", "event_key": "x", "percentile_value": "high"}),
        json!({"key": "e", "event_key": "x", "tags": {"a": 1}}),
        json!({"key": "f", "event_key": "x", "name": "One"}),
        json!({"key": "f", "event_key": "x", "name": "Other"}),
        json!({"key": "good", "event_key": "x"}),
        json!({"key": "good", "event_key": "x"}),
    ];
    let expected = [
        "1 | NULL | \"null_key\"",
        "2 | \"\" | \"empty_key\"",
        "3 | NULL | \"bad_type\"",
        "4 | \"a\" | \"missing_field:event_key\"",
        "5 | \"b\" | \"bad_type\"",
        "6 | \"c\" | \"bad_type\"",
        "7 | \"d\" | \"bad_number\"",
        "8 | \"e\" | \"bad_json\"",
        "9 | \"f\" | \"duplicate_key\"",
        "10 | \"f\" | \"duplicate_key\"",
    ];
    assert_eq!(reasons(&run, FROM_METRICS, &rows), expected);
    assert_eq!(run.server.read(|account| account.audit_log.len()), 1);
}

#[test]
fn a_row_that_became_invalid_does_not_remove_its_member() {
    let run = place();
    write_users(&run, ["a", "b"]);
    crate::setup::synced(&run, SYNC_SEGMENT, &[]);
    crate::setup::edit_in(&run, |segment| segment["excluded"] = json!(["b"]));
    sync(&run, SYNC_SEGMENT, &[]).failed(11, "rows_rejected");
    assert_eq!(members(&run), set(["a", "b"]));
}
