//! `served_variations`: the one definition of what a flag can serve.

use serde_json::{Value, json};

use crate::views::account::Account;

pub const SOME: &str =
    r#"[{"attribute":"country","op":"in","values":["DE"],"contextKind":"user","negate":false}]"#;
const AT: (&str, &str, &str) = ("shop", "a", "production");

pub fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account
}

/// A flag that is on, with variation 1 as its default rule and 0 when off, unless `cells` say
/// otherwise.
pub fn configure(account: &Account, flag: &str, cells: &[(&str, Value)]) {
    account.flag("shop", flag, 90.0, &[]);
    let defaults =
        [("is_on", json!(1)), ("fallthrough_variation", json!(1)), ("off_variation", json!(0))];
    let lacking = defaults.into_iter().filter(|(name, _)| cells.iter().all(|(one, _)| one != name));
    let all: Vec<_> = lacking.chain(cells.iter().cloned()).collect();
    account.configuration(("shop", flag, "production"), 90.0, &all);
}

/// The variations that flag `a` can serve.
fn served(account: &Account) -> String {
    account.rows("SELECT variations FROM served_variations WHERE flag_key = 'a'").join("; ")
}

/// The variations served by a flag with these rules: clauses, variation, and whether the rule is
/// disabled.
fn with_rules(rules: &[(&str, i64, Value)]) -> String {
    let account = account();
    configure(&account, "a", &[("rule_count", rules.len().into())]);
    for (index, (clauses, variation, disabled)) in rules.iter().enumerate() {
        let cells = [("variation", (*variation).into()), ("disabled", disabled.clone())];
        account.rule(AT, index, clauses, &cells);
    }
    served(&account)
}

/// The variations served by a flag whose default rule is a rollout with these weights.
fn with_rollout(weights: &[(i64, i64)]) -> String {
    let account = account();
    configure(&account, "a", &[("fallthrough_variation", Value::Null)]);
    account.rollout(AT, -1, weights);
    served(&account)
}

#[test]
fn a_flag_without_targeting_serves_its_default_or_off_variation() {
    for (cells, expected) in [
        (&[][..], "[1]"),
        (&[("is_on", json!(0))], "[0]"),
        (&[("is_on", json!(0)), ("off_variation", Value::Null)], "[null]"),
        (&[("off_variation", Value::Null)], "[1]"),
        (&[("fallthrough_variation", Value::Null)], "NULL"),
    ] {
        let account = account();
        configure(&account, "a", cells);
        assert_eq!(served(&account), expected, "{cells:?}");
    }
}

#[test]
fn rules_count_in_order_up_to_one_for_everybody() {
    let no = || Value::Null;
    assert_eq!(with_rules(&[("[]", 0, no())]), "[0]");
    assert_eq!(with_rules(&[(" [ ] ", 0, no())]), "[0]");
    assert_eq!(with_rules(&[(SOME, 0, no())]), "[0,1]");
    assert_eq!(with_rules(&[(SOME, 1, no())]), "[1]");
    assert_eq!(with_rules(&[(SOME, 2, no()), ("[]", 0, no()), (SOME, 3, no())]), "[0,2]");
    assert_eq!(with_rules(&[("[]", 0, no()), ("[]", 2, no())]), "[0]");
}

#[test]
fn a_disabled_rule_does_not_count() {
    assert_eq!(with_rules(&[(SOME, 0, json!(true))]), "[1]");
    assert_eq!(with_rules(&[("[]", 0, json!(true))]), "[1]");
    assert_eq!(with_rules(&[(SOME, 0, json!(false))]), "[0,1]");
}

#[test]
fn clauses_with_empty_lists_match_all_contexts_or_none() {
    let clause = |attribute: &str, op: &str, values: &str, negate: &str| {
        format!(r#"{{"attribute":"{attribute}","op":"{op}","values":{values}{negate}}}"#)
    };
    let rule =
        |clauses: &[String]| with_rules(&[(&format!("[{}]", clauses.join(",")), 0, Value::Null)]);
    let everybody = clause("segmentMatch", "segmentMatch", "[]", r#","negate":true"#);
    let any_kind = clause("kind", "in", "[ ]", r#","negate":true"#);
    let nobody = clause("country", "in", "[\n]", r#","negate":false"#);
    let somebody = clause("country", "in", "[\"DE\"]", "");
    assert_eq!(rule(std::slice::from_ref(&everybody)), "[0]");
    assert_eq!(rule(&[everybody.clone(), any_kind]), "[0]");
    assert_eq!(rule(&[everybody.clone(), somebody]), "[0,1]");
    assert_eq!(rule(&[everybody, nobody.clone()]), "[1]");
    assert_eq!(rule(&[nobody]), "[1]");
    assert_eq!(rule(&[clause("country", "in", "[]", "")]), "[1]");
    assert_eq!(rule(&[clause("country", "in", "[]", r#","negate":true"#)]), "[0,1]");
}

#[test]
fn unreadable_clauses_are_unknown_unless_they_serve_the_same() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for unreadable in [deep.as_str(), "null", "{}", "[{", ""] {
        assert_eq!(with_rules(&[(unreadable, 0, Value::Null)]), "NULL", "{unreadable:.9}");
        assert_eq!(with_rules(&[(unreadable, 1, Value::Null)]), "[1]", "{unreadable:.9}");
        let behind = [("[]", 2, Value::Null), (unreadable, 0, Value::Null)];
        assert_eq!(with_rules(&behind), "[2]", "{unreadable:.9}");
    }
}

#[test]
fn of_a_rollout_the_variations_with_a_weight_count() {
    assert_eq!(with_rollout(&[(0, 50_000), (2, 50_000)]), "[0,2]");
    assert_eq!(with_rollout(&[(0, 99_999), (1, 1)]), "[0,1]");
    assert_eq!(with_rollout(&[(0, 0), (1, 100_000)]), "[1]");
    assert_eq!(with_rollout(&[(0, 100_000)]), "[0]");
    assert_eq!(with_rollout(&[]), "NULL");
    assert_eq!(with_rollout(&[(0, 0), (1, 0)]), "NULL");
    assert_eq!(with_rollout(&[(0, 60_000), (1, 0)]), "NULL");
    assert_eq!(with_rollout(&[(0, 60_000), (1, 10_000), (2, 0)]), "NULL");
}

#[test]
fn a_rollout_counts_where_its_rule_is_reached() {
    for (clauses, disabled, expected) in
        [("[]", false, "[0,2]"), (SOME, false, "[0,1,2]"), (SOME, true, "[1]")]
    {
        let account = account();
        configure(&account, "a", &[("rule_count", json!(1))]);
        account.rule(AT, 0, clauses, &[("disabled", json!(disabled))]);
        account.rollout(AT, 0, &[(0, 1), (1, 0), (2, 99_999)]).rollout(AT, -1, &[(3, 100_000)]);
        assert_eq!(served(&account), expected, "{clauses} {disabled}");
    }
}

#[test]
fn individual_targets_count_where_there_are_any() {
    for (kind, variation, users, expected) in [
        ("user", 0, 2, "[0,1]"),
        ("device", 2, 1, "[1,2]"),
        ("user", 1, 1, "[1]"),
        ("user", 0, 0, "[1]"),
    ] {
        let account = account();
        let count = if kind == "user" { "target_count" } else { "context_target_count" };
        configure(&account, "a", &[(count, users.into())]);
        account.target(AT, kind, variation, users);
        assert_eq!(served(&account), expected, "{kind} {variation} {users}");
    }
}

#[test]
fn what_is_counted_but_missing_is_unknown() {
    for count in ["rule_count", "target_count", "context_target_count", "prerequisite_count"] {
        let account = account();
        configure(&account, "a", &[(count, json!(1))]);
        assert_eq!(served(&account), "NULL", "{count}");
    }
}

/// The variations served by a flag whose prerequisite is variation 1 of a flag with these cells.
fn needing(cells: Option<&[(&str, Value)]>) -> String {
    let account = account();
    configure(
        &account,
        "a",
        &[("prerequisite_count", json!(1)), ("fallthrough_variation", json!(2))],
    );
    if let Some(cells) = cells {
        configure(&account, "b", cells);
    }
    let keys = [("project_key", "shop"), ("flag_key", "a"), ("environment_key", "production")];
    let mut row: Vec<_> = keys.iter().map(|(name, key)| (*name, json!(key))).collect();
    row.extend([("prerequisite_flag_key", json!("b")), ("variation", json!(1))]);
    account.insert("flag_prerequisites", &row);
    served(&account)
}

#[test]
fn the_off_variation_is_served_where_a_prerequisite_can_fail() {
    assert_eq!(needing(Some(&[])), "[2]", "it always serves what is needed");
    assert_eq!(needing(Some(&[("is_on", json!(0)), ("off_variation", json!(1))])), "[0]", "off");
    assert_eq!(needing(Some(&[("fallthrough_variation", json!(3))])), "[0]", "another");
    assert_eq!(needing(Some(&[("fallthrough_variation", Value::Null)])), "NULL", "unknown");
    assert_eq!(needing(None), "NULL", "not known at all");
}
