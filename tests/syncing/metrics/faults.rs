//! Metrics over lost answers, failures and conflicts.

use fake_launchdarkly::{Answer, Writes};
use serde_json::json;

use super::{TWO, edit, metric, metrics, two, writes};
use crate::setup::{
    METRICS, SYNC_METRICS, counts, kill_when_held, place, rejected, script, summary, sync,
    sync_without_writes, synced, write,
};

#[test]
fn a_lost_answer_to_a_creation_creates_once() {
    for answer in [Answer::Lost, Answer::Close, Answer::refusal(503)] {
        let run = place();
        write(&run, "metrics.csv", TWO);
        script(&run, METRICS, 0, answer);
        let summary = synced(&run, SYNC_METRICS, &[]);
        assert_eq!(counts(&summary, ["created", "updated"]), [2, 0]);
        assert_eq!(metrics(&run).len(), 2);
        sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    }
}

#[test]
fn a_lost_answer_to_a_change_is_looked_up() {
    for (answer, patches) in [(Answer::Lost, 1), (Answer::Close, 2)] {
        let run = two();
        write(&run, "metrics.csv", TWO.replace("Orders", "New"));
        script(&run, METRICS, 0, answer);
        let summary = synced(&run, SYNC_METRICS, &[]);
        assert_eq!(counts(&summary, ["updated", "unchanged"]), [1, 1]);
        assert_eq!(writes(&run).len(), patches);
        assert_eq!(metric(&run, "orders")["name"], "New");
    }
}

#[test]
fn a_lost_creation_is_completed_by_what_follows_it() {
    let run = place();
    write(&run, "metrics.csv", "key,event_key,archived\nold,x,true\n");
    script(&run, METRICS, 0, Answer::Lost);
    synced(&run, SYNC_METRICS, &[]);
    assert_eq!(metric(&run, "old")["archived"], true);
}

#[test]
fn a_metric_that_another_creates_first_is_changed_instead() {
    let run = place();
    write(&run, "metrics.csv", TWO);
    let theirs = json!({
        "key": "signup", "name": "Theirs", "kind": "custom", "eventKey": "signed up",
        "isNumeric": false, "tags": [], "archived": false, "unitAggregationType": "average",
        "_version": 1, "_id": "1", "_versionId": "1", "analysisUnits": ["user"],
    });
    let change = Answer::change(move |account| {
        account.lists.entry(super::list()).or_default().push(theirs.to_string());
    });
    script(&run, METRICS, 0, change);
    let summary = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary, ["created"]), [2], "what was tried to be created counts so");
    assert_eq!(writes(&run), ["POST", "PATCH signup", "POST"]);
    assert_eq!(metric(&run, "signup")["name"], "Sign-ups");
}

#[test]
fn conflicts_are_overcome_and_endless_ones_are_status_13() {
    let run = two();
    write(&run, "metrics.csv", TWO.replace("Orders", "New").replace("Sign-ups", "Fresh"));
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(2));
    let summary_of = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary_of, ["updated"]), [2]);
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(1));
    write(&run, "metrics.csv", TWO.replace("Sign-ups", "Fresh"));
    let ended = sync(&run, SYNC_METRICS, &[]);
    ended.failed(13, "conflict");
    assert_eq!(counts(&summary(&ended), ["rejected", "unchanged"]), [1, 1]);
    assert_eq!(rejected(&run).len(), 1);
}

#[test]
fn an_edit_between_read_and_write_is_seen() {
    let run = two();
    write(&run, "metrics.csv", TWO.replace("Orders", "New"));
    // Somebody makes the same change between the list and the look right before the change.
    let count = std::sync::atomic::AtomicUsize::new(0);
    let change = Answer::change(move |account| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for item in account.lists.entry(super::list()).or_default() {
            *item = item.replace("\"Orders\"", "\"New\"");
        }
    });
    let look = fake_launchdarkly::Scripted::once(format!("{METRICS}/orders"), change).method("GET");
    run.server.behave(|behaviour| behaviour.script = vec![look]);
    let summary = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary, ["updated", "unchanged"]), [0, 2]);
    assert!(writes(&run).is_empty());
}

#[test]
fn a_killed_run_is_continued() {
    for answer in [Answer::Hold, Answer::Hang] {
        let run = place();
        write(&run, "metrics.csv", TWO);
        script(&run, METRICS, 1, answer);
        kill_when_held(&run, SYNC_METRICS, &[]);
        synced(&run, SYNC_METRICS, &[]);
        assert_eq!(metrics(&run).len(), 2);
        sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    }
}

#[test]
fn failures_after_execution_do_not_lose_or_repeat() {
    let run = two();
    edit(&run, "signup", |metric| metric["tags"] = json!([]));
    run.server.behave(|behaviour| {
        behaviour.writes = Writes { fail_after: Some((1, 502)), ..Writes::default() };
    });
    write(&run, "metrics.csv", TWO.replace("Orders", "New") + "fresh,Fresh,x,count,\n");
    let summary = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary, ["created", "updated"]), [1, 2]);
    assert_eq!(writes(&run), ["PATCH signup", "PATCH orders", "POST"]);
}
