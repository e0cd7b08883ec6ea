//! `fallback_mismatches`.

use serde_json::{Value, json};

use crate::views::account::Account;

const MISMATCHES: &str = "SELECT flag_key, variation_index, value, default_value
                          FROM fallback_mismatches ORDER BY 1";

/// A flag whose first variation is `value`, and for which code has `default`.
fn flag(account: &Account, flag: &str, value: &str, default: Value, cells: &[(&str, Value)]) {
    account.flag("shop", flag, 90.0, &[]);
    let keys = [("project_key", "shop".into()), ("flag_key", flag.into())];
    let [project, key] = keys.clone();
    for (index, value) in [(0, value), (1, "\"other\"")] {
        let variation = [("variation_index", index.into()), ("value", value.into())];
        account.insert("flag_variations", &[&keys[..], &variation].concat());
    }
    let on = [("is_on", true.into()), ("fallthrough_variation", 0.into())];
    let on = on.into_iter().filter(|(name, _)| cells.iter().all(|(other, _)| other != name));
    let all: Vec<_> = on.chain(cells.iter().cloned()).collect();
    account.configuration(("shop", flag, "production"), 9.0, &all);
    let status = [
        project,
        key,
        ("environment_key", "production".into()),
        ("status", "launched".into()),
        ("default_value", default),
    ];
    account.insert("flag_statuses", &status);
}

fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account
}

/// The keys of what is inside a flag's configuration.
fn inside(flag: &str) -> [(&str, Value); 3] {
    [
        ("project_key", "shop".into()),
        ("flag_key", flag.into()),
        ("environment_key", "production".into()),
    ]
}

#[test]
fn a_fallback_other_than_the_served_value_is_a_mismatch() {
    let account = account();
    flag(&account, "different", "true", json!("false"), &[]);
    flag(&account, "same", "true", json!("true"), &[]);
    flag(&account, "second", "true", json!("true"), &[("fallthrough_variation", 1.into())]);
    flag(&account, "unseen", "true", Value::Null, &[]);
    flag(&account, "zero", "false", json!("0"), &[]);
    assert_eq!(
        account.rows(MISMATCHES),
        ["different | 0 | true | false", "second | 1 | \"other\" | true", "zero | 0 | false | 0"]
    );
}

#[test]
fn values_are_compared_as_json() {
    let account = account();
    for (name, value, default) in [
        ("array", "[1, 2]", "[2,1]"),
        ("container", "[]", "{}"),
        ("deep", r#"{"a":{"b":[1,{"c":null}]}}"#, r#"{"a":{"b":[1,{"c":false}]}}"#),
        ("less", r#"{"a":1,"b":2}"#, r#"{"a":1}"#),
        ("more", r#"{"a":1}"#, r#"{"b":2,"a":1}"#),
        ("number", "1", "\"1\""),
        ("same-array", "[1, 2.0]", "[1.0,2]"),
        ("same-number", "1.50", "15e-1"),
        ("same-object", r#"{"a": 1, "b": [true]}"#, r#"{"b":[true],"a":1.0}"#),
        ("same-text", r#""a\u00e9/""#, r#""aé\/""#),
    ] {
        flag(&account, name, value, default.into(), &[]);
    }
    let keys = account.rows("SELECT flag_key FROM fallback_mismatches ORDER BY 1");
    assert_eq!(keys, ["array", "container", "deep", "less", "more", "number"]);
}

#[test]
fn a_value_that_sqlite_cannot_read_is_unknown() {
    let account = account();
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    flag(&account, "deep-default", "true", deep.clone().into(), &[]);
    flag(&account, "deep-value", &deep, "true".into(), &[]);
    assert_eq!(account.rows(MISMATCHES), [""; 0]);
}

#[test]
fn flags_that_can_serve_several_variations_are_left_out() {
    let account = account();
    flag(&account, "off", "true", json!("false"), &[("is_on", false.into())]);
    flag(&account, "rollout", "true", json!("false"), &[("fallthrough_variation", Value::Null)]);
    flag(&account, "dependent", "true", json!("false"), &[("prerequisite_count", 1.into())]);
    for name in ["rule", "rule-rollout", "rule-same", "rule-disabled"] {
        flag(&account, name, "true", json!("false"), &[("rule_count", 1.into())]);
        let variation = match name {
            "rule-rollout" => Value::Null,
            "rule-same" => 0.into(),
            _ => 1.into(),
        };
        let cells = [("variation", variation), ("disabled", (name == "rule-disabled").into())];
        account.insert("flag_rules", &[&inside(name)[..], &cells].concat());
    }
    for (name, counted, variation) in [
        ("target", "target_count", 1),
        ("target-context", "context_target_count", 1),
        ("target-same", "target_count", 0),
    ] {
        flag(&account, name, "true", json!("false"), &[(counted, 1.into())]);
        let cells = [("variation", variation.into()), ("value_count", 1.into())];
        account.insert("flag_targets", &[&inside(name)[..], &cells].concat());
    }
    let keys = account.rows("SELECT flag_key FROM fallback_mismatches ORDER BY 1");
    assert_eq!(keys, ["rule-disabled", "rule-same", "target-same"]);
}

#[test]
fn fallbacks_that_an_earlier_run_has_read_are_unknown() {
    let account = account();
    flag(&account, "different", "true", json!("false"), &[]);
    account.outcome("flag_statuses", "shop/production", "invalid_permissions");
    assert_eq!(account.rows(MISMATCHES), [""; 0]);
}
