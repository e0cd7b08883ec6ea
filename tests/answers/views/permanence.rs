//! `temporary_turned_permanent`.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

const TURNED: &str = "SELECT flag_key, extraction_id, seen_at, is_still_permanent
                      FROM temporary_turned_permanent ORDER BY 1, 3";

/// Versions of a flag that was created 90 days ago: its state from one day to another. The last
/// version has no end.
fn versions(account: &Account, flag: &str, versions: &[(bool, f64)]) {
    for (index, (temporary, from)) in versions.iter().enumerate() {
        let to = versions.get(index + 1).map_or(Value::Null, |(_, from)| ago(*from));
        version(account, flag, *temporary, (*from, to), 90.0);
    }
}

fn version(account: &Account, flag: &str, temporary: bool, (from, to): (f64, Value), created: f64) {
    account.insert(
        "flags_history",
        &[
            ("project_key", json!("shop")),
            ("flag_key", json!(flag)),
            ("temporary", json!(temporary)),
            ("created_at", ago(created)),
            ("valid_from", ago(from)),
            ("valid_to", to),
            ("extraction_id", json!(format!("run {from}"))),
        ],
    );
}

#[test]
fn a_flag_is_listed_each_time_that_it_turned_permanent() {
    let account = Account::new();
    account.project("shop");
    for (flag, temporary) in [("a", false), ("b", true), ("d", true)] {
        account.flag("shop", flag, 90.0, &[("temporary", json!(temporary))]);
    }
    versions(&account, "a", &[(true, 9.0), (true, 8.0), (false, 7.0), (false, 6.0)]);
    versions(&account, "b", &[(true, 9.0), (false, 5.0), (true, 4.0), (false, 3.0), (true, 2.0)]);
    versions(&account, "c", &[(true, 9.0), (false, 1.0)]);
    versions(&account, "d", &[(false, 9.0), (true, 1.0)]);
    versions(&account, "e", &[(false, 9.0)]);
    assert_eq!(
        account.rows(TURNED),
        [
            "a | run 7 | 2026-11-13T02:00:00.000Z | 1",
            "b | run 5 | 2026-11-15T02:00:00.000Z | 0",
            "b | run 3 | 2026-11-17T02:00:00.000Z | 0",
            "c | run 1 | 2026-11-19T02:00:00.000Z | NULL",
        ]
    );
}

#[test]
fn a_flag_created_again_did_not_turn_permanent() {
    let account = Account::new();
    account.project("shop");
    version(&account, "a", true, (9.0, ago(5.0)), 90.0);
    version(&account, "a", false, (5.0, Value::Null), 6.0);
    version(&account, "b", true, (9.0, ago(5.0)), 90.0);
    version(&account, "b", false, (2.0, Value::Null), 3.0);
    assert_eq!(account.rows(TURNED), [""; 0]);
}

#[test]
fn without_history_nothing_is_known_to_have_turned() {
    let account = Account::new();
    account.project("shop").flag("shop", "a", 90.0, &[("temporary", json!(false))]);
    assert_eq!(account.rows(TURNED), [""; 0]);
}

#[test]
fn a_flag_that_turned_while_runs_did_not_find_it_is_listed() {
    let account = Account::new();
    account.project("shop");
    // Its project was missing for one night, or for many.
    version(&account, "a", true, (9.0, ago(5.0)), 90.0);
    version(&account, "a", false, (4.0, Value::Null), 90.0);
    version(&account, "b", true, (80.0, ago(79.0)), 90.0);
    version(&account, "b", false, (1.0, Value::Null), 90.0);
    // It was permanent before and after.
    version(&account, "c", true, (9.0, ago(8.0)), 90.0);
    version(&account, "c", false, (8.0, ago(7.0)), 90.0);
    version(&account, "c", false, (5.0, Value::Null), 90.0);
    assert_eq!(
        account.rows(TURNED),
        [
            "a | run 4 | 2026-11-16T02:00:00.000Z | NULL",
            "b | run 1 | 2026-11-19T02:00:00.000Z | NULL",
            "c | run 8 | 2026-11-12T02:00:00.000Z | NULL",
        ]
    );
}
