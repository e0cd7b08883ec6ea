//! `removal_verdicts` and `forgotten_rollouts`.

use serde_json::{Value, json};

use crate::views::account::Account;

const PRODUCTION: (&str, &str, &str) = ("shop", "a", "production");
const VERDICTS: &str = "SELECT verdict, reasons FROM removal_verdicts";

/// A project with a critical environment and one that is not.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account.environment("shop", "test", false);
    account
}

/// A flag that serves variation 1 to everyone in production, with more `cells` of its
/// configuration.
fn served(account: &Account, status: &str, cells: &[(&str, Value)]) {
    account.flag("shop", "a", 90.0, &[]);
    let mut all = cells.to_vec();
    for (name, value) in [("is_on", 1), ("fallthrough_variation", 1), ("off_variation", 0)] {
        if cells.iter().all(|(other, _)| *other != name) {
            all.push((name, json!(value)));
        }
    }
    account.configuration(("shop", "a", "production"), 90.0, &all);
    if !status.is_empty() {
        account.status(("shop", "a", "production"), status, None);
    }
}

/// The verdict on a flag that [`served`] makes.
fn verdict(status: &str, cells: &[(&str, Value)]) -> String {
    let account = account();
    served(&account, status, cells);
    account.rows(VERDICTS).join("; ")
}

#[test]
fn a_flag_is_safe_when_nothing_stands_against_it() {
    assert_eq!(verdict("launched", &[]), "safe | []");
    assert_eq!(verdict("inactive", &[("is_on", json!(false))]), "safe | []");
}

#[test]
fn a_flag_in_use_is_blocked() {
    assert_eq!(verdict("active", &[]), r#"blocked | ["live"]"#);
    assert_eq!(verdict("new", &[]), r#"blocked | ["live"]"#);
}

#[test]
fn a_status_outside_critical_environments_does_not_block() {
    let account = account();
    served(&account, "launched", &[]);
    account.status(("shop", "a", "test"), "active", None);
    assert_eq!(account.rows(VERDICTS), ["safe | []"]);
}

#[test]
fn a_flag_without_one_value_is_blocked() {
    let account = account();
    served(&account, "launched", &[("fallthrough_variation", Value::Null)]);
    account.rollout(PRODUCTION, -1, &[(0, 50_000), (1, 50_000)]);
    assert_eq!(account.rows(VERDICTS), [r#"blocked | ["mixed_variations"]"#]);
    let fallback = [("is_on", json!(false)), ("off_variation", Value::Null)];
    assert_eq!(verdict("inactive", &fallback), r#"blocked | ["mixed_variations"]"#);
}

/// The verdict on a flag with one rule, whose default rule serves variation 1.
fn ruled(status: &str, clauses: &str, cells: &[(&str, Value)]) -> String {
    let account = account();
    served(&account, status, &[("rule_count", json!(1))]);
    account.rule(PRODUCTION, 0, clauses, cells);
    account.rows(VERDICTS).join("; ")
}

#[test]
fn rules_are_mixed_where_they_can_serve_another_variation() {
    let some = r#"[{"attribute":"country","op":"in","values":["DE"]}]"#;
    let other = [("variation", json!(0))];
    for status in ["launched", "inactive"] {
        assert_eq!(ruled(status, some, &other), r#"blocked | ["mixed_variations"]"#);
        assert_eq!(ruled(status, "[]", &other), "safe | []");
        assert_eq!(ruled(status, some, &[("variation", json!(1))]), "safe | []");
        let disabled = [("variation", json!(0)), ("disabled", json!(true))];
        assert_eq!(ruled(status, some, &disabled), "safe | []");
        let unreadable = r#"unknown | ["configurations_unknown"]"#;
        assert_eq!(ruled(status, "[{", &other), unreadable);
    }
    let unknown = r#"blocked | ["mixed_variations","statuses_unknown"]"#;
    assert_eq!(ruled("", some, &other), unknown);
}

#[test]
fn a_dependent_blocks_code_removal_where_it_is_critical() {
    let account = account();
    served(&account, "launched", &[]);
    account.flag("shop", "b", 90.0, &[]).configuration(("shop", "b", "production"), 9.0, &[]);
    account.prerequisite(("shop", "b", "production"), "a");
    let sql = "SELECT verdict, reasons, archive_verdict FROM removal_verdicts WHERE flag_key = 'a'";
    assert_eq!(account.rows(sql), [r#"blocked | ["dependents"] | blocked"#]);
}

#[test]
fn a_dependent_elsewhere_blocks_archiving_unless_it_is_archived() {
    let account = account();
    served(&account, "launched", &[]);
    account.flag("shop", "gone", 90.0, &[("state", json!("archived"))]);
    account.configuration(("shop", "gone", "test"), 9.0, &[]);
    account.prerequisite(("shop", "gone", "test"), "a");
    assert_eq!(account.rows(VERDICTS), ["safe | []"]);
    account.flag("shop", "b", 90.0, &[]).configuration(("shop", "b", "test"), 9.0, &[]);
    account.prerequisite(("shop", "b", "test"), "a");
    let sql = "SELECT verdict, reasons, archive_verdict FROM removal_verdicts WHERE flag_key = 'a'";
    assert_eq!(account.rows(sql), [r#"caution | ["dependents"] | blocked"#]);
}

#[test]
fn permanent_flags_and_code_references_call_for_caution() {
    let account = account();
    served(&account, "launched", &[]);
    account.code_reference("shop", "a");
    assert_eq!(account.rows(VERDICTS), [r#"caution | ["code_references"]"#]);
    account.connection.execute("UPDATE flags SET temporary = 0", []).unwrap();
    assert_eq!(account.rows(VERDICTS), [r#"caution | ["code_references","permanent"]"#]);
    account.connection.execute("DELETE FROM code_references", []).unwrap();
    assert_eq!(account.rows(VERDICTS), [r#"caution | ["permanent"]"#]);
}

#[test]
fn targets_may_expire_in_any_environment() {
    let account = account();
    served(&account, "launched", &[("target_count", json!(1))]);
    account.target(PRODUCTION, "user", 1, 1);
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["expiring_targets_unknown"]"#]);
    let account = self::account();
    served(&account, "launched", &[]);
    account.configuration(("shop", "a", "test"), 9.0, &[("context_target_count", json!(1))]);
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["expiring_targets_unknown"]"#]);
}

#[test]
fn code_references_that_were_not_read_make_it_unknown() {
    let account = account();
    served(&account, "launched", &[]);
    account.outcome("code_references", "shop", "not_available");
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["code_references_unknown"]"#]);
    account.connection.execute("UPDATE flags SET temporary = 0", []).unwrap();
    assert_eq!(account.rows(VERDICTS), [r#"caution | ["code_references_unknown","permanent"]"#]);
}

#[test]
fn what_may_block_is_unknown_before_caution_is_called_for() {
    let account = account();
    served(&account, "launched", &[]);
    account.code_reference("shop", "a");
    account.outcome("flag_statuses", "shop/production", "invalid_permissions");
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["code_references","statuses_unknown"]"#]);
    account.outcome("flag_statuses", "shop/production", "complete");
    account.connection.execute("DELETE FROM flag_environments", []).unwrap();
    let expected = [r#"unknown | ["code_references","configurations_unknown"]"#];
    assert_eq!(account.rows(VERDICTS), expected);
}

#[test]
fn a_blocking_reason_decides_despite_unknown_ones() {
    let account = account();
    account.environment("shop", "eu", true);
    served(&account, "active", &[]);
    account.outcome("code_references", "shop", "skipped");
    let expected = r#"blocked | ["code_references_unknown","configurations_unknown","live"]"#;
    assert_eq!(account.rows(VERDICTS), [expected]);
}

#[test]
fn without_a_critical_environment_only_dependents_are_known() {
    let account = Account::new();
    account.project("shop").environment("shop", "test", false).flag("shop", "a", 90.0, &[]);
    account.status(("shop", "a", "test"), "active", None);
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["no_critical_environment"]"#]);
    account.flag("shop", "b", 90.0, &[]).configuration(("shop", "b", "test"), 9.0, &[]);
    account.prerequisite(("shop", "b", "test"), "a");
    let sql = "SELECT verdict, reasons FROM removal_verdicts WHERE flag_key = 'a'";
    assert_eq!(account.rows(sql), [r#"blocked | ["dependents","no_critical_environment"]"#]);
}

#[test]
fn archived_flags_have_no_verdict() {
    let account = account();
    assert_eq!(account.rows(VERDICTS), [""; 0]);
    served(&account, "launched", &[]);
    account.flag("shop", "gone", 90.0, &[("state", json!("archived"))]);
    account.project("blog").environment("blog", "production", true).flag("blog", "a", 90.0, &[]);
    account.configuration(("blog", "a", "production"), 9.0, &[("off_variation", json!(0))]);
    account.status(("blog", "a", "production"), "active", None);
    let sql = "SELECT project_key, verdict FROM removal_verdicts ORDER BY 1";
    assert_eq!(account.rows(sql), ["blog | blocked", "shop | safe"]);
}

#[test]
fn a_rollout_launched_and_inactive_elsewhere_is_forgotten() {
    let account = account();
    account.environment("shop", "eu", true).environment("shop", "us", true);
    let all = [
        ("a", ["launched", "inactive", "launched", "inactive"]),
        ("b", ["launched", "launched", "launched", "launched"]),
        ("c", ["inactive", "inactive", "active", "new"]),
        ("d", ["active", "active", "launched", "inactive"]),
    ];
    for (flag, statuses) in all {
        account.flag("shop", flag, 1.0, &[("temporary", json!(false))]);
        for (environment, status) in ["test", "eu", "us", "production"].into_iter().zip(statuses) {
            account.status(("shop", flag, environment), status, None);
        }
    }
    account.flag("shop", "e", 9.0, &[("state", json!("archived"))]);
    account.status(("shop", "e", "eu"), "launched", None);
    account.status(("shop", "e", "us"), "inactive", None);
    let sql = "SELECT flag_key, launched_environments, inactive_environments, launched_in,
                      inactive_in FROM forgotten_rollouts ORDER BY 1";
    assert_eq!(
        account.rows(sql),
        [
            r#"a | 2 | 2 | ["test","us"] | ["eu","production"]"#,
            r#"d | 1 | 1 | ["us"] | ["production"]"#,
        ]
    );
    account.outcome("flag_statuses", "shop/us", "not_available");
    assert_eq!(account.rows(sql), [r#"a | 1 | 2 | ["test"] | ["eu","production"]"#]);
}
