//! A lake gives the report that a database of the same account gives.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json as value};

use crate::inputs::{LAKE, company, extract, json, report};
use crate::support::{Run, lake};

/// The report, without the times of its run.
fn timeless(report: Value) -> Value {
    let times = ["started_at", "finished_at", "extraction_id"];
    let mut text = report.to_string();
    for time in times.map(|name| report["extraction"][name].as_str().unwrap().to_owned()) {
        text = text.replace(&time, "-");
    }
    let mut report: Value = serde_json::from_str(&text).unwrap();
    for figure in report["headline"].as_array_mut().unwrap() {
        // It starts 30 days before the run.
        figure["filter"].as_object_mut().unwrap().remove("created_at");
    }
    report
}

/// Takes out what one extraction cannot know: earlier versions of rows.
fn without_history(mut report: Value) -> Value {
    let unknown = report["unknown"].as_array_mut().unwrap();
    let history = unknown.iter().position(|gap| gap["resource"] == "history").unwrap();
    let gap = value!({
        "resource": "history", "outcome": "not_kept", "scopes": [],
        "views": ["temporary_turned_permanent"],
    });
    assert_eq!(unknown.remove(history), gap);
    let lists = report["lists"].as_array_mut().unwrap();
    let list = lists.iter_mut().find(|list| list["id"] == "temporary_turned_permanent").unwrap();
    let sentences = list["unknown"].as_array_mut().unwrap();
    let is_history = |one: &Value| one.as_str().unwrap().contains("earlier versions");
    sentences.remove(sentences.iter().position(is_history).unwrap());
    report
}

fn both(run: &Run, arguments: &[&str]) -> [Value; 2] {
    extract(run, arguments);
    run.extract(arguments);
    let lake = without_history(timeless(json(run, LAKE, &[])));
    [lake, timeless(json(run, "launchdarkly.db", &[]))]
}

#[test]
fn a_lake_gives_the_report_of_a_database() {
    for skipped in ["flag_statuses,members", "audit_log,code_references", "flags"] {
        let run = company();
        let arguments = ["--resources", "default", "--skip", skipped];
        let [lake, database] = both(&run, &arguments);
        for (key, part) in database.as_object().unwrap() {
            assert_eq!(&lake[key], part, "{skipped}: {key}");
        }
    }
}

#[test]
fn everything_that_was_read_is_in_the_report() {
    let run = company();
    let [lake, database] = both(&run, &["--resources", "default"]);
    assert!(
        lake["lists"].as_array().unwrap().iter().filter(|list| list["rows"][0].is_object()).count()
            > 15
    );
    assert_eq!(lake, database);
    let page = |input| report(&run, input, &["--output", "-"]).succeeded().stdout;
    assert!(page(LAKE).contains("<h1>Feature flags</h1>"));
}

#[test]
fn a_lake_that_may_only_be_read_is_read_and_not_changed() {
    let run = company();
    extract(&run, &[]);
    let before = lake::files(&run.path("lake"));
    let mode =
        |mode| fs::set_permissions(run.path("lake"), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o500);
    let folder = run.path("empty");
    fs::create_dir(&folder).unwrap();
    let mut command = run.command(&["report", "--input", LAKE, "--format", "text"]);
    let ended = crate::support::ended(command.env("TMPDIR", &folder).output().unwrap());
    mode(0o700);
    assert!(ended.succeeded().stdout.contains("Live flags"));
    assert_eq!(lake::files(&run.path("lake")), before);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "nothing is left of the copy");
}

const SETTINGS: &str = "[scorecards]
critical_environments = ['staging']
thresholds.flag_lifetime = 400
thresholds.stale_flag_age = 20
[scorecards.projects.storefront]
thresholds.stale_flag_age = 3
";

#[test]
fn the_settings_of_the_run_are_those_of_the_report() {
    let run = company();
    run.extract(&[]);
    let default = timeless(json(&run, "launchdarkly.db", &[]));
    fs::write(run.path("flaglake.toml"), SETTINGS).unwrap();
    let [lake, database] = both(&run, &["--config", "flaglake.toml"]);
    assert_eq!(lake, database);
    assert_ne!(lake["scorecards"], default["scorecards"]);
    let path = run.path("lake");
    let newest = lake::newest(&path);
    // They decide what is computed, too.
    for view in ["critical_environments", "project_thresholds", "flag_judgements", "scorecards"] {
        lake::without_table(&path, &newest, view);
    }
    assert_eq!(timeless(json(&run, LAKE, &[]))["scorecards"], database["scorecards"]);
}
