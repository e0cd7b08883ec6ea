//! `flag_lifetimes` and `flag_velocity`.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

const LIFETIMES: &str = "SELECT flag_key, temporary, lifetime_days, is_over_norm
                         FROM flag_lifetimes ORDER BY 1";
const VELOCITY: &str = "SELECT * FROM flag_velocity ORDER BY 1";
/// Half a second, in days.
const MOMENT: f64 = 0.5 / 86_400.0;

/// A flag that was created and archived so many days ago.
fn archived(account: &Account, flag: &str, created: f64, archived: f64, temporary: bool) {
    let cells = [
        ("state", json!("archived")),
        ("archived_at", ago(archived)),
        ("temporary", json!(temporary)),
    ];
    account.flag("shop", flag, created, &cells);
}

#[test]
fn a_lifetime_is_over_the_norm_after_exactly_ninety_days() {
    let account = Account::new();
    account.project("shop");
    archived(&account, "a", 100.0, 10.0, true);
    archived(&account, "b", 100.0, 10.0 - MOMENT, true);
    archived(&account, "c", 100.0, 10.0 + MOMENT, true);
    archived(&account, "d", 400.0, 10.0, false);
    archived(&account, "e", 5.0, 5.0, true);
    assert_eq!(
        account.rows(LIFETIMES),
        ["a | 1 | 90 | 0", "b | 1 | 90 | 1", "c | 1 | 89 | 0", "d | 0 | 390 | 0", "e | 1 | 0 | 0"]
    );
    account.threshold("flag_lifetime", 89.0);
    assert_eq!(
        account.rows("SELECT flag_key FROM flag_lifetimes WHERE is_over_norm"),
        ["a", "b", "c"]
    );
}

#[test]
fn only_archived_flags_with_a_time_have_a_lifetime() {
    let account = Account::new();
    account.project("shop").flag("shop", "live", 90.0, &[]);
    account.flag("shop", "deprecated", 90.0, &[("state", json!("deprecated"))]);
    account.flag("shop", "restored", 90.0, &[("archived_at", ago(5.0))]);
    account.flag("shop", "timeless", 90.0, &[("state", json!("archived"))]);
    assert_eq!(account.rows(LIFETIMES), [""; 0]);
}

#[test]
fn months_in_which_something_happened_are_counted() {
    let account = Account::new();
    assert_eq!(account.rows(VELOCITY), [""; 0]);
    account.project("shop").project("blog");
    let created = |time: &str| ("created_at", json!(time));
    let states = |time: &str| [("state", json!("archived")), ("archived_at", json!(time))];
    let flag = |project: &str, flag: &str, cells: &[(&str, Value)]| {
        account.flag(project, flag, 0.0, cells);
    };
    flag("shop", "a", &[created("2026-01-01T00:00:00.000Z")]);
    flag("blog", "a", &[created("2026-01-31T23:59:59.999Z")]);
    flag("shop", "b", &[created("2026-02-01T00:00:00.000Z")]);
    let [state, archived] = states("2026-04-30T23:59:59.999Z");
    flag("shop", "c", &[created("2025-12-31T23:59:59.999Z"), state, archived]);
    let [state, archived] = states("2026-02-01T00:00:00.000Z");
    flag("shop", "d", &[created("2026-02-01T00:00:00.000Z"), state, archived]);
    assert_eq!(
        account.rows(VELOCITY),
        [
            "2025-12 | 1 | 0 | 1",
            "2026-01 | 2 | 0 | 2",
            "2026-02 | 2 | 1 | 1",
            "2026-04 | 0 | 1 | -1"
        ]
    );
}
