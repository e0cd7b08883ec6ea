use super::*;

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn names(definition: Value, current: &Value) -> Vec<&'static str> {
    changes(&map(definition), current, &[]).iter().map(|change| change.field.name).collect()
}

#[test]
fn equal_meanings_are_no_change() {
    let current = json!({
        "name": "n", "tags": ["b", "a"], "isNumeric": false, "percentileValue": 95,
        "randomizationUnits": ["user"], "_maintainer": {"_id": "m"},
        "urls": [{"kind": "exact", "url": "u"}],
    });
    for same in [
        json!({"name": "n"}),
        json!({"tags": ["a", "b", "a"]}),
        json!({"percentileValue": 95.0}),
        json!({"analysisUnits": ["user"]}),
        json!({"maintainerId": "m"}),
        json!({"urls": [{"url": "u", "kind": "exact"}]}),
        json!({"description": null, "unit": "", "archived": false}),
        json!({"unitAggregationType": "average", "analysisType": "mean"}),
        json!({}),
    ] {
        assert!(names(same.clone(), &current).is_empty(), "{same}");
    }
    assert_eq!(names(json!({"name": "m", "tags": ["a"]}), &current), ["name", "tags"]);
}

#[test]
fn a_default_of_launchdarkly_is_as_empty_as_nothing() {
    let current = json!({"successCriteria": "HigherThanBaseline", "analysisUnits": ["user"],
        "unitAggregationType": "average", "analysisType": "mean"});
    let cleared = json!({"successCriteria": null, "analysisUnits": null,
        "unitAggregationType": null, "analysisType": null});
    assert!(names(cleared.clone(), &current).is_empty());
    let other = json!({"successCriteria": "LowerThanBaseline", "analysisUnits": ["account"],
        "unitAggregationType": "average", "analysisType": "mean"});
    assert_eq!(names(cleared, &other), ["successCriteria", "analysisUnits"]);
}

#[test]
fn a_plan_has_what_is_sent_after_the_creation() {
    let definition = json!({"eventKey": "e", "maintainerId": "m", "archived": true});
    let planned = planned("k", &map(definition)).unwrap();
    assert_eq!((&planned["maintainerId"], &planned["archived"]), (&json!("m"), &json!(true)));
}

#[test]
fn a_patch_replaces_and_nothing_else() {
    let current = json!({"name": "n", "description": "d"});
    let found = changes(&map(json!({"description": null, "name": "m"})), &current, &[]);
    assert_eq!(
        patch(&found, &current),
        json!([
            {"op": "replace", "path": "/name", "value": "m"},
            {"op": "replace", "path": "/description", "value": ""},
        ])
    );
    let left = changes(&map(json!({"name": "m"})), &current, &["name".to_owned()]);
    assert!(left.is_empty());
}

#[test]
fn a_percentile_leaves_out_contexts_without_events() {
    let change = json!({"analysisType": "percentile", "percentileValue": 95});
    let found = changes(&map(change.clone()), &json!({}), &[]);
    assert!(patch(&found, &json!({})).to_string().contains("/eventDefault/disabled"));
    let disabled = json!({"eventDefault": {"disabled": true}});
    assert!(!patch(&found, &disabled).to_string().contains("/eventDefault/disabled"));
    let body = creation("k", &map(json!({"eventKey": "e", "analysisType": "percentile"}))).unwrap();
    assert_eq!(body["eventDefault"], json!({"disabled": true}));
}

#[test]
fn a_new_metric_needs_what_its_kind_needs() {
    for (definition, missing) in [
        (json!({}), "event_key"),
        (json!({"eventKey": "e", "isNumeric": true}), "unit"),
        (json!({"eventKey": "e", "isNumeric": true, "unit": "ms"}), "success_criteria"),
        (json!({"kind": "pageview"}), "urls"),
        (json!({"kind": "click", "urls": [{}]}), "selector"),
    ] {
        let why = creation("k", &map(definition)).unwrap_err();
        assert_eq!(why.reason.code(), format!("missing_field:{missing}"));
    }
    let value = json!({"eventKey": "e", "isNumeric": true, "unit": "ms",
        "successCriteria": "LowerThanBaseline", "aggregationOnCreation": "average",
        "maintainerId": "m", "archived": true});
    let body = creation("k", &map(value.clone())).unwrap();
    assert_eq!(body["unitAggregationType"], "average");
    assert!(body.get("maintainerId").is_none() && body.get("aggregationOnCreation").is_none());
    let later: Vec<_> = after_creation(&map(value)).iter().map(|one| one.field.name).collect();
    assert_eq!(later, ["maintainerId", "archived"]);
}

#[test]
fn kinds_stay_and_metrics_in_use_change_their_description_only() {
    let current = json!({"kind": "click", "activeExperimentCount": 1, "name": "n"});
    let check = |definition: Value, allow: bool| {
        let definition = map(definition);
        let found = changes(&definition, &current, &[]);
        check_allowed(&definition, &current, &found, allow).map_err(|why| why.reason)
    };
    assert_eq!(check(json!({"kind": "custom"}), true), Err(Reason::KindChanged));
    assert_eq!(check(json!({"unit": "ms"}), false), Err(Reason::InUse));
    assert_eq!(check(json!({"unit": "ms"}), true), Ok(()));
    assert_eq!(check(json!({"name": "m", "tags": ["t"]}), false), Ok(()));
}
