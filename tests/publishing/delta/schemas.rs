//! Columns, descriptions and checkpoints.

use std::fs;
use std::sync::Arc;

use flaglake::catalog;
use flaglake::destinations::Retention;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::captured::{ACCOUNT, with_run};
use super::log;
use super::memory::{Memory, Nothing, export, objects};
use super::tables::{account, extract, table};
use crate::support::python;

/// The program that reads every version of every table.
const COUNT: &str = include_str!("../../python/count_delta.py");

/// The columns of a table, by its log.
fn columns(metadata: &Value) -> Vec<Value> {
    let schema: Value = serde_json::from_str(metadata["schemaString"].as_str().unwrap()).unwrap();
    schema["fields"].as_array().unwrap().clone()
}

#[test]
fn tables_and_columns_carry_their_descriptions() {
    let run = account();
    extract(&run, &[]);
    let objects = log::objects(&run.path("lake"));
    let tables = log::tables(&objects);
    for info in catalog::tables().iter().chain(&catalog::views()) {
        let Some(table) = tables.get(info.name) else { continue };
        assert_eq!(table.metadata["description"], info.doc);
        let body = objects[&table.newest()[0].file].clone();
        let file = ParquetRecordBatchReaderBuilder::try_new(body).unwrap();
        assert_eq!(file.schema().metadata()["comment"], info.doc);
        let columns = columns(&table.metadata);
        for field in file.schema().fields() {
            let column = &info.columns[info.position(field.name()).unwrap()];
            assert_eq!(field.metadata()["comment"], column.doc);
            let noted = columns.iter().find(|one| one["name"] == column.name).unwrap();
            assert_eq!(noted["metadata"], json!({ "comment": column.doc }));
        }
        assert_eq!(columns.len(), file.schema().fields().len() + 2, "{}", info.name);
    }
}

/// Makes a table one that an earlier version of flaglake has written, which lacked a column.
fn take_column(lake: &std::path::Path, name: &str, column: &str) {
    let log = lake.join(format!("{name}/_delta_log/{:020}.json", 0));
    let lines = fs::read_to_string(&log).unwrap();
    let older = lines.lines().map(|line| {
        let mut action: Value = serde_json::from_str(line).unwrap();
        if let Some(metadata) = action.get_mut("metaData") {
            let mut fields = columns(metadata);
            fields.retain(|field| field["name"] != column);
            let schema = json!({ "type": "struct", "fields": fields });
            metadata["schemaString"] = schema.to_string().into();
        }
        action.to_string() + "\n"
    });
    fs::write(&log, older.collect::<String>()).unwrap();
}

#[test]
fn a_column_that_is_new_comes_last_and_other_accounts_stay_readable() {
    let run = account();
    extract(&run, &[]);
    take_column(&run.path("lake"), "flags", "temporary");
    run.server.change(|account| account.account_id = "another".into());
    extract(&run, &[]);
    let flags = table(&run, "flags");
    let names = columns(&flags.metadata);
    assert_eq!(names.last().unwrap()["name"], "temporary");
    assert_eq!(names.last().unwrap()["nullable"], true);
    assert_eq!(flags.newest().len(), 2);
    if python::has(&["deltalake", "pyarrow"]) {
        let rows = python::run(COUNT, [run.path("lake")]);
        let counts = flags.versions.iter().map(|files| files.iter().map(|live| live.rows).sum());
        assert_eq!(rows["flags"], json!(counts.collect::<Vec<u64>>()));
    }
    // The next run has nothing to add to the definition.
    extract(&run, &[]);
    let commit = run.path(&format!("lake/flags/_delta_log/{:020}.json", 2));
    assert!(!fs::read_to_string(commit).unwrap().contains("metaData"));
}

/// Removes the commits of a bucket, as a cleaning of the logs does after a checkpoint.
async fn remove_commits(bucket: &InMemory, up_to: usize) {
    for name in objects(bucket).await.into_keys() {
        let version = name.rsplit('/').next().and_then(|file| file.strip_suffix(".json"));
        let version = version.and_then(|digits| digits.parse::<usize>().ok());
        if name.contains("/_delta_log/") && version.is_some_and(|version| version <= up_to) {
            bucket.delete(&Path::parse(name).unwrap()).await.unwrap();
        }
    }
}

#[test]
fn readers_and_runs_start_at_a_checkpoint() {
    with_run(|run| {
        Box::pin(async move {
            let bucket = Arc::new(InMemory::new());
            let store = Arc::new(Memory { bucket: Arc::clone(&bucket), acts: Nothing });
            let account =
                |number: usize| if number.is_multiple_of(2) { ACCOUNT } else { "another" };
            for number in 0..11 {
                run.publish(store.clone(), account(number), Retention::default()).await?;
            }
            let projects = log::table(&objects(&bucket).await, "projects").newest().to_vec();
            let pointer =
                log::json(&objects(&bucket).await, "projects/_delta_log/_last_checkpoint");
            assert_eq!(pointer["version"], 10);
            // Both accounts' files, those of nine earlier runs, and the definition.
            assert_eq!(pointer["size"], 2 + 9 + 2);
            remove_commits(&bucket, 10).await;
            let folder = TempDir::new().unwrap();
            export(&objects(&bucket).await, folder.path());
            if python::has(&["deltalake", "pyarrow"]) {
                let script = include_str!("../../python/count_newest_delta.py");
                let rows: u64 = projects.iter().map(|live| live.rows).sum();
                assert_eq!(python::run(script, [folder.path().join("projects")]), rows);
            }
            run.publish(store, "another", Retention::default()).await?;
            let commit = format!("projects/_delta_log/{:020}.json", 11);
            let commit = objects(&bucket).await[&commit].clone();
            let removes = std::str::from_utf8(&commit).unwrap().matches("\"remove\":").count();
            assert_eq!(removes, 1, "the other account's file stays");
            Ok(())
        })
    });
}

#[test]
fn a_checkpoint_of_another_program_is_understood() {
    if !python::has(&["deltalake"]) {
        return;
    }
    let run = account();
    extract(&run, &[]);
    run.server.change(|account| account.account_id = "another".into());
    extract(&run, &[]);
    let lake = run.path("lake");
    python::run(include_str!("../../python/checkpoint_delta.py"), [&lake]);
    for name in log::tables(&log::objects(&lake)).into_keys() {
        for version in 0..2 {
            fs::remove_file(lake.join(format!("{name}/_delta_log/{version:020}.json"))).unwrap();
        }
    }
    extract(&run, &[]);
    let commit = fs::read_to_string(lake.join(format!("flags/_delta_log/{:020}.json", 2))).unwrap();
    let actions: Vec<Value> =
        commit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let removed: Vec<_> = actions.iter().filter_map(|action| action.get("remove")).collect();
    assert_eq!(removed.len(), 1);
    assert_eq!(removed[0]["partitionValues"]["account_id"], "another");
    assert!(!commit.contains("metaData"), "{commit}");
}
