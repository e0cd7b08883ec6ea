//! A state file in a bucket: fetched before a run, and stored at checkpoints.
//!
//! Between two checkpoints, each batch of events is an object of its own, so that whatever ends the
//! machine, the next run knows which batches were sent. A lease keeps other runs away.

mod lease;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use url::Url;

use self::lease::Lease;
use super::place::StatePlace;
use super::state::{Access, Batch, BatchState, OpenBatch, RowKey, State};
use crate::destinations::parquet::bucket::Bucket;
use crate::model::privacy::Privacy;
use crate::system::database;
use crate::system::files;
use crate::system::hash::hash;
use crate::{Error, Result};

/// The state file is stored after so many batches.
const CHECKPOINT_AFTER: usize = 50;

/// A state file in a bucket, for one run.
#[derive(Debug)]
pub struct Remote {
    bucket: Arc<Bucket>,
    lease: Option<Lease>,
    /// The copy on this machine.
    local: PathBuf,
    /// The batches that the stored file does not know to be settled.
    outbox: Vec<String>,
}

/// A batch as an object.
#[derive(Debug, Serialize, Deserialize)]
struct StoredBatch {
    sync_name: String,
    created_at: i64,
    /// Whether LaunchDarkly has accepted it.
    is_acknowledged: bool,
    body: Option<String>,
    keys: Vec<RowKey>,
    cursor: Option<String>,
    /// The run that sent it.
    run: String,
}

impl Remote {
    /// Takes the state file for this run, and fetches it. To read, no lease is taken.
    ///
    /// # Errors
    /// `output_failed` if another run has it, or the bucket cannot be used.
    pub async fn fetch(url: &Url, access: Access) -> Result<Self> {
        let bucket = Arc::new(Bucket::open(url)?);
        let lease = match access {
            Access::Write => Some(Lease::take(&bucket).await?),
            Access::Read => None,
        };
        let name = format!("flaglake-state-{:016x}-{}.db", hash(url.as_str()), std::process::id());
        let local = files::temporary_folder().join(name);
        let remote = Remote { bucket, lease, local, outbox: Vec::new() };
        database::remove(&remote.local);
        if let Some(bytes) = remote.read(remote.bucket.root()).await? {
            std::fs::write(&remote.local, bytes)
                .map_err(|error| files::failed(&remote.local, &error))?;
        }
        Ok(remote)
    }

    /// Opens the copy, and adds the batches of runs that were killed.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn open(&mut self, access: Access, privacy: Privacy) -> Result<State> {
        let state = State::open(&self.local, access, privacy)?;
        for path in self.stored_batches().await? {
            let Some(bytes) = self.read(&path).await? else { continue };
            let id = path.filename().unwrap_or_default().to_owned();
            let stored: StoredBatch =
                serde_json::from_slice(&bytes).map_err(|error| self.failed(&error))?;
            adopt(&state, &id, stored)?;
            self.outbox.push(id);
        }
        Ok(state)
    }

    /// Stores a batch before it is sent.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn put_batch(
        &mut self,
        sync: &str,
        batch: &Batch,
        now_ms: i64,
        run: &str,
    ) -> Result<()> {
        self.check_lease()?;
        let stored = StoredBatch {
            sync_name: sync.to_owned(),
            created_at: now_ms,
            is_acknowledged: false,
            body: Some(batch.body.clone()),
            keys: batch.keys.clone(),
            cursor: batch.cursor.clone(),
            run: run.to_owned(),
        };
        self.put_json(&self.outbox_path(&batch.payload_id), &stored).await?;
        self.outbox.push(batch.payload_id.clone());
        Ok(())
    }

    /// Stores that a batch is settled; now and then the whole file.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn settle_batch(
        &mut self,
        state: &State,
        sync: &str,
        batch: &OpenBatch,
        to: BatchState,
        run: &str,
    ) -> Result<()> {
        self.check_lease()?;
        if to == BatchState::Acknowledged {
            let stored = StoredBatch {
                sync_name: sync.to_owned(),
                created_at: batch.created_at,
                is_acknowledged: true,
                body: None,
                keys: batch.keys.clone(),
                cursor: batch.cursor.clone(),
                run: run.to_owned(),
            };
            self.put_json(&self.outbox_path(&batch.payload_id), &stored).await?;
        }
        if self.outbox.len() >= CHECKPOINT_AFTER {
            return self.checkpoint(state).await;
        }
        Ok(())
    }

    /// Stores the whole file, and then removes the batches that it knows to be settled.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn checkpoint(&mut self, state: &State) -> Result<()> {
        self.check_lease()?;
        state.empty_log()?;
        let bytes =
            std::fs::read(&self.local).map_err(|error| files::failed(&self.local, &error))?;
        let put = self.bucket.objects.put(self.bucket.root(), bytes.into()).await;
        put.map_err(|error| self.failed(&error))?;
        let open = state.unsettled_payloads()?;
        for id in std::mem::take(&mut self.outbox) {
            if open.contains(&id) {
                self.outbox.push(id);
            } else {
                let removed = self.bucket.remove(&self.outbox_path(&id)).await;
                removed.map_err(|error| self.failed(&error))?;
            }
        }
        Ok(())
    }

    /// Gives the state file back.
    pub async fn release(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.release(&self.bucket).await;
        }
        database::remove(&self.local);
    }

    fn check_lease(&self) -> Result<()> {
        self.lease.as_ref().map_or(Ok(()), Lease::check)
    }

    fn outbox_path(&self, payload_id: &str) -> Path {
        Path::from(format!("{}.outbox/{payload_id}", self.bucket.root()))
    }

    async fn stored_batches(&self) -> Result<Vec<Path>> {
        let prefix = Path::from(format!("{}.outbox", self.bucket.root()));
        let mut found = Vec::new();
        let mut listing = self.bucket.objects.list(Some(&prefix));
        while let Some(object) = listing.next().await {
            found.push(object.map_err(|error| self.failed(&error))?.location);
        }
        Ok(found)
    }

    async fn read(&self, path: &Path) -> Result<Option<Bytes>> {
        match self.bucket.objects.get(path).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            object => {
                let object = object.map_err(|error| self.failed(&error))?;
                object.bytes().await.map(Some).map_err(|error| self.failed(&error))
            }
        }
    }

    async fn put_json(&self, path: &Path, value: &StoredBatch) -> Result<()> {
        let bytes = serde_json::to_vec(value).map_err(|error| self.failed(&error))?;
        let put = self.bucket.objects.put(path, bytes.into()).await;
        put.map(drop).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Error {
        Error::output(&self.bucket.name, error)
            .resource(self.bucket.name.clone())
            .hint("may these credentials read and write there?")
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        database::remove(&self.local);
    }
}

/// Opens a state file, wherever it is.
///
/// # Errors
/// `output_failed` if it cannot be opened, or is in use.
pub async fn open(
    place: &StatePlace,
    access: Access,
    privacy: Privacy,
) -> Result<(State, Option<Remote>)> {
    let url = match place {
        StatePlace::File(path) => return Ok((State::open(path, access, privacy)?, None)),
        StatePlace::Bucket(url) => url,
    };
    let mut remote = Remote::fetch(url, access).await?;
    match remote.open(access, privacy).await {
        Ok(state) => Ok((state, Some(remote))),
        Err(error) => {
            remote.release().await;
            Err(error)
        }
    }
}

/// Closes a state file that was opened to be written and turned out to be missing: nothing is left.
pub async fn abandon(state: State, remote: Option<Remote>) {
    let path = state.path().to_owned();
    let is_new = state.is_new;
    drop(state);
    match remote {
        Some(mut remote) => remote.release().await,
        None if is_new => {
            let _ = std::fs::remove_file(path);
        }
        None => {}
    }
}

/// Adds a batch of a killed run to the state file.
fn adopt(state: &State, payload_id: &str, stored: StoredBatch) -> Result<()> {
    let StoredBatch { sync_name, created_at, is_acknowledged, body, keys, cursor, run } = stored;
    if state.is_settled(&sync_name, payload_id)? {
        return Ok(());
    }
    let batch =
        Batch { payload_id: payload_id.to_owned(), body: body.unwrap_or_default(), keys, cursor };
    state.store_batch(&sync_name, &batch, created_at)?;
    if !is_acknowledged {
        return state.mark_sending(&sync_name, payload_id);
    }
    state.settle(&sync_name, payload_id, BatchState::Acknowledged, &batch.keys, &run)?;
    match &batch.cursor {
        Some(cursor) => state.raise_cursor(&sync_name, cursor),
        None => Ok(()),
    }
}
