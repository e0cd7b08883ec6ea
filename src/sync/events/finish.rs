//! Keeps the state file in order once all events are sent.

use rusqlite::OptionalExtension;

use super::Events;
use crate::Result;
use crate::model::privacy::Mode;
use crate::sync::context::Run;

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
        let drop_marks =
            "DELETE FROM state.sync_rows WHERE sync_name = :sync AND status = 'rejected'
                AND row_key LIKE '!%' AND last_run <> :run";
        run.execute(drop_marks)?;
        // Hashed keys do not show their cursor, so all of them stay. Of rows that `--limit` cuts off,
        // the smallest cursor may be before rows that are sent, whose keys are needed then.
        if self.options.identity.id.is_some()
            || run.state.privacy.mode() != Mode::Keep
            || self.progress.is_cut_off()
        {
            return Ok(());
        }
        raise_to_known(run)?;
        let position = run.state.sync(run.name())?.and_then(|sync| sync.cursor);
        let kept: Vec<_> = position.iter().chain(&self.progress.rejected_now).collect();
        let create = "CREATE TABLE IF NOT EXISTS kept_cursor (cursor TEXT PRIMARY KEY)";
        run.state.or_failed(run.state.connection.execute_batch(create))?;
        let keep = "INSERT OR IGNORE INTO kept_cursor VALUES (?1)";
        run.state.for_each(kept, keep, |statement, cursor| statement.execute([cursor]))?;
        let sql = "DELETE FROM state.sync_rows WHERE sync_name = :sync AND status = 'acknowledged'
                   AND row_key NOT IN (SELECT r.row_key FROM state.sync_rows r JOIN kept_cursor k
                       ON substr(r.row_key, 1, length(k.cursor) + 1) = k.cursor || '#'
                       WHERE r.sync_name = :sync)";
        run.execute(sql).map(drop)
    }
}

/// Moves the cursor to the largest one of rows that earlier runs have sent: a run with `--limit` may
/// have sent rows beyond those that it left out.
fn raise_to_known(run: &Run<'_>) -> Result<()> {
    let sql = "SELECT s.cursor FROM source s JOIN (
                   SELECT row_number FROM fate WHERE fate = 'unchanged'
                   UNION ALL SELECT row_number FROM pending) USING (row_number)
               ORDER BY s.cursor DESC LIMIT 1";
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
