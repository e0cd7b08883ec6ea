//! Trends are computed from the extractions of a lake, and are those of a database.

use serde_json::Value;

use crate::inputs::{LAKE, company, extract, figure, json, report};
use crate::support::{Run, lake};

/// The tables of daily figures.
const DAILY: [&str; 4] = ["project_daily", "owner_daily", "team_daily", "tag_daily"];

/// Moves everything that was published to days before.
fn age(run: &Run, days: i64) {
    lake::shift(&run.path("lake"), days);
    let mut sql = format!(
        "UPDATE extractions SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-{days} days');"
    );
    for table in DAILY {
        sql += &format!(
            "UPDATE {table} SET day = 'then ' || date(day, '-{days} days');
             UPDATE {table} SET day = substr(day, 6);"
        );
    }
    run.database().execute_batch(&sql).unwrap();
}

/// Publishes to the lake and to the database.
fn night(run: &Run, arguments: &[&str]) {
    extract(run, arguments);
    run.extract(arguments);
}

fn trends(report: &Value) -> Vec<Value> {
    let figures = report["headline"].as_array().unwrap().iter();
    figures.map(|figure| figure["series"].clone()).collect()
}

fn both(run: &Run) -> [Vec<Value>; 2] {
    [LAKE, "launchdarkly.db"].map(|input| trends(&json(run, input, &[])))
}

const DAY: i64 = 86_400_000;

const RESOURCES: [&str; 2] = ["--resources", "core,members,code_references"];

#[test]
fn trends_of_a_lake_are_those_of_a_database() {
    let run = company();
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| {
        // Days do not move with the runs: nothing happens on them yet.
        let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
        flags.for_each(|flag| flag.created_ms -= 400 * DAY);
    });
    night(&run, &RESOURCES);
    age(&run, 8);
    run.server.change(|account| drop(account.projects[1].flags.split_off(5)));
    night(&run, &[&RESOURCES[..], &["--skip", "flag_statuses"]].concat());
    age(&run, 3);
    run.server.change(|account| {
        drop(account.projects.remove(2));
        // On a day without a run, flags were created; one of them was archived on another.
        let flags = &mut account.projects[0].flags;
        (flags[0].created_ms, flags[1].created_ms) = (now - 7 * DAY, now - 7 * DAY);
        flags[1].archived_ms = Some(now - 2 * DAY);
    });
    night(&run, &[&RESOURCES[..], &["--max-removals", "100%"]].concat());
    night(&run, &[&RESOURCES[..], &["--project", "storefront"]].concat());
    let [lake, database] = both(&run);
    assert_eq!(lake, database);
    let days = lake[0].as_array().unwrap();
    // Those with a run.
    assert!(days.len() == 3, "{days:?}");
    let live: std::collections::BTreeSet<_> =
        days.iter().map(|day| day["value"].to_string()).collect();
    assert!(live.len() > 2, "{live:?}");
    for table in DAILY {
        let [lake, database] =
            ["parquet:lake", "launchdarkly.db"].map(|input| query(&run, table, input));
        assert_eq!(lake, database, "{table}");
        assert!(lake.lines().count() > 5, "{table}: {lake}");
    }
}

/// The figures of a table of an output. IDs of extractions differ between outputs.
fn query(run: &Run, table: &str, input: &str) -> String {
    let database = run.database();
    let columns = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = columns.column_names().filter(|name| *name != "extraction_id");
    let columns = columns.map(str::to_owned).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {columns} FROM {table} ORDER BY {columns}");
    run.run(&["query", &sql, "--input", input, "--format", "csv"]).succeeded().stdout
}

#[test]
fn a_day_on_which_nothing_changed_is_a_day_of_the_trend() {
    let run = company();
    let unchanged = [&RESOURCES[..], &["--skip-unchanged"]].concat();
    extract(&run, &unchanged);
    lake::shift(&run.path("lake"), 2);
    extract(&run, &unchanged);
    lake::shift(&run.path("lake"), 1);
    run.server.change(|account| account.projects[0].flags[0].name = "Changed".into());
    extract(&run, &unchanged);
    let report = json(&run, LAKE, &[]);
    let series = figure(&report, "unowned_flags")["series"].as_array().unwrap();
    let day = |days: i64| {
        let day = jiff::Zoned::now().in_tz("UTC").unwrap().date()
            - jiff::SignedDuration::from_hours(24 * days);
        series.iter().find(|point| point["day"] == day.to_string()).unwrap()["value"].as_i64()
    };
    assert!(day(3) > Some(0), "{series:?}");
    assert_eq!([day(1), day(0)], [day(3); 2]);
}

#[test]
fn a_text_report_of_a_lake_shows_the_trend() {
    let run = company();
    extract(&run, &RESOURCES);
    lake::shift(&run.path("lake"), 7);
    run.server.change(|account| drop(account.projects[0].flags.remove(0)));
    extract(&run, &RESOURCES);
    let text = report(&run, LAKE, &["--format", "text"]).succeeded().stdout;
    assert!(text.contains("in 7 days"), "{text}");
}
