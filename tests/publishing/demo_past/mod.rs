//! The demo's past: a new output first gets extractions of the demo account as it was on earlier days.

mod another_day;
mod outputs;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ended, NO_DEMO_PAST, binary, ended, lake, rows};

/// Extractions of the past.
const PAST: i64 = 9;

fn with_past(folder: &Path) -> Command {
    let mut command = binary(folder);
    command.env_remove(NO_DEMO_PAST.0).args(["extract", "--demo"]);
    command
}

fn extract(command: &mut Command, arguments: &[&str]) -> String {
    ended(command.args(arguments).output().unwrap()).succeeded().stdout
}

fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A database with a past, and one without.
struct Demo {
    folder: TempDir,
    summary: String,
}

impl Demo {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let summary = extract(&mut with_past(folder.path()), &["--output", "with.db"]);
        extract(binary(folder.path()).args(["extract", "--demo"]), &["--output", "without.db"]);
        Demo { folder, summary }
    }

    fn open(&self, name: &str) -> Connection {
        Connection::open(self.folder.path().join(name)).unwrap()
    }
}

#[test]
fn the_first_run_of_the_demo_leaves_ninety_days() {
    let demo = Demo::new();
    let database = demo.open("with.db");
    extractions_are_of_earlier_days(&database, &demo.summary);
    daily_figures_and_history_grow(&database);
    today_is_as_without_a_past(&demo);
    the_report_has_trends(&demo);
    a_second_run_adds_one(&demo);
}

fn extractions_are_of_earlier_days(database: &Connection, summary: &str) {
    let count = number(database, "SELECT count(*) FROM extractions");
    assert_eq!(count, PAST + 1);
    let first = "SELECT min(date(started_at)) FROM extractions";
    let first: String = database.query_row(first, [], |row| row.get(0)).unwrap();
    let line = format!("\nThe demo's past: {PAST} extractions since {first}\n");
    assert!(summary.contains(&line), "{summary}");
    let days = "SELECT CAST(round(julianday('now') - julianday(min(started_at))) AS INTEGER)
                FROM extractions";
    assert_eq!(number(database, days), 90);
    let wrong = "SELECT count(*) FROM extractions
                 WHERE finished_at < started_at
                    OR finished_at > strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '+1 hour')
                    OR extraction_id <> strftime('x%Y%m%dT%H%M%SZ', started_at)";
    assert_eq!(number(database, wrong), 0);
    // No run has seen what happened later.
    let later = "SELECT count(*) FROM flags_history JOIN extractions USING (extraction_id)
                 WHERE created_at > finished_at OR archived_at > finished_at";
    assert_eq!(number(database, later), 0);
}

fn daily_figures_and_history_grow(database: &Connection) {
    let figures = rows(
        database,
        "SELECT sum(live) FROM project_daily
         WHERE day IN (SELECT date(started_at) FROM extractions) GROUP BY day ORDER BY day",
    );
    assert_eq!(figures.len() as i64, PAST + 1);
    let live: Vec<i64> = figures.iter().map(|live| live.parse().unwrap()).collect();
    assert!(live.is_sorted() && live[0] + 30 < live[live.len() - 1], "{live:?}");
    for table in ["owner_daily", "team_daily", "tag_daily"] {
        let days = number(database, &format!("SELECT count(DISTINCT day) FROM {table}"));
        assert_eq!(days, PAST + 1, "{table}");
    }
    for table in ["flags", "environments", "flag_environments", "flag_statuses", "code_references"]
    {
        let changed = format!("SELECT count(*) FROM {table}_history WHERE valid_to IS NOT NULL");
        assert!(number(database, &changed) > 0, "{table}");
    }
    // A flag is there from the first run after its creation.
    let wrong = "SELECT count(*) FROM (
                     SELECT min(valid_from) AS seen, created_at FROM flags_history
                     GROUP BY project_key, flag_key)
                 WHERE seen <> (SELECT min(started_at) FROM extractions
                                WHERE started_at >= created_at)";
    assert_eq!(number(database, wrong), 0);
    // A status that no run has seen change is as old as the first run.
    let days = "SELECT DISTINCT CAST(round(julianday('now') - julianday(status_since)) AS INTEGER)
                FROM flag_statuses ORDER BY 1 DESC";
    let days = rows(database, days);
    assert!(days[0] == "90" && days.len() > 6, "{days:?}");
}

/// All but times is equal, and what one run sees of itself.
fn today_is_as_without_a_past(demo: &Demo) {
    let (with, without) = (demo.open("with.db"), demo.open("without.db"));
    for sql in [
        "SELECT project_key, flag_key, name, state, version, maintainer_id FROM flags ORDER BY 1, 2",
        "SELECT project_key, flag_key, environment_key, status FROM flag_statuses ORDER BY 1, 2, 3",
        "SELECT project_key, flag_key, environment_key, is_on, version FROM flag_environments
         ORDER BY 1, 2, 3",
        "SELECT project_key, environment_key, approval_required FROM environments ORDER BY 1, 2",
        "SELECT member_id, email, pending_invite FROM members ORDER BY 1",
        "SELECT project_key, environment_key, stale_flags FROM stale_percentages ORDER BY 1, 2",
    ] {
        assert_eq!(rows(&with, sql), rows(&without, sql), "{sql}");
    }
}

fn the_report_has_trends(demo: &Demo) {
    let arguments = ["report", "--input", "with.db", "--format", "json", "--output", "-"];
    let printed = ended(binary(demo.folder.path()).args(arguments).output().unwrap()).succeeded();
    let report: Value = serde_json::from_str(&printed.stdout).unwrap();
    let figures = report["headline"].as_array().unwrap();
    let live = figures.iter().find(|figure| figure["id"] == "live_flags").unwrap();
    // Days without a run are no gaps in the lines of a chart.
    for figure in figures.iter().filter(|figure| figure["id"] != "net_new_flags") {
        let series = figure["series"].as_array().unwrap();
        assert_eq!(series.len() as i64, PAST + 1, "{figure}");
        assert!(series.iter().all(|point| point["value"].is_i64()), "{figure}");
    }
    let days: Vec<_> = live["changes"].as_array().unwrap().iter().map(|one| &one["days"]).collect();
    assert_eq!(days, [7, 30]);
    let sum = "SELECT sum(live) FROM project_daily
               WHERE day = (SELECT date(started_at, '-7 days') FROM latest_extraction)";
    let database = demo.open("with.db");
    let now = number(&database, "SELECT count(*) FROM flags WHERE state = 'live'");
    assert_eq!(live["changes"][0]["change"], now - number(&database, sum));
}

fn a_second_run_adds_one(demo: &Demo) {
    let before =
        "SELECT extraction_id, started_at, finished_at FROM extractions ORDER BY 1 LIMIT 10";
    let known = rows(&demo.open("with.db"), before);
    let summary = extract(&mut with_past(demo.folder.path()), &["--output", "with.db"]);
    assert!(!summary.contains("The demo's past"), "{summary}");
    let database = demo.open("with.db");
    assert_eq!(number(&database, "SELECT count(*) FROM extractions"), PAST + 2);
    assert_eq!(rows(&database, before), known);
}

#[test]
fn a_lake_gets_as_much_past_as_it_keeps() {
    let folder = TempDir::new().unwrap();
    let outputs = ["--output", "x.db", "--output", "parquet:lake", "--keep-extractions", "3"];
    // The database has an extraction, so that none of earlier days is made.
    extract(binary(folder.path()).args(["extract", "--demo"]), &outputs[..2]);
    let summary = extract(&mut with_past(folder.path()), &outputs);
    assert!(summary.contains("The demo's past: 2 extractions since "), "{summary}");
    let database = Connection::open(folder.path().join("x.db")).unwrap();
    assert_eq!(number(&database, "SELECT count(*) FROM extractions"), 2);
    let lake = folder.path().join("lake");
    let manifests = fs::read_dir(lake.join("_extractions").join(lake::account(&lake))).unwrap();
    assert_eq!(manifests.count(), 3);
    let newest = "SELECT max(extraction_id) FROM extractions";
    let newest: String = database.query_row(newest, [], |row| row.get(0)).unwrap();
    assert_eq!(lake::newest(&lake), newest);
    let one = ["--output", "parquet:one", "--keep-extractions", "1"];
    assert!(!extract(&mut with_past(folder.path()), &one).contains("The demo's past"));
}

/// Waits until a run in the background has published an extraction.
fn published(path: &Path) {
    let count = || {
        let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
        let sql = "SELECT count(*) FROM extractions";
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).ok()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while count().is_none_or(|count| count == 0) {
        assert!(Instant::now() < deadline, "nothing was published");
        std::thread::yield_now();
    }
}

#[test]
fn an_interruption_says_how_much_of_the_past_is_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("launchdarkly.db");
    let child = with_past(folder.path()).stderr(Stdio::piped()).spawn().unwrap();
    published(&path);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let ended = ended(child.wait_with_output().unwrap());
    assert_eq!(ended.status, 130, "{ended:?}");
    let made = number(&Connection::open(&path).unwrap(), "SELECT count(*) FROM extractions");
    assert!(made <= PAST, "{made}");
    let several = if made == 1 { "" } else { "s" };
    let told = format!("interrupted; {made} extraction{several} of the demo's past stay published");
    assert!(ended.stderr.contains(&told), "{told}: {}", ended.stderr);
    // There is nothing to resume, and no more extractions of earlier days are made.
    let again = ended_of(with_past(folder.path()));
    assert!(!again.stderr.contains("cannot be resumed"), "{}", again.stderr);
    let after = number(&Connection::open(&path).unwrap(), "SELECT count(*) FROM extractions");
    assert_eq!(after, made + 1);
}

fn ended_of(mut command: Command) -> Ended {
    ended(command.output().unwrap()).succeeded()
}

#[test]
fn only_what_is_selected_has_a_past() {
    let folder = TempDir::new().unwrap();
    let selected =
        ["--resources", "core", "--project", "internal-tools", "--personal-data", "drop"];
    let printed = extract(with_past(folder.path()).args(selected), &["--format", "json"]);
    let summary: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(summary["outputs"].as_array().unwrap().len(), 1);
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    assert_eq!(number(&database, "SELECT count(*) FROM extractions"), PAST + 1);
    let shown = "SELECT extraction_id FROM latest_extraction";
    let shown: String = database.query_row(shown, [], |row| row.get(0)).unwrap();
    assert_eq!(summary["outputs"][0]["extraction_id"], shown.as_str());
    let others = "SELECT count(*) FROM flags_history
                  WHERE project_key <> 'internal-tools' OR maintainer_email IS NOT NULL";
    assert_eq!(number(&database, others), 0);
    assert_eq!(number(&database, "SELECT count(DISTINCT project_key) FROM project_daily"), 1);
}
