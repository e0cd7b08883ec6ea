//! The figures of `project_daily`: known if missing data cannot change them.

use flaglake::model::project_daily;
use serde_json::{Value, json};

use crate::views::account::Account;

/// A project with two critical environments and one that is not, a member and a team.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "test", false);
    account.environment("shop", "eu", true).environment("shop", "us", true);
    account.insert("members", &[("member_id", json!("ada"))]);
    account.insert("teams", &[("team_key", json!("web"))]);
    account
}

/// An old, temporary flag with its status in each environment; none where that is empty.
fn flag(account: &Account, flag: &str, statuses: [&str; 3]) {
    account.flag("shop", flag, 90.0, &[]);
    settle(account, flag, statuses);
}

fn settle(account: &Account, flag: &str, statuses: [&str; 3]) {
    for (environment, status) in ["test", "eu", "us"].into_iter().zip(statuses) {
        if !status.is_empty() {
            account.status(("shop", flag, environment), status, Some(20.0));
        }
    }
}

/// A figure of the day, as it would be published.
fn figures(account: &Account, columns: &str) -> String {
    account.connection.execute_batch(project_daily::SQL).unwrap();
    account
        .rows(&format!("SELECT {columns} FROM project_daily WHERE project_key = 'shop'"))
        .remove(0)
}

fn stale(account: &Account) -> String {
    figures(account, "stale, stale_in_critical")
}

#[test]
fn a_flag_stale_in_one_environment_counts_as_stale() {
    let account = account();
    flag(&account, "a", ["active", "active", "active"]);
    flag(&account, "b", ["", "inactive", ""]);
    flag(&account, "c", ["inactive", "inactive", "another"]);
    assert_eq!(stale(&account), "2 | 2");
    flag(&account, "d", ["inactive", "active", "active"]);
    assert_eq!(stale(&account), "3 | 2");
    account.outcome("flag_statuses", "shop/us", "invalid_permissions");
    assert_eq!(stale(&account), "NULL | NULL", "whether `a` is stale there is not known");
}

#[test]
fn a_single_flag_that_may_be_stale_makes_the_figure_unknown() {
    for (statuses, expected) in [
        (["", "active", "active"], "NULL | 1"),
        (["inactive", "active", ""], "2 | NULL"),
        (["active", "active", "another"], "NULL | NULL"),
        (["", "new", "inactive"], "2 | 2"),
    ] {
        let account = account();
        flag(&account, "a", ["", "inactive", "active"]);
        flag(&account, "b", statuses);
        assert_eq!(stale(&account), expected, "{statuses:?}");
    }
}

#[test]
fn flags_that_cannot_be_stale_leave_nothing_unknown() {
    let account = account();
    account
        .flag("shop", "young", 3.0, &[])
        .flag("shop", "permanent", 90.0, &[("temporary", false.into())])
        .flag("shop", "archived", 90.0, &[("state", "archived".into())]);
    account.outcome("flag_statuses", "shop/us", "skipped");
    assert_eq!(stale(&account), "0 | 0");
}

#[test]
fn staleness_in_critical_environments_needs_one() {
    let account = account();
    flag(&account, "a", ["inactive", "active", "active"]);
    account.connection.execute("UPDATE environments SET critical = 0", []).unwrap();
    assert_eq!(stale(&account), "1 | NULL");
}

/// A flag that a member, a team or both maintain.
fn maintained(account: &Account, member: &str, team: &str) {
    let owner = |name: &str| if name.is_empty() { Value::Null } else { json!(name) };
    let cells = [("maintainer_id", owner(member)), ("maintainer_team_key", owner(team))];
    account.flag("shop", &format!("{member}-{team}"), 3.0, &cells);
}

#[test]
fn one_existing_maintainer_makes_a_flag_owned() {
    let account = account();
    maintained(&account, "", "");
    maintained(&account, "bob", "web");
    maintained(&account, "", "old");
    account.outcome("members", "", "invalid_permissions");
    assert_eq!(figures(&account, "unowned"), "2");
    account.outcome("members", "", "complete").outcome("teams", "", "skipped");
    assert_eq!(figures(&account, "unowned"), "NULL", "whether the team is there is not known");
}

#[test]
fn one_flag_with_unknown_maintainers_makes_the_figure_unknown() {
    for (member, team, without_members, without_teams) in [
        ("ada", "", "NULL", "1"),
        ("ada", "web", "1", "1"),
        ("ada", "old", "NULL", "1"),
        ("bob", "web", "1", "NULL"),
        ("bob", "", "NULL", "2"),
        ("", "old", "2", "NULL"),
    ] {
        let account = account();
        maintained(&account, "", "");
        maintained(&account, member, team);
        account.outcome("members", "", "skipped");
        assert_eq!(figures(&account, "unowned"), without_members, "{member} {team}");
        account.outcome("members", "", "complete").outcome("teams", "", "skipped");
        assert_eq!(figures(&account, "unowned"), without_teams, "{member} {team}");
    }
}

#[test]
fn an_address_without_an_id_is_an_owner() {
    let account = account();
    let cells = [("maintainer_email", "ada@shop.example"), ("maintainer_team_key", "web")];
    account.flag("shop", "a", 3.0, &cells.map(|(name, value)| (name, json!(value))));
    account.outcome("teams", "", "skipped");
    assert_eq!(figures(&account, "unowned"), "0");
    let scorecard = "SELECT status FROM scorecards
                     WHERE scorecard = 'ownership_coverage' AND subject_kind = 'project'";
    assert_eq!(account.rows(scorecard), ["pass"]);
}

#[test]
fn nobody_counts_who_was_there_when_an_earlier_run_looked() {
    let account = account();
    maintained(&account, "ada", "");
    account.outcome("members", "", "invalid_permissions");
    assert_eq!(figures(&account, "unowned"), "NULL");
}

#[test]
fn exempt_flags_need_no_owner() {
    let account = account();
    maintained(&account, "", "");
    maintained(&account, "ada", "");
    for flag in ["-", "ada-"] {
        let keys = [("project_key", json!("shop")), ("flag_key", json!(flag))];
        account.insert("flag_tags", &[&keys[..], &[("tag", json!("kill-switch"))]].concat());
    }
    assert_eq!(figures(&account, "unowned"), "1");
    account.outcome("members", "", "skipped");
    assert_eq!(figures(&account, "unowned"), "NULL");
    account.setting("exempt_tags", "", 0, "kill-*");
    assert_eq!(figures(&account, "unowned"), "0");
}
