//! The forms of a report, and what must not be in them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use flaglake::report::title::Title;
use flaglake::report::{data, open, text};
use serde_json::Value;

use crate::report::{change, json, names, page, place, report};
use crate::support::sample;

#[test]
fn the_page_is_one_file_and_the_same_every_time() {
    let folder = place();
    let first = page(&folder);
    let again = page(&folder);
    assert!(first == again, "the same data makes the same page");
    assert_eq!(names(folder.path()), ["launchdarkly.db", "report.html"]);
    let mode = fs::metadata(folder.path().join("report.html")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "a new page is to be shared");
    assert!(first.starts_with("<!doctype html>\n<html lang=\"en\">"));
}

#[test]
fn a_page_loads_and_runs_nothing_but_itself() {
    let page = page(&place());
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(policy.contains("connect-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let (markup, _) = page.split_once("<script type=\"application/json\"").unwrap();
    // A name that looks like markup stands in the work list as text.
    let markup = markup.replace("&#60;img src=", "");
    for loads in [" src=", "<link", "@import", "url(", "<iframe", "<object", "<base"] {
        assert!(!markup.contains(loads), "{loads}");
    }
    assert!(markup.contains("<details open>"), "without scripts, tables stand in for charts");
    assert!(!markup.contains(" style=\"") && !markup.contains(" onclick="));
}

#[test]
fn the_page_links_only_to_launchdarkly() {
    let page = page(&place());
    let library = include_str!("../../../src/report/assets/chart.umd.min.js");
    let own = page.replace(library, "");
    let addresses =
        own.split("https://").skip(1).filter(|rest| !rest.starts_with("app.launchdarkly.com/"));
    // Names of flags, as text.
    let addresses: Vec<_> = addresses.filter(|rest| !rest.starts_with("example.com")).collect();
    assert!(
        addresses.is_empty(),
        "{:?}",
        addresses.iter().map(|rest| &rest[..40]).collect::<Vec<_>>()
    );
    assert!(!own.contains("http://"));
}

#[test]
fn links_follow_the_instance_that_was_read() {
    let folder = place();
    change(&folder, "UPDATE extractions SET base_url = 'https://app.eu.launchdarkly.com/'");
    let url = "https://app.eu.launchdarkly.com/projects/{project_key}/flags/{flag_key}";
    assert_eq!(json(&folder)["flag_url"], url);
    assert!(page(&folder).contains(url));
}

#[test]
fn no_name_becomes_markup() {
    let folder = place();
    let page = page(&folder);
    assert!(!page.contains(sample::HOSTILE) && !page.contains("<img src=x"));
    assert!(page.contains(r"\u003c/script\u003e\u003cscript\u003e"), "it is there as text");
    let json = json(&folder);
    let found =
        json["lists"].to_string().contains(&serde_json::to_string(sample::HOSTILE).unwrap());
    assert!(found, "JSON has names as they are");
}

#[test]
fn json_has_its_documented_keys() {
    let json = json(&place());
    let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let documented = [
        "ages",
        "extraction",
        "flag_url",
        "freshness",
        "headline",
        "lifecycle",
        "lists",
        "message",
        "owners",
        "schema_version",
        "scorecards",
        "statuses",
        "thresholds",
        "unknown",
        "velocity",
        "without_critical_environment",
        "work",
    ];
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, documented);
    assert_eq!(json["schema_version"], 1);
    let live = &json["headline"][0];
    assert_eq!(
        (&live["id"], &live["value"], &live["changes"][1]["days"]),
        (&"live_flags".into(), &510.into(), &30.into())
    );
    assert_eq!(json["velocity"].as_array().unwrap().len(), 24);
    let list = |id: &str| {
        let lists = json["lists"].as_array().unwrap();
        lists.iter().find(|list| list["id"] == id).unwrap()["rows"].as_array().unwrap()
    };
    assert_eq!(list("flags").len(), 600);
    assert_eq!(list("flags")[0]["project_key"], "project-00");
    assert_eq!(list("removal_verdicts")[0]["reasons"][1], "<i>code</i> refers to it");
}

#[test]
fn figures_are_those_of_the_lists_behind_them() {
    let json = json(&place());
    let rows = |id: &str| {
        let list = json["lists"].as_array().unwrap().iter().find(|list| list["id"] == id).unwrap();
        list["rows"].as_array().unwrap().clone()
    };
    for figure in json["headline"].as_array().unwrap() {
        let mut rows = rows(figure["list"].as_str().unwrap());
        for (column, value) in figure["filter"].as_object().unwrap() {
            rows.retain(|row| match (column.as_str(), &row[column]) {
                ("created_at", created) => created.as_str() >= value.as_str(),
                (_, Value::Bool(is_so)) => *is_so == (value == "yes"),
                (_, cell) => cell == value,
            });
        }
        let expected = match figure["id"].as_str().unwrap() {
            "net_new_flags" => {
                assert!(
                    figure["note"]
                        .as_str()
                        .unwrap()
                        .starts_with(&format!("{} created", rows.len()))
                );
                continue;
            }
            _ => rows.len(),
        };
        assert_eq!(figure["value"], expected, "{}", figure["id"]);
    }
}

#[test]
fn text_fits_a_terminal_and_is_whole_elsewhere() {
    let folder = place();
    let long = "a-project-with-a-key-that-is-longer-than-what-a-line-has-room-for-in-any-terminal";
    change(
        &folder,
        &format!("UPDATE scorecards SET subject_name = '{long}' WHERE subject = 'project-11'"),
    );
    let whole = report(&folder, &["--format", "text"]).succeeded().stdout;
    assert!(whole.contains(long), "{whole}");
    let database = folder.path().join("launchdarkly.db");
    let read = data::summary(&open::open(&database).unwrap()).unwrap();
    let text = text::render(&read, Some(80), Title::default());
    assert!(text.lines().count() <= 40, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for part in [
        "Live flags",
        "510",
        "+36 in 30 days",
        "19 fail",
        "project a-project-with-a-…",
        "invalid_permissions",
        "in a critical environment;",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_first_run_has_no_trend_and_says_so() {
    let folder = place();
    change(&folder, "DELETE FROM project_daily WHERE day <> '2026-11-20'");
    let text = report(&folder, &["--format", "text"]).succeeded().stdout;
    assert!(text.contains("no trend yet"), "{text}");
    let page = page(&folder);
    assert!(page.contains("no trend yet") && page.contains("This is the first day"));
}

#[test]
fn standard_output_takes_any_form_of_the_report() {
    let folder = place();
    let ended = report(&folder, &["--output", "-"]).succeeded();
    assert!(ended.stdout.starts_with("<!doctype html>") && ended.stderr.is_empty());
    let ended = report(&folder, &["--output", "flags.json", "--format", "json"]).succeeded();
    assert!(ended.stdout.is_empty() && ended.stderr.contains("flags.json"));
    report(&folder, &["--output", "flags.json", "--format", "json", "--quiet"]).succeeded();
    assert_eq!(names(folder.path()), ["flags.json", "launchdarkly.db"]);
}
