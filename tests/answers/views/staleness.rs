//! `stale_flags` and `stale_percentages`.

use crate::views::account::{Account, MOMENT};

const STALE: &str = "SELECT environment_key, flag_key, status, age_days, status_days
                     FROM stale_flags ORDER BY 1, 2";
const PERCENTAGES: &str =
    "SELECT environment_key, temporary_flags, stale_flags, stale_percentage, unknown_flags
                           FROM stale_percentages ORDER BY 1";

fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account
}

fn quiet(account: &Account, flag: &str, status: &str, requested: Option<f64>, changed: f64) {
    account.configuration(("shop", flag, "production"), changed, &[]);
    account.status(("shop", flag, "production"), status, requested);
}

#[test]
fn a_flag_is_stale_from_exactly_thirty_days_on() {
    let account = account();
    account.flag("shop", "at", 30.0, &[]).flag("shop", "before", 30.0 - MOMENT, &[]);
    quiet(&account, "at", "inactive", None, 30.0);
    quiet(&account, "before", "inactive", None, 30.0);
    assert_eq!(account.rows(STALE), ["production | at | inactive | 30 | 30"]);
}

#[test]
fn a_flag_is_stale_after_exactly_seven_quiet_days() {
    let account = account();
    for (flag, status, requested, changed) in [
        ("a", "inactive", Some(7.0), 1.0),
        ("b", "inactive", Some(7.0 - MOMENT), 300.0),
        ("c", "launched", Some(0.0), 7.0),
        ("d", "launched", Some(300.0), 7.0 - MOMENT),
    ] {
        account.flag("shop", flag, 400.0, &[]);
        quiet(&account, flag, status, requested, changed);
    }
    assert_eq!(
        account.rows(STALE),
        ["production | a | inactive | 400 | 7", "production | c | launched | 400 | 7"]
    );
}

#[test]
fn what_flaglake_has_seen_for_longer_counts() {
    let account = account();
    account.flag("shop", "seen", 400.0, &[]);
    quiet(&account, "seen", "inactive", Some(2.0), 2.0);
    assert_eq!(account.rows(STALE), [""; 0]);
    account
        .connection
        .execute("UPDATE flag_statuses SET status_since = '2026-11-10T02:00:00.000Z'", [])
        .unwrap();
    assert_eq!(account.rows(STALE), ["production | seen | inactive | 400 | 10"]);
}

#[test]
fn permanent_archived_active_and_new_flags_are_not_stale() {
    let account = account();
    account
        .flag("shop", "permanent", 99.0, &[("temporary", false.into())])
        .flag("shop", "archived", 99.0, &[("state", "archived".into())])
        .flag("shop", "active", 99.0, &[])
        .flag("shop", "new", 99.0, &[])
        .flag("shop", "deprecated", 99.0, &[("state", "deprecated".into())]);
    for flag in ["permanent", "archived", "deprecated"] {
        quiet(&account, flag, "inactive", None, 99.0);
    }
    quiet(&account, "active", "active", Some(0.0), 99.0);
    quiet(&account, "new", "new", None, 99.0);
    assert_eq!(account.rows(STALE), ["production | deprecated | inactive | 99 | 99"]);
}

#[test]
fn thresholds_that_a_user_changes_count_at_once() {
    let account = account();
    account.flag("shop", "young", 10.0, &[]);
    quiet(&account, "young", "inactive", Some(4.0), 9.0);
    assert_eq!(account.rows(STALE), [""; 0]);
    account.threshold("stale_flag_age", 10.0).threshold("stale_status", 4.0);
    assert_eq!(account.rows(STALE), ["production | young | inactive | 10 | 4"]);
}

#[test]
fn the_percentage_is_unknown_with_an_unknown_status() {
    let account = account();
    account.environment("shop", "test", false).environment("shop", "unread", false);
    account.project("empty").environment("empty", "none", true);
    for flag in ["a", "b", "c", "young"] {
        account.flag("shop", flag, if flag == "young" { 3.0 } else { 90.0 }, &[]);
    }
    account.flag("shop", "permanent", 90.0, &[("temporary", false.into())]);
    for environment in ["production", "unread"] {
        account.status(("shop", "a", environment), "inactive", None);
        account.status(("shop", "b", environment), "active", Some(0.0));
        account.status(("shop", "c", environment), "inactive", Some(20.0));
        account.status(("shop", "permanent", environment), "inactive", None);
    }
    account.status(("shop", "a", "test"), "inactive", None);
    account.outcome("flag_statuses", "shop/unread", "invalid_permissions");
    assert_eq!(
        account.rows(PERCENTAGES),
        [
            "none | 0 | 0 | NULL | 0",
            "production | 4 | 2 | 50 | 0",
            "test | 4 | NULL | NULL | 2",
            "unread | 4 | NULL | NULL | 3",
        ]
    );
}

#[test]
fn a_project_whose_flags_were_never_read_is_unknown() {
    let account = Account::new();
    account.project("never").environment("never", "production", true);
    let sql = "SELECT temporary_flags, stale_flags, stale_percentage, unknown_flags
               FROM stale_percentages";
    assert_eq!(account.rows(sql), ["0 | 0 | NULL | 0"]);
    account.outcome("flags", "never", "skipped");
    assert_eq!(account.rows(sql), ["NULL | NULL | NULL | NULL"]);
}

#[test]
fn statuses_that_an_earlier_run_has_read_do_not_count() {
    let account = account();
    account.environment("shop", "test", false).flag("shop", "a", 90.0, &[]);
    for environment in ["production", "test"] {
        account.status(("shop", "a", environment), "inactive", None);
    }
    account.outcome("flag_statuses", "shop/production", "invalid_permissions");
    assert_eq!(account.rows(STALE), ["test | a | inactive | 90 | 90"]);
    assert_eq!(
        account.rows(PERCENTAGES),
        ["production | 1 | NULL | NULL | 1", "test | 1 | 1 | 100 | 0"]
    );
}

#[test]
fn a_launched_flag_without_a_configuration_is_unknown() {
    let account = account();
    account.flag("shop", "a", 90.0, &[]).status(("shop", "a", "production"), "launched", None);
    assert_eq!(account.rows(STALE), [""; 0]);
}

#[test]
fn a_flag_is_quiet_since_the_earlier_known_moment() {
    let account = account();
    for (flag, status) in [("inactive", "inactive"), ("launched", "launched")] {
        account.flag("shop", flag, 400.0, &[]);
        quiet(&account, flag, status, Some(40.0), 50.0);
    }
    let sql = "SELECT flag_key, substr(quiet_since, 1, 10), status_days
               FROM stale_flags ORDER BY 1";
    let seen = |day: &str| {
        let update = format!("UPDATE flag_statuses SET status_since = '{day}T02:00:00.000Z'");
        account.connection.execute(&update, []).unwrap();
        account.rows(sql)
    };
    assert_eq!(seen("2026-11-10"), ["inactive | 2026-10-11 | 40", "launched | 2026-10-01 | 50"]);
    assert_eq!(seen("2026-10-06"), ["inactive | 2026-10-06 | 45", "launched | 2026-10-01 | 50"]);
    assert_eq!(seen("2026-09-21"), ["inactive | 2026-09-21 | 60", "launched | 2026-09-21 | 60"]);
}
