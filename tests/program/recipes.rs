//! The recipes in `docs/recipes/` work: each script in `tests/recipes/` runs the real program, and
//! is skipped with a message where it is not installed (`pip install -r tests/recipes/requirements.txt`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::support::{Ended, NO_DEMO_PAST, binary, ended};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::Value;
use tempfile::TempDir;

const RECIPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipes");

/// Runs a script in an empty folder, with `flaglake` on its `PATH`.
fn run(script: &str) -> Ended {
    let folder = TempDir::new().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_flaglake")).parent().unwrap().to_owned();
    let others = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(programs).chain(env::split_paths(&others)));
    let mut command = Command::new(format!("{RECIPES}/{script}"));
    command.current_dir(folder.path()).env_clear().stdin(Stdio::null());
    command.env("HOME", env::var_os("HOME").unwrap_or_default());
    command.env("PATH", path.unwrap()).env("RECIPES", RECIPES);
    command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
    ended(command.output().unwrap()).succeeded()
}

#[test]
fn sqlite3_answers_queries_as_the_pages_show() {
    let folder = TempDir::new().unwrap();
    let mut extract = binary(folder.path());
    extract.env_remove(NO_DEMO_PAST.0).args(["extract", "--demo"]);
    ended(extract.output().unwrap()).succeeded();
    for name in crate::support::page::names()
        .iter()
        .filter(|name| !crate::support::page::is_generated(name))
    {
        let blocks = crate::support::page::blocks(name, &crate::support::page::read(name));
        for pair in blocks.windows(2).filter(|pair| pair[0].language == "sql") {
            let Some(answer) = sqlite3(folder.path(), &pair[0].body) else { return };
            if pair[1].language == "text" {
                // Versions of sqlite3 align headings differently.
                let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
                let (is, shown): (Vec<_>, Vec<_>) = (words(&answer), words(&pair[1].body));
                assert_eq!(is, shown, "{}", pair[0]);
            }
        }
    }
}

/// The answer of the `sqlite3` shell; `None` with a message where it is not installed.
fn sqlite3(folder: &Path, query: &str) -> Option<String> {
    let mut command = Command::new("sqlite3");
    command.current_dir(folder).args(["-box", "launchdarkly.db", query]);
    let Ok(output) = command.output() else {
        let _ = writeln!(std::io::stderr(), "skipped: there is no `sqlite3`");
        return None;
    };
    Some(ended(output).succeeded().stdout)
}

#[test]
fn dbt_tests_every_source_and_builds_on_them() {
    if !crate::support::python::has(&["dbt.cli", "dbt.adapters.duckdb"]) {
        return;
    }
    let ended = run("dbt.sh");
    let done = ended.stdout.lines().find(|line| line.contains("Done. PASS=")).unwrap();
    assert!(done.contains("WARN=0 ERROR=0 SKIP=0"), "{done}");
    assert!(!ended.stdout.contains("Deprecat"), "{}", ended.stdout);
    for owner in ["ready_for_code_removal", "storefront", "nobody"] {
        assert!(ended.stdout.contains(owner), "{}", ended.stdout);
    }
}

#[test]
fn spark_adds_up_all_accounts_and_extractions() {
    if crate::support::python::has(&["pyspark", "duckdb", "pyarrow"])
        && crate::support::program("java").is_some()
    {
        let ended = run("spark.sh");
        let compared: Value = serde_json::from_str(ended.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(compared["accounts"], 3);
        assert_eq!(compared["days"], 30);
        assert_eq!(compared["versions"], 2, "some files lack a column");
        assert!(compared["rows"].as_u64() > Some(500), "{compared}");
    }
}

#[test]
fn datasette_shows_tables_views_and_queries_with_what_they_mean() {
    if crate::support::python::has(&["datasette"]) {
        let ended = run("datasette.sh");
        let facts: Value = serde_json::from_str(ended.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(facts["title"], "LaunchDarkly");
        assert_eq!(facts["flags"], 116);
        assert!(facts["description"].as_str().unwrap().contains("feature flag"));
        assert!(facts["stale_flags"].as_u64().unwrap() > 0);
        assert!(facts["stale_flags_example"].as_u64().unwrap() > 0);
        assert_eq!(facts["failed"], serde_json::json!([]));
    }
}

fn dashboard() -> Value {
    let output = binary(Path::new(".")).args(["schema", "--format", "grafana"]).output().unwrap();
    serde_json::from_str(&ended(output).succeeded().stdout).unwrap()
}

/// A statement as Grafana sends it, with every project selected.
fn sent(statement: &str, projects: &str) -> String {
    let times = [("$__from", "0"), ("$__to", "4102444800000")];
    let statement = statement.replace("${project:sqlstring}", projects);
    times.iter().fold(statement, |statement, (name, value)| statement.replace(name, value))
}

#[test]
fn every_panel_of_the_dashboard_has_an_answer() {
    let folder = TempDir::new().unwrap();
    ended(binary(folder.path()).args(["extract", "--demo"]).output().unwrap()).succeeded();
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    let dashboard = dashboard();
    let variable = dashboard["templating"]["list"][1]["query"].as_str().unwrap();
    let projects: Vec<_> = rows(&database, variable).into_iter().map(quoted).collect();
    for panel in dashboard["panels"].as_array().unwrap() {
        let (title, target) = (&panel["title"], &panel["targets"][0]);
        assert_eq!(target["queryText"], target["rawQueryText"], "{title}");
        let statement = sent(target["queryText"].as_str().unwrap(), &projects.join(", "));
        assert!(!statement.contains('$'), "{title}: {statement}");
        let rows = rows(&database, &statement);
        assert!(!rows.is_empty(), "{title}: no rows");
        if panel["type"] == "timeseries" {
            assert!(rows.iter().all(|row| matches!(row[0], Cell::Integer(_))), "{title}");
        }
    }
}

fn rows(database: &Connection, statement: &str) -> Vec<Vec<Cell>> {
    let mut statement =
        database.prepare(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|index| row.get(index)).collect());
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn quoted(row: Vec<Cell>) -> String {
    match &row[0] {
        Cell::Text(text) => format!("'{text}'"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn panels_have_numbers_of_their_own_and_do_not_overlap() {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut taken = BTreeMap::new();
    for panel in panels {
        let at = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        let (columns, lines) = (at("x")..at("x") + at("w"), at("y")..at("y") + at("h"));
        assert!(at("x") + at("w") <= 24, "{}", panel["title"]);
        for place in lines.flat_map(|line| columns.clone().map(move |column| (column, line))) {
            assert_eq!(taken.insert(place, &panel["title"]), None, "{}", panel["title"]);
        }
    }
    let numbers: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(numbers.len(), panels.len());
}

#[test]
fn grafanas_own_types_know_every_field_of_the_dashboard() {
    if crate::support::python::has(&["grafana_foundation_sdk"]) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/grafana.json");
        let lost = crate::support::python::run(include_str!("../recipes/check_grafana.py"), [path]);
        assert_eq!(lost, serde_json::json!([]));
    }
}

#[test]
fn every_script_is_run() {
    let source = include_str!("recipes.rs");
    for file in fs::read_dir(RECIPES).unwrap().map(|file| file.unwrap().file_name()) {
        let name = file.to_str().unwrap();
        if Path::new(name).extension().is_some_and(|extension| extension == "sh") {
            assert!(source.contains(&format!("run(\"{name}\")")), "no test runs {name}");
        }
    }
}
