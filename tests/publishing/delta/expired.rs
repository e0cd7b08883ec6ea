//! Entries of logs that are older than the retention of their table.

use std::sync::Arc;

use flaglake::destinations::Retention;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde_json::Value;
use tempfile::TempDir;

use super::captured::{ACCOUNT, Captured, with_run};
use super::log::json;
use super::memory::{Memory, Nothing, export, objects};
use super::real_readers::{Readers, by_logs};

/// The account whose runs are rare.
const RARE: &str = "rare";

async fn publish(run: &Captured<'_>, bucket: &Arc<InMemory>, account: &str) {
    let store: Arc<dyn ObjectStore> =
        Arc::new(Memory { bucket: Arc::clone(bucket), acts: Nothing });
    run.publish(store, account, Retention::default()).await.unwrap();
}

/// Commits nothing to each of these tables, up to a version.
async fn commit(bucket: &InMemory, tables: &[&str], last: u64) {
    for table in tables {
        let first = versions(bucket, table).await.0.last().unwrap() + 1;
        for version in first..=last {
            let path = Path::from(format!("{table}/_delta_log/{version:020}.json"));
            bucket.put(&path, r#"{"commitInfo":{}}"#.into()).await.unwrap();
        }
    }
}

/// Commits properties of a table, as its second version.
async fn set(bucket: &InMemory, table: &str, properties: &[(&str, &str)]) {
    let first = &objects(bucket).await[&format!("{table}/_delta_log/{:020}.json", 0)];
    let lines = std::str::from_utf8(first).unwrap().lines();
    let mut actions = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut action = actions.find(|action| action.get("metaData").is_some()).unwrap();
    for (name, value) in properties {
        action["metaData"]["configuration"][name] = (*value).into();
    }
    let path = Path::from(format!("{table}/_delta_log/{:020}.json", 1));
    bucket.put(&path, action.to_string().into()).await.unwrap();
}

/// The versions that have a commit in the log of a table, and those that have a checkpoint.
async fn versions(bucket: &InMemory, table: &str) -> (Vec<u64>, Vec<u64>) {
    let objects = objects(bucket).await;
    let folder = format!("{table}/_delta_log/");
    let names: Vec<_> = objects.keys().filter_map(|name| name.strip_prefix(&folder)).collect();
    let of = |kind: &str| {
        let versions = names.iter().filter_map(|name| name.strip_suffix(kind)?.parse().ok());
        versions.collect()
    };
    (of(".json"), of(".checkpoint.parquet"))
}

#[test]
fn expired_entries_of_a_log_are_removed_and_what_manifests_name_stays() {
    with_run(|run| {
        Box::pin(async move {
            let bucket = Arc::new(InMemory::new());
            publish(run, &bucket, RARE).await;
            let retention = ("delta.logRetentionDuration", "interval 0 seconds");
            set(&bucket, "projects", &[retention]).await;
            let never = ("delta.enableExpiredLogCleanup", "false");
            set(&bucket, "teams", &[retention, never]).await;
            let tables = ["projects", "teams", "environments"];
            commit(&bucket, &tables, 9).await;
            publish(run, &bucket, ACCOUNT).await;
            // The newest extraction of an account needs version 0.
            assert_eq!(versions(&bucket, "projects").await, ((0..=10).collect(), vec![10]));
            publish(run, &bucket, RARE).await;
            commit(&bucket, &tables, 19).await;
            publish(run, &bucket, ACCOUNT).await;
            assert_eq!(versions(&bucket, "projects").await, ((10..=20).collect(), vec![10, 20]));
            for other in ["teams", "environments"] {
                assert_eq!(versions(&bucket, other).await, ((0..=20).collect(), vec![10, 20]));
            }
            publish(run, &bucket, ACCOUNT).await;
            let objects = objects(&bucket).await;
            let pointer = json(&objects, &format!("_latest/account_id={RARE}.json"));
            let manifest = json(&objects, pointer["manifest"].as_str().unwrap());
            let tables = manifest["tables"].as_array().unwrap().iter();
            let projects = { tables }.find(|table| table["name"] == "projects").unwrap();
            assert_eq!(projects["delta_version"], 11);
            read(&objects);
            Ok(())
        })
    });
}

/// Real readers find in the shortened log what is in the log of another table.
fn read(objects: &super::log::Objects) {
    let Some(mut readers) = Readers::start() else { return };
    let folder = TempDir::new().unwrap();
    export(objects, folder.path());
    let mut whole = objects.clone();
    whole.retain(|name, _| !name.starts_with("projects/_delta_log/"));
    let mut expected = by_logs(&whole);
    // It has as many rows in each extraction as the extraction's other files say.
    let newest = expected["latest_extraction"].keys();
    let rows = |id: &String| {
        let suffix = format!("{id}.json");
        let name = objects.keys().find(|name| name.ends_with(&suffix)).unwrap();
        let manifest = json(objects, name);
        let tables = manifest["tables"].as_array().unwrap().iter();
        let projects = { tables }.find(|table| table["name"] == "projects").unwrap();
        (id.clone(), projects["rows"].as_u64().unwrap())
    };
    let projects = newest.map(rows).collect();
    expected.insert("projects".to_owned(), projects);
    assert_eq!(readers.check(folder.path(), &expected).len(), 2);
}
