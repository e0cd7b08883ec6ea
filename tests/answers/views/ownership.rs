//! `unowned_flags` and `owner_debt`.

use serde_json::{Value, json};

use crate::views::account::Account;

const UNOWNED: &str = "SELECT flag_key, reason, maintainer_id, maintainer_team_key
                       FROM unowned_flags ORDER BY 1";
const DEBT: &str = "SELECT owner_kind, owner, owner_name, is_departed, live_flags,
                           ready_for_code_removal, ready_to_archive, unknown_flags
                    FROM owner_debt ORDER BY 1, 2";

/// An account with one member and one team.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account.insert("members", &[("member_id", json!("ada")), ("email", json!("ada@example.com"))]);
    account.insert("teams", &[("team_key", json!("web")), ("name", json!("Web"))]);
    account
}

/// An old flag that a member or a team maintains; empty where none does.
fn maintained(account: &Account, flag: &str, member: &str, team: &str, cells: &[(&str, Value)]) {
    let mut all = cells.to_vec();
    for (column, owner) in [("maintainer_id", member), ("maintainer_team_key", team)] {
        if !owner.is_empty() {
            all.push((column, json!(owner)));
        }
    }
    account.flag("shop", flag, 90.0, &all);
}

#[test]
fn a_flag_is_unowned_without_an_existing_maintainer() {
    let account = account();
    maintained(&account, "a", "", "", &[]);
    maintained(&account, "b", "ada", "", &[]);
    maintained(&account, "c", "bob", "", &[]);
    maintained(&account, "d", "", "web", &[]);
    maintained(&account, "e", "", "old", &[]);
    maintained(&account, "f", "ada", "old", &[]);
    maintained(&account, "g", "bob", "web", &[]);
    maintained(&account, "h", "bob", "old", &[]);
    maintained(&account, "i", "", "", &[("maintainer_email", json!("eve@example.com"))]);
    assert_eq!(
        account.rows(UNOWNED),
        [
            "a | none | NULL | NULL",
            "c | departed | bob | NULL",
            "e | departed | NULL | old",
            "h | departed | bob | old",
        ]
    );
}

#[test]
fn archived_flags_need_no_owner_and_deprecated_ones_do() {
    let account = account();
    maintained(&account, "archived", "bob", "", &[("state", json!("archived"))]);
    maintained(&account, "deprecated", "bob", "", &[("state", json!("deprecated"))]);
    assert_eq!(account.rows(UNOWNED), ["deprecated | departed | bob | NULL"]);
}

#[test]
fn nobody_is_missing_without_members_and_teams_read() {
    let account = account();
    maintained(&account, "a", "bob", "", &[]);
    maintained(&account, "b", "", "old", &[]);
    maintained(&account, "c", "bob", "old", &[]);
    maintained(&account, "d", "", "", &[]);
    account.outcome("members", "", "invalid_permissions");
    assert_eq!(account.rows(UNOWNED), ["b | departed | NULL | old", "d | none | NULL | NULL"]);
    account.outcome("members", "", "complete").outcome("teams", "", "not_available");
    assert_eq!(account.rows(UNOWNED), ["a | departed | bob | NULL", "d | none | NULL | NULL"]);
}

#[test]
fn debt_is_counted_by_owner_and_a_team_comes_before_a_member() {
    let account = account();
    maintained(&account, "a", "ada", "", &[]);
    maintained(&account, "b", "ada", "web", &[]);
    maintained(&account, "c", "", "web", &[]);
    maintained(&account, "d", "bob", "", &[("maintainer_email", json!("bob@example.com"))]);
    maintained(&account, "e", "", "old", &[]);
    maintained(&account, "f", "", "", &[]);
    maintained(&account, "g", "", "", &[("maintainer_email", json!("eve@example.com"))]);
    for flag in ["a", "b", "c", "d", "e", "f", "g"] {
        account.status(("shop", flag, "production"), "active", None);
    }
    assert_eq!(
        account.rows(DEBT),
        [
            "member | ada | ada@example.com | 0 | 1 | 0 | 0 | 0",
            "member | bob | bob@example.com | 1 | 1 | 0 | 0 | 0",
            "member | eve@example.com | eve@example.com | NULL | 1 | 0 | 0 | 0",
            "none | NULL | NULL | NULL | 1 | 0 | 0 | 0",
            "team | old | NULL | 1 | 1 | 0 | 0 | 0",
            "team | web | Web | 0 | 2 | 0 | 0 | 0",
        ]
    );
}

#[test]
fn debt_counts_what_is_known_and_says_how_much_is_not() {
    let account = account();
    for (flag, status) in [("a", "launched"), ("b", "launched"), ("c", "inactive"), ("d", "active")]
    {
        maintained(&account, flag, "ada", "", &[]);
        account.status(("shop", flag, "production"), status, None);
    }
    account.code_reference("shop", "a").code_reference("shop", "b");
    maintained(&account, "e", "ada", "", &[]);
    maintained(&account, "f", "ada", "", &[("state", json!("deprecated"))]);
    maintained(&account, "g", "bob", "", &[("state", json!("deprecated"))]);
    maintained(&account, "h", "cyd", "", &[("state", json!("archived"))]);
    assert_eq!(
        account.rows(DEBT),
        [
            "member | ada | ada@example.com | 0 | 5 | 2 | 1 | 1",
            "member | bob | NULL | 1 | 0 | 0 | 0 | 0",
        ]
    );
    account.outcome("code_references", "shop", "skipped");
    assert_eq!(account.rows(DEBT)[0], "member | ada | ada@example.com | 0 | 5 | 0 | 0 | 4");
}

#[test]
fn a_missing_owner_is_unknown_if_the_list_was_not_read() {
    let account = account();
    maintained(&account, "a", "bob", "", &[]);
    maintained(&account, "b", "", "old", &[]);
    account.outcome("members", "", "skipped").outcome("teams", "", "skipped");
    let sql = "SELECT owner, is_departed FROM owner_debt ORDER BY 1";
    assert_eq!(account.rows(sql), ["bob | NULL", "old | NULL"]);
}
