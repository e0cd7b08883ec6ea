//! Two programs that commit to one table.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use flaglake::destinations::Retention;
use futures::FutureExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{Error, ObjectStore, PutMode, Result};

use super::captured::{ACCOUNT, with_run};
use super::log::{Objects, assert_readable, tables};
use super::memory::{Acts, Memory, Nothing, objects};

/// Another host, which publishes all that it has of a table just before the first commit to it.
#[derive(Debug)]
struct Rival {
    objects: Objects,
    done: Mutex<BTreeSet<String>>,
}

impl Acts for Rival {
    fn put(&self, bucket: &InMemory, name: &str) {
        let Some((table, _)) = name.split_once("/_delta_log/") else { return };
        if !self.done.lock().unwrap().insert(table.to_owned()) {
            return;
        }
        let own = self.objects.iter().filter(|(name, _)| name.split('/').next() == Some(table));
        for (name, body) in own {
            let (path, body) = (Path::parse(name).unwrap(), body.clone());
            let put = bucket.put_opts(&path, body.into(), PutMode::Create.into());
            put.now_or_never().unwrap().unwrap();
        }
    }
}

/// A connection that is lost when a commit has been written: the client sends it again, and the
/// store says that it exists.
#[derive(Debug)]
struct Lost;

impl Acts for Lost {
    fn written(&self, name: &str) -> Result<()> {
        if !name.contains("/_delta_log/") {
            return Ok(());
        }
        Err(Error::AlreadyExists { path: name.to_owned(), source: "it exists".into() })
    }
}

#[test]
fn a_commit_that_comes_second_keeps_the_rows_of_the_first() {
    with_run(|run| {
        Box::pin(async move {
            let alone = Arc::new(InMemory::new());
            let store = Arc::new(Memory { bucket: Arc::clone(&alone), acts: Nothing });
            run.publish(store, "rival", Retention::default()).await?;
            let (rivals, bucket) = (objects(&alone).await, Arc::new(InMemory::new()));
            let acts = Rival { objects: rivals.clone(), done: Mutex::default() };
            let store = Arc::new(Memory { bucket: Arc::clone(&bucket), acts });
            run.publish(store, ACCOUNT, Retention::default()).await?;
            let objects = objects(&bucket).await;
            assert_readable(&objects);
            for (name, table) in tables(&objects) {
                assert_eq!(table.versions.len(), 2, "{name}");
                assert_eq!(table.versions[0], tables(&rivals)[&name].newest(), "{name}");
                let accounts: Vec<_> = table.newest().iter().map(|live| &live.account).collect();
                assert_eq!(accounts, [ACCOUNT, "rival"], "{name}");
            }
            Ok(())
        })
    });
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_written_again() {
    with_run(|run| {
        Box::pin(async move {
            let bucket = Arc::new(InMemory::new());
            let store = Arc::new(Memory { bucket: Arc::clone(&bucket), acts: Lost });
            run.publish(store, ACCOUNT, Retention::default()).await?;
            let objects = objects(&bucket).await;
            assert_readable(&objects);
            for (name, table) in tables(&objects) {
                assert_eq!(table.versions.len(), 1, "{name}");
                assert_eq!(table.newest().len(), 1, "{name}");
            }
            Ok(())
        })
    });
}
