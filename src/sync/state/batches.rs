//! The table `sync_batches`: the outbox of events.
//!
//! A batch is stored with its exact bytes and its payload ID before it is sent, and again when it is
//! about to be sent. Whatever ends the process, the next run finds it and sends the same bytes with
//! the same ID, so that LaunchDarkly counts its events once.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::State;
use super::batch_state::BatchState;
use super::rows::Status;
use super::writer::{time_ms, write};
use crate::Result;
use crate::record::sync::{BatchRow, BatchTable};

/// The key of a row, as the state file keeps it, and the hash of its event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowKey(pub Option<String>, pub i64);

/// A batch of events.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The ID by which LaunchDarkly processes it once.
    pub payload_id: String,
    /// The exact bytes: a JSON array.
    pub body: String,
    /// The rows.
    pub keys: Vec<RowKey>,
    /// The largest value of the cursor column up to its last row.
    pub cursor: Option<String>,
}

/// A batch of an earlier run that is not settled.
#[derive(Clone, Debug)]
pub struct OpenBatch {
    /// Its payload ID.
    pub payload_id: String,
    /// Its state.
    pub state: BatchState,
    /// When it was stored, in milliseconds since 1970.
    pub created_at: i64,
    /// The rows.
    pub keys: Vec<RowKey>,
    /// The largest value of the cursor column up to its last row.
    pub cursor: Option<String>,
}

/// Drops the keys of the acknowledged batches of the sync `:sync`, once `sync_rows` has them.
pub const CLEAR_KEYS: &str = "UPDATE state.sync_batches SET row_keys = NULL
    WHERE sync_name = :sync AND state = 'acknowledged' AND row_keys IS NOT NULL";

impl State {
    /// Stores a batch before it is sent.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn store_batch(&self, sync_name: &str, batch: &Batch, now_ms: i64) -> Result<()> {
        let keys = serde_json::to_string(&batch.keys).unwrap_or_default();
        let row = BatchRow {
            sync_name,
            payload_id: &batch.payload_id,
            state: BatchState::Ready.name(),
            created_at: now_ms,
            rows: i64::try_from(batch.keys.len()).unwrap_or(i64::MAX),
            body: Some(&batch.body),
            row_keys: Some(&keys),
            cursor: batch.cursor.as_deref(),
        };
        write::<BatchTable>(&self.connection, &row)
    }

    /// Records that a batch is about to be sent.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn mark_sending(&self, sync_name: &str, payload_id: &str) -> Result<()> {
        let sql =
            "UPDATE state.sync_batches SET state = ?3 WHERE sync_name = ?1 AND payload_id = ?2";
        let state = BatchState::Sending.name();
        self.in_transaction(|this| {
            this.connection.prepare_cached(sql)?.execute(params![sync_name, payload_id, state])
        })
        .map(drop)
    }

    /// Ends a batch: its rows take the status that follows from `state`, and its bytes are deleted
    /// unless they may still be sent. The rows of a batch that is acknowledged keep waiting for
    /// [`Self::fold_acknowledged`].
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn settle(
        &self,
        sync_name: &str,
        payload_id: &str,
        state: BatchState,
        keys: &[RowKey],
        run: &str,
    ) -> Result<()> {
        let sql = match state {
            BatchState::Unknown => {
                "UPDATE state.sync_batches SET state = ?3 WHERE sync_name = ?1 AND payload_id = ?2"
            }
            // Its keys follow with those of other batches, in order: see `Self::fold_acknowledged`.
            BatchState::Acknowledged => {
                "UPDATE state.sync_batches SET state = ?3, body = NULL
                 WHERE sync_name = ?1 AND payload_id = ?2"
            }
            _ => {
                "UPDATE state.sync_batches SET state = ?3, body = NULL, row_keys = NULL
                 WHERE sync_name = ?1 AND payload_id = ?2"
            }
        };
        self.in_transaction(|this| {
            if let Some(status) = state.of_rows() {
                this.insert_rows(sync_name, keys, status, run)?;
            }
            this.connection.prepare_cached(sql)?.execute(params![
                sync_name,
                payload_id,
                state.name()
            ])
        })
        .map(drop)
    }

    /// Adds the rows of acknowledged batches to `sync_rows`. In the order of their keys, a million
    /// rows take a tenth of the writing that they take batch by batch.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn fold_acknowledged(&self, sync_name: &str, run: &str) -> Result<()> {
        let fold = "
            INSERT OR REPLACE INTO state.sync_rows
            SELECT ?1, k.value ->> 0 AS row_key, k.value ->> 1, 'acknowledged', ?2
            FROM state.sync_batches b, json_each(b.row_keys) k
            WHERE b.sync_name = ?1 AND b.state = 'acknowledged' AND b.row_keys IS NOT NULL
                AND k.value ->> 0 IS NOT NULL
            ORDER BY row_key";
        self.in_transaction(|this| {
            this.connection.execute(fold, [sync_name, run])?;
            this.connection.execute(CLEAR_KEYS, [sync_name])
        })
        .map(drop)
    }

    fn insert_rows(
        &self,
        sync_name: &str,
        keys: &[RowKey],
        status: Status,
        run: &str,
    ) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO state.sync_rows VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for RowKey(key, hash) in keys {
            let Some(key) = key else { continue };
            statement.execute(params![sync_name, key, hash, status.name(), run])?;
        }
        Ok(())
    }

    /// The batches of earlier runs that are not settled, or whose rows are not in `sync_rows` yet: the
    /// oldest first, without their bytes.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn open_batches(&self, sync_name: &str) -> Result<Vec<OpenBatch>> {
        let sql = "SELECT payload_id, state, created_at, row_keys, cursor FROM state.sync_batches
                   WHERE sync_name = ?1 AND (state IN ('ready', 'sending', 'unknown')
                       OR state = 'acknowledged' AND row_keys IS NOT NULL)
                   ORDER BY created_at, rowid";
        let found = self.connection.prepare(sql).and_then(|mut statement| {
            statement.query_map([sync_name], open_batch)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        let found = self.or_failed(found)?;
        found
            .into_iter()
            .map(|(batch, created_at)| Ok(OpenBatch { created_at: time_ms(&created_at)?, ..batch }))
            .collect()
    }

    /// The state of a batch; `None` if there is none of this ID.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn batch_state(&self, sync_name: &str, payload_id: &str) -> Result<Option<BatchState>> {
        let sql = "SELECT state FROM state.sync_batches WHERE sync_name = ?1 AND payload_id = ?2";
        let found = self.connection.query_row(sql, [sync_name, payload_id], |row| {
            row.get::<_, String>(0).map(|name| BatchState::of(&name))
        });
        self.or_failed(found.optional())
    }

    /// The payload IDs of all batches that are not settled.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn unsettled_payloads(&self) -> Result<BTreeSet<String>> {
        self.payloads("'ready', 'sending', 'unknown'")
    }

    /// The payload IDs of all batches that are not settled, and may have been sent.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn sent_payloads(&self) -> Result<BTreeSet<String>> {
        self.payloads("'sending', 'unknown'")
    }

    fn payloads(&self, states: &str) -> Result<BTreeSet<String>> {
        let sql = format!("SELECT payload_id FROM state.sync_batches WHERE state IN ({states})");
        let found = self.connection.prepare(&sql).and_then(|mut statement| {
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
        });
        self.or_failed(found)
    }

    /// The bytes of a batch that is not settled.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn batch_body(&self, sync_name: &str, payload_id: &str) -> Result<String> {
        let sql = "SELECT body FROM state.sync_batches WHERE sync_name = ?1 AND payload_id = ?2";
        let body =
            self.connection.query_row(sql, [sync_name, payload_id], |row| row.get::<_, String>(0));
        self.or_failed(body)
    }
}

fn open_batch(row: &Row<'_>) -> rusqlite::Result<(OpenBatch, String)> {
    let state: String = row.get(1)?;
    let keys: Option<String> = row.get(3)?;
    let batch = OpenBatch {
        payload_id: row.get(0)?,
        state: BatchState::of(&state),
        created_at: 0,
        keys: keys.and_then(|keys| serde_json::from_str(&keys).ok()).unwrap_or_default(),
        cursor: row.get(4)?,
    };
    Ok((batch, row.get(2)?))
}
