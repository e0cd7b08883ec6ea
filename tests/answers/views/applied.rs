//! `applied_approvals`.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

const LINKS: &str =
    "SELECT approval_request_id, entry_id, certainty, entries FROM applied_approvals ORDER BY 1";
const DAY: f64 = 1.0;
const SECOND: f64 = 1.0 / 86_400.0;

/// An account whose log reaches back ten days.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    entry(&account, "first", 10.0, &[("resource_key", json!("another"))], &[]);
    account
}

/// A request about flag `a` in the shop's production that `mira` applied a day ago.
fn request(account: &Account, id: &str, cells: &[(&str, Value)]) {
    let own = [
        ("approval_request_id", json!(id)),
        ("applied_at", ago(DAY)),
        ("applied_by_member_id", json!("mira")),
    ];
    account.insert("approval_requests", &with(&own, cells));
}

/// An entry about that flag there, by `mira`, with actions.
fn entry(account: &Account, id: &str, days: f64, cells: &[(&str, Value)], actions: &[&str]) {
    let own = [
        ("entry_id", json!(id)),
        ("occurred_at", ago(days)),
        ("kind", json!("flag")),
        ("member_id", json!("mira")),
    ];
    account.insert("audit_log_entries", &with(&own, cells));
    for (index, action) in actions.iter().enumerate() {
        let keys = [("entry_id", json!(id)), ("access_index", json!(index))];
        account.insert("audit_log_accesses", &[&keys[..], &[("action", json!(action))]].concat());
    }
}

fn with<'a>(own: &[(&'a str, Value)], cells: &[(&'a str, Value)]) -> Vec<(&'a str, Value)> {
    let flag = [
        ("project_key", json!("shop")),
        ("environment_key", json!("production")),
        ("resource_kind", json!("flag")),
        ("resource_key", json!("a")),
    ];
    let all = own.iter().chain(&flag).filter(|(name, _)| cells.iter().all(|one| one.0 != *name));
    all.chain(cells).cloned().collect()
}

#[test]
fn the_only_entry_at_the_time_by_the_member_is_the_one() {
    let account = account();
    request(&account, "1", &[]);
    request(&account, "pending", &[("applied_at", Value::Null)]);
    entry(&account, "before", DAY + 61.0 * SECOND, &[], &["updateOn"]);
    entry(&account, "at", DAY - 60.0 * SECOND, &[], &["updateOn"]);
    entry(&account, "after", DAY - 61.0 * SECOND, &[], &["updateOn"]);
    for (id, name, value) in [
        ("other flag", "resource_key", json!("b")),
        ("other kind", "resource_kind", json!("segment")),
        ("other environment", "environment_key", json!("test")),
        ("other project", "project_key", json!("web")),
        ("other member", "member_id", json!("tom")),
        ("nobody", "member_id", Value::Null),
    ] {
        entry(&account, id, DAY, &[(name, value)], &["updateOn"]);
    }
    assert_eq!(account.rows(LINKS), ["1 | at | matched | 1"]);
}

#[test]
fn a_service_token_may_apply_a_request() {
    let account = account();
    let token =
        [("applied_by_member_id", Value::Null), ("applied_by_service_token_id", json!("deploy"))];
    request(&account, "1", &token);
    let token = [("member_id", Value::Null), ("token_id", json!("deploy"))];
    entry(&account, "theirs", DAY, &token, &["updateOn"]);
    entry(&account, "another's", DAY, &[], &["updateOn"]);
    assert_eq!(account.rows(LINKS), ["1 | theirs | matched | 1"]);
}

#[test]
fn of_two_entries_neither_is_the_one_unless_one_says_so() {
    let account = account();
    request(&account, "1", &[]);
    entry(&account, "on", DAY, &[], &["updateOn"]);
    entry(&account, "rules", DAY, &[], &["updateRules"]);
    assert_eq!(account.rows(LINKS), ["1 | NULL | ambiguous | 2"]);
    entry(&account, "applied", DAY, &[], &["updateRules", "applyApprovalRequest"]);
    assert_eq!(account.rows(LINKS), ["1 | applied | named | 3"]);
    entry(&account, "applied, too", DAY, &[], &["applyApprovalRequest"]);
    assert_eq!(account.rows(LINKS), ["1 | NULL | ambiguous | 4"]);
}

#[test]
fn what_only_asks_or_reviews_applies_nothing() {
    let account = account();
    request(&account, "1", &[]);
    entry(&account, "asked", DAY, &[], &["createApprovalRequest"]);
    entry(&account, "reviewed", DAY, &[], &["reviewApprovalRequest", "updateApprovalRequest"]);
    assert_eq!(account.rows(LINKS), ["1 | NULL | none | 0"]);
    entry(&account, "without actions", DAY, &[], &[]);
    assert_eq!(account.rows(LINKS), ["1 | without actions | matched | 1"]);
}

#[test]
fn an_entry_that_fits_two_requests_is_that_of_neither() {
    let account = account();
    request(&account, "1", &[]);
    request(&account, "2", &[("applied_at", ago(DAY + 30.0 * SECOND))]);
    entry(&account, "on", DAY, &[], &["updateOn"]);
    assert_eq!(account.rows(LINKS), ["1 | NULL | ambiguous | 1", "2 | NULL | ambiguous | 1"]);
}

#[test]
fn a_log_that_does_not_reach_the_time_says_nothing() {
    let account = account();
    request(&account, "1", &[]);
    request(&account, "old", &[("applied_at", ago(11.0))]);
    let links = ["1 | NULL | none | 0", "old | NULL | unknown | 0"];
    assert_eq!(account.rows(LINKS), links);
    account.outcome("audit_log", "", "skipped");
    assert_eq!(account.rows(LINKS)[0], "1 | NULL | unknown | 0");
    entry(&account, "later", 0.5, &[("resource_key", json!("another"))], &[]);
    assert_eq!(account.rows(LINKS), links);
    let empty = Account::new();
    request(&empty, "1", &[]);
    assert_eq!(empty.rows(LINKS), ["1 | NULL | unknown | 0"]);
}
