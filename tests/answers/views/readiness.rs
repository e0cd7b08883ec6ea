//! `flag_readiness`: every condition is 1, 0 or unknown.

use serde_json::json;

use crate::views::account::Account;

const STATUSES: &str = "SELECT flag_key, launched, inactive, active FROM flag_readiness ORDER BY 1";
const READY: &str = "SELECT flag_key, ready_for_code_removal, ready_to_archive
                     FROM flag_readiness ORDER BY 1";
/// Half a second, in days.
const MOMENT: f64 = 0.5 / 86_400.0;

/// A project with two critical environments and one that is not.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "eu", true).environment("shop", "us", true);
    account.environment("shop", "test", false);
    account
}

/// An old flag with a status in each critical environment; empty where there is none.
fn settled(account: &Account, flag: &str, eu: &str, us: &str) {
    account.flag("shop", flag, 90.0, &[]);
    for (environment, status) in [("eu", eu), ("us", us)] {
        if !status.is_empty() {
            account.status(("shop", flag, environment), status, None);
        }
    }
}

#[test]
fn a_status_counts_where_all_critical_environments_have_it() {
    let account = account();
    settled(&account, "a", "launched", "launched");
    settled(&account, "b", "inactive", "inactive");
    settled(&account, "c", "launched", "inactive");
    settled(&account, "d", "launched", "active");
    settled(&account, "e", "new", "new");
    account.status(("shop", "a", "test"), "active", None);
    account.status(("shop", "b", "test"), "launched", None);
    assert_eq!(
        account.rows(STATUSES),
        ["a | 1 | 0 | 0", "b | 0 | 1 | 0", "c | 0 | 0 | 0", "d | 0 | 0 | 1", "e | 0 | 0 | 1"]
    );
}

#[test]
fn a_missing_status_leaves_open_what_the_others_do_not_decide() {
    let account = account();
    settled(&account, "a", "launched", "");
    settled(&account, "b", "", "inactive");
    settled(&account, "c", "new", "");
    settled(&account, "d", "", "");
    assert_eq!(
        account.rows(STATUSES),
        ["a | NULL | 0 | NULL", "b | 0 | NULL | NULL", "c | 0 | 0 | 1", "d | NULL | NULL | NULL"]
    );
}

#[test]
fn statuses_that_the_newest_run_did_not_read_say_nothing() {
    let account = account();
    settled(&account, "a", "launched", "launched");
    settled(&account, "b", "launched", "active");
    settled(&account, "c", "active", "launched");
    account.outcome("flag_statuses", "shop/us", "invalid_permissions");
    assert_eq!(
        account.rows(STATUSES),
        ["a | NULL | 0 | NULL", "b | NULL | 0 | NULL", "c | 0 | 0 | 1"]
    );
}

#[test]
fn without_a_critical_environment_statuses_decide_nothing() {
    let account = Account::new();
    account.project("shop").environment("shop", "test", false).flag("shop", "a", 90.0, &[]);
    account.status(("shop", "a", "test"), "launched", None).code_reference("shop", "a");
    let sql = "SELECT critical_environments, launched, inactive, active, ready_for_code_removal,
                      ready_to_archive FROM flag_readiness";
    assert_eq!(account.rows(sql), ["0 | NULL | NULL | NULL | NULL | 0"]);
}

#[test]
fn code_references_are_known_where_they_were_read() {
    let account = account();
    account.project("blog").project("wiki");
    for project in ["blog", "shop", "wiki"] {
        account.flag(project, "a", 90.0, &[]).flag(project, "b", 90.0, &[]);
    }
    account.code_reference("shop", "a").code_reference("wiki", "b");
    account.outcome("code_references", "wiki", "not_available");
    let sql = "SELECT project_key, flag_key, has_code_references FROM flag_readiness ORDER BY 1, 2";
    assert_eq!(
        account.rows(sql),
        [
            "blog | a | 0",
            "blog | b | 0",
            "shop | a | 1",
            "shop | b | 0",
            "wiki | a | NULL",
            "wiki | b | NULL"
        ]
    );
}

#[test]
fn dependents_count_where_they_are_unless_they_are_archived() {
    let account = account();
    account.project("blog").environment("blog", "eu", true).flag("blog", "a", 90.0, &[]);
    for flag in ["a", "b", "c", "dependent"] {
        account.flag("shop", flag, 90.0, &[]);
    }
    account.flag("shop", "gone", 90.0, &[("state", json!("archived"))]);
    for (dependent, environment) in [("dependent", "us"), ("dependent", "test"), ("gone", "eu")] {
        account.configuration(("shop", dependent, environment), 9.0, &[]);
    }
    account.prerequisite(("shop", "dependent", "us"), "a");
    account.prerequisite(("shop", "dependent", "test"), "a");
    account.prerequisite(("shop", "dependent", "test"), "b");
    account.prerequisite(("shop", "gone", "eu"), "c");
    let sql = "SELECT project_key, flag_key, is_prerequisite, is_critical_prerequisite
               FROM flag_readiness ORDER BY 1, 2";
    assert_eq!(
        account.rows(sql),
        [
            "blog | a | 0 | 0",
            "shop | a | 1 | 1",
            "shop | b | 1 | 0",
            "shop | c | 0 | 0",
            "shop | dependent | 0 | 0"
        ]
    );
}

#[test]
fn a_flag_is_ready_when_every_condition_holds() {
    let account = account();
    settled(&account, "archive", "inactive", "inactive");
    settled(&account, "remove", "launched", "launched");
    settled(&account, "unmentioned", "launched", "launched");
    settled(&account, "mentioned", "inactive", "inactive");
    account.code_reference("shop", "remove").code_reference("shop", "mentioned");
    assert_eq!(
        account.rows(READY),
        ["archive | 0 | 1", "mentioned | 0 | 0", "remove | 1 | 0", "unmentioned | 0 | 0"]
    );
}

#[test]
fn a_dependent_that_is_not_critical_blocks_archiving_only() {
    let account = account();
    for (flag, status) in [("a", "launched"), ("b", "launched"), ("c", "inactive")] {
        settled(&account, flag, status, status);
    }
    account.code_reference("shop", "a").code_reference("shop", "b");
    settled(&account, "dependent", "active", "active");
    account.configuration(("shop", "dependent", "eu"), 9.0, &[]);
    account.configuration(("shop", "dependent", "test"), 9.0, &[]);
    account.prerequisite(("shop", "dependent", "eu"), "a");
    account.prerequisite(("shop", "dependent", "test"), "b");
    account.prerequisite(("shop", "dependent", "test"), "c");
    assert_eq!(account.rows(READY), ["a | 0 | 0", "b | 1 | 0", "c | 0 | 0", "dependent | 0 | 0"]);
}

#[test]
fn one_failed_condition_decides_despite_unknown_ones() {
    let account = account();
    account.outcome("code_references", "shop", "skipped");
    settled(&account, "launched", "launched", "launched");
    settled(&account, "half", "inactive", "");
    settled(&account, "active", "active", "");
    account.flag("shop", "permanent", 90.0, &[("temporary", json!(false))]);
    account.flag("shop", "deprecated", 90.0, &[("state", json!("deprecated"))]);
    account.flag("shop", "young", 29.0, &[]);
    assert_eq!(
        account.rows(READY),
        [
            "active | 0 | 0",
            "deprecated | 0 | 0",
            "half | 0 | NULL",
            "launched | NULL | 0",
            "permanent | 0 | 0",
            "young | 0 | 0"
        ]
    );
}

#[test]
fn a_flag_is_old_after_exactly_thirty_days_by_default() {
    let account = account();
    account.flag("shop", "at", 30.0, &[]).flag("shop", "before", 30.0 - MOMENT, &[]);
    let sql = "SELECT flag_key, is_old FROM flag_readiness ORDER BY 1";
    assert_eq!(account.rows(sql), ["at | 1", "before | 0"]);
    account.threshold("lifecycle_age", 29.0);
    assert_eq!(account.rows(sql), ["at | 1", "before | 1"]);
    account.threshold("lifecycle_age", 31.0);
    assert_eq!(account.rows(sql), ["at | 0", "before | 0"]);
}

#[test]
fn archived_flags_have_no_row_and_an_empty_account_has_none() {
    let account = account();
    assert_eq!(account.rows(READY), [""; 0]);
    account.flag("shop", "gone", 90.0, &[("state", json!("archived"))]);
    assert_eq!(account.rows(READY), [""; 0]);
}

#[test]
fn flags_of_an_earlier_run_are_judged_by_the_newest_one() {
    let account = account();
    settled(&account, "a", "inactive", "inactive");
    account.outcome("flags", "shop", "skipped");
    assert_eq!(account.rows(READY), ["a | 0 | 1"]);
}
