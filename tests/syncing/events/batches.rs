//! What a request with events is like, and which rows are in it.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::accepted;
use crate::setup::{
    EVENTS, NOW, SYNC_EVENTS, count, counts, kill_when_held, many, place, script, state, summary,
    sync, sync_without_writes, synced, write, write_events, writes,
};
use crate::support::{Run, rows};
use fake_launchdarkly::{Answer, Behaviour, company};

#[test]
fn every_field_arrives() {
    let run = place();
    let lines = [
        json!({
            "id": 1, "event_key": "paid", "context_keys": {"user": "ada", "account": 7},
            "occurred_at": 1_700_000_000_000_i64, "metric_value": 12.5, "data": {"sku": "x"},
        }),
        json!({
            "id": 2, "event_key": "say \"hi\"\n", "context_key": 42, "context_kind": "account",
            "occurred_at": "2023-11-14T22:13:20.5+00:00", "metric_value": -3,
        }),
    ];
    write(&run, "events.jsonl", lines.map(|line| format!("{line}\n")).concat());
    let from = ["--from", "jsonl:events.jsonl"];
    let arguments = [&SYNC_EVENTS[..5], &from, &["--id", "id"]].concat();
    synced(&run, &arguments, &[]);
    let events = run.server.events();
    assert_eq!(events[0].context_keys.len(), 2);
    assert_eq!(events[0].context_keys["account"], "7");
    assert_eq!(events[0].metric_value, Some(12.5));
    assert_eq!(events[0].data.as_deref(), Some(r#"{"sku":"x"}"#));
    assert_eq!(events[1].key, "say \"hi\"\n");
    assert_eq!(
        (events[1].context_keys["account"].as_str(), events[1].metric_value),
        ("42", Some(-3.0))
    );
    assert_eq!(
        events.iter().map(|event| event.creation_date_ms).collect::<Vec<_>>(),
        [1_700_000_000_000, 1_700_000_000_500]
    );
    assert_eq!(run.server.count_dropped_events(), 0);
}

#[test]
fn a_request_has_at_most_5000_events_and_an_id_of_its_own() {
    let run = place();
    write_events(&run, many(0..10_001));
    let summary = synced(&run, SYNC_EVENTS, &["--batch-size", "20000"]);
    assert_eq!(count(&summary, "created"), 10_001);
    let writes = writes(&run);
    assert_eq!(writes.len(), 3);
    let ids: BTreeSet<_> = writes.iter().map(|one| one.payload_id.clone().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    for write in &writes {
        assert!(write.user_agent.as_deref().unwrap().starts_with("MetricImport-flaglake-int/"));
    }
    assert_eq!(accepted(&run), many(0..10_001).collect::<Vec<_>>());
}

#[test]
fn a_request_has_at_most_five_megabytes() {
    let run = place();
    let data = "x".repeat(100_000);
    let line = |number: usize| {
        let row = json!({
            "id": number, "event_key": "e", "context_key": "u", "data": {"text": data},
            "occurred_at": 1_700_000_000_000_i64,
        });
        format!("{row}\n")
    };
    write(&run, "events.jsonl", (0..120).map(line).collect::<String>());
    let arguments = [&SYNC_EVENTS[..5], &["--from", "jsonl:events.jsonl", "--id", "id"]].concat();
    synced(&run, &arguments, &[]);
    let writes = writes(&run);
    assert_eq!((writes.len(), run.server.count_events()), (3, 120));
    assert!(writes.iter().all(|one| one.body_bytes <= 5_000_000));
}

#[test]
fn rows_that_were_sent_are_unchanged_and_equal_ones_fold() {
    let run = place();
    write_events(&run, ["a", "b", "a"]);
    let first = synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(counts(&first, ["created", "duplicates"]), [2, 1]);
    write_events(&run, ["c", "b", "a"]);
    let second = synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(counts(&second, ["created", "unchanged"]), [1, 2]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
}

#[test]
fn a_row_that_changed_after_it_was_sent_is_listed() {
    let run = place();
    write_events(&run, ["a", "b"]);
    synced(&run, SYNC_EVENTS, &[]);
    let text = std::fs::read_to_string(run.path("events.csv")).unwrap();
    write(&run, "events.csv", text.replace("b,user-b", "b,user-x"));
    let ended = sync_without_writes(&run, SYNC_EVENTS, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(crate::setup::rejected(&run), ["2 | \"b\" | \"changed_after_sent\""]);
    assert_eq!(accepted(&run), ["a", "b"]);
}

#[test]
fn append_all_sends_every_row_in_every_run() {
    let run = place();
    write_events(&run, ["a", "a"]);
    let arguments = [&SYNC_EVENTS[..7], &["--append-all"]].concat();
    for sent in [2, 4] {
        synced(&run, &arguments, &[]);
        assert_eq!(run.server.count_events(), sent);
    }
}

#[test]
fn without_an_identity_nothing_is_sent() {
    let run = place();
    write_events(&run, ["a"]);
    for more in [&[][..], &["--id", "id", "--append-all"], &["--lag", "1h", "--id", "id"]] {
        let arguments = [&SYNC_EVENTS[..7], more].concat();
        sync_without_writes(&run, &arguments, &[]).failed(2, "usage");
    }
}

#[test]
fn a_limit_sends_the_first_rows_only() {
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    synced(&run, SYNC_EVENTS, &["--limit", "2"]);
    assert_eq!(accepted(&run), ["a", "b"]);
    synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
}

#[test]
fn a_settled_batch_keeps_no_bytes() {
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    script(&run, EVENTS, 1, Answer::json(400, r#"{"code":"bad","message":"no"}"#));
    let ended = sync(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "rejected"]), [2, 1]);
    let sql = "SELECT state, count(*), sum(body IS NULL) FROM sync_batches GROUP BY 1 ORDER BY 1";
    assert_eq!(rows(&state(&run), sql), ["\"acknowledged\" | 2 | 2", "\"refused\" | 1 | 1"]);
    synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
}

#[test]
fn verification_looks_for_the_metrics_of_the_events() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    // LaunchDarkly's clock is the true one, and not behind this computer's.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(now.as_millis()).unwrap();
    run.server.change(|account| account.now_ms = now_ms + 1_000);
    write_events(&run, ["order placed"]);
    let arguments = [
        "events",
        "--project",
        "storefront",
        "--environment",
        "production",
        "--from",
        "csv:events.csv",
        "--id",
        "id",
        "--verify",
    ];
    let ended = sync(&run, &arguments, &[]).succeeded();
    assert!(!ended.stderr.contains("not seen"), "{}", ended.stderr);
    assert!(run.requests("/api/v2/metrics/storefront") > 0);
}

#[test]
fn append_all_continues_a_run_that_was_killed() {
    for answer in [Answer::Hold, Answer::Hang] {
        let run = place();
        write_events(&run, ["a", "b", "a"]);
        let arguments = [&SYNC_EVENTS[..7], &["--append-all"]].concat();
        script(&run, EVENTS, 1, answer);
        kill_when_held(&run, &arguments, &["--batch-size", "1"]);
        synced(&run, &arguments, &[]);
        assert_eq!(accepted(&run), ["a", "a", "b"]);
        synced(&run, &arguments, &[]);
        assert_eq!(run.server.count_events(), 6);
    }
}
