//! `--skip-unchanged`: a run that finds nothing changed is recorded, and its rows are not copied.

use std::fs;
use std::path::PathBuf;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::AuditEntry;
use fake_launchdarkly::company;
use fake_launchdarkly::generated::{self, Size};
use serde_json::{Value, json};

use crate::support::{Run, lake, python};

const LAKE: &str = "parquet:lake";
/// The tables that every run writes.
const RECORD: [&str; 3] = ["extraction_resources", "extraction_settings", "extractions"];

fn account() -> Run {
    let size = Size { projects: 1, environments: 2, flags: 40, archived: 2, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

/// Runs with the option; returns the ID of the run.
fn extract(run: &Run, arguments: &[&str]) -> String {
    let all = ["--output", LAKE, "--skip-unchanged"];
    run.extract(&all.iter().chain(arguments).copied().collect::<Vec<_>>());
    ids(run).last().unwrap().clone()
}

/// The IDs of all extractions, oldest first.
fn ids(run: &Run) -> Vec<String> {
    let lake = run.path("lake");
    lake::complete(&lake, &lake::account(&lake)).into_iter().collect()
}

fn manifest(run: &Run, id: &str) -> Value {
    lake::json(&lake::manifest(&run.path("lake"), id))
}

/// The extraction that holds the rows of another one, as its manifest says.
fn holder(run: &Run, id: &str) -> Value {
    manifest(run, id)["same_as"].clone()
}

fn newest(run: &Run) -> String {
    lake::newest(&run.path("lake"))
}

fn part(run: &Run, table: &str, id: &str) -> PathBuf {
    lake::part(&run.path("lake"), table, id)
}

/// The tables of which an extraction has files.
fn tables(run: &Run, id: &str) -> Vec<String> {
    let files = lake::files(&run.path("lake")).into_keys();
    let own = files.filter(|(_, folders)| folders.ends_with(&format!("extraction_id={id}")));
    own.map(|(table, _)| table).collect()
}

fn rename(run: &Run) {
    run.server.change(|account| account.projects[0].flags[0].name += " again");
}

#[test]
fn an_unchanged_account_is_recorded_and_not_copied() {
    let run = account();
    let first = extract(&run, &[]);
    let all = tables(&run, &first);
    let latest = run.path("lake").join("latest_extraction");
    let latest = latest.join(lake::account(&run.path("lake"))).join("part-0.parquet");
    let row = fs::read(&latest).unwrap();
    for _ in 0..2 {
        let next = extract(&run, &[]);
        assert_eq!(tables(&run, &next), RECORD);
        assert_eq!((holder(&run, &next), newest(&run)), (json!(first), first.clone()));
        assert_eq!(fs::read(&latest).unwrap(), row);
        let listed = manifest(&run, &next)["tables"].as_array().unwrap().len();
        assert_eq!(listed, RECORD.len());
        let recorded = lake::rows(&part(&run, "extractions", &next)).remove(0);
        assert!(recorded.contains(&first), "{recorded}");
        assert!(!lake::rows(&part(&run, "extraction_resources", &next)).is_empty());
    }
    assert_eq!(tables(&run, &first), all);
    assert_eq!(holder(&run, &first), Value::Null);
}

#[test]
fn a_changed_account_is_copied_as_a_whole() {
    let run = account();
    let first = extract(&run, &[]);
    let unchanged = extract(&run, &[]);
    rename(&run);
    let changed = extract(&run, &[]);
    assert_eq!(tables(&run, &changed), tables(&run, &first));
    assert_eq!((holder(&run, &changed), newest(&run)), (Value::Null, changed.clone()));
    let next = extract(&run, &[]);
    assert_eq!(holder(&run, &next), json!(changed));
    assert_eq!(ids(&run), [first, unchanged, changed, next]);
}

#[test]
fn another_setting_is_a_change() {
    let run = account();
    let first = extract(&run, &[]);
    // It changes no row of any view.
    let setting = "[scorecards.thresholds]\nmember_unseen = 31";
    fs::write(run.path("flaglake.toml"), setting).unwrap();
    let changed = extract(&run, &["--config", "flaglake.toml"]);
    assert_eq!(holder(&run, &changed), Value::Null);
    assert_eq!(tables(&run, &changed), tables(&run, &first));
    assert_eq!(holder(&run, &extract(&run, &["--config", "flaglake.toml"])), json!(changed));
}

#[test]
fn a_run_without_the_option_is_copied_and_cannot_be_referred_to() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let first = extract(&run, &[]);
    assert_eq!(holder(&run, &first), Value::Null);
    assert_eq!(holder(&run, &extract(&run, &[])), json!(first));
    run.extract(&["--output", LAKE]);
    assert_eq!((ids(&run).len(), newest(&run)), (4, ids(&run)[3].clone()));
    assert!(part(&run, "flags", &newest(&run)).exists());
    assert_eq!(holder(&run, &extract(&run, &[])), Value::Null);
}

#[test]
fn a_run_that_reads_less_or_otherwise_is_copied() {
    let run = account();
    extract(&run, &[]);
    let project = run.server.read(|account| account.projects[0].key.clone());
    for other in [&["--project", &project][..], &["--skip", "teams"], &[]] {
        assert_eq!(holder(&run, &extract(&run, other)), Value::Null, "{other:?}");
    }
}

#[test]
fn rows_that_are_missing_or_pointed_to_wrongly_are_copied() {
    let run = account();
    let first = extract(&run, &[]);
    fs::remove_file(part(&run, "flag_variations", &first)).unwrap();
    let second = extract(&run, &[]);
    assert_eq!(holder(&run, &second), Value::Null);
    // As if a run had been killed before it replaced the pointer of programs.
    let lake = run.path("lake");
    let pointer = lake.join("_latest").join(lake::account(&lake) + ".json");
    let earlier = fs::read(&pointer).unwrap();
    rename(&run);
    let third = extract(&run, &[]);
    fs::write(&pointer, earlier).unwrap();
    run.server.change(|account| {
        let name = &mut account.projects[0].flags[0].name;
        *name = name.trim_end_matches(" again").to_owned();
    });
    let fourth = extract(&run, &[]);
    assert_eq!((holder(&run, &fourth), newest(&run)), (Value::Null, fourth.clone()));
    assert_eq!(ids(&run), [first, second, third, fourth]);
}

#[test]
fn an_extraction_is_kept_while_a_kept_run_refers_to_it() {
    let run = account();
    let first = extract(&run, &[]);
    extract(&run, &[]);
    let third = extract(&run, &["--keep-extractions", "1"]);
    assert_eq!(ids(&run), [first.clone(), third.clone()]);
    assert!(part(&run, "flags", &first).exists());
    rename(&run);
    let fourth = extract(&run, &["--keep-extractions", "2"]);
    assert_eq!(ids(&run), [first, third, fourth]);
    let fifth = extract(&run, &["--keep-extractions", "1"]);
    let kept = ids(&run);
    assert_eq!((kept.len(), kept.last()), (2, Some(&fifth)));
    assert_eq!(holder(&run, &fifth), json!(kept[0]));
    assert!(part(&run, "flags", &kept[0]).exists());
}

#[test]
fn status_times_and_the_guard_look_past_unchanged_runs() {
    let run = account();
    let first = extract(&run, &[]);
    for _ in 0..2 {
        extract(&run, &[]);
    }
    let since = |id: &str| {
        let file = fs::File::open(part(&run, "flag_statuses", id)).unwrap();
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file);
        let batch = reader.unwrap().build().unwrap().next().unwrap().unwrap();
        batch.column_by_name("status_since").unwrap().slice(0, 1)
    };
    rename(&run);
    let changed = extract(&run, &[]);
    assert_eq!(since(&changed).as_ref(), since(&first).as_ref());
    extract(&run, &[]);
    run.server.change(|account| account.projects[0].flags.truncate(3));
    let ended = run.run(&["extract", "--output", LAKE, "--skip-unchanged"]);
    assert_eq!(ended.status, 12, "{}", ended.stderr);
}

#[test]
fn a_new_entry_of_the_audit_log_is_a_change() {
    let now = jiff::Timestamp::now().as_millisecond();
    let run = Run::new(company::account(now), Behaviour::default());
    let arguments = ["--resources", "core,audit_log"];
    let first = extract(&run, &arguments);
    assert_eq!(holder(&run, &extract(&run, &arguments)), json!(first));
    run.server.change(|account| {
        let mut entry: AuditEntry = account.audit_log[0].clone();
        (entry.id, entry.date_ms) = ("new".into(), now);
        account.audit_log.push(entry);
    });
    let changed = extract(&run, &arguments);
    assert_eq!(holder(&run, &changed), Value::Null);
    assert_eq!(lake::rows(&part(&run, "audit_log_entries", &changed)).len(), 1);
    assert_eq!(holder(&run, &extract(&run, &arguments)), json!(changed));
}

#[test]
fn the_summary_of_an_unchanged_run_queries_the_rows() {
    let run = account();
    let first = extract(&run, &[]);
    let ended = run.extract(&["--output", LAKE, "--skip-unchanged"]);
    let sentence = format!("Nothing has changed since extraction {first}");
    assert!(ended.stderr.contains(&sentence), "{}", ended.stderr);
    let query =
        run.run(&["query", "SELECT count(*) FROM flags", "--input", LAKE, "--format", "csv"]);
    let flags = lake::rows(&part(&run, "flags", &first)).len();
    assert!(query.succeeded().stdout.contains(&flags.to_string()));
}

#[test]
fn the_option_is_for_parquet_only() {
    let error = account().run(&["extract", "--skip-unchanged", "--error-format", "json"]);
    let error = error.failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("is for Parquet"), "{error}");
}

#[test]
fn duckdb_joins_the_rows_of_an_unchanged_account() {
    if !python::has(&["duckdb"]) {
        return;
    }
    let run = account();
    let first = extract(&run, &[]);
    let second = extract(&run, &[]);
    let facts = python::run(include_str!("../python/read_unchanged.py"), [run.path("lake")]);
    let flags = run.server.read(|account| account.projects[0].flags.len());
    assert_eq!(facts["newest"], json!([[first, flags]]));
    // The record of each run leads to its rows.
    assert_eq!(facts["runs"], json!([[first, flags], [second, flags]]));
}
