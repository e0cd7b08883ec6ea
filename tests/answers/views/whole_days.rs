//! Every column that counts days counts whole days: to the millisecond, whatever the time of day.

use std::collections::BTreeSet;

use flaglake::model::table::Type;
use flaglake::model::view;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::views::account::{Account, NOW};

const DAY_MS: i64 = 86_400_000;
/// Ages in days. A millisecond more or less is added to each.
const DAYS: [i64; 9] = [1, 2, 7, 30, 89, 90, 365, 1000, 3999];
/// Times of day of a run, in milliseconds after [`NOW`]. Fractions of a day differ in binary.
const CLOCKS: [i64; 6] = [0, 1, 3_599_999, 12_345_678, 43_200_000, 79_199_999];

/// A column, the column that tells its rows apart, and how to insert a row: with a name, a time,
/// and the time until which the column counts.
struct Case {
    view: &'static str,
    column: &'static str,
    key: &'static str,
    insert: fn(&Account, &str, Value, Value),
}

const CASES: &[Case] = &[
    Case { view: "stale_flags", column: "age_days", key: "flag_key", insert: inactive },
    Case { view: "stale_flags", column: "status_days", key: "flag_key", insert: inactive },
    Case { view: "never_requested_flags", column: "age_days", key: "flag_key", insert: unused },
    Case { view: "inactive_flags", column: "inactive_days", key: "flag_key", insert: inactive },
    Case { view: "launched_flags", column: "unchanged_days", key: "flag_key", insert: launched },
    Case { view: "flag_lifetimes", column: "lifetime_days", key: "flag_key", insert: archived },
    Case { view: "access_hygiene", column: "days", key: "subject", insert: unseen },
    Case {
        view: "quiet_environments",
        column: "quiet_days",
        key: "environment_key",
        insert: quiet,
    },
    Case {
        view: "code_removal_to_archive",
        column: "archive_days",
        key: "flag_key",
        insert: removed_and_archived,
    },
    Case {
        view: "code_removal_to_archive",
        column: "waiting_days",
        key: "flag_key",
        insert: removed,
    },
];

fn flag(account: &Account, name: &str, cells: &[(&str, Value)]) {
    account.flag("shop", name, 0.0, cells);
}

fn status(account: &Account, name: &str, status: &str, requested: Value) {
    let keys = [("project_key", json!("shop")), ("environment_key", json!("production"))];
    let cells =
        [("flag_key", json!(name)), ("status", json!(status)), ("last_requested_at", requested)];
    account.insert("flag_statuses", &[&keys[..], &cells].concat());
}

fn inactive(account: &Account, name: &str, then: Value, _: Value) {
    flag(account, name, &[("created_at", then.clone())]);
    status(account, name, "inactive", then);
}

fn unused(account: &Account, name: &str, then: Value, _: Value) {
    flag(account, name, &[("created_at", then)]);
    status(account, name, "new", Value::Null);
}

fn launched(account: &Account, name: &str, then: Value, _: Value) {
    flag(account, name, &[]);
    status(account, name, "launched", Value::Null);
    account.configuration(("shop", name, "production"), 0.0, &[]);
    let sql = "UPDATE flag_environments SET last_modified_at = ?1 WHERE flag_key = ?2";
    account.connection.execute(sql, [then.as_str().unwrap(), name]).unwrap();
}

fn archived(account: &Account, name: &str, then: Value, now: Value) {
    let state = [("state", json!("archived")), ("created_at", then), ("archived_at", now)];
    flag(account, name, &state);
}

fn unseen(account: &Account, name: &str, then: Value, _: Value) {
    let cells = [("member_id", json!(name)), ("last_seen_at", then), ("verified", json!(true))];
    account.insert("members", &cells);
}

fn quiet(account: &Account, name: &str, then: Value, _: Value) {
    account.environment("shop", name, false);
    let keys = [("project_key", json!("shop")), ("environment_key", json!(name))];
    let cells = [("flag_key", json!("one")), ("status", json!("inactive"))];
    let cells = [&keys[..], &cells, &[("last_requested_at", then)]].concat();
    account.insert("flag_statuses", &cells);
}

fn removed(account: &Account, name: &str, then: Value, _: Value) {
    flag(account, name, &[("created_at", json!("2000-01-01T00:00:00.000Z"))]);
    version(account, name, then);
}

fn removed_and_archived(account: &Account, name: &str, then: Value, now: Value) {
    let created_at = ("created_at", json!("2000-01-01T00:00:00.000Z"));
    flag(account, name, &[created_at, ("state", json!("archived")), ("archived_at", now)]);
    version(account, name, then);
}

fn version(account: &Account, name: &str, valid_to: Value) {
    let keys = [("project_key", json!("shop")), ("flag_key", json!(name))];
    let start = ("valid_from", json!("2000-01-01T00:00:00.000Z"));
    account
        .insert("code_references_history", &[&keys[..], &[start, ("valid_to", valid_to)]].concat());
}

/// An account whose run starts so many milliseconds after [`NOW`], and which reports everything.
fn account(clock: i64) -> (Account, Timestamp) {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    let now = NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_millis(clock);
    let sql = "UPDATE extractions SET started_at = ?1";
    account.connection.execute(sql, [format!("{now:.3}")]).unwrap();
    account.connection.execute_batch("UPDATE scorecard_thresholds SET value = 0").unwrap();
    (account, now)
}

/// The rows that are there, and those that count whole days: name and number of days.
fn rows(case: &Case, clock: i64) -> (BTreeSet<String>, BTreeSet<String>) {
    let (account, now) = account(clock);
    if case.view == "quiet_environments" {
        flag(&account, "one", &[]);
    }
    let mut expected = BTreeSet::new();
    for days in DAYS {
        for extra in [-1, 0, 1] {
            let age = days * DAY_MS + extra;
            let then = now - SignedDuration::from_millis(age);
            let name = format!("{days} days and {extra} ms");
            (case.insert)(&account, &name, json!(format!("{then:.3}")), json!(format!("{now:.3}")));
            expected.insert(format!("{name} | {}", age / DAY_MS));
        }
    }
    let Case { view, column, key, .. } = case;
    let sql = format!("SELECT {key}, {column} FROM {view} WHERE {column} IS NOT NULL");
    (account.rows(&sql).into_iter().collect(), expected)
}

#[test]
fn a_day_is_counted_when_its_last_millisecond_is_over() {
    for case in CASES {
        for clock in CLOCKS {
            let (actual, expected) = rows(case, clock);
            assert_eq!(actual, expected, "{}.{} at {clock}", case.view, case.column);
        }
    }
}

#[test]
fn every_column_of_days_has_a_case() {
    let views = view::all();
    let columns = views.iter().flat_map(|view| view.columns.iter().map(|one| (view.name, one)));
    let columns =
        columns.filter(|(_, one)| one.ty == Type::Int).map(|(view, one)| (view, one.name));
    let days: BTreeSet<_> =
        columns.filter(|(_, name)| *name == "days" || name.ends_with("_days")).collect();
    let cases: BTreeSet<_> = CASES.iter().map(|case| (case.view, case.column)).collect();
    assert_eq!(days, cases);
}
