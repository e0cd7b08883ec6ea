//! Sends events: batches of earlier runs first, then the new rows.
//!
//! Each batch is stored with its bytes and its payload ID, marked as being sent, sent, and settled.
//! While one is on its way, the next one is prepared.

use std::sync::Arc;

use bytes::Bytes;
use rusqlite::Row;
use tokio::task::JoinHandle;

use super::batch::{Position, SentRow, Unsent};
use super::outbox::is_doubtful;
use super::plan::unknown_delivery;
use super::progress::rejected_key;
use super::{Events, Unknown};
use crate::error::Kind;
use crate::launchdarkly::writes::events as api;
use crate::launchdarkly::{Client, Request};
use crate::sync::answers::refusal;
use crate::sync::context::{Progress, Run};
use crate::sync::cursor::Cursor;
use crate::sync::reason::Rejection;
use crate::sync::state::{Batch, BatchState, CLEAR_KEYS, OpenBatch, RowKey, Status};
use crate::{Error, Result};

/// The most events of a request.
const MOST_EVENTS: usize = 5_000;

/// A batch that is on its way.
struct Flight {
    payload_id: String,
    rows: Vec<SentRow>,
    keys: Vec<RowKey>,
    cursor: Option<String>,
    answer: JoinHandle<Result<()>>,
    /// Whether an earlier run may have sent it, so that only LaunchDarkly's acceptance settles it.
    was_sent: bool,
}

impl Events {
    /// Sends everything that is planned.
    pub(super) async fn apply_plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        self.store_rejected(run)?;
        let sent = self.send_all(run).await;
        let folded = match sent {
            Ok(()) => fold_sent(run),
            Err(_) => run.state.fold_acknowledged(run.name(), &run.row.sync_run_id),
        };
        sent.and(folded)?;
        self.finish(run)?;
        match self.refusal.take() {
            // LaunchDarkly takes any JSON, so a refusal of everything is no fault of the rows.
            Some(error) if run.row.created == 0 => Err(error),
            _ if run.context.options.verify => self.verify(run).await,
            _ => Ok(()),
        }
    }

    async fn send_all(&mut self, run: &mut Run<'_>) -> Result<()> {
        self.settle_earlier(run).await?;
        self.send_new(run).await
    }

    /// Settles the batches of earlier runs.
    async fn settle_earlier(&mut self, run: &mut Run<'_>) -> Result<()> {
        let id = run.row.sync_run_id.clone();
        let outbox = std::mem::take(&mut self.outbox);
        let settle = |run: &Run<'_>, batch: &OpenBatch, state| {
            run.state.settle(run.name(), &batch.payload_id, state, &batch.keys, &id)
        };
        for batch in &outbox.discarded {
            settle(run, batch, BatchState::Refused)?;
        }
        for batch in &outbox.unknown {
            settle(run, batch, BatchState::Unknown)?;
        }
        for batch in &outbox.skipped {
            settle(run, batch, BatchState::Skipped)?;
            self.move_cursor(run, batch.cursor.as_deref())?;
        }
        for batch in outbox.resent {
            self.resend(run, batch).await?;
        }
        run.state.fold_acknowledged(run.name(), &id)
    }

    /// Sends a batch of an earlier run again: the same bytes with the same payload ID.
    async fn resend(&mut self, run: &mut Run<'_>, batch: OpenBatch) -> Result<()> {
        // Reading the source may have taken long.
        let now_ms = jiff::Timestamp::now().as_millisecond();
        if self.options.unknown != Some(Unknown::Resend) && is_doubtful(&batch, now_ms) {
            return self.set_aside(run, &batch);
        }
        run.verify_lease(None).await?;
        run.state.mark_sending(run.name(), &batch.payload_id)?;
        let body = run.state.batch_body(run.name(), &batch.payload_id)?;
        let flight = Flight {
            rows: pending(run, &batch.payload_id)?,
            answer: self.launch(run, &batch.payload_id, body),
            payload_id: batch.payload_id,
            keys: batch.keys,
            cursor: batch.cursor,
            was_sent: true,
        };
        self.land(run, flight).await
    }

    fn launch(&self, run: &Run<'_>, payload_id: &str, body: String) -> JoinHandle<Result<()>> {
        let (project, environment) = (&self.options.project, &self.options.environment);
        let request = api::import(project, environment, payload_id, Bytes::from(body));
        tokio::spawn(send(Arc::clone(run.context.client), request))
    }

    /// Sends the rows that no batch has yet. While a batch is on its way, the next one is stored.
    async fn send_new(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut flight = None;
        let outcome = self.fly(run, &mut flight).await;
        // What is on its way is waited for in any case, so that it is not sent again without need.
        let landed = match flight {
            Some(flight) if !outcome.as_ref().is_err_and(is_interruption) => {
                self.land(run, flight).await
            }
            _ => Ok(()),
        };
        outcome.and(landed)
    }

    async fn fly(&mut self, run: &mut Run<'_>, flight: &mut Option<Flight>) -> Result<()> {
        let most = run.context.options.batch_size.unwrap_or(MOST_EVENTS).clamp(1, MOST_EVENTS);
        let mut position = Position::default();
        loop {
            run.context.interrupt.check()?;
            let Some(next) = self.next_batch(run, &mut position, most)? else { return Ok(()) };
            let now_ms = jiff::Timestamp::now().as_millisecond();
            run.state.store_batch(run.name(), &next.batch, now_ms)?;
            if let Some(remote) = &mut run.remote {
                let (name, id) = (&run.row.sync_name, &run.row.sync_run_id);
                remote.put_batch(name, &next.batch, now_ms, id).await?;
            }
            if let Some(flight) = flight.take() {
                self.land(run, flight).await?;
            }
            let Batch { payload_id, body, keys, cursor } = next.batch;
            run.verify_lease(Some(&payload_id)).await?;
            run.state.mark_sending(run.name(), &payload_id)?;
            let answer = self.launch(run, &payload_id, body);
            let was_sent = false;
            *flight = Some(Flight { payload_id, rows: next.rows, keys, cursor, answer, was_sent });
        }
    }

    /// Waits for the answer to a batch, and settles it.
    async fn land(&mut self, run: &mut Run<'_>, flight: Flight) -> Result<()> {
        let Flight { payload_id, rows, keys, cursor, answer, was_sent } = flight;
        let bug = |_| Error::new(Kind::Internal, "sending events stopped working");
        let answer = run.context.interrupt.or(async { answer.await.map_err(bug)? }).await;
        let id = run.row.sync_run_id.clone();
        let settle =
            |run: &Run<'_>, state| run.state.settle(run.name(), &payload_id, state, &keys, &id);
        let error = match answer {
            Ok(()) => {
                settle(run, BatchState::Acknowledged)?;
                self.move_cursor(run, cursor.as_deref())?;
                let created_at = jiff::Timestamp::now().as_millisecond();
                let state = BatchState::Acknowledged;
                let batch = OpenBatch { payload_id, state, created_at, keys, cursor };
                settle_remote(run, &batch).await?;
                run.row.created += i64::try_from(rows.len()).unwrap_or(i64::MAX);
                Progress::add(&run.context.progress.sent, rows.len());
                return Ok(());
            }
            Err(error) => error,
        };
        let is_refused = matches!(error.http_status(), Some(400 | 413 | 422));
        // It may have been carried out: the next run sends the same bytes again.
        if error.is_unconfirmed() || is_interruption(&error) || (was_sent && !is_refused) {
            return Err(error);
        }
        self.note_rejected(run, &rows)?;
        if was_sent {
            settle(run, BatchState::Unknown)?;
            let why = unknown_delivery(&payload_id);
            return self.reject_all(run, &rows, &why);
        }
        settle(run, BatchState::Refused)?;
        if !is_refused {
            return Err(error);
        }
        self.reject_all(run, &rows, &refusal(&error))?;
        self.refusal.get_or_insert(error);
        Ok(())
    }

    /// Rejects the rows of a batch. Without an ID, a row has no key that users know.
    fn reject_all(&self, run: &Run<'_>, rows: &[SentRow], why: &Rejection) -> Result<()> {
        let has_ids = self.options.identity.id.is_some();
        rows.iter().try_for_each(|row| {
            let key = if has_ids { run.state.row_key(row.number)? } else { None };
            run.reject(row.number, key.as_deref(), why)
        })
    }

    /// Records the cursor values of rows that are not accepted before the cursor passes them.
    fn note_rejected(&mut self, run: &Run<'_>, rows: &[SentRow]) -> Result<()> {
        for row in rows {
            self.progress.note_rejected(row.cursor.as_ref());
        }
        self.store_rejected(run)
    }

    pub(super) fn store_rejected(&self, run: &Run<'_>) -> Result<()> {
        let keys: Vec<_> =
            self.progress.rejected_now.iter().map(|cursor| rejected_key(cursor)).collect();
        run.state.mark_internal(
            run.name(),
            keys.iter().map(String::as_str),
            Status::Rejected,
            &run.row.sync_run_id,
        )
    }

    /// Moves the cursor to the end of a batch that LaunchDarkly has accepted, but not past what this
    /// run leaves out.
    fn move_cursor(&self, run: &Run<'_>, cursor: Option<&str>) -> Result<()> {
        let Some(cursor) = cursor.and_then(Cursor::from_json) else { return Ok(()) };
        run.state.raise_cursor(run.name(), &self.progress.allowed(cursor).to_json())
    }
}

/// Makes the acknowledgement of a batch durable beyond this machine.
async fn settle_remote(run: &mut Run<'_>, batch: &OpenBatch) -> Result<()> {
    let Some(remote) = &mut run.remote else { return Ok(()) };
    let (name, id) = (&run.row.sync_name, &run.row.sync_run_id);
    remote.settle_batch(&run.state, name, batch, BatchState::Acknowledged, id).await
}

/// Adds all rows that were sent to `sync_rows`, once LaunchDarkly has accepted each batch or its rows
/// have a fate. The index has them in the order of their keys, so that nothing is sorted again.
fn fold_sent(run: &Run<'_>) -> Result<()> {
    let Unsent { joins, condition } = Unsent::of(run)?;
    let stored = run.state.stored("s.row_key");
    let fold = format!(
        "INSERT OR REPLACE INTO state.sync_rows
         SELECT :sync, {stored}, s.payload_hash, 'acknowledged', :run
         FROM source s INDEXED BY source_key {joins}
         WHERE s.row_key >= '' AND {condition} ORDER BY {stored}"
    );
    let transaction = run.state.or_failed(run.state.connection.unchecked_transaction())?;
    run.execute(&fold)?;
    run.execute(CLEAR_KEYS)?;
    run.state.or_failed(transaction.commit())
}

fn is_interruption(error: &Error) -> bool {
    error.kind() == Kind::Interrupted
}

async fn send(client: Arc<Client>, request: Request) -> Result<()> {
    client.send(&request).await.map(drop)
}

/// The rows of the source that a batch of an earlier run has.
fn pending(run: &Run<'_>, payload_id: &str) -> Result<Vec<SentRow>> {
    let sql = "SELECT row_number, cursor FROM pending JOIN source USING (row_number)
               WHERE payload_id = ?1";
    let rows = run.state.connection.prepare(sql).and_then(|mut statement| {
        let row = |row: &Row<'_>| {
            let cursor = super::batch::cursor(row.get_ref(1)?);
            Ok(SentRow { number: row.get(0)?, cursor })
        };
        statement.query_map([payload_id], row)?.collect::<rusqlite::Result<Vec<_>>>()
    });
    run.state.or_failed(rows)
}
