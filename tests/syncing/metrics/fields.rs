//! Every field of a metric reaches LaunchDarkly, from every type that a source may have.

use serde_json::json;

use super::{metric, writes};
use crate::setup::{
    METRICS, SYNC_METRICS, counts, place, rejected, summary, sync, sync_without_writes, synced,
    write,
};

const FROM_LINES: &[&str] = &["metrics", "--project", "web", "--from", "jsonl:metrics.jsonl"];

#[test]
fn every_field_arrives() {
    let run = place();
    let row = json!({
        "key": "latency", "name": "Latency", "description": "p95", "kind": "custom",
        "is_numeric": true, "unit_aggregation_type": "sum", "event_key": "rendered", "unit": "ms",
        "success_criteria": "LowerThanBaseline", "analysis_type": "percentile",
        "percentile_value": 95, "analysis_units": ["user", "account"], "tags": ["slow", "web"],
    });
    write(&run, "metrics.jsonl", format!("{row}\n"));
    synced(&run, FROM_LINES, &[]);
    let metric = metric(&run, "latency");
    for (field, value) in [
        ("name", json!("Latency")),
        ("description", json!("p95")),
        ("isNumeric", json!(true)),
        ("unitAggregationType", json!("sum")),
        ("eventKey", json!("rendered")),
        ("unit", json!("ms")),
        ("successCriteria", json!("LowerThanBaseline")),
        ("analysisType", json!("percentile")),
        ("percentileValue", json!(95)),
        ("analysisUnits", json!(["user", "account"])),
        ("tags", json!(["slow", "web"])),
        ("eventDefault", json!({"disabled": true})),
    ] {
        assert_eq!(metric[field], value, "{field}");
    }
    sync_without_writes(&run, FROM_LINES, &[]).succeeded();
}

#[test]
fn keys_that_no_address_has_are_invalid_and_the_rest_is_written() {
    let run = place();
    let text = "key,event_key\n..,x\n.,x\nA1.b_c-d,x\na..b,x\n";
    write(&run, "metrics.csv", text);
    let ended = sync(&run, SYNC_METRICS, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["invalid", "created"]), [2, 2]);
    assert_eq!(rejected(&run), ["1 | \"..\" | \"bad_type\"", "2 | \".\" | \"bad_type\""]);
}

#[test]
fn the_number_of_experiments_is_asked_for() {
    let run = place();
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n");
    synced(&run, SYNC_METRICS, &[]);
    let expand = ("expand".to_owned(), "experimentCount".to_owned());
    let reads = run.server.requests().into_iter();
    let mut reads = reads.filter(|one| one.method == "GET" && one.path.starts_with(METRICS));
    assert!(reads.all(|one| one.query.contains(&expand)));
}

#[test]
fn a_default_that_launchdarkly_keeps_is_not_cleared_again() {
    let run = place();
    let columns = "key,event_key,success_criteria,analysis_units\n";
    write(&run, "metrics.csv", format!("{columns}signup,x,,\n"));
    let clear = ["--nulls", "clear"];
    synced(&run, SYNC_METRICS, &clear);
    assert_eq!(metric(&run, "signup")["analysisUnits"], json!(["user"]));
    sync_without_writes(&run, SYNC_METRICS, &clear).succeeded();
}

#[test]
fn constants_and_other_columns_fill_fields() {
    let run = place();
    write(&run, "metrics.csv", "id,label,event\nsignup,Sign-ups,signed up\n");
    let maps = ["--map", "key=id", "--map", "name=label", "--map", "event_key=event"];
    let sets = ["--set", "measure=count", "--set", "tags=nightly"];
    let more = [&maps[..], &sets].concat();
    synced(&run, SYNC_METRICS, &more);
    let signup = metric(&run, "signup");
    assert_eq!((&signup["name"], &signup["tags"]), (&json!("Sign-ups"), &json!(["nightly"])));
    assert_eq!(signup["unitAggregationType"], "sum");
    sync_without_writes(&run, SYNC_METRICS, &more).succeeded();
    assert_eq!(run.requests(METRICS), 1, "one page, and no metric singly");
}

#[test]
fn a_change_to_percentiles_sets_what_they_need() {
    let run = place();
    let columns = "key,event_key,measure,unit,success_criteria,analysis_type,percentile_value\n";
    write(&run, "metrics.csv", format!("{columns}p,x,value,ms,LowerThanBaseline,mean,\n"));
    synced(&run, SYNC_METRICS, &[]);
    run.server.forget_requests();
    write(&run, "metrics.csv", format!("{columns}p,x,value,ms,LowerThanBaseline,percentile,90\n"));
    synced(&run, SYNC_METRICS, &[]);
    assert_eq!(writes(&run), ["PATCH p"]);
    assert_eq!(metric(&run, "p")["eventDefault"]["disabled"], true);
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
}
