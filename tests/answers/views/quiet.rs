//! `quiet_environments`.

use serde_json::{Value, json};

use crate::views::account::{Account, MOMENT};

const QUIET: &str = "SELECT environment_key, critical, quiet_days, flags, is_quiet
                     FROM quiet_environments ORDER BY 1";

/// A shop with two live flags and an archived one.
fn account(environments: &[&str]) -> Account {
    let account = Account::new();
    account.project("shop").flag("shop", "a", 400.0, &[]).flag("shop", "b", 400.0, &[]);
    account.flag("shop", "old", 400.0, &[("state", "archived".into())]);
    for environment in environments {
        account.environment("shop", environment, *environment == "production");
    }
    account
}

/// The flags' statuses: the days since they were last requested there.
fn requested(account: &Account, environment: &str, days: [Option<f64>; 2]) {
    for (flag, days) in ["a", "b"].into_iter().zip(days) {
        account.status(("shop", flag, environment), "inactive", days);
    }
}

#[test]
fn an_environment_is_quiet_from_thirty_days_without_a_request_on() {
    let account = account(&["before", "at", "never", "production"]);
    requested(&account, "before", [Some(30.0 - MOMENT), Some(200.0)]);
    requested(&account, "at", [Some(90.0), Some(30.0)]);
    requested(&account, "never", [None, None]);
    requested(&account, "production", [None, Some(300.5)]);
    assert_eq!(
        account.rows(QUIET),
        ["at | 0 | 30 | 2 | 1", "never | 0 | NULL | 2 | 1", "production | 1 | 300 | 2 | 1"]
    );
    account.threshold("quiet_environment", 31.0);
    assert_eq!(account.rows(QUIET).len(), 2);
}

#[test]
fn the_last_request_is_that_of_any_flag() {
    let account = account(&["test"]);
    requested(&account, "test", [Some(40.0), None]);
    account.status(("shop", "old", "test"), "inactive", Some(35.0));
    let sql = "SELECT last_requested_at, quiet_days FROM quiet_environments";
    assert_eq!(account.rows(sql), ["2026-10-16T02:00:00.000Z | 35"]);
}

#[test]
fn silence_is_unknown_where_statuses_are_missing() {
    let unread = account(&["test"]);
    requested(&unread, "test", [Some(40.0), None]);
    unread.outcome("flag_statuses", "shop/test", "skipped");
    assert_eq!(unread.rows(QUIET), ["test | 0 | 40 | 2 | NULL"]);
    let lacking = account(&["test"]);
    lacking.status(("shop", "a", "test"), "inactive", Some(40.0));
    assert_eq!(lacking.rows(QUIET), ["test | 0 | 40 | 2 | NULL"]);
    let none = account(&["test"]);
    assert_eq!(none.rows(QUIET), ["test | 0 | NULL | 2 | NULL"]);
}

#[test]
fn a_status_that_counts_requests_without_a_date_is_unknown() {
    for (status, verdict) in
        [("new", "1"), ("inactive", "1"), ("active", "NULL"), ("launched", "NULL"), ("x", "NULL")]
    {
        let account = account(&["test"]);
        account.status(("shop", "a", "test"), status, None);
        account.status(("shop", "b", "test"), "inactive", Some(99.0));
        assert_eq!(account.rows(QUIET), [format!("test | 0 | 99 | 2 | {verdict}")], "{status}");
    }
}

#[test]
fn a_recent_request_decides_even_if_an_earlier_run_has_read_it() {
    let account = account(&["test"]);
    requested(&account, "test", [Some(3.0), None]);
    account.outcome("flag_statuses", "shop/test", "invalid_permissions");
    assert_eq!(account.rows(QUIET), [""; 0]);
}

#[test]
fn a_project_may_have_a_period_and_critical_environments_of_its_own() {
    let account = account(&["test"]);
    requested(&account, "test", [Some(40.0), None]);
    account.setting("critical_environments", "shop", 0, "te*");
    assert_eq!(account.rows(QUIET), ["test | 1 | 40 | 2 | 1"]);
    account.setting("quiet_environment", "shop", 0, "41");
    assert_eq!(account.rows(QUIET), [""; 0]);
}

#[test]
fn without_flags_there_is_nothing_to_request() {
    let account = account(&[]);
    account.project("empty").environment("empty", "production", true);
    account.project("past").environment("past", "production", true);
    let archived: Value = json!("archived");
    account.flag("past", "gone", 400.0, &[("state", archived)]);
    assert_eq!(account.rows(QUIET), [""; 0]);
}
