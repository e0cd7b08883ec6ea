//! SQLite and Parquet: the same rows, published whole, to nobody else's harm.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use flaglake::demo::{Behaviour, Family, company};
use flaglake::lock::Lock;
use flaglake::view;
use support::lake::{self, files};
use support::{Run, rows as rows_of};

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

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
        assert_eq!(files.contains_key(view.name), !needs_history, "{}", view.name);
        if needs_history || view.needs.is_empty() {
            continue;
        }
        let sql = format!("SELECT * FROM {} ORDER BY {}", view.name, view.key.join(", "));
        let (sqlite, parquet) = (rows_of(&database, &sql), lake::rows(&files[view.name]));
        assert_eq!(sqlite.len(), parquet.len(), "{}", view.name);
        // The two runs started at different times: days may have passed a threshold in between.
        if !view.columns.iter().any(|column| column.name.ends_with("_days")) {
            assert_eq!(sqlite, parquet, "{}", view.name);
        }
        rows += sqlite.len();
    }
    assert!(rows > 300, "{rows}");
}

#[test]
fn a_view_that_would_be_empty_for_want_of_what_was_not_read_is_missing_in_parquet() {
    let run = company();
    run.extract(&["--skip", "flag_statuses", "--output", "parquet:lake"]);
    let files = files(&run.path("lake"));
    let has = |name: &str| files.keys().any(|(table, _)| table == name);
    assert!(!has("stale_flags"), "it cannot say anything");
    assert!(has("stale_percentages"), "it says that it does not know");
    assert!(has("flag_readiness"));
}

#[test]
fn thresholds_that_a_user_changed_survive_publishing() {
    let run = company();
    run.extract(&[]);
    let value = "SELECT value FROM scorecard_thresholds WHERE threshold = 'inactive'";
    assert_eq!(run.value::<f64>(value).to_string(), "30");
    let changed = "UPDATE scorecard_thresholds SET value = 45 WHERE threshold = 'inactive';
                   UPDATE scorecard_thresholds SET value = 1, default_value = 1
                   WHERE threshold = 'stale_status';
                   DELETE FROM scorecard_thresholds WHERE threshold = 'member_unseen'";
    run.database().execute_batch(changed).unwrap();
    run.extract(&[]);
    assert_eq!(run.value::<f64>(value).to_string(), "45");
    let others = "SELECT group_concat(value) FROM scorecard_thresholds
                  WHERE threshold IN ('stale_status', 'member_unseen')";
    assert_eq!(
        run.value::<String>(others),
        "30.0,7.0",
        "a default follows, what is missing returns"
    );
}

#[test]
fn a_view_or_table_of_the_users_own_is_left_alone() {
    let run = company();
    run.extract(&[]);
    let own = "DROP VIEW stale_percentages; CREATE VIEW stale_percentages AS SELECT 'mine' AS own;
               DROP VIEW flag_readiness; CREATE TABLE flag_readiness (own)";
    run.database().execute_batch(own).unwrap();
    let ended = run.extract(&[]);
    assert_eq!(run.value::<String>("SELECT own FROM stale_percentages"), "mine");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_readiness"), 0);
    for name in ["stale_percentages", "flag_readiness"] {
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
    }
}

#[test]
fn a_name_that_a_user_gave_to_something_else_is_refused_before_anything_is_read() {
    let newer = flaglake::catalog::SCHEMA_VERSION;
    for (version, sql) in [
        (
            newer - 1,
            "DROP TABLE project_daily; CREATE TABLE project_daily (project_key, day, mine)",
        ),
        (newer, "DROP TABLE flags_history; CREATE INDEX flags_history ON flags (name)"),
        (newer, "DROP TABLE project_daily; CREATE VIEW Project_Daily AS SELECT 1 AS mine"),
    ] {
        let run = company();
        run.extract(&[]);
        run.database().execute_batch(sql).unwrap();
        run.database().pragma_update(None, "user_version", version).unwrap();
        let (before, requests) = (run.tables(), run.server.requests().len());
        let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
        assert!(error["hint"].as_str().unwrap().contains("rename"), "{error}");
        assert_eq!((run.tables(), run.server.requests().len()), (before, requests));
    }
}

#[test]
fn another_accounts_data_is_refused_but_for_the_demos() {
    let run = company();
    let account = |id: &'static str| run.server.change(|account| account.account_id = id.into());
    run.extract(&[]);
    account("first-account");
    run.extract(&[]);
    let before = run.tables();
    account("second-account");
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("first-account"), "{error}");
    assert_eq!(run.tables(), before);
    run.extract(&["--output", "second.db"]);
}

#[test]
fn a_clock_that_was_wrong_once_does_not_decide_which_run_is_the_newest() {
    let run = company();
    run.extract(&[]);
    run.database()
        .execute("UPDATE extractions SET started_at = '2199-01-01T00:00:00.000Z'", [])
        .unwrap();
    run.extract(&["--skip", "flag_statuses"]);
    let newest = "SELECT started_at < '2199-01-01' FROM latest_extraction";
    assert_eq!(run.value::<i64>(newest), 1);
    let stale = "SELECT outcome || is_stale FROM resource_coverage
                 JOIN extraction_resources USING (resource, scope, outcome)
                 WHERE resource = 'flag_statuses' AND is_stale";
    assert_eq!(run.value::<String>(stale), "skipped1");
}

#[test]
fn a_threshold_that_is_no_number_is_refused() {
    let run = company();
    run.extract(&[]);
    for value in ["'thirty'", "-1", "1e9", "NULL"] {
        let sql = format!("UPDATE scorecard_thresholds SET value = {value}");
        assert!(run.database().execute(&sql, []).is_err(), "{value}");
    }
}

#[test]
fn views_survive_a_dump_and_its_reading_elsewhere() {
    let run = company();
    run.extract(&[]);
    let database = run.database();
    let dump = rows_of(&database, "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL");
    let copy = rusqlite::Connection::open_in_memory().unwrap();
    for sql in dump {
        copy.execute_batch(&serde_json::from_str::<String>(&sql).unwrap()).unwrap();
    }
    for view in view::all() {
        let sql = format!("SELECT * FROM {}", view.name);
        let columns = copy.prepare(&sql).unwrap().column_count();
        assert_eq!(columns, view.columns.len(), "{}", view.name);
    }
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
    let json = |path: PathBuf| -> serde_json::Value {
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let latest = json(lake.join("_latest.json"));
    let manifest = json(lake.join(latest["manifest"].as_str().unwrap()));
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
    let dead = lake.join("flags/extraction_id=20200101T000000Z");
    fs::create_dir_all(&dead).unwrap();
    fs::write(dead.join("part-0.parquet"), "half").unwrap();
    fs::write(dead.join("part-0.parquet#1"), "less").unwrap();
    fs::create_dir_all(lake.join("mine")).unwrap();
    fs::write(lake.join("mine/notes.txt"), "keep").unwrap();
    run.extract(&["--output", "parquet:lake"]);
    assert!(!dead.exists());
    assert_eq!(fs::read_to_string(lake.join("mine/notes.txt")).unwrap(), "keep");
    let flags = files(&lake).into_keys().filter(|(table, _)| table == "flags").count();
    assert_eq!(flags, 2, "the complete extraction before stays");
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

#[test]
fn a_file_that_is_not_flaglakes_is_refused_and_untouched() {
    let run = company();
    let foreign = rusqlite::Connection::open(run.path("other.db")).unwrap();
    foreign.execute_batch("CREATE TABLE flags (mine); INSERT INTO flags VALUES (1)").unwrap();
    drop(foreign);
    fs::write(
        run.path("letter.db"),
        "Dear reader, this is no database. It is a letter, and a long one.",
    )
    .unwrap();
    fs::create_dir(run.path("folder.db")).unwrap();
    for name in ["other.db", "letter.db", "folder.db"] {
        let before = fs::read(run.path(name)).ok();
        let error = run
            .run(&["extract", "--output", name, "--error-format", "json"])
            .failed(8, "output_failed");
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
        assert_eq!(fs::read(run.path(name)).ok(), before);
    }
    assert!(run.server.requests().is_empty(), "the output is looked at first");
}

#[test]
fn a_link_stays_and_leads_to_the_output() {
    let run = company();
    fs::create_dir(run.path("real")).unwrap();
    std::os::unix::fs::symlink("real/x.db", run.path("launchdarkly.db")).unwrap();
    for _ in 0..2 {
        run.extract(&[]);
        assert!(fs::symlink_metadata(run.path("launchdarkly.db")).unwrap().is_symlink());
        assert!(fs::metadata(run.path("real/x.db")).unwrap().len() > 0);
    }
    let _lock = Lock::take(&run.path("real/.x.db.lock")).unwrap();
    run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
}

#[test]
fn what_is_no_regular_file_is_refused_and_stays() {
    let run = company();
    let socket = std::os::unix::net::UnixListener::bind(run.path("launchdarkly.db")).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("regular file"), "{error}");
    assert!(run.path("launchdarkly.db").exists() && !run.path("launchdarkly.db").is_file());
    assert!(run.server.requests().is_empty());
    drop(socket);
}

#[test]
fn an_empty_file_is_as_good_as_none() {
    let run = company();
    fs::write(run.path("launchdarkly.db"), "").unwrap();
    run.extract(&[]);
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}

#[test]
fn a_database_of_a_newer_flaglake_is_refused() {
    let run = company();
    run.extract(&[]);
    run.database().pragma_update(None, "user_version", 999).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["hint"].as_str().unwrap().contains("update"), "{error}");
}

#[test]
fn a_folder_that_does_not_exist_is_output_failed() {
    let run = company();
    run.run(&["extract", "-o", "sqlite:nowhere/x.db", "--error-format", "json"])
        .failed(8, "output_failed");
}

#[test]
fn a_second_run_on_one_output_is_told_so() {
    let run = company();
    let lock = Lock::take(&run.path(".launchdarkly.db.lock")).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    let holder = format!("process {}", std::process::id());
    assert!(error["message"].as_str().unwrap().contains(&holder), "{error}");
    drop(lock);
    run.extract(&[]);
}

#[test]
fn the_remains_of_a_dead_run_do_no_harm() {
    let run = company();
    fs::write(run.path(".launchdarkly.db.stage"), "half a stage").unwrap();
    fs::write(run.path(".launchdarkly.db.lock"), "process 1").unwrap();
    run.extract(&[]);
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_reader_keeps_its_data_while_new_data_is_published() {
    let run = company();
    run.extract(&[]);
    let reader = run.database();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let before = count("SELECT count(*) FROM flags");
    run.server.change(|account| account.projects.clear());
    run.extract(&[]);
    assert_eq!(count("SELECT count(*) FROM flags"), before);
    assert_eq!(
        count("SELECT count(*) FROM flag_statuses JOIN flags USING (project_key, flag_key)"),
        count("SELECT count(*) FROM flag_statuses")
    );
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(count("SELECT count(*) FROM flags"), 0);
}

#[test]
fn files_are_for_their_owner_only() {
    let run = company();
    run.extract(&[]);
    run.extract(&["--output", "parquet:lake"]);
    let mut folders = vec![run.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}", entry.path().display());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
}

#[test]
fn times_and_booleans_are_declared_as_such() {
    let run = company();
    run.extract(&[]);
    let sql = "SELECT group_concat(DISTINCT type) FROM pragma_table_info('flags') WHERE name IN ('created_at', 'archived_at')";
    assert_eq!(run.value::<String>(sql), "TIMESTAMP");
    let sql = "SELECT type FROM pragma_table_info('flags') WHERE name = 'temporary'";
    assert_eq!(run.value::<String>(sql), "BOOLEAN");
    let sql = "SELECT count(*) FROM flags WHERE datetime(created_at) IS NULL";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn the_demo_does_not_take_the_place_of_a_real_accounts_data() {
    let run = company();
    run.server.change(|account| account.account_id = "a-real-account".into());
    run.extract(&[]);
    let before = run.tables();
    run.run(&["extract", "--demo", "--error-format", "json"]).failed(8, "output_failed");
    assert_eq!(run.tables(), before);
    run.extract(&["--demo", "--output", "demo.db"]);
}

#[test]
fn rows_of_another_account_do_not_stay() {
    let run = company();
    run.extract(&[]);
    run.server.change(|account| account.account_id = "another-account".into());
    run.extract(&["--skip", "tags"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM tags"), 0);
}

#[test]
fn a_database_of_an_older_flaglake_is_brought_up_to_date() {
    let run = company();
    run.extract(&[]);
    let (tables, database) = (run.tables(), run.database());
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database
        .execute_batch("DROP TABLE flags; CREATE TABLE flags (project_key, flag_key, name)")
        .unwrap();
    database.execute_batch("ALTER TABLE extractions ADD COLUMN mood TEXT").unwrap();
    drop(database);
    run.extract(&[]);
    assert_eq!(run.tables(), tables);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}
