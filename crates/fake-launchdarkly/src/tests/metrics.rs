//! Writing metrics.

use serde_json::json;

use super::*;
use crate::account::{READER_TOKEN, Token};

const LIST: &str = "/api/v2/metrics/storefront";

fn numeric() -> Value {
    json!({
        "key": "revenue", "kind": "custom", "isNumeric": true, "eventKey": "paid", "unit": "EUR",
        "successCriteria": "HigherThanBaseline", "randomizationUnits": ["account"], "tags": ["a"],
    })
}

fn create(server: &Server, metric: Value) -> u16 {
    written(server, &format!("POST {LIST}"), JSON, metric)
}

fn patch(server: &Server, key: &str, operations: Value) -> Got {
    let request = format!("PATCH {LIST}/{key}");
    write(server, &request, JSON, operations.to_string()).expect("an answer")
}

fn one(server: &Server, key: &str) -> Value {
    json(server, &format!("{LIST}/{key}"))
}

/// The metric with changed fields, of which null ones are absent.
fn with(mut metric: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        metric[name] = value.clone();
    }
    metric.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    metric
}

#[test]
fn a_created_metric_is_in_the_list_and_found_singly() {
    let server = serve_company();
    assert_eq!(get(&server, &format!("{LIST}/revenue")).status, 404);
    assert_eq!(create(&server, numeric()), 201);
    let metric = one(&server, "revenue");
    assert_eq!((&metric["_version"], &metric["unit"]), (&json!(1), &json!("EUR")));
    assert_eq!(metric["analysisUnits"], json!(["account"]));
    assert_eq!(metric["randomizationUnits"], json!(["account"]));
    assert_eq!(metric["unitAggregationType"], "average");
    assert!(walk(&server, LIST).contains(&metric));
    assert_eq!(walk(&server, LIST).len(), 6);
    assert_eq!(walk(&server, "/api/v2/metrics/payments").len(), 5);
}

#[test]
fn a_key_can_be_used_once_even_of_an_archived_metric() {
    let server = serve_company();
    for key in ["order-completed", "old-conversion"] {
        let metric = with(numeric(), json!({"key": key}));
        let got = write(&server, &format!("POST {LIST}"), JSON, metric.to_string()).unwrap();
        assert_eq!((got.status, &got.json()["code"]), (409, &json!("key_exists")));
    }
    assert_eq!(create(&server, numeric()), 201);
    assert_eq!(create(&server, numeric()), 409);
}

#[test]
fn each_kind_has_fields_of_its_own() {
    let server = serve_company();
    let url = json!([{"kind": "exact", "url": "https://shop.example/"}]);
    let page = json!({"key": "p", "kind": "pageview", "urls": url});
    let click = json!({"key": "c", "kind": "click", "urls": url, "selector": "#buy"});
    let trace = json!({"key": "t", "kind": "trace", "traceQuery": "a"});
    let plain = json!({"key": "n", "kind": "custom", "isNumeric": false, "eventKey": "e"});
    let refused = [
        with(numeric(), json!({"unit": null})),
        with(numeric(), json!({"successCriteria": null})),
        with(numeric(), json!({"eventKey": null})),
        with(numeric(), json!({"isNumeric": null})),
        with(numeric(), json!({"urls": url})),
        with(numeric(), json!({"kind": "other"})),
        with(numeric(), json!({"key": "-a"})),
        with(numeric(), json!({"tags": ["a b"]})),
        with(numeric(), json!({"successCriteria": "Higher"})),
        with(numeric(), json!({"unitAggregationType": "count"})),
        with(numeric(), json!({"analysisType": "percentile", "percentileValue": 95})),
        with(numeric(), json!({"eventDefault": {"value": 1}})),
        with(numeric(), json!({"maintainerId": "somebody"})),
        with(page.clone(), json!({"urls": []})),
        with(page.clone(), json!({"urls": [{"kind": "regex", "url": "x"}]})),
        with(page.clone(), json!({"selector": "#a"})),
        with(page.clone(), json!({"unit": "EUR"})),
        with(click.clone(), json!({"selector": null})),
        with(trace.clone(), json!({"isNumeric": true})),
        json!([]),
    ];
    for metric in refused {
        assert_eq!(create(&server, metric.clone()), 400, "{metric}");
    }
    let percentile = json!({
        "key": "q", "analysisType": "percentile", "percentileValue": 95,
        "eventDefault": {"disabled": true},
    });
    for metric in [page, click, trace, plain, with(numeric(), percentile)] {
        assert_eq!(create(&server, metric.clone()), 201, "{metric}");
    }
}

#[test]
fn a_change_counts_one_version_and_no_change_none() {
    let server = serve_company();
    create(&server, numeric());
    let before = one(&server, "revenue");
    let same = json!([{"op": "replace", "path": "/unit", "value": "EUR"},
                      {"op": "replace", "path": "/description", "value": null}]);
    assert_eq!(patch(&server, "revenue", same).json(), before);
    let changes = json!([{"op": "replace", "path": "/name", "value": "Revenue"},
                         {"op": "replace", "path": "/description", "value": "All of it."},
                         {"op": "replace", "path": "/eventDefault/disabled", "value": true},
                         {"op": "add", "path": "/tags/-", "value": "b"}]);
    let after = patch(&server, "revenue", changes).json();
    assert_eq!((&after["_version"], &after["name"]), (&json!(2), &json!("Revenue")));
    assert_eq!(after["eventDefault"], json!({"disabled": true, "value": 0}));
    assert_eq!(after["tags"], json!(["a", "b"]));
    assert_ne!(after["_versionId"], before["_versionId"]);
    assert_eq!(one(&server, "revenue"), after);
}

#[test]
fn either_name_of_the_units_can_be_written() {
    let server = serve_company();
    for (number, name) in ["analysisUnits", "randomizationUnits"].into_iter().enumerate() {
        let unit = json!([format!("unit-{number}")]);
        let operations = json!([{"op": "replace", "path": format!("/{name}"), "value": unit}]);
        let metric = patch(&server, "basket-value", operations).json();
        assert_eq!((&metric["analysisUnits"], &metric["randomizationUnits"]), (&unit, &unit));
    }
}

#[test]
fn a_patch_that_does_not_apply_changes_nothing() {
    let server = serve_company();
    let before = one(&server, "basket-value");
    let good = json!({"op": "replace", "path": "/name", "value": "x"});
    for bad in [
        json!({"op": "remove", "path": "/description"}),
        json!({"op": "replace", "path": "/key", "value": "x"}),
        json!({"op": "replace", "path": "/kind", "value": "click"}),
        json!({"op": "replace", "path": "/colour", "value": "red"}),
        json!({"op": "replace", "path": "/unit", "value": null}),
        json!({"op": "move", "path": "/name"}),
    ] {
        assert_eq!(patch(&server, "basket-value", json!([good, bad])).status, 400, "{bad}");
    }
    assert_eq!(patch(&server, "basket-value", good.clone()).status, 400);
    let test = |version: i64| json!({"op": "test", "path": "/_version", "value": version});
    assert_eq!(patch(&server, "basket-value", json!([test(99), good])).status, 409);
    assert_eq!(one(&server, "basket-value"), before);
    assert_eq!(patch(&server, "basket-value", json!([test(4), good])).status, 200);
    assert_eq!(patch(&server, "none", json!([good])).status, 404);
}

#[test]
fn archived_metrics_can_be_missing_from_the_list() {
    let server = serve_company();
    let archive = json!([{"op": "replace", "path": "/archived", "value": true}]);
    assert_eq!(patch(&server, "buy-button", archive.clone()).json()["archived"], true);
    assert_eq!(walk(&server, LIST).len(), 5);
    server.behave(|behaviour| behaviour.writes.list_archived_metrics = false);
    assert_eq!(walk(&server, LIST).len(), 3);
    assert!(one(&server, "buy-button")["archivedAt"].is_i64());
    server.change(|account| {
        let items = account.lists.values_mut().flatten();
        items.for_each(|item| *item = item.replacen('{', r#"{"activeExperimentCount":1,"#, 1));
    });
    assert_eq!(patch(&server, "basket-value", archive).status, 409);
    assert_eq!(one(&server, "basket-value")["activeExperimentCount"], 1);
}

#[test]
fn a_token_needs_the_action_of_each_field() {
    let server = serve_company();
    server.change(|account| {
        account.tokens.push(Token::new("names", "names").only_actions(["updateName"]));
    });
    let status = |token: &str, path: &str| {
        let operations = json!([{"op": "replace", "path": path, "value": "x"}]).to_string();
        let request = format!("PATCH {LIST}/basket-value");
        write_as(&server, &request, token, JSON, operations.as_bytes()).unwrap().status
    };
    assert_eq!(status("names", "/unit"), 403);
    assert_eq!(status("names", "/name"), 200);
    assert_eq!(status(READER_TOKEN, "/name"), 403);
    server.behave(|behaviour| behaviour.writes.denied_status = 401);
    assert_eq!(status(READER_TOKEN, "/name"), 401);
    assert_eq!(status("unknown", "/name"), 401);
    assert_eq!(server.read(|account| account.audit_log.last().unwrap().kind.clone()), "metric");
}

#[test]
fn an_event_is_when_its_metrics_were_last_seen() {
    let server = serve_company();
    let seen = |key: &str| one(&server, key)["lastSeen"].as_i64().unwrap_or(0);
    create(&server, numeric());
    assert_eq!(seen("revenue"), 0);
    let headers = "X-LaunchDarkly-Event-Schema: 4\r\nUser-Agent: MetricImport-a-int/1\r\n";
    let event = json!({"kind": "custom", "key": "paid", "creationDate": NOW_MS, "contextKeys": {"user": "u"}});
    let request = "POST /v2/event-data-import/storefront/test";
    assert_eq!(written(&server, request, &format!("{JSON}{headers}"), json!([event])), 202);
    assert!(seen("revenue") >= NOW_MS);
    assert!(seen("basket-value") < NOW_MS);
}

#[test]
fn only_an_archived_metric_can_be_deleted() {
    let server = serve_company();
    let delete =
        |key: &str| write(&server, &format!("DELETE {LIST}/{key}"), "", "").unwrap().status;
    assert_eq!((delete("buy-button"), delete("old-conversion")), (409, 204));
    assert_eq!((delete("old-conversion"), walk(&server, LIST).len()), (404, 4));
}

#[test]
fn a_new_metric_can_take_a_moment_to_be_found() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.fresh_not_found = 1);
    create(&server, numeric());
    let name = json!([{"op": "replace", "path": "/name", "value": "x"}]);
    assert_eq!(patch(&server, "revenue", name.clone()).status, 404);
    assert_eq!(patch(&server, "revenue", name).status, 200);
}

#[test]
fn every_nth_patch_can_conflict() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.conflicts = Some(2));
    let status = |name: &str| {
        let name = json!([{"op": "replace", "path": "/name", "value": name}]);
        patch(&server, "basket-value", name).status
    };
    assert_eq!([status("a"), status("b"), status("b")], [200, 409, 200]);
}
