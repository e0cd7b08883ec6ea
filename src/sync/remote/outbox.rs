//! Batches of events as objects of their own, between two checkpoints of the state file.

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::sync::state::{Batch, BatchState, OpenBatch, RowKey, State};

/// A batch as an object.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredBatch {
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

impl StoredBatch {
    /// A batch that is about to be sent.
    pub fn new(sync: &str, batch: &Batch, now_ms: i64, run: &str) -> Self {
        StoredBatch {
            sync_name: sync.to_owned(),
            created_at: now_ms,
            is_acknowledged: false,
            body: Some(batch.body.clone()),
            keys: batch.keys.clone(),
            cursor: batch.cursor.clone(),
            run: run.to_owned(),
        }
    }

    /// A batch that LaunchDarkly has accepted.
    pub fn acknowledged(sync: &str, batch: &OpenBatch, run: &str) -> Self {
        StoredBatch {
            sync_name: sync.to_owned(),
            created_at: batch.created_at,
            is_acknowledged: true,
            body: None,
            keys: batch.keys.clone(),
            cursor: batch.cursor.clone(),
            run: run.to_owned(),
        }
    }

    /// Adds the batch of a killed run to the state file, which may know more of it, or less.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn adopt(self, state: &State, payload_id: &str) -> Result<()> {
        let StoredBatch { sync_name, created_at, is_acknowledged, body, keys, cursor, run } = self;
        let known = state.batch_state(&sync_name, payload_id)?;
        if known.is_some_and(BatchState::is_settled) {
            return Ok(());
        }
        let payload_id = payload_id.to_owned();
        let batch = Batch { payload_id, body: body.unwrap_or_default(), keys, cursor };
        if known.is_none() {
            state.store_batch(&sync_name, &batch, created_at)?;
        }
        if is_acknowledged {
            return acknowledge(state, &sync_name, &batch, &run);
        }
        match known {
            Some(BatchState::Unknown) => Ok(()),
            // The file was stored while the batch before it was on its way: it may have been sent since.
            _ => state.mark_sending(&sync_name, &batch.payload_id),
        }
    }
}

fn acknowledge(state: &State, sync: &str, batch: &Batch, run: &str) -> Result<()> {
    state.settle(sync, &batch.payload_id, BatchState::Acknowledged, &batch.keys, run)?;
    match &batch.cursor {
        Some(cursor) => state.raise_cursor(sync, cursor),
        None => Ok(()),
    }
}
