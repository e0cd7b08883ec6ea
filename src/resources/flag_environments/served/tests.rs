use serde_json::{Value, json};

use super::*;

const SOME: &str = r#"[{"attribute":"country","op":"in","values":["DE"],"negate":false}]"#;

/// The variations of a configuration with this default rule and these fields.
fn served_by(default_rule: &Value, fields: &Value) -> String {
    let mut config = json!({ "on": true, "version": 1, "fallthrough": default_rule });
    let fields = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(fields);
    let config: FlagConfig = serde_json::from_str(&config.to_string()).unwrap();
    targeting_variations(&config, &config.target_counts()).unwrap_or_else(|| "unknown".to_owned())
}

fn served(fields: &Value) -> String {
    served_by(&json!({ "variation": 1 }), fields)
}

/// The variations of a flag whose default rule serves 1, with rules that have these clauses.
fn with_rules(rules: &[(&str, i64)]) -> String {
    let rule = |(clauses, variation): &(&str, i64)| {
        let rule = json!({ "variation": variation }).to_string();
        format!("{}, \"clauses\": {clauses}}}", rule.trim_end_matches('}'))
    };
    let rules: Vec<_> = rules.iter().map(rule).collect();
    let text = format!(
        r#"{{"on": true, "version": 1, "fallthrough": {{"variation": 1}}, "rules": [{}]}}"#,
        rules.join(",")
    );
    let config: FlagConfig = serde_json::from_str(&text).unwrap();
    targeting_variations(&config, &config.target_counts()).unwrap_or_else(|| "unknown".to_owned())
}

/// A rollout with these weights by variation.
fn rollout(weights: &[(i64, i64)]) -> Value {
    let weighted =
        |(variation, weight): &(i64, i64)| json!({ "variation": variation, "weight": weight });
    let variations: Vec<_> = weights.iter().map(weighted).collect();
    json!({ "rollout": { "variations": variations } })
}

#[test]
fn without_targeting_the_default_rule_decides() {
    assert_eq!(served(&json!({})), "[1]");
    assert_eq!(served_by(&json!({}), &json!({})), "unknown");
    assert_eq!(served_by(&Value::Null, &json!({ "rules": [] })), "unknown");
}

#[test]
fn rules_count_in_order_up_to_one_for_everybody() {
    assert_eq!(with_rules(&[("[]", 0)]), "[0]");
    assert_eq!(with_rules(&[("[ ]", 0)]), "[0]");
    assert_eq!(with_rules(&[(SOME, 0)]), "[0,1]");
    assert_eq!(with_rules(&[(SOME, 1)]), "[1]");
    assert_eq!(with_rules(&[(SOME, 2), ("[]", 0), (SOME, 3)]), "[0,2]");
    assert_eq!(with_rules(&[("[]", 0), ("[]", 2)]), "[0]");
    assert_eq!(with_rules(&[(SOME, 10), (SOME, 9)]), "[1,9,10]", "sorted as numbers");
}

#[test]
fn a_disabled_rule_does_not_count() {
    let rule = |disabled: bool, clauses: Value| json!({ "rules": [{ "variation": 0, "clauses": clauses, "disabled": disabled }] });
    assert_eq!(served(&rule(true, json!([]))), "[1]");
    assert_eq!(served(&rule(true, json!([{ "op": "in", "values": [1] }]))), "[1]");
    assert_eq!(served(&rule(false, json!([]))), "[0]");
}

#[test]
fn clauses_with_empty_lists_match_all_contexts_or_none() {
    let clause = |attribute: &str, op: &str, values: &str, negate: &str| {
        format!(r#"{{"attribute":"{attribute}","op":"{op}","values":{values}{negate}}}"#)
    };
    let rule = |clauses: &[&str]| with_rules(&[(&format!("[{}]", clauses.join(",")), 0)]);
    let everybody = clause("segmentMatch", "segmentMatch", "[]", r#","negate":true"#);
    let any_kind = clause("kind", "in", "[ ]", r#","negate":true"#);
    let nobody = clause("country", "in", "[\n]", r#","negate":false"#);
    let somebody = clause("country", "in", "[\"DE\"]", "");
    assert_eq!(rule(&[&everybody]), "[0]");
    assert_eq!(rule(&[&everybody, &any_kind]), "[0]");
    assert_eq!(rule(&[&everybody, &somebody]), "[0,1]");
    assert_eq!(rule(&[&everybody, &nobody]), "[1]");
    assert_eq!(rule(&[&nobody]), "[1]");
    assert_eq!(rule(&[&clause("country", "in", "[]", "")]), "[1]");
    assert_eq!(rule(&[&clause("country", "in", "[]", r#","negate":true"#)]), "[0,1]");
    assert_eq!(rule(&[&clause("country", "in", r#"["[]"]"#, "")]), "[0,1]", "in a string");
}

#[test]
fn clauses_that_cannot_be_read_are_unknown_unless_they_serve_the_same() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for unreadable in [deep.as_str(), "null"] {
        assert_eq!(with_rules(&[(unreadable, 0)]), "unknown", "{unreadable:.9}");
        assert_eq!(with_rules(&[(unreadable, 1)]), "[1]", "{unreadable:.9}");
        assert_eq!(with_rules(&[("[]", 2), (unreadable, 0)]), "[2]", "{unreadable:.9}");
    }
}

#[test]
fn of_a_rollout_the_variations_with_a_weight_count() {
    for (weights, expected) in [
        (&[(0, 50_000), (2, 50_000)][..], "[0,2]"),
        (&[(0, 99_999), (1, 1)], "[0,1]"),
        (&[(0, 0), (1, 100_000)], "[1]"),
        (&[(0, 100_000)], "[0]"),
        (&[], "unknown"),
        (&[(0, 0), (1, 0)], "unknown"),
        (&[(0, 60_000), (1, 0)], "unknown"),
        (&[(0, 60_000), (1, 10_000), (2, 0)], "unknown"),
    ] {
        assert_eq!(served_by(&rollout(weights), &json!({})), expected, "{weights:?}");
    }
}

#[test]
fn a_rollout_counts_where_its_rule_is_reached() {
    let somebody = json!([{ "op": "in", "values": [1] }]);
    for (clauses, disabled, expected) in
        [(json!([]), false, "[0,2]"), (somebody.clone(), false, "[0,1,2]"), (somebody, true, "[1]")]
    {
        let mut rule = rollout(&[(0, 1), (1, 0), (2, 99_999)]);
        rule["clauses"] = clauses;
        rule["disabled"] = disabled.into();
        assert_eq!(served(&json!({ "rules": [rule] })), expected, "{expected}");
    }
}

#[test]
fn targets_count_where_they_have_contexts() {
    for (list, kind, values, expected) in [
        ("targets", "user", json!(["ann"]), "[0,1]"),
        ("targets", "user", json!([]), "[1]"),
        ("contextTargets", "device", json!(["phone"]), "[0,1]"),
        ("contextTargets", "user", json!([]), "[1]"),
    ] {
        let target = json!({ "variation": 0, "contextKind": kind, "values": values });
        assert_eq!(served(&json!({ list: [target] })), expected, "{list} {kind}");
    }
}
