//! `change_actors`, `uncommented_critical_changes`, `environment_governance`, `access_hygiene`
//! and `view_coverage`.

use serde_json::{Value, json};

use crate::views::account::{Account, MOMENT, ago};

const ACTORS: &str = "SELECT actor_kind, actor, actor_name, kind, entries
                      FROM change_actors ORDER BY 1, 2, 4";
const UNCOMMENTED: &str = "SELECT entry_id FROM uncommented_critical_changes ORDER BY 1";
const GOVERNANCE: &str = "SELECT environment_key, has_approvals, has_approval_tags,
                                 requires_comments, confirms_changes, is_governed
                          FROM environment_governance ORDER BY 1";
const ACCESS: &str = "SELECT subject_kind, subject, finding, days
                      FROM access_hygiene ORDER BY 1, 3, 2";
const COVERAGE: &str = "SELECT view_name, is_required, scope, outcome FROM view_coverage
                        WHERE resource = 'flag_statuses'
                          AND view_name IN ('never_requested_flags', 'status_counts')
                        ORDER BY 1, 3";

/// An entry of `days` ago about a flag in the shop's production, with more `cells`.
fn entry(account: &Account, id: &str, days: f64, cells: &[(&str, Value)]) {
    let all = [
        ("entry_id", id.into()),
        ("occurred_at", ago(days)),
        ("kind", "flag".into()),
        ("project_key", "shop".into()),
        ("environment_key", "production".into()),
        ("resource_kind", "flag".into()),
        ("resource_key", "a".into()),
    ];
    let all = all.into_iter().filter(|(name, _)| cells.iter().all(|(other, _)| other != name));
    let all: Vec<_> = all.chain(cells.iter().cloned()).collect();
    account.insert("audit_log_entries", &all);
}

fn account() -> Account {
    let account = Account::new();
    account.project("shop");
    account.environment("shop", "production", true).environment("shop", "test", false);
    account
}

#[test]
fn changes_are_counted_by_who_made_them() {
    let account = account();
    let mira = |email: &str| {
        [("member_id", "m".into()), ("member_email", email.into()), ("token_id", "t".into())]
    };
    entry(&account, "1", 9.0, &mira("old@example.com"));
    entry(&account, "2", 1.0, &mira("mira@example.com"));
    entry(&account, "3", 5.0, &mira("old@example.com"));
    entry(
        &account,
        "4",
        1.0,
        &[&mira("mira@example.com")[..], &[("kind", "member".into())]].concat(),
    );
    entry(&account, "5", 1.0, &[("token_id", "t".into()), ("token_name", "deploy".into())]);
    entry(&account, "6", 1.0, &[("app_id", "p".into()), ("app_name", "Slack".into())]);
    entry(&account, "7", 1.0, &[("subject_name", "LaunchDarkly".into())]);
    entry(&account, "8", 1.0, &[]);
    assert_eq!(
        account.rows(ACTORS),
        [
            "app | p | Slack | flag | 1",
            "member | m | mira@example.com | flag | 3",
            "member | m | mira@example.com | member | 1",
            "token | t | deploy | flag | 1",
            "unknown |  | NULL | flag | 1",
            "unknown | LaunchDarkly | LaunchDarkly | flag | 1",
        ]
    );
}

#[test]
fn changes_of_exactly_thirty_days_ago_count() {
    let account = account();
    entry(&account, "at", 30.0, &[]);
    entry(&account, "before", 30.0 + MOMENT, &[]);
    let sql = "SELECT entries, last_change_at FROM change_actors";
    assert_eq!(account.rows(sql), ["1 | 2026-10-21T02:00:00.000Z"]);
    account.threshold("change_window", 31.0);
    assert_eq!(account.rows(sql), ["2 | 2026-10-21T02:00:00.000Z"]);
}

#[test]
fn who_changes_what_is_unknown_where_the_log_was_not_read() {
    for outcome in ["invalid_permissions", "skipped"] {
        let account = account();
        entry(&account, "1", 1.0, &[]);
        account.outcome("audit_log", "", outcome);
        assert_eq!(account.rows(ACTORS), [""; 0]);
        assert_eq!(account.rows(UNCOMMENTED), ["1"]);
    }
}

#[test]
fn changes_of_flags_in_critical_environments_want_a_comment() {
    let account = account();
    account.project("web").environment("web", "production", false);
    for (id, comment) in
        [("none", json!(null)), ("empty", json!("")), ("blank", json!(" \n")), ("why", json!("x"))]
    {
        entry(&account, id, 400.0, &[("comment", comment)]);
    }
    for (id, name, value) in [
        ("harmless", "environment_key", json!("test")),
        ("several", "environment_key", json!(null)),
        ("gone", "environment_key", json!("deleted")),
        ("elsewhere", "project_key", json!("web")),
        ("segment", "resource_kind", json!("segment")),
        ("pattern", "resource_key", json!(null)),
    ] {
        entry(&account, id, 1.0, &[(name, value)]);
    }
    assert_eq!(account.rows(UNCOMMENTED), ["blank", "empty", "none"]);
}

#[test]
fn comments_that_were_dropped_are_not_missing() {
    let account = account();
    entry(&account, "before", 5.0, &[]);
    entry(&account, "after", 1.0, &[]);
    let cells = [
        ("extraction_id", "earlier".into()),
        ("started_at", ago(3.1)),
        ("finished_at", ago(3.0)),
        ("personal_data", "drop".into()),
    ];
    account.insert("extractions", &cells);
    assert_eq!(account.rows(UNCOMMENTED), ["after"]);
}

#[test]
fn a_critical_environment_is_governed_with_all_three_settings() {
    let account = Account::new();
    account.project("shop");
    for (environment, critical, approvals, comments, confirmation) in [
        ("a", true, json!(true), true, true),
        ("b", true, json!(false), true, true),
        ("c", true, json!(null), true, true),
        ("d", true, json!(null), true, false),
        ("e", true, json!(true), false, true),
        ("f", false, json!(true), true, true),
    ] {
        account.insert(
            "environments",
            &[
                ("project_key", "shop".into()),
                ("environment_key", environment.into()),
                ("critical", critical.into()),
                ("approval_required", approvals),
                ("require_comments", comments.into()),
                ("confirm_changes", confirmation.into()),
            ],
        );
    }
    let tag = [("project_key", "shop".into()), ("environment_key", "a".into())];
    account.insert("environment_approval_tags", &tag);
    assert_eq!(
        account.rows(GOVERNANCE),
        [
            "a | 1 | 1 | 1 | 1 | 1",
            "b | 0 | 0 | 1 | 1 | 0",
            "c | NULL | 0 | 1 | 1 | NULL",
            "d | NULL | 0 | 1 | 0 | 0",
            "e | 1 | 0 | 0 | 1 | 0",
        ]
    );
}

/// A member in good order, but for `cells`.
fn member(account: &Account, id: &str, cells: &[(&str, Value)]) {
    let all = [
        ("member_id", id.into()),
        ("mfa", "enabled".into()),
        ("verified", true.into()),
        ("created_at", ago(400.0)),
        ("last_seen_at", ago(0.0)),
    ];
    let all = all.into_iter().filter(|(name, _)| cells.iter().all(|(other, _)| other != name));
    let all: Vec<_> = all.chain(cells.iter().cloned()).collect();
    account.insert("members", &all);
}

fn token(account: &Account, id: &str, created: f64, used: Option<f64>) {
    let cells = [
        ("access_token_id", id.into()),
        ("created_at", ago(created)),
        ("last_used_at", used.map_or(Value::Null, ago)),
    ];
    account.insert("access_tokens", &cells);
}

#[test]
fn members_who_are_never_seen_or_not_protected_are_findings() {
    let account = Account::new();
    let (never, disabled) = (("last_seen_at", Value::Null), ("mfa", json!("disabled")));
    member(&account, "fine", &[]);
    member(&account, "at", &[("last_seen_at", ago(30.0))]);
    member(&account, "before", &[("last_seen_at", ago(30.0 - MOMENT))]);
    member(&account, "never", std::slice::from_ref(&never));
    member(&account, "unknown", &[never.clone(), ("created_at", Value::Null)]);
    let invited = [never, disabled.clone(), ("pending_invite", true.into())];
    member(&account, "invited", &[&invited[..], &[("verified", false.into())]].concat());
    member(&account, "bare", std::slice::from_ref(&disabled));
    member(&account, "password", &[disabled.clone(), ("has_password", true.into())]);
    member(&account, "elsewhere", &[disabled, ("has_password", false.into())]);
    member(&account, "silent", &[("mfa", Value::Null), ("verified", Value::Null)]);
    assert_eq!(
        account.rows(ACCESS),
        [
            "member | bare | no_mfa | NULL",
            "member | password | no_mfa | NULL",
            "member | at | unseen | 30",
            "member | never | unseen | 400",
            "member | invited | unverified | 400",
        ]
    );
    account.threshold("member_unseen", 30.5).outcome("access_tokens", "", "skipped");
    assert!(!account.rows(ACCESS).contains(&"member | at | unseen | 30".to_owned()));
    account.outcome("members", "", "invalid_permissions");
    assert_eq!(account.rows(ACCESS), [""; 0]);
}

#[test]
fn access_tokens_that_are_not_used_are_findings() {
    let account = Account::new();
    token(&account, "at", 400.0, Some(30.0));
    token(&account, "before", 400.0, Some(30.0 - MOMENT));
    token(&account, "never", 31.0, None);
    token(&account, "new", 1.0, None);
    let (at, never) = ("access_token | at | unused | 30", "access_token | never | unused | 31");
    account.outcome("members", "", "skipped");
    assert_eq!(account.rows(ACCESS), [at, never]);
    account.threshold("access_token_unused", 31.0);
    assert_eq!(account.rows(ACCESS), [never]);
    account.outcome("access_tokens", "", "not_available");
    assert_eq!(account.rows(ACCESS), [""; 0]);
}

#[test]
fn names_that_were_dropped_are_null() {
    let account = Account::new();
    member(&account, "a", &[("verified", false.into())]);
    member(&account, "b", &[("verified", false.into()), ("email", "b@example.com".into())]);
    let names = account.rows("SELECT subject_name FROM access_hygiene ORDER BY subject");
    assert_eq!(names, ["NULL", "b@example.com"]);
}

#[test]
fn each_view_says_what_it_lacks() {
    let account = account();
    assert_eq!(account.rows("SELECT * FROM view_coverage"), [""; 0]);
    account.outcome("flag_statuses", "shop/test", "invalid_permissions");
    account.outcome("metrics", "shop", "skipped");
    assert_eq!(
        account.rows(COVERAGE),
        [
            "never_requested_flags | 1 | shop/test | invalid_permissions",
            "status_counts | 0 | shop/test | invalid_permissions",
        ]
    );
    let others = "SELECT count(*) FROM view_coverage WHERE resource <> 'flag_statuses'";
    assert_eq!(account.rows(others), ["0"]);
}

#[test]
fn every_need_of_every_view_is_watched() {
    let account = account();
    account.connection.execute("UPDATE extraction_resources SET outcome = 'skipped'", []).unwrap();
    let pairs =
        account.rows("SELECT DISTINCT view_name, resource FROM view_coverage ORDER BY 1, 2");
    let mut needs: Vec<_> = flaglake::model::view::all()
        .iter()
        .flat_map(|view| view.needs.iter().map(|need| (view.name, need.resource)))
        .filter(|(_, resource)| *resource != flaglake::model::view::HISTORY)
        .map(|(view, resource)| format!("{view} | {resource}"))
        .collect();
    needs.sort();
    assert_eq!(pairs, needs);
}
