//! A state file in a bucket: fetched before a run, and stored at checkpoints.
//!
//! Between two checkpoints, each batch of events is an object of its own, so that whatever ends the
//! machine, the next run knows which batches were sent. A lease keeps other runs away.

mod copy;
mod lease;
mod open;
mod outbox;

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMode, UpdateVersion};
use url::Url;

use self::copy::Copy;
use self::lease::{Lease, is_outdated, put_if};
pub use self::open::{abandon, open};
use self::outbox::StoredBatch;
use super::state::{Access, Batch, BatchState, OpenBatch, State};
use crate::destinations::parquet::bucket::Bucket;
use crate::model::privacy::Privacy;
use crate::system::files;
use crate::{Error, Result};

/// The state file is stored after so many batches.
const CHECKPOINT_AFTER: usize = 50;

/// A state file in a bucket, for one run.
#[derive(Debug)]
pub struct Remote {
    bucket: Arc<Bucket>,
    lease: Option<Lease>,
    /// The copy on this machine.
    local: Copy,
    /// The state file in the bucket, as this run has read or written it; `None` if there is none.
    version: Option<UpdateVersion>,
    /// The batches that the stored file does not know to be settled.
    outbox: Vec<String>,
}

impl Remote {
    /// Takes the state file for this run, and fetches it. To read, no lease is taken.
    ///
    /// # Errors
    /// `output_failed` if another run has it, or the bucket cannot be used.
    pub async fn fetch(url: &Url, access: Access) -> Result<Self> {
        let bucket = Arc::new(Bucket::open(url)?);
        let local = Copy::new()?;
        let lease = match access {
            Access::Write => Some(Lease::take(&bucket).await?),
            Access::Read => None,
        };
        let mut remote = Remote { bucket, lease, local, version: None, outbox: Vec::new() };
        let fetched = remote.download().await;
        if fetched.is_err() {
            remote.release().await;
        }
        fetched.map(|()| remote)
    }

    async fn download(&mut self) -> Result<()> {
        let object = match self.bucket.objects.get(self.bucket.root()).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(()),
            object => object.map_err(|error| self.failed(&error))?,
        };
        let (e_tag, version) = (object.meta.e_tag.clone(), object.meta.version.clone());
        let bytes = object.bytes().await.map_err(|error| self.failed(&error))?;
        self.version = Some(UpdateVersion { e_tag, version });
        self.local.fill(&bytes)
    }

    /// Opens the copy, and adds the batches of runs that were killed.
    ///
    /// # Errors
    /// `output_failed` if that is not possible.
    pub async fn open(&mut self, access: Access, privacy: Privacy) -> Result<State> {
        let state = State::open(self.local.path(), access, privacy)?;
        for path in self.stored_batches().await? {
            let Some(bytes) = self.read(&path).await? else { continue };
            let id = path.filename().unwrap_or_default().to_owned();
            let stored: StoredBatch =
                serde_json::from_slice(&bytes).map_err(|error| self.failed(&error))?;
            stored.adopt(&state, &id)?;
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
        let stored = StoredBatch::new(sync, batch, now_ms, run);
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
            let stored = StoredBatch::acknowledged(sync, batch, run);
            self.put_json(&self.outbox_path(&batch.payload_id), &stored).await?;
        }
        if self.outbox.len() >= CHECKPOINT_AFTER {
            return self.checkpoint(state).await;
        }
        Ok(())
    }

    /// Checks that this run may still send: right before each request that writes.
    ///
    /// # Errors
    /// `output_failed` if another run has taken over. What was stored to be sent is removed then: no
    /// run may take it for sent.
    pub async fn verify(&self, unsent: Option<&str>) -> Result<()> {
        let Some(lease) = &self.lease else { return Ok(()) };
        let verified = lease.verify().await;
        if let (Err(_), Some(payload_id)) = (&verified, unsent) {
            let _ = self.bucket.remove(&self.outbox_path(payload_id)).await;
        }
        verified
    }

    /// Stores the whole file, and then removes the batches that it knows to be settled.
    ///
    /// # Errors
    /// `output_failed` if that is not possible, or another run has taken over.
    pub async fn checkpoint(&mut self, state: &State) -> Result<()> {
        self.store(state).await?;
        self.clear(&state.unsettled_payloads()?).await
    }

    /// Stores the whole file at the end of a run: batches that are not sent by now were never sent.
    ///
    /// # Errors
    /// As for [`Self::checkpoint`].
    pub async fn finish(&mut self, state: &State) -> Result<()> {
        self.store(state).await?;
        self.clear(&state.sent_payloads()?).await
    }

    async fn store(&mut self, state: &State) -> Result<()> {
        self.check_lease()?;
        state.empty_log()?;
        let local = self.local.path();
        let bytes = std::fs::read(local).map_err(|error| files::failed(local, &error))?;
        let payload = object_store::PutPayload::from(bytes);
        let mut put = self.put_state(payload.clone()).await;
        if put.as_ref().is_err_and(is_outdated) {
            // If the lease is this run's, so was the write: its answer was lost.
            self.verify(None).await?;
            self.version = self.stored_version().await?;
            put = self.put_state(payload).await;
        }
        self.version = Some(put.map_err(|error| self.failed(&error))?);
        Ok(())
    }

    /// Writes the file, unless another run has written it since this one has read it.
    async fn put_state(
        &self,
        payload: object_store::PutPayload,
    ) -> std::result::Result<UpdateVersion, object_store::Error> {
        let mode = match &self.version {
            None => PutMode::Create,
            Some(version) if version.e_tag.is_none() && version.version.is_none() => {
                PutMode::Overwrite
            }
            Some(version) => PutMode::Update(version.clone()),
        };
        put_if(&self.bucket, self.bucket.root(), payload, mode).await
    }

    async fn stored_version(&self) -> Result<Option<UpdateVersion>> {
        match self.bucket.objects.head(self.bucket.root()).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&error)),
            Ok(found) => Ok(Some(UpdateVersion { e_tag: found.e_tag, version: found.version })),
        }
    }

    /// Removes the batches that are not `kept`.
    async fn clear(&mut self, kept: &BTreeSet<String>) -> Result<()> {
        for id in std::mem::take(&mut self.outbox) {
            if kept.contains(&id) {
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
            lease.release().await;
        }
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
