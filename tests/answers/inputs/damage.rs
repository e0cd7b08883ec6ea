//! Lakes that are empty, damaged or being changed: a report is of one whole extraction, or fails.

use std::fs;
use std::path::PathBuf;

use crate::inputs::{LAKE, company, extract, figure, json, refusal, report};
use crate::support::{Run, lake};

/// A lake with one extraction.
fn published() -> (Run, PathBuf, String) {
    let run = company();
    extract(&run, &[]);
    let lake = run.path("lake");
    let newest = lake::newest(&lake);
    (run, lake, newest)
}

#[test]
fn a_missing_or_empty_folder_is_refused_and_not_created() {
    let run = company();
    assert!(refusal(&run, &[], 2, "usage").contains("there is no folder `lake`"));
    assert!(!run.path("lake").exists());
    fs::create_dir(run.path("lake")).unwrap();
    let refused = refusal(&run, &[], 8, "output_failed");
    assert!(refused.contains("no extraction yet") && refused.contains("flaglake extract"));
    assert_eq!(fs::read_dir(run.path("lake")).unwrap().count(), 0);
}

#[test]
fn a_layout_of_an_earlier_version_is_refused() {
    let run = company();
    fs::create_dir(run.path("lake")).unwrap();
    fs::write(run.path("lake/_latest.json"), r#"{"extraction_id": "20261120T020000Z"}"#).unwrap();
    assert!(refusal(&run, &[], 8, "output_failed").contains("layout"));
}

#[test]
fn every_damaged_part_of_the_extraction_is_found() {
    let (run, lake, newest) = published();
    for (table, reason) in [("flags", "bytes"), ("scorecards", "bytes"), ("extractions", "bytes")] {
        let file = lake::part(&lake, table, &newest);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 10]).unwrap();
        let refused = refusal(&run, &[], 8, "output_failed");
        assert!(refused.contains(table) && refused.contains(reason), "{refused}");
        let mut changed = whole.clone();
        changed[..1000.min(whole.len())].reverse();
        fs::write(&file, changed).unwrap();
        assert!(refusal(&run, &[], 8, "output_failed").contains(table));
        fs::remove_file(&file).unwrap();
        assert!(refusal(&run, &[], 8, "output_failed").contains("it is missing"));
        fs::write(&file, whole).unwrap();
    }
    json(&run, LAKE, &[]);
    assert!(!run.path("report.html").exists());
}

#[test]
fn rows_that_the_manifest_does_not_count_are_refused() {
    let (run, lake, newest) = published();
    let manifest = lake::manifest(&lake, &newest);
    let text = fs::read_to_string(&manifest).unwrap();
    let replace = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(&manifest, text.replace(from, to)).unwrap();
        refusal(&run, &[], 8, "output_failed")
    };
    let rows = lake::rows(&lake::part(&lake, "projects", &newest)).len();
    let projects = format!("\"name\": \"projects\",\n      \"rows\": {rows}");
    let refused = replace(&projects, "\"name\": \"projects\",\n      \"rows\": 99");
    assert!(refused.contains("its manifest says 99"), "{refused}");
    let refused = replace("\"flags/account_id", "\"../lake/flags/account_id");
    assert!(refused.contains("not a file of its extraction"), "{refused}");
    let refused = replace("\"schema_version\": ", "\"schema_version\": 9");
    assert!(refused.contains("update flaglake"), "{refused}");
    fs::write(&manifest, &text[..100]).unwrap();
    assert!(refusal(&run, &[], 8, "output_failed").contains("truncated"));
    fs::remove_file(&manifest).unwrap();
    assert!(refusal(&run, &[], 8, "output_failed").contains("is missing"));
}

#[test]
fn an_extraction_counts_once_the_pointer_names_it() {
    let (run, lake, newest) = published();
    let pointer = lake.join(format!("_latest/{}.json", lake::account(&lake)));
    let before = fs::read(&pointer).unwrap();
    run.server.change(|account| drop(account.projects.remove(0)));
    extract(&run, &["--max-removals", "100%"]);
    let after = json(&run, LAKE, &[]);
    fs::write(&pointer, before).unwrap();
    let report = json(&run, LAKE, &[]);
    assert_eq!(report["extraction"]["extraction_id"], newest);
    assert_ne!(figure(&report, "live_flags")["value"], figure(&after, "live_flags")["value"]);
    fs::write(&pointer, "{").unwrap();
    assert!(refusal(&run, &[], 8, "output_failed").contains("missing or damaged"));
}

#[test]
fn a_run_without_changes_is_followed_to_the_rows() {
    let run = company();
    extract(&run, &["--skip-unchanged"]);
    let lake = run.path("lake");
    let (account, holder) = (lake::account(&lake), lake::newest(&lake));
    extract(&run, &["--skip-unchanged"]);
    let recorded = lake::complete(&lake, &account).into_iter().find(|id| *id != holder).unwrap();
    let report = json(&run, LAKE, &[]);
    assert_eq!(report["extraction"]["extraction_id"], holder);
    let pointer = format!("{{\"extraction_id\": \"{recorded}\"}}");
    fs::write(lake.join(format!("_latest/{account}.json")), pointer).unwrap();
    assert_eq!(json(&run, LAKE, &[]), report);
}

#[test]
fn a_damaged_earlier_extraction_is_missing_from_the_trend_only() {
    let (run, lake, first) = published();
    extract(&run, &[]);
    fs::write(lake::part(&lake, "extraction_resources", &first), "half a file").unwrap();
    let ended = report(&run, LAKE, &["--format", "json"]).succeeded();
    assert!(ended.stderr.contains(&first) && ended.stderr.contains("trends"), "{}", ended.stderr);
}

#[test]
fn a_file_of_parquet_is_not_overwritten_by_a_report() {
    let (run, lake, newest) = published();
    let file = lake::part(&lake, "flags", &newest);
    let arguments = ["--output", &file.to_string_lossy()];
    let error = report(&run, LAKE, &arguments).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("Parquet"), "{error}");
    json(&run, LAKE, &[]);
}

#[test]
fn a_password_in_an_argument_is_refused() {
    let input = "postgres://ada:hunter2@db.example.com/flags";
    let error = report(&company(), input, &[]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("PGPASSWORD"), "{error}");
    assert!(!error.to_string().contains("hunter2"));
}
