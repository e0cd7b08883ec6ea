//! Events by day: `created` and `archived_that_day` of `project_daily`.

use std::collections::{BTreeMap, BTreeSet};

use flaglake::model::project_daily;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::views::account::Account;

/// The days are those of November 2026.
fn day(number: u32) -> String {
    format!("2026-11-{number:02}")
}

fn at(number: u32) -> Value {
    json!(format!("{}T01:00:00.000Z", day(number)))
}

/// An account with these projects, which no run has read.
fn account(projects: &[&str]) -> Account {
    let account = Account::new();
    for project in projects {
        account.project(project);
    }
    account
}

/// A run has seen the flag, which was created and archived on these days.
fn seen(account: &Account, project: &str, flag: &str, created: u32, archived: Option<u32>) {
    let count = account.rows("SELECT count(*) FROM flags_history").remove(0);
    account.insert(
        "flags_history",
        &[
            ("project_key", json!(project)),
            ("flag_key", json!(flag)),
            ("created_at", at(created)),
            ("archived_at", archived.map_or(Value::Null, at)),
            // Versions differ in their start, which these tests ignore.
            ("valid_from", json!(format!("version {count}"))),
        ],
    );
}

/// A run on a day that reads the flags of all projects but those that are `missing`.
fn run(account: &Account, number: u32, missing: &[&str]) {
    let connection = &account.connection;
    let sql =
        "UPDATE extractions SET started_at = ?1 || 'T02:00:00.000Z' WHERE extraction_id = 'now'";
    connection.execute(sql, [day(number)]).unwrap();
    let sql = "UPDATE extraction_resources SET outcome = 'complete' WHERE resource = 'flags'";
    connection.execute_batch(sql).unwrap();
    for project in missing {
        account.outcome("flags", project, "skipped");
    }
    connection.execute_batch("UPDATE extractions SET is_latest = extraction_id = 'now'").unwrap();
    connection.execute_batch(project_daily::SQL).unwrap();
    // Its record stays.
    let sql = "CREATE TEMP TABLE copy AS SELECT * FROM extractions WHERE extraction_id = 'now';
               UPDATE copy SET extraction_id = 'run ' || started_at;
               INSERT OR REPLACE INTO extractions SELECT * FROM copy;
               DROP TABLE copy";
    connection.execute_batch(sql).unwrap();
}

fn days(account: &Account, project: &str) -> Vec<String> {
    account.rows(&format!(
        "SELECT substr(day, 9), created, archived_that_day FROM project_daily
         WHERE project_key = '{project}' ORDER BY day"
    ))
}

#[test]
fn what_happens_on_days_without_a_run_is_not_lost() {
    let account = account(&["shop"]);
    seen(&account, "shop", "before", 9, None);
    seen(&account, "shop", "a", 10, None);
    run(&account, 10, &[]);
    seen(&account, "shop", "a", 10, Some(12));
    seen(&account, "shop", "b", 12, None);
    seen(&account, "shop", "c", 13, Some(13));
    seen(&account, "shop", "d", 15, None);
    run(&account, 15, &[]);
    assert_eq!(days(&account, "shop"), ["10 | 1 | 0", "12 | 1 | 1", "13 | 1 | 1", "15 | 1 | 0"]);
}

#[test]
fn a_day_without_a_run_has_the_counts_of_the_run_before() {
    let account = account(&["shop", "web"]);
    account.flag("shop", "a", 90.0, &[]).flag("web", "a", 90.0, &[]);
    run(&account, 10, &[]);
    account.flag("shop", "b", 8.0, &[]);
    seen(&account, "shop", "b", 12, None);
    run(&account, 14, &[]);
    let sql =
        "SELECT project_key, substr(day, 9), live, temporary, archived, created, stale, unowned,
                   extraction_id = 'now' FROM project_daily ORDER BY 1, 2";
    assert_eq!(
        account.rows(sql),
        [
            "shop | 10 | 1 | 1 | 0 | 0 | 0 | 1 | 1",
            "shop | 12 | 1 | 1 | 0 | 1 | NULL | NULL | 1",
            "shop | 14 | 2 | 2 | 0 | 0 | 0 | 2 | 1",
            // Sums over projects hold on each day.
            "web | 10 | 1 | 1 | 0 | 0 | 0 | 1 | 1",
            "web | 12 | 1 | 1 | 0 | 0 | NULL | NULL | 1",
            "web | 14 | 1 | 1 | 0 | 0 | 0 | 1 | 1",
        ]
    );
}

#[test]
fn a_flag_counts_each_time_it_is_archived_or_created_again() {
    let account = account(&["shop"]);
    run(&account, 10, &[]);
    for (created, archived) in [(10, None), (10, Some(11)), (10, None), (10, Some(12)), (13, None)]
    {
        seen(&account, "shop", "a", created, archived);
    }
    // Another version of the same flag.
    seen(&account, "shop", "a", 13, None);
    run(&account, 13, &[]);
    assert_eq!(days(&account, "shop"), ["10 | 1 | 0", "11 | 0 | 1", "12 | 0 | 1", "13 | 1 | 0"]);
}

#[test]
fn what_was_counted_stays_although_its_versions_are_forgotten() {
    let account = account(&["shop"]);
    seen(&account, "shop", "a", 10, Some(10));
    run(&account, 10, &[]);
    account.connection.execute_batch("DELETE FROM flags_history").unwrap();
    run(&account, 10, &[]);
    run(&account, 11, &[]);
    assert_eq!(days(&account, "shop"), ["10 | 1 | 1", "11 | 0 | 0"]);
}

/// The events between two runs (flags of either project, by number, are created or archived), and
/// the flags that the next run reads, on the day that its clock shows.
#[derive(Clone, Debug)]
struct Night {
    created: Vec<bool>,
    archived: Vec<usize>,
    is_missing: bool,
    days: u32,
    error: i32,
}

fn nights() -> impl Strategy<Value = Vec<Night>> {
    let night = (
        prop::collection::vec(any::<bool>(), 0..3),
        prop::collection::vec(0..6usize, 0..3),
        prop::bool::weighted(0.2),
        0..4u32,
        prop_oneof![8 => Just(0), 1 => -8..0i32, 1 => 0..8i32],
    );
    let night = night.prop_map(|(created, archived, is_missing, days, error)| Night {
        created,
        archived,
        is_missing,
        days,
        error,
    });
    prop::collection::vec(night, 1..6)
}

/// All events by project and day, each once.
type Events = BTreeMap<(&'static str, String), BTreeSet<String>>;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_event_counts_once_on_its_day_with_any_clock(nights in nights()) {
        let account = account(&["shop", "web"]);
        let (mut today, mut flags) = (8, Vec::<(&str, u32)>::new());
        let (mut created, mut archived) = (Events::new(), Events::new());
        for night in &nights {
            // Events happen on the day after the last run. Most of these days have no run.
            for is_shop in &night.created {
                flags.push((if *is_shop { "shop" } else { "web" }, today));
            }
            for (number, (project, born)) in flags.iter().enumerate() {
                let is_archived = night.archived.contains(&number);
                let name = format!("flag-{number}");
                let is_read = *project == "web" || !night.is_missing;
                if is_read {
                    seen(&account, project, &name, *born, is_archived.then_some(today));
                    created.entry((project, day(*born))).or_default().insert(name.clone());
                }
                if is_read && is_archived {
                    archived.entry((project, day(today))).or_default().insert(name);
                }
            }
            today += night.days;
            let clock = today.saturating_add_signed(night.error).clamp(1, 30);
            run(&account, clock, if night.is_missing { &["shop"] } else { &[] });
        }
        // The clock is correct again.
        run(&account, 30, &[]);
        let count = |events: &Events, project, first: &str| {
            let events = events.iter().filter(|((one, day), _)| *one == project && &**day >= first);
            events.map(|((_, day), flags)| (day.clone(), flags.len().to_string())).collect::<Vec<_>>()
        };
        for project in ["shop", "web"] {
            let of = format!("FROM project_daily WHERE project_key = '{project}'");
            let first = account.rows(&format!("SELECT min(day) {of}")).remove(0);
            for (column, events) in [("created", &created), ("archived_that_day", &archived)] {
                let sql = format!("SELECT day || ' ' || {column} {of} AND {column} > 0 ORDER BY day");
                let expected = count(events, project, &first);
                let expected: Vec<_> =
                    expected.iter().map(|(day, count)| format!("{day} {count}")).collect();
                prop_assert_eq!(account.rows(&sql), expected, "{} {}", project, column);
            }
        }
    }
}
