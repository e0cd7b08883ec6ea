//! `status_counts`, `never_requested_flags`, `inactive_flags` and `launched_flags`.

use crate::views::account::{Account, MOMENT};

const COUNTS: &str = "SELECT project_key, environment_key, status, flags
                      FROM status_counts ORDER BY 1, 2, 3";
const NEVER_REQUESTED: &str = "SELECT project_key, flag_key, temporary, age_days
                               FROM never_requested_flags ORDER BY 1, 2";
const INACTIVE: &str = "SELECT environment_key, flag_key, temporary, inactive_days
                        FROM inactive_flags ORDER BY 1, 2";
const LAUNCHED: &str = "SELECT environment_key, flag_key, temporary, unchanged_days
                        FROM launched_flags ORDER BY 1, 2";

/// Two environments, of which the second is not critical.
fn account() -> Account {
    let account = Account::new();
    account.project("shop");
    account.environment("shop", "production", true).environment("shop", "test", false);
    account
}

/// A flag that is quiet in both environments.
fn unrequested(account: &Account, flag: &str, days: f64) {
    account.flag("shop", flag, days, &[]);
    account.status(("shop", flag, "production"), "inactive", None);
    account.status(("shop", flag, "test"), "new", None);
}

#[test]
fn statuses_are_counted_by_environment() {
    let account = account();
    account.project("web").environment("web", "production", true);
    account.project("bare").environment("bare", "production", true);
    for (flag, state) in [("a", "live"), ("b", "live"), ("c", "deprecated"), ("d", "archived")] {
        account.flag("shop", flag, 1.0, &[("state", state.into())]);
        account.status(("shop", flag, "production"), "inactive", None);
    }
    account.status(("shop", "a", "test"), "new", None);
    account.flag("web", "a", 1.0, &[]).status(("web", "a", "production"), "active", Some(0.0));
    assert_eq!(
        account.rows(COUNTS),
        [
            "shop | production | inactive | 3",
            "shop | test | new | 1",
            "shop | test | unknown | 2",
            "web | production | active | 1",
        ]
    );
}

#[test]
fn statuses_that_an_earlier_run_has_read_are_unknown() {
    let account = account();
    account.flag("shop", "a", 1.0, &[]);
    for environment in ["production", "test"] {
        account.status(("shop", "a", environment), "active", Some(0.0));
    }
    account.outcome("flag_statuses", "shop/test", "invalid_permissions");
    assert_eq!(
        account.rows(COUNTS),
        ["shop | production | active | 1", "shop | test | unknown | 1"]
    );
}

#[test]
fn a_run_that_skips_statuses_knows_none() {
    let account = account();
    account.flag("shop", "a", 1.0, &[]).status(("shop", "a", "test"), "active", Some(0.0));
    account.connection.execute("DELETE FROM extraction_resources", []).unwrap();
    account.outcome("flag_statuses", "", "skipped");
    assert_eq!(
        account.rows(COUNTS),
        ["shop | production | unknown | 1", "shop | test | unknown | 1"]
    );
}

#[test]
fn an_empty_account_has_nothing_to_count() {
    for sql in [COUNTS, NEVER_REQUESTED, INACTIVE, LAUNCHED] {
        assert_eq!(Account::new().rows(sql), [""; 0]);
    }
}

#[test]
fn a_flag_counts_as_never_requested_from_exactly_seven_days_on() {
    let account = account();
    unrequested(&account, "at", 7.0);
    unrequested(&account, "before", 7.0 - MOMENT);
    assert_eq!(account.rows(NEVER_REQUESTED), ["shop | at | 1 | 7"]);
    account.threshold("never_requested_age", 7.5);
    assert_eq!(account.rows(NEVER_REQUESTED), [""; 0]);
}

#[test]
fn one_request_anywhere_is_a_request() {
    let account = account();
    account.project("web").environment("web", "production", true);
    for project in ["shop", "web"] {
        account.flag(project, "a", 90.0, &[("temporary", false.into())]);
        account.status((project, "a", "production"), "inactive", None);
    }
    account.status(("shop", "a", "test"), "inactive", Some(80.0));
    assert_eq!(account.rows(NEVER_REQUESTED), ["web | a | 0 | 90"]);
}

#[test]
fn archived_flags_are_not_asked_for_and_that_is_fine() {
    let account = account();
    for state in ["live", "deprecated", "archived"] {
        account.flag("shop", state, 90.0, &[("state", state.into())]);
        for environment in ["production", "test"] {
            account.status(("shop", state, environment), "inactive", None);
        }
    }
    assert_eq!(
        account.rows(NEVER_REQUESTED),
        ["shop | deprecated | 1 | 90", "shop | live | 1 | 90"]
    );
}

#[test]
fn a_flag_with_an_unknown_status_may_have_been_requested() {
    let account = account();
    unrequested(&account, "known", 90.0);
    account.flag("shop", "half", 90.0, &[]);
    account.status(("shop", "half", "production"), "inactive", None);
    account.project("bare").flag("bare", "nowhere", 90.0, &[]);
    assert_eq!(account.rows(NEVER_REQUESTED), ["shop | known | 1 | 90"]);
    account.outcome("flag_statuses", "shop/test", "not_available");
    assert_eq!(account.rows(NEVER_REQUESTED), [""; 0]);
}

#[test]
fn an_inactive_flag_counts_from_exactly_thirty_days_on() {
    let account = account();
    for (flag, status, requested) in [
        ("at", "inactive", Some(30.0)),
        ("before", "inactive", Some(30.0 - MOMENT)),
        ("launched", "launched", Some(30.0)),
        ("never", "inactive", None),
    ] {
        account.flag("shop", flag, 400.0, &[("temporary", (flag != "at").into())]);
        account.status(("shop", flag, "test"), status, requested);
    }
    account.flag("shop", "archived", 400.0, &[("state", "archived".into())]);
    account.status(("shop", "archived", "test"), "inactive", Some(99.0));
    assert_eq!(account.rows(INACTIVE), ["test | at | 0 | 30"]);
    account.threshold("inactive", 29.0);
    assert_eq!(account.rows(INACTIVE), ["test | at | 0 | 30", "test | before | 1 | 29"]);
}

#[test]
fn a_launched_flag_counts_from_exactly_thirty_days_on() {
    let account = account();
    for (flag, status, changed) in [
        ("at", "launched", 30.0),
        ("before", "launched", 30.0 - MOMENT),
        ("inactive", "inactive", 30.0),
    ] {
        account.flag("shop", flag, 400.0, &[("temporary", (flag != "at").into())]);
        account.status(("shop", flag, "test"), status, Some(0.0));
        account.configuration(("shop", flag, "test"), changed, &[]);
        account.configuration(("shop", flag, "production"), 99.0, &[]);
    }
    account.flag("shop", "archived", 400.0, &[("state", "archived".into())]);
    account.status(("shop", "archived", "test"), "launched", Some(0.0));
    account.configuration(("shop", "archived", "test"), 99.0, &[]);
    assert_eq!(account.rows(LAUNCHED), ["test | at | 0 | 30"]);
    account.threshold("launched_unchanged", 29.0);
    assert_eq!(account.rows(LAUNCHED), ["test | at | 0 | 30", "test | before | 1 | 29"]);
}

#[test]
fn what_an_earlier_run_has_read_lists_no_flag() {
    let account = account();
    account.flag("shop", "a", 400.0, &[]).flag("shop", "b", 400.0, &[]);
    for environment in ["production", "test"] {
        account.status(("shop", "a", environment), "inactive", Some(99.0));
        account.status(("shop", "b", environment), "launched", Some(0.0));
        account.configuration(("shop", "b", environment), 99.0, &[]);
    }
    account.outcome("flag_statuses", "shop/production", "invalid_permissions");
    assert_eq!(account.rows(INACTIVE), ["test | a | 1 | 99"]);
    assert_eq!(account.rows(LAUNCHED), ["test | b | 1 | 99"]);
}
