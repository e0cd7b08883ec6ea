//! Lakes, tables and stores that are refused. Nothing of them is changed.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use flaglake::destinations::Retention;
use object_store::memory::InMemory;
use object_store::{Error, Result};
use serde_json::{Value, json};

use super::captured::{ACCOUNT, with_run};
use super::log;
use super::memory::{Acts, Memory, objects};
use super::tables::{OUTPUT, account, extract};
use crate::support::Run;

/// Runs, which must fail without a change of the lake; returns message and hint.
#[track_caller]
fn refused(run: &Run, output: &str) -> String {
    let before = log::objects(&run.path("lake"));
    let arguments = ["extract", "--error-format", "json", "--output", output];
    let error = run.run(&arguments).failed(8, "output_failed");
    let after = log::objects(&run.path("lake"));
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(after == before, "the lake has changed");
    format!("{}; {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap())
}

fn commit(run: &Run, table: &str, version: usize) -> PathBuf {
    run.path(&format!("lake/{table}/_delta_log/{version:020}.json"))
}

/// The definition of a table, in its first commit.
fn metadata(run: &Run, table: &str) -> Value {
    let text = fs::read_to_string(commit(run, table, 0)).unwrap();
    let mut actions = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    actions.find(|action| action.get("metaData").is_some()).unwrap()
}

#[test]
fn a_table_with_features_that_flaglake_does_not_know_is_refused() {
    let run = account();
    extract(&run, &[]);
    for (reader, writer) in [(1, 3), (2, 5), (3, 7)] {
        let protocol = json!({ "minReaderVersion": reader, "minWriterVersion": writer });
        let action = json!({ "protocol": protocol }).to_string();
        fs::write(commit(&run, "projects", 1), action + "\n").unwrap();
        let said = refused(&run, OUTPUT[1]);
        assert!(said.contains("`projects` has version"), "{said}");
    }
}

#[test]
fn a_column_that_flaglake_does_not_know_is_refused() {
    let run = account();
    extract(&run, &[]);
    let mut action = metadata(&run, "flags");
    let schema = action["metaData"]["schemaString"].as_str().unwrap();
    let newer = schema.replacen("\"name\":\"kind\"", "\"name\":\"sort\"", 1);
    action["metaData"]["schemaString"] = newer.into();
    fs::write(commit(&run, "flags", 1), action.to_string()).unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("`sort`, which this version of flaglake does not know"), "{said}");
    let retyped =
        schema_with(&metadata(&run, "flags"), "\"type\":\"boolean\"", "\"type\":\"string\"");
    fs::write(commit(&run, "flags", 1), retyped.to_string()).unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("of another type"), "{said}");
}

fn schema_with(action: &Value, from: &str, to: &str) -> Value {
    let mut action = action.clone();
    let schema = action["metaData"]["schemaString"].as_str().unwrap().replacen(from, to, 1);
    action["metaData"]["schemaString"] = schema.into();
    action
}

#[test]
fn a_delta_table_that_flaglake_did_not_make_is_refused() {
    let run = account();
    extract(&run, &[]);
    let mut action = metadata(&run, "flags");
    action["metaData"]["configuration"] = json!({});
    fs::write(commit(&run, "flags", 1), action.to_string()).unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("that flaglake did not make"), "{said}");
}

#[test]
fn a_table_that_may_not_lose_rows_is_refused() {
    let run = account();
    extract(&run, &[]);
    let mut action = metadata(&run, "flags");
    action["metaData"]["configuration"]["delta.appendOnly"] = "true".into();
    fs::write(commit(&run, "flags", 1), action.to_string()).unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("`delta.appendOnly`"), "{said}");
}

#[test]
fn a_damaged_log_is_refused() {
    let run = account();
    extract(&run, &[]);
    extract(&run, &[]);
    fs::remove_file(commit(&run, "flags", 0)).unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("a commit is missing"), "{said}");
    fs::write(commit(&run, "flags", 0), "{\"protocol").unwrap();
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("could not read `flags/_delta_log/00000000000000000000.json`"), "{said}");
}

#[test]
fn parquet_and_delta_lakes_do_not_mix() {
    let run = account();
    extract(&run, &[]);
    let said = refused(&run, "parquet:lake");
    assert!(said.contains("it holds Delta tables"), "{said}");
    fs::remove_dir_all(run.path("lake")).unwrap();
    run.extract(&["--output", "parquet:lake"]);
    let said = refused(&run, OUTPUT[1]);
    assert!(said.contains("write to `parquet:`"), "{said}");
}

/// A store that replaces an object although it was told to create it.
#[derive(Debug)]
struct Careless;

impl Acts for Careless {
    fn replaces(&self) -> bool {
        true
    }
}

/// A store that says that it cannot create an object only if it does not exist.
#[derive(Debug)]
struct Honest;

impl Acts for Honest {
    fn written(&self, name: &str) -> Result<()> {
        if !name.ends_with("_format.json") {
            return Ok(());
        }
        Err(Error::NotImplemented { operation: "create".into(), implementer: "memory".into() })
    }
}

#[test]
fn a_store_without_conditional_writes_is_refused() {
    with_run(|run| {
        Box::pin(async move {
            let buckets = [(); 2].map(|()| Arc::new(InMemory::new()));
            let careless = Arc::new(Memory { bucket: Arc::clone(&buckets[0]), acts: Careless });
            let honest = Arc::new(Memory { bucket: Arc::clone(&buckets[1]), acts: Honest });
            let keep = Retention::default();
            for outcome in [
                run.publish(careless.clone(), ACCOUNT, keep).await,
                run.publish(careless, ACCOUNT, keep).await,
                run.publish(honest, ACCOUNT, keep).await,
            ] {
                let said = outcome.unwrap_err().to_string();
                assert!(said.contains("no conditional writes"), "{said}");
            }
            for bucket in buckets {
                let names: Vec<_> = objects(&bucket).await.into_keys().collect();
                assert_eq!(names, ["_format.json"]);
            }
            Ok(())
        })
    });
}
