//! Keeps the state file in order once all events are sent.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use super::Events;
use super::progress::IS_REJECTED;
use crate::Result;
use crate::model::privacy::Mode;
use crate::sync::context::Run;
use crate::sync::cursor::Cursor;

impl Events {
    /// Keeps the state file in order once everything is sent.
    pub(super) fn finish(&self, run: &Run<'_>) -> Result<()> {
        if self.options.identity.append_all {
            // The next run sends every row again: what was sent matters only to a run that continues
            // this one.
            let sql =
                "DELETE FROM state.sync_rows WHERE sync_name = :sync AND status = 'acknowledged'";
            return run.execute(sql).map(drop);
        }
        if run.is_remapped {
            adopt_hashes(run)?;
        }
        if self.options.identity.cursor.is_some() {
            self.drop_retried(run)?;
        }
        Ok(())
    }

    /// Drops what later runs do not need: cursor values of rows that are no longer rejected, and
    /// without IDs the keys of rows that no run looks at again.
    fn drop_retried(&self, run: &Run<'_>) -> Result<()> {
        // Of rows that `--limit` cuts off, some may be rejected still, or have a smaller cursor than
        // rows that are sent, whose keys are needed then.
        if self.progress.is_cut_off() {
            return Ok(());
        }
        run.execute(&format!(
            "DELETE FROM state.sync_rows
             WHERE sync_name = :sync AND last_run <> :run AND {IS_REJECTED}"
        ))?;
        // Hashed keys do not show their cursor, so all of them stay.
        if self.options.identity.id.is_some() || run.state.privacy.mode() != Mode::Keep {
            return Ok(());
        }
        raise_to_known(run)?;
        self.keep_cursors(run)?;
        run.execute(
            "DELETE FROM state.sync_rows WHERE sync_name = :sync AND status = 'acknowledged'
                AND order_of_key(row_key) NOT IN (SELECT cursor_order FROM kept_cursor)",
        )
        .map(drop)
    }

    /// Lists the places of the cursors that later runs look at: where it stands, and those of
    /// rejected rows.
    fn keep_cursors(&self, run: &Run<'_>) -> Result<()> {
        let position = run.state.sync(run.name())?.and_then(|sync| sync.cursor);
        let kept = position.iter().chain(&self.progress.rejected_now);
        let kept: Vec<_> = kept.filter_map(|json| Cursor::from_json(json)).collect();
        let create = "CREATE TABLE kept_cursor (cursor_order PRIMARY KEY) WITHOUT ROWID";
        let connection = &run.state.connection;
        let created = connection.execute_batch(create).and_then(|()| register(connection));
        run.state.or_failed(created)?;
        let keep = "INSERT OR IGNORE INTO kept_cursor VALUES (?1)";
        run.state.for_each(&kept, keep, |statement, one| statement.execute([one.order()]))
    }
}

/// Makes `order_of_key(row_key)` available to statements: the place of the cursor in a key of a row
/// that has no ID.
fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("order_of_key", 1, flags, |context| {
        let cursor = Cursor::of_own_key(context.get_raw(0).as_str()?);
        Ok(cursor.map_or(Value::Null, |cursor| cursor.order().into()))
    })
}

/// Moves the cursor to the largest one of rows that earlier runs have sent: a run with `--limit` may
/// have sent rows beyond those that it left out.
fn raise_to_known(run: &Run<'_>) -> Result<()> {
    let sql = "SELECT s.cursor FROM source s JOIN (
                   SELECT row_number FROM fate WHERE fate = 'unchanged'
                   UNION ALL SELECT row_number FROM pending) USING (row_number)
               ORDER BY s.cursor_order DESC LIMIT 1";
    let found =
        run.state.connection.query_row(sql, [], |row| row.get_ref(0).map(super::batch::cursor));
    match run.state.or_failed(found.optional())?.flatten() {
        Some(cursor) => run.state.raise_cursor(run.name(), &cursor.to_json()),
        None => Ok(()),
    }
}

/// Takes over the hashes of rows that are read in another way than before.
fn adopt_hashes(run: &Run<'_>) -> Result<()> {
    let stored = run.state.stored("s.row_key");
    let sql = format!(
        "UPDATE state.sync_rows SET payload_hash = s.payload_hash FROM source s
         WHERE sync_name = :sync AND sync_rows.row_key = {stored}
            AND status IN ('acknowledged', 'skipped')"
    );
    run.execute(&sql).map(drop)
}
