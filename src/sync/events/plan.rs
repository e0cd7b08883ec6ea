//! The plan for events: which rows are new, and which an earlier run has sent.

use rusqlite::Row;

use super::Events;
use super::progress::other_kind;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::cursor::Kind;
use crate::sync::object::SyncObject;
use crate::sync::reason::{Reason, Rejection};
use crate::sync::state::{BatchState, OpenBatch, RowKey};

/// Rows that a batch of an earlier run has, and that are sent with it.
const PENDING: &str = "
    CREATE TABLE pending (row_number INTEGER PRIMARY KEY, payload_id TEXT NOT NULL);
    CREATE INDEX pending_batch ON pending (payload_id);
    CREATE TABLE batch_key (
        row_key TEXT PRIMARY KEY, payload_hash INTEGER NOT NULL, payload_id TEXT NOT NULL)
        WITHOUT ROWID;";

impl Events {
    /// Finds the rows that were sent, or that an open batch has.
    pub(super) fn make_plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.state.or_failed(run.state.connection.execute_batch(PENDING))?;
        self.reject_other_kinds(run)?;
        self.settle_known(run)?;
        if !run.context.options.full && run.state.has_rows(run.name())? {
            known(run)?;
        }
        self.note_rejected_rows(run)?;
        self.set_order(run)
    }

    /// Finds the rows of the batches of earlier runs. All batches of a state are looked up at once:
    /// there may be many.
    fn settle_known(&self, run: &Run<'_>) -> Result<()> {
        let loaded = |batches: &[OpenBatch]| {
            if batches.is_empty() { Ok(false) } else { load_keys(run, batches).map(|()| true) }
        };
        if loaded(&self.outbox.resent)? {
            changed(run)?;
            pend(run)?;
        }
        if loaded(&self.outbox.accepted)? {
            changed(run)?;
            mark(run, "s.row_key, 'unchanged', NULL, NULL")?;
        }
        if loaded(&self.outbox.skipped)? {
            mark(run, "s.row_key, 'unchanged', NULL, NULL")?;
        }
        self.list_unknown(run, &self.outbox.unknown)
    }

    /// Rejects rows whose cursor is not of the kind that most rows have, if only the rows decide.
    fn reject_other_kinds(&self, run: &Run<'_>) -> Result<()> {
        let Some(kind) = self.progress.decided_kind() else { return Ok(()) };
        let why = other_kind();
        let sql = format!(
            "INSERT INTO fate
             SELECT s.row_number, iif({has_ids}, s.row_key, NULL), 'invalid', '{code}', '{message}'
             FROM source s LEFT JOIN fate f USING (row_number)
             WHERE f.fate IS NULL AND {of_row} <> '{kind}'",
            has_ids = self.folds_duplicates(),
            code = why.reason.code(),
            message = why.message,
            of_row = Kind::SQL,
            kind = kind.name(),
        );
        run.execute(&sql).map(drop)
    }

    /// Notes the cursor values of all rows that are rejected so far, so that later runs look at them
    /// again.
    fn note_rejected_rows(&mut self, run: &Run<'_>) -> Result<()> {
        let sql = "SELECT DISTINCT s.cursor FROM source s JOIN fate f USING (row_number)
                   WHERE f.reason IS NOT NULL AND s.cursor IS NOT NULL";
        let cursors = run.state.connection.prepare(sql).and_then(|mut statement| {
            let cursor = |row: &Row<'_>| row.get_ref(0).map(super::batch::cursor);
            statement.query_map([], cursor)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        for cursor in run.state.or_failed(cursors)? {
            self.progress.note_rejected(cursor.as_ref());
        }
        Ok(())
    }

    /// Sets a batch aside that has become too old since the run began.
    pub(super) fn set_aside(&mut self, run: &Run<'_>, batch: &OpenBatch) -> Result<()> {
        self.list_unknown(run, std::slice::from_ref(batch))?;
        self.note_rejected_rows(run)?;
        self.store_rejected(run)?;
        let (id, keys, run_id) = (&batch.payload_id, &batch.keys, &run.row.sync_run_id);
        run.state.settle(run.name(), id, BatchState::Unknown, keys, run_id)
    }

    /// Lists the rows of batches of which it is not known whether LaunchDarkly has them: under their
    /// numbers in the source, or under negative ones where the source no longer has them.
    fn list_unknown(&self, run: &Run<'_>, batches: &[OpenBatch]) -> Result<()> {
        if batches.is_empty() {
            return Ok(());
        }
        load_keys(run, batches)?;
        // The payload ID of each row becomes a part of the text.
        let why = unknown_delivery("' || b.payload_id || '");
        let fate = format!("'rejected', '{}', '{}'", why.reason.code(), why.message);
        // Without IDs, keys are the state file's own.
        let has_ids = self.folds_duplicates();
        mark(run, &format!("iif({has_ids}, s.row_key, NULL), {fate}"))?;
        let stored = run.state.stored("s.row_key");
        let sql = format!(
            "INSERT INTO fate SELECT (SELECT min(0, coalesce(min(row_number), 0)) FROM fate)
                - row_number() OVER (ORDER BY b.payload_id, b.row_key),
                iif({has_ids}, b.row_key, NULL), {fate}
             FROM batch_key b
             WHERE b.row_key NOT IN (SELECT {stored} FROM source s WHERE s.row_key IS NOT NULL)"
        );
        run.execute(&sql).map(drop)
    }
}

/// Fills `batch_key` with the rows of batches.
fn load_keys(run: &Run<'_>, batches: &[OpenBatch]) -> Result<()> {
    run.execute("DELETE FROM batch_key")?;
    let keys = batches.iter().flat_map(|batch| {
        let of_batch = |RowKey(key, hash): &'_ RowKey| (key.clone(), *hash);
        batch.keys.iter().map(of_batch).map(move |(key, hash)| (key, hash, &batch.payload_id))
    });
    let keys = keys.filter(|(key, ..)| key.is_some());
    let insert = "INSERT OR IGNORE INTO batch_key VALUES (?1, ?2, ?3)";
    run.state.for_each(keys, insert, |statement, row| statement.execute(row))
}

/// The rows of the source that the loaded batches have.
fn in_batch(run: &Run<'_>) -> String {
    let stored = run.state.stored("s.row_key");
    format!(
        "FROM source s JOIN batch_key b ON b.row_key = {stored}
         LEFT JOIN fate f USING (row_number) WHERE f.fate IS NULL"
    )
}

/// Gives the rows of the loaded batches a fate, with the key that they are listed with.
fn mark(run: &Run<'_>, key_and_fate: &str) -> Result<()> {
    let sql = format!("INSERT INTO fate SELECT s.row_number, {key_and_fate} {}", in_batch(run));
    run.execute(&sql).map(drop)
}

/// Rejects rows whose content is no longer that of the loaded batches.
fn changed(run: &Run<'_>) -> Result<()> {
    if run.is_remapped {
        return Ok(());
    }
    let why = changed_after_sent();
    let sql = format!(
        "INSERT INTO fate SELECT s.row_number, s.row_key, 'invalid', '{}', '{}' {}
            AND b.payload_hash <> s.payload_hash",
        why.reason.code(),
        why.message,
        in_batch(run)
    );
    run.execute(&sql).map(drop)
}

fn changed_after_sent() -> Rejection {
    let message = "LaunchDarkly has accepted an event with this ID and other content";
    Rejection::new(Reason::ChangedAfterSent, message)
}

/// Leaves the rows of the loaded batches to these.
fn pend(run: &Run<'_>) -> Result<()> {
    let sql = format!("INSERT INTO pending SELECT s.row_number, b.payload_id {}", in_batch(run));
    run.execute(&sql).map(drop)
}

/// The reason of the rows of a batch of which it is not known whether LaunchDarkly has it.
pub(super) fn unknown_delivery(payload_id: &str) -> Rejection {
    let message = format!(
        "the batch {payload_id} was sent, and its answer is missing: settle it with `--unknown \
         resend` or `--unknown skip`"
    );
    Rejection::new(Reason::UnknownDelivery, message)
}

/// Finds the rows whose IDs earlier runs have sent. In the order of the keys, both sides are read from
/// front to back; in any other, each row would be looked up elsewhere in the file.
fn known(run: &Run<'_>) -> Result<()> {
    let (stored, why) = (run.state.stored("s.row_key"), changed_after_sent());
    let is_same = if run.is_remapped { "1" } else { "r.payload_hash IS s.payload_hash" };
    let sql = format!(
        "INSERT INTO fate
         SELECT row_number, row_key, iif(is_same, 'unchanged', 'invalid'),
            iif(is_same, NULL, '{}'), iif(is_same, NULL, '{}')
         FROM (SELECT s.row_number, s.row_key, {is_same} AS is_same
            FROM source s INDEXED BY source_key
            CROSS JOIN state.sync_rows r ON r.sync_name = :sync AND r.row_key = {stored}
            LEFT JOIN fate f USING (row_number)
            LEFT JOIN pending p USING (row_number)
            WHERE s.row_key > '' AND f.fate IS NULL AND p.payload_id IS NULL
                AND r.status IN ('acknowledged', 'skipped'))
         ORDER BY row_number",
        why.reason.code(),
        why.message
    );
    run.execute(&sql).map(drop)
}
