//! The plan for events: which rows are new, and which an earlier run has sent.

use rusqlite::Row;

use super::Events;
use super::progress::other_kind;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::cursor::Kind;
use crate::sync::object::SyncObject;
use crate::sync::reason::{Reason, Rejection};
use crate::sync::state::{OpenBatch, RowKey};

/// Rows that a batch of an earlier run has, and that are sent with it.
const PENDING: &str = "
    CREATE TABLE pending (row_number INTEGER PRIMARY KEY, payload_id TEXT NOT NULL);
    CREATE INDEX pending_batch ON pending (payload_id);
    CREATE TABLE batch_key (row_key TEXT PRIMARY KEY, payload_hash INTEGER NOT NULL) WITHOUT ROWID;";

impl Events {
    /// Finds the rows that were sent, or that an open batch has.
    pub(super) fn make_plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.state.or_failed(run.state.connection.execute_batch(PENDING))?;
        self.reject_other_kinds(run)?;
        for batch in &self.outbox.resent {
            load_keys(run, batch)?;
            changed(run)?;
            pend(run, &batch.payload_id)?;
        }
        for batch in &self.outbox.accepted {
            load_keys(run, batch)?;
            changed(run)?;
            mark(run, "'unchanged', NULL, NULL")?;
        }
        for batch in &self.outbox.skipped {
            load_keys(run, batch)?;
            mark(run, "'unchanged', NULL, NULL")?;
        }
        let mut number = 0;
        for batch in &self.outbox.unknown {
            list_unknown(run, batch, self.folds_duplicates(), &mut number)?;
        }
        if !run.context.options.full && run.state.has_rows(run.name())? {
            known(run)?;
        }
        self.note_rejected_rows(run)?;
        self.set_order(run)
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
}

/// Fills `batch_key` with the rows of a batch.
fn load_keys(run: &Run<'_>, batch: &OpenBatch) -> Result<()> {
    run.execute("DELETE FROM batch_key")?;
    let keys = batch.keys.iter().filter_map(|RowKey(key, hash)| Some((key.as_ref()?, hash)));
    let insert = "INSERT OR IGNORE INTO batch_key VALUES (?1, ?2)";
    run.state.for_each(keys, insert, |statement, (key, hash)| statement.execute((key, hash)))
}

/// The rows of the source that the loaded batch has.
fn in_batch(run: &Run<'_>) -> String {
    let stored = run.state.stored("s.row_key");
    format!(
        "FROM source s JOIN batch_key b ON b.row_key = {stored}
         LEFT JOIN fate f USING (row_number) WHERE f.fate IS NULL"
    )
}

/// Gives the rows of the loaded batch a fate.
fn mark(run: &Run<'_>, fate: &str) -> Result<()> {
    let sql = format!("INSERT INTO fate SELECT s.row_number, s.row_key, {fate} {}", in_batch(run));
    run.execute(&sql).map(drop)
}

/// Rejects rows whose content is no longer that of the loaded batch.
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

fn pend(run: &Run<'_>, payload_id: &str) -> Result<()> {
    let sql = format!("INSERT OR IGNORE INTO pending SELECT s.row_number, ?1 {}", in_batch(run));
    run.state.or_failed(run.state.connection.execute(&sql, [payload_id])).map(drop)
}

/// The reason of the rows of a batch of which it is not known whether LaunchDarkly has it.
pub(super) fn unknown_delivery(payload_id: &str) -> Rejection {
    let message = format!(
        "the batch {payload_id} was sent, and its answer is missing: settle it with `--unknown \
         resend` or `--unknown skip`"
    );
    Rejection::new(Reason::UnknownDelivery, message)
}

/// Lists the rows of a batch of which it is not known whether LaunchDarkly has it: under their
/// numbers in the source, or under negative ones where the source no longer has them.
fn list_unknown(run: &Run<'_>, batch: &OpenBatch, has_ids: bool, number: &mut i64) -> Result<()> {
    let why = unknown_delivery(&batch.payload_id);
    load_keys(run, batch)?;
    let fate = format!("'rejected', '{}', '{}'", why.reason.code(), why.message);
    mark(run, &fate)?;
    if !has_ids {
        // Such keys are the state file's own.
        let sql = format!("UPDATE fate SET row_key = NULL WHERE reason = '{}'", why.reason.code());
        run.execute(&sql)?;
    }
    let stored = run.state.stored("s.row_key");
    let sql = format!(
        "INSERT INTO fate SELECT {number} - row_number() OVER (), iif({has_ids}, b.row_key, NULL), {fate}
         FROM batch_key b
         WHERE b.row_key NOT IN (SELECT {stored} FROM source s WHERE s.row_key IS NOT NULL)"
    );
    let listed = run.execute(&sql)?;
    *number -= i64::try_from(listed).unwrap_or(i64::MAX);
    Ok(())
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
                AND r.status IN ('acknowledged', 'skipped'))",
        why.reason.code(),
        why.message
    );
    run.execute(&sql).map(drop)
}
