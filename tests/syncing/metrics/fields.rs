//! Every field of a metric reaches LaunchDarkly, from every type that a source may have.

use serde_json::json;

use super::{metric, writes};
use crate::setup::{METRICS, SYNC_METRICS, place, sync_without_writes, synced, write};

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
