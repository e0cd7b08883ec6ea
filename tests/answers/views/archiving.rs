//! The verdicts on archiving in `removal_verdicts`, and `served_fallbacks`.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

const VERDICTS: &str = "SELECT archive_verdict, archive_reasons FROM removal_verdicts";
const PRODUCTION: (&str, &str, &str) = ("shop", "a", "production");
const TEST: (&str, &str, &str) = ("shop", "a", "test");

/// A flag that is on, serves `true` and was never requested, in a project with a critical
/// environment.
fn account(flag: &[(&str, Value)]) -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account.environment("shop", "test", false).flag("shop", "a", 90.0, flag);
    for (index, value) in ["true", "false"].into_iter().enumerate() {
        let keys = [("project_key", json!("shop")), ("flag_key", json!("a"))];
        let variation = [("variation_index", json!(index)), ("value", json!(value))];
        account.insert("flag_variations", &[keys, variation].concat());
    }
    for at in [PRODUCTION, TEST] {
        let on =
            [("is_on", json!(1)), ("fallthrough_variation", json!(0)), ("off_variation", json!(1))];
        account.configuration(at, 90.0, &on).status(at, "inactive", None);
    }
    account
}

/// Sets columns of one of the tables that have the flag's environments.
fn set(account: &Account, table: &str, (_, _, environment): (&str, &str, &str), values: &str) {
    let sql = format!("UPDATE {table} SET {values} WHERE environment_key = '{environment}'");
    assert!(account.connection.execute(&sql, []).unwrap() > 0);
}

/// The verdict where the status in one of the environments has these columns.
fn with_status(at: (&str, &str, &str), values: &str) -> String {
    let account = account(&[]);
    set(&account, "flag_statuses", at, values);
    account.rows(VERDICTS).join("; ")
}

#[test]
fn a_flag_that_nothing_asks_for_is_safe_to_archive() {
    assert_eq!(account(&[]).rows(VERDICTS), ["safe | []"]);
    let old = format!("last_requested_at = {}, default_value = 'true'", ago(7.1));
    let old = old.replace('"', "'");
    assert_eq!(with_status(PRODUCTION, &old), "safe | []");
}

#[test]
fn a_flag_requested_in_a_critical_environment_is_blocked() {
    let requested = r#"["still_requested"]"#;
    for status in ["status = 'launched'", "status = 'launched', default_value = 'true'"] {
        assert_eq!(with_status(PRODUCTION, status), format!("blocked | {requested}"));
        assert_eq!(with_status(TEST, status), format!("caution | {requested}"));
    }
    let live = r#"blocked | ["live","still_requested"]"#;
    assert_eq!(with_status(PRODUCTION, "status = 'active'"), live);
    assert_eq!(with_status(PRODUCTION, "status = 'new'"), r#"blocked | ["live"]"#);
}

#[test]
fn a_recent_request_counts_against_any_status() {
    let recent = |status: &str| {
        let at = ago(6.9).to_string().replace('"', "'");
        format!("status = '{status}', default_value = 'true', last_requested_at = {at}")
    };
    let caution = r#"caution | ["still_requested"]"#;
    assert_eq!(with_status(PRODUCTION, &recent("inactive")), caution);
    assert_eq!(with_status(TEST, &recent("inactive")), caution);
    let unknown = r#"blocked | ["statuses_unknown","still_requested"]"#;
    assert_eq!(with_status(PRODUCTION, &recent("ramping")), unknown);
    let account = account(&[]);
    set(&account, "flag_statuses", PRODUCTION, &recent("inactive"));
    account.threshold("still_requested", 6.0);
    assert_eq!(account.rows(VERDICTS), ["safe | []"]);
}

#[test]
fn without_a_critical_environment_any_request_blocks() {
    let account = account(&[]);
    account.connection.execute("UPDATE environments SET critical = 0", []).unwrap();
    assert_eq!(account.rows(VERDICTS), [r#"unknown | ["no_critical_environment"]"#]);
    set(&account, "flag_statuses", TEST, "status = 'launched'");
    let blocked = r#"blocked | ["no_critical_environment","still_requested"]"#;
    assert_eq!(account.rows(VERDICTS), [blocked]);
}

#[test]
fn statuses_that_were_not_read_leave_it_open() {
    for (scope, environment) in [("shop/production", PRODUCTION), ("shop/test", TEST)] {
        let account = account(&[]);
        set(&account, "flag_statuses", environment, "status = 'launched'");
        account.outcome("flag_statuses", scope, "invalid_permissions");
        assert_eq!(account.rows(VERDICTS), [r#"unknown | ["statuses_unknown"]"#]);
    }
}

#[test]
fn code_permanence_and_youth_call_for_caution() {
    let code = account(&[]);
    code.code_reference("shop", "a");
    assert_eq!(code.rows(VERDICTS), [r#"caution | ["code_references"]"#]);
    code.outcome("code_references", "shop", "not_available");
    assert_eq!(code.rows(VERDICTS), [r#"unknown | ["code_references_unknown"]"#]);
    let permanent = account(&[("temporary", json!(false))]);
    assert_eq!(permanent.rows(VERDICTS), [r#"caution | ["permanent"]"#]);
    let young = account(&[("created_at", ago(29.0))]);
    assert_eq!(young.rows(VERDICTS), [r#"caution | ["recently_created"]"#]);
}

#[test]
fn a_fallback_that_differs_calls_for_caution_in_any_environment() {
    let differs = r#"caution | ["fallback_differs"]"#;
    for at in [PRODUCTION, TEST] {
        assert_eq!(with_status(at, "default_value = 'false'"), differs);
        assert_eq!(with_status(at, "default_value = ' true '"), "safe | []");
    }
    let off = account(&[]);
    set(&off, "flag_statuses", TEST, "default_value = 'true'");
    assert_eq!(off.rows(VERDICTS), ["safe | []"]);
    set(&off, "flag_environments", TEST, "is_on = 0");
    assert_eq!(off.rows(VERDICTS), [differs]);
    set(&off, "flag_environments", TEST, "is_on = 0, off_variation = NULL");
    assert_eq!(off.rows(VERDICTS), ["safe | []"]);
    assert_eq!(off.rows("SELECT 1 FROM fallback_mismatches"), [""; 0]);
}

#[test]
fn a_flag_that_serves_several_differs_from_any_fallback() {
    let account = account(&[]);
    set(&account, "flag_statuses", TEST, "default_value = 'true'");
    set(&account, "flag_environments", TEST, "fallthrough_variation = NULL");
    account.rollout(TEST, -1, &[(0, 50_000), (1, 50_000)]);
    assert_eq!(account.rows(VERDICTS), [r#"caution | ["fallback_differs"]"#]);
    let sql = "SELECT variation_index, value, default_value, differs FROM served_fallbacks";
    assert_eq!(account.rows(sql), ["NULL | NULL | true | 1"]);
}

#[test]
fn a_fallback_of_a_requested_flag_is_unknown_unless_reported() {
    let unknown = r#"unknown | ["fallback_unknown"]"#;
    let once = "last_requested_at = '2026-01-01T00:00:00.000Z'";
    assert_eq!(with_status(TEST, once), unknown);
    let account = account(&[]);
    set(&account, "flag_statuses", TEST, "default_value = 'true'");
    set(&account, "flag_environments", TEST, "fallthrough_variation = NULL");
    assert_eq!(account.rows(VERDICTS), [unknown]);
    assert_eq!(account.rows("SELECT differs FROM served_fallbacks"), ["NULL"]);
}

#[test]
fn the_verdict_on_code_says_nothing_about_archiving() {
    let account = account(&[]);
    set(&account, "flag_statuses", PRODUCTION, "status = 'launched', default_value = 'false'");
    let sql =
        "SELECT verdict, reasons, code_removal_verdict, code_removal_reasons, archive_verdict,
                      archive_reasons FROM removal_verdicts";
    assert_eq!(
        account.rows(sql),
        [r#"safe | [] | safe | [] | blocked | ["fallback_differs","still_requested"]"#]
    );
}
