//! `uncommented_critical_changes`: changes in all environments.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

const UNCOMMENTED: &str = "SELECT entry_id, environment_key, flag_key, require_comments
                           FROM uncommented_critical_changes ORDER BY 1";

/// Projects whose critical environments do or do not require comments.
fn account() -> Account {
    let account = Account::new();
    for (project, critical, required) in
        [("strict", true, true), ("lax", true, false), ("harmless", false, true)]
    {
        account.project(project).environment(project, "test", false);
        let cells = [
            ("project_key", json!(project)),
            ("environment_key", json!("production")),
            ("critical", json!(critical)),
            ("require_comments", json!(required)),
        ];
        account.insert("environments", &cells);
    }
    account
}

/// An entry about a flag in all environments, with an action in each.
fn entry(account: &Account, id: &str, cells: &[(&str, Value)], actions: &[&str]) {
    let own = [
        ("entry_id", json!(id)),
        ("occurred_at", ago(1.0)),
        ("project_key", json!("strict")),
        ("resource_kind", json!("flag")),
        ("resource_key", json!("a")),
    ];
    let own = own.iter().filter(|(name, _)| cells.iter().all(|one| one.0 != *name));
    let cells: Vec<_> = own.chain(cells).cloned().collect();
    account.insert("audit_log_entries", &cells);
    for (index, action) in actions.iter().enumerate() {
        let cells = [("entry_id", json!(id)), ("access_index", json!(index))];
        account.insert("audit_log_accesses", &[&cells[..], &[("action", json!(action))]].concat());
    }
}

#[test]
fn archiving_and_deprecating_want_a_comment() {
    let account = account();
    entry(&account, "archived", &[], &["updateGlobalArchived", "updateGlobalArchived"]);
    entry(&account, "deprecated", &[("comment", json!(" "))], &["updateDeprecated"]);
    entry(&account, "created", &[], &["createFlag", "createFlag"]);
    entry(&account, "explained", &[("comment", json!("why"))], &["updateGlobalArchived"]);
    entry(&account, "segment", &[("resource_kind", json!("segment"))], &["updateGlobalArchived"]);
    entry(&account, "pattern", &[("resource_key", Value::Null)], &["updateGlobalArchived"]);
    let rows = ["archived | NULL | a | 1", "deprecated | NULL | a | 1"];
    assert_eq!(account.rows(UNCOMMENTED), rows);
}

#[test]
fn a_critical_environment_that_requires_comments_decides() {
    let account = account();
    for project in ["strict", "lax", "harmless", "deleted"] {
        entry(&account, project, &[("project_key", json!(project))], &["updateGlobalArchived"]);
    }
    assert_eq!(account.rows(UNCOMMENTED), ["strict | NULL | a | 1"]);
}

#[test]
fn the_setting_of_critical_environments_decides() {
    let account = account();
    entry(&account, "archived", &[("project_key", json!("harmless"))], &["updateGlobalArchived"]);
    assert_eq!(account.rows(UNCOMMENTED), [""; 0]);
    account.setting("critical_environments", "harmless", 0, "prod*");
    assert_eq!(account.rows(UNCOMMENTED), ["archived | NULL | a | 1"]);
}

#[test]
fn a_change_that_names_its_environment_counts_there_only() {
    let account = account();
    for (project, environment) in
        [("strict", "production"), ("strict", "test"), ("lax", "production")]
    {
        let cells = [("project_key", json!(project)), ("environment_key", json!(environment))];
        entry(&account, &format!("{project} {environment}"), &cells, &["updateGlobalArchived"]);
    }
    assert_eq!(
        account.rows(UNCOMMENTED),
        ["lax production | production | a | 0", "strict production | production | a | 1"]
    );
}
