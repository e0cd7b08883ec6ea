//! Runs that are killed after each of their writes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flaglake::catalog;
use flaglake::destinations::Retention;
use object_store::memory::InMemory;
use object_store::{Error, Result};

use super::captured::{ACCOUNT, Captured, opened, with_run};
use super::log::{Objects, assert_readable, json, tables};
use super::memory::{Acts, Memory, Nothing, objects};

/// A run that is killed after a number of writes: it neither reads nor writes anything more.
#[derive(Debug)]
struct Killed(AtomicUsize);

impl Acts for Killed {
    fn before(&self, _: &str, writes: bool) -> Result<()> {
        let is_alive = |left: usize| (left > 0).then(|| left - usize::from(writes));
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_alive) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Generic { store: "memory", source: "killed".into() }),
        }
    }
}

const SNAPSHOTS: [&str; 4] = ["projects", "environments", "change_actors", "view_coverage"];
/// Whether each extraction adds rows to a table.
pub fn accumulates(name: &str) -> bool {
    let tables = catalog::tables();
    let table = tables.iter().find(|table| table.name == name);
    name.starts_with("extraction") || table.is_some_and(|table| table.accumulates)
}

/// The extractions that have a manifest.
fn complete(objects: &Objects) -> BTreeSet<&str> {
    let names = objects.keys().filter_map(|name| name.strip_prefix("_extractions/"));
    names.filter_map(|name| name.split_once('/')?.1.strip_suffix(".json")).collect()
}

/// Every table can be read, and has the rows of an extraction that exists.
#[track_caller]
pub fn assert_sound(objects: &Objects) {
    assert_readable(objects);
    let complete = complete(objects);
    for (name, table) in tables(objects) {
        let extractions = table.extractions();
        assert!(extractions.iter().all(|id| complete.contains(id)), "{name}: {extractions:?}");
        if !accumulates(&name) {
            assert_eq!(extractions.len(), 1, "{name}: {extractions:?}");
        }
    }
}

/// All tables, and what points to them, are at the newest extraction.
#[track_caller]
pub fn assert_at_one_extraction(objects: &Objects) {
    assert_sound(objects);
    let (tables, complete) = (tables(objects), complete(objects));
    let newest = *complete.last().unwrap();
    for name in SNAPSHOTS {
        assert_eq!(tables[name].extractions(), [newest], "{name}");
    }
    assert_eq!(tables["latest_extraction"].extractions(), [newest]);
    let accumulating = tables.iter().filter(|(name, _)| accumulates(name));
    for (name, table) in accumulating {
        let extractions: BTreeSet<_> = table.extractions().into_iter().collect();
        assert_eq!(extractions, complete, "{name}");
        assert_eq!(table.newest().len(), complete.len(), "{name}: each of them once");
    }
    let pointer = json(objects, &format!("_latest/account_id={ACCOUNT}.json"));
    assert_eq!(pointer["extraction_id"], newest);
    let manifest = json(objects, pointer["manifest"].as_str().unwrap());
    for table in manifest["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        if let Some(version) = table["delta_version"].as_u64() {
            let files = &tables[name].versions[usize::try_from(version).unwrap()];
            assert!(files.iter().any(|live| live.extraction == newest), "{table}");
        } else {
            assert!(["extractions", "latest_extraction"].contains(&name), "{table}");
        }
    }
}

async fn publish(run: &Captured<'_>, bucket: &Arc<InMemory>, acts: impl Acts) -> bool {
    let store = Arc::new(Memory { bucket: Arc::clone(bucket), acts });
    run.publish(store, ACCOUNT, Retention::default()).await.is_ok()
}

#[test]
fn a_kill_after_any_write_leaves_tables_that_the_next_run_completes() {
    with_run(|run| {
        Box::pin(async move {
            let first = Arc::new(InMemory::new());
            assert!(publish(run, &first, Nothing).await);
            assert_at_one_extraction(&objects(&first).await);
            let (mut kills, mut resumed) = (0, 0);
            loop {
                let bucket = Arc::new(first.fork());
                if publish(run, &bucket, Killed(AtomicUsize::new(kills))).await {
                    break;
                }
                kills += 1;
                assert!(kills < 1000, "a run that is not killed fails");
                let killed = objects(&bucket).await;
                assert_sound(&killed);
                let store = Arc::new(Memory { bucket: Arc::clone(&bucket), acts: Nothing });
                opened(store, ACCOUNT).await?;
                let looked = objects(&bucket).await;
                assert_at_one_extraction(&looked);
                assert_eq!(complete(&looked), complete(&killed));
                resumed += usize::from(complete(&looked).len() == 2);
            }
            // Each table has a file and a commit.
            let tables = tables(&objects(&first).await).len();
            assert!(kills > 2 * tables && resumed > tables, "{kills} {resumed} {tables}");
            Ok(())
        })
    });
}
