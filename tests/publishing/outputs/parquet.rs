//! Folders of Parquet files: their contents, and the files that a run removes.

use std::collections::BTreeMap;
use std::fs;

use fake_launchdarkly::Family;
use flaglake::model::view::{self, LATEST_EXTRACTION};

use crate::outputs::company;
use crate::support::lake::{self, files};
use crate::support::rows as rows_of;

#[test]
fn both_outputs_hold_the_same_rows_cell_by_cell() {
    let run = company();
    run.extract(&["--target-values"]);
    run.extract(&["--target-values", "--output", "parquet:lake"]);
    let (sqlite, parquet) = (run.tables(), lake::tables(&run.path("lake")));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), parquet.keys().collect::<Vec<_>>());
    for (table, rows) in sqlite {
        assert_eq!(parquet[&table], rows, "{table}");
    }
}

#[test]
fn views_are_tables_of_the_same_rows_in_parquet() {
    let run = company();
    run.extract(&["--resources", "all"]);
    run.extract(&["--resources", "all", "--output", "parquet:lake"]);
    let files: BTreeMap<_, _> =
        files(&run.path("lake")).into_iter().map(|((name, _), path)| (name, path)).collect();
    let database = run.database();
    let mut rows = 0;
    for view in view::all() {
        let needs_history = view.needs.iter().any(|need| need.resource == "history");
        let is_pointer = view.name == LATEST_EXTRACTION;
        let is_written = !needs_history && !is_pointer && !view.is_internal();
        assert_eq!(files.contains_key(view.name), is_written, "{}", view.name);
        if !is_written || view.needs.is_empty() {
            continue;
        }
        let sql = format!("SELECT * FROM {} ORDER BY {}", view.name, view.key.join(", "));
        let (sqlite, parquet) = (rows_of(&database, &sql), lake::rows(&files[view.name]));
        assert_eq!(sqlite.len(), parquet.len(), "{}", view.name);
        // The two runs started at different times, so a flag may have passed a threshold in
        // between.
        if !view.columns.iter().any(|column| column.name.ends_with("_days")) {
            assert_eq!(sqlite, parquet, "{}", view.name);
        }
        rows += sqlite.len();
    }
    assert!(rows > 300, "{rows}");
}

#[test]
fn a_view_without_its_resources_is_missing_in_parquet() {
    let run = company();
    run.extract(&["--skip", "flag_statuses", "--output", "parquet:lake"]);
    let files = files(&run.path("lake"));
    let has = |name: &str| files.keys().any(|(table, _)| table == name);
    assert!(!has("stale_flags"), "its required resource was not read");
    assert!(has("stale_percentages"), "it has rows with unknown values");
    assert!(has("flag_readiness"));
}

#[test]
fn parquet_files_of_an_unchanged_account_are_identical() {
    let run = company();
    for _ in 0..2 {
        run.extract(&["--output", "parquet:lake"]);
    }
    let mut contents = BTreeMap::<String, Vec<Vec<u8>>>::new();
    for ((table, _), path) in files(&run.path("lake")) {
        contents.entry(table).or_default().push(fs::read(path).unwrap());
    }
    contents.retain(|table, _| !lake::tells_time(table));
    assert!(contents.len() > 15);
    for (table, files) in contents {
        assert_eq!(files.len(), 2, "{table}");
        assert!(files[0] == files[1], "{table}");
    }
}

#[test]
fn the_manifest_names_every_file_and_latest_names_the_manifest() {
    let run = company();
    run.extract(&["--output", "parquet:lake"]);
    let lake = run.path("lake");
    let latest = lake::pointer(&lake, &lake::account(&lake));
    let manifest = lake::json(&lake.join(latest["manifest"].as_str().unwrap()));
    assert_eq!(manifest["extraction_id"], latest["extraction_id"]);
    let named = manifest["tables"].as_array().unwrap();
    assert_eq!(named.len(), files(&lake).len());
    for table in named {
        let file = lake.join(table["files"][0].as_str().unwrap());
        assert_eq!(fs::metadata(&file).unwrap().len(), table["bytes"].as_u64().unwrap());
        assert_eq!(lake::rows(&file).len() as u64, table["rows"].as_u64().unwrap());
    }
}

#[test]
fn what_no_manifest_names_is_removed_and_nothing_else() {
    let run = company();
    run.extract(&["--output", "parquet:lake"]);
    let lake = run.path("lake");
    let dead =
        lake.join("flags").join(lake::account(&lake)).join("extraction_id=x20200101T000000Z");
    fs::create_dir_all(&dead).unwrap();
    fs::write(dead.join("part-0.parquet"), "half").unwrap();
    fs::write(dead.join(".part-0.parquet.new"), "less").unwrap();
    fs::create_dir_all(lake.join("mine")).unwrap();
    fs::write(lake.join("mine/notes.txt"), "keep").unwrap();
    run.extract(&["--output", "parquet:lake"]);
    assert!(!dead.exists());
    assert_eq!(fs::read_to_string(lake.join("mine/notes.txt")).unwrap(), "keep");
    let flags = files(&lake).into_keys().filter(|(table, _)| table == "flags").count();
    assert_eq!(flags, 2, "the complete extraction is kept");
}

#[test]
fn the_first_runs_in_a_folder_remove_nothing_of_anybody_elses() {
    let run = company();
    let account = format!("account_id={}", fake_launchdarkly::account::account_id());
    let others = [
        "flags/extraction_id=2024-01-01/part-0.parquet".to_owned(),
        "flags/extraction_id=20240101T000000Z/part-0.parquet".to_owned(),
        "flags/account_id=mine/extraction_id=x20240101T000000Z/part-0.parquet".to_owned(),
        format!("flags/{account}/extraction_id=x2024/part-0.parquet"),
        format!("flags/{account}/extraction_id=x20240101T000000Z/data.parquet"),
        format!("flags/{account}/notes.txt"),
        format!("_extractions/{account}/notes.json"),
        "_extractions/notes.json".to_owned(),
        "_latest.json".to_owned(),
        "latest_extraction/part-0.parquet".to_owned(),
    ];
    for name in &others {
        let path = run.path("lake").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    for _ in 0..2 {
        run.extract(&["--output", "parquet:lake", "--keep-extractions", "1"]);
    }
    for name in &others {
        assert_eq!(fs::read_to_string(run.path("lake").join(name)).unwrap(), "mine", "{name}");
    }
}

#[test]
fn what_a_first_run_left_when_it_died_is_removed() {
    let run = company();
    let account = format!("account_id={}", fake_launchdarkly::account::account_id());
    let lake = run.path("lake");
    let claimed = lake.join("_extractions").join(&account).join("x20240101T000000Z.claim");
    let dead = lake.join(format!("flags/{account}/extraction_id=x20240101T000000Z"));
    for (path, contents) in [(claimed.clone(), ""), (dead.join("part-0.parquet"), "half")] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    run.extract(&["--output", "parquet:lake"]);
    assert!(!dead.exists() && !claimed.exists());
}

#[test]
fn a_failed_run_adds_nothing_that_counts_to_parquet() {
    let run = company();
    run.extract(&["--output", "parquet:lake"]);
    let before = files(&run.path("lake"));
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Tags, 403)]));
    run.run(&["extract", "--output", "parquet:lake", "--error-format", "json"])
        .failed(4, "invalid_permissions");
    assert_eq!(files(&run.path("lake")), before);
}
