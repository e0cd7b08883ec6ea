//! Metrics that do not exist yet, or seem not to.

use fake_launchdarkly::account::Member;
use serde_json::json;

use super::{TWO, edit, metric, metrics, two, writes};
use crate::setup::{
    NOW, SYNC_METRICS, counts, place, rejected, summary, sync, sync_without_writes, synced, write,
};

#[test]
fn the_words_of_measure_set_two_fields() {
    let run = place();
    let text = "key,event_key,measure,unit,success_criteria\n\
                a,x,occurrence,,\nb,x,count,,\nc,x,value,EUR,LowerThanBaseline\n";
    write(&run, "metrics.csv", text);
    synced(&run, SYNC_METRICS, &[]);
    for (key, is_numeric, aggregation) in
        [("a", false, "average"), ("b", false, "sum"), ("c", true, "average")]
    {
        let metric = metric(&run, key);
        assert_eq!(metric["isNumeric"], is_numeric, "{key}");
        assert_eq!(metric["unitAggregationType"], aggregation, "{key}");
    }
    // An aggregation that is there already stays.
    edit(&run, "c", |metric| metric["unitAggregationType"] = json!("sum"));
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
}

#[test]
fn maintainer_and_archived_are_set_after_creation() {
    for ignores in [false, true] {
        let run = place();
        let member = Member::new("ada@example.com", NOW);
        let id = member.id.clone();
        run.server.change(|account| account.members.push(member.clone()));
        run.server.behave(|behaviour| {
            behaviour.writes.ignore_new_maintainer = ignores;
            behaviour.writes.fresh_not_found = 1;
        });
        let text = format!("key,event_key,maintainer_id,archived\nold,x,{id},true\nnew,x,,false\n");
        write(&run, "metrics.csv", text);
        let summary = synced(&run, SYNC_METRICS, &[]);
        assert_eq!(counts(&summary, ["created", "updated"]), [2, 0]);
        let old = metric(&run, "old");
        assert_eq!((&old["maintainerId"], &old["archived"]), (&json!(id), &json!(true)));
        sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    }
}

#[test]
fn a_metric_that_the_list_hides_is_not_created_again() {
    let run = two();
    edit(&run, "orders", |metric| metric["archived"] = json!(true));
    run.server.behave(|behaviour| behaviour.writes.list_archived_metrics = false);
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    write(&run, "metrics.csv", TWO.replace("Orders", "New"));
    synced(&run, SYNC_METRICS, &[]);
    assert_eq!(writes(&run), ["PATCH orders"]);
    assert_eq!(metrics(&run).len(), 2);
}

#[test]
fn a_metric_is_restored_by_its_column() {
    let run = two();
    edit(&run, "orders", |metric| metric["archived"] = json!(true));
    let text = "key,archived\norders,false\n";
    write(&run, "metrics.csv", text);
    synced(&run, SYNC_METRICS, &[]);
    assert_eq!(metric(&run, "orders")["archived"], false);
}

#[test]
fn a_new_metric_needs_the_fields_of_its_kind() {
    let run = place();
    let text = "key,kind,event_key,measure,unit,success_criteria,urls,selector\n\
                a,,,,,,,\n\
                b,,x,value,,HigherThanBaseline,,\n\
                c,,x,value,EUR,,,\n\
                d,pageview,,,,,,\n\
                e,click,,,,,https://example.com/,\n\
                f,pageview,,,,,https://example.com/,\n\
                g,click,,,,,\"[{\"\"kind\"\":\"\"substring\"\",\"\"substring\"\":\"\"/p/\"\"}]\",#buy\n";
    write(&run, "metrics.csv", text);
    let ended = sync(&run, SYNC_METRICS, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "invalid"]), [2, 5]);
    let expected = ["a:event_key", "b:unit", "c:success_criteria", "d:urls", "e:selector"];
    let expected = expected.iter().zip(1..).map(|(text, number)| {
        let (key, field) = text.split_once(':').unwrap();
        format!("{number} | \"{key}\" | \"missing_field:{field}\"")
    });
    assert_eq!(rejected(&run), expected.collect::<Vec<_>>());
    assert_eq!(
        metric(&run, "f")["urls"],
        json!([{"kind": "exact", "url": "https://example.com/"}])
    );
    assert_eq!(metric(&run, "g")["urls"][0]["kind"], "substring");
}

#[test]
fn a_refused_metric_does_not_stop_the_others() {
    let run = place();
    let text = "key,event_key\n-bad key-,x\ngood,x\n";
    write(&run, "metrics.csv", text);
    let ended = sync(&run, SYNC_METRICS, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "rejected"]), [1, 1]);
    assert_eq!(rejected(&run), ["1 | \"-bad key-\" | \"refused:invalid_request\""]);
    // Tried again, and after the others.
    run.server.forget_requests();
    write(&run, "metrics.csv", text.to_owned() + "more,x\n");
    sync(&run, SYNC_METRICS, &[]).failed(11, "rows_rejected");
    assert_eq!(writes(&run), ["POST", "POST"]);
    assert_eq!(metrics(&run).len(), 2);
}

#[test]
fn lists_of_several_pages_are_read_whole() {
    let run = place();
    let lines: String = (0..120).map(|number| format!("m{number},x\n")).collect();
    write(&run, "metrics.csv", format!("key,event_key\n{lines}"));
    synced(&run, SYNC_METRICS, &[]);
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    let singles = |one: &fake_launchdarkly::Request| one.path.contains("/metrics/web/m");
    assert!(!run.server.requests().iter().any(singles), "the list has them all");
    let offsets: Vec<_> = run.server.requests();
    let pages = offsets.iter().filter(|one| one.path == "/api/v2/metrics/web").count();
    assert_eq!(pages, 3);
}
