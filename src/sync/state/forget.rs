//! Forgetting: a sync, a person, or old runs.

use rusqlite::params;

use super::State;
use crate::Result;
use crate::model::time;

impl State {
    /// Removes everything about a sync; returns whether there was one.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn forget_sync(&self, sync_name: &str) -> Result<bool> {
        let forgotten = self.in_transaction(|state| {
            let run = |sql: &str| state.connection.execute(sql, [sync_name]);
            run("DELETE FROM state.sync_rejected WHERE sync_run_id IN
                 (SELECT sync_run_id FROM state.sync_runs WHERE sync_name = ?1)")?;
            run("DELETE FROM state.sync_runs WHERE sync_name = ?1")?;
            run("DELETE FROM state.sync_rows WHERE sync_name = ?1")?;
            run("DELETE FROM state.sync_batches WHERE sync_name = ?1")?;
            run("DELETE FROM state.syncs WHERE sync_name = ?1")
        })?;
        self.shrink()?;
        Ok(forgotten > 0)
    }

    /// Removes what the state file holds about one key of a sync; returns the number of rows.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn forget_key(&self, sync_name: &str, key: &str) -> Result<usize> {
        // The state file has one of these forms, whatever this command knows of it.
        let stored = self.stored("?2");
        let forgotten = self.in_transaction(|state| {
            let rows = state.connection.execute(
                &format!(
                    "DELETE FROM state.sync_rows
                     WHERE sync_name = ?1 AND row_key IN (?2, {stored})"
                ),
                params![sync_name, key],
            )?;
            let rejected = state.connection.execute(
                &format!(
                    "DELETE FROM state.sync_rejected WHERE row_key IN (?2, {stored}) AND sync_run_id IN
                     (SELECT sync_run_id FROM state.sync_runs WHERE sync_name = ?1)"
                ),
                params![sync_name, key],
            )?;
            Ok(rows + rejected)
        })?;
        self.shrink()?;
        Ok(forgotten)
    }

    /// Whether a batch that is not settled has events with this key.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn has_open_batch_with(&self, sync_name: &str, key: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM state.sync_batches
                   WHERE sync_name = ?1 AND instr(body, json_quote(?2)) > 0)";
        let found = self.connection.query_row(sql, [sync_name, key], |row| row.get(0));
        self.or_failed(found)
    }

    /// Removes runs that started before `before_ms`, with their rejected rows and settled batches.
    /// The newest run of each sync stays, and so does every row that was sent: a batch whose keys are
    /// not in `sync_rows` yet is all that is known of its rows.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn prune(&self, sync_name: &str, before_ms: i64) -> Result<()> {
        let old = "SELECT sync_run_id FROM state.sync_runs WHERE sync_name = ?1 AND started_at < ?2
                   AND started_at < (SELECT max(started_at) FROM state.sync_runs WHERE sync_name = ?1)";
        let before = time::text(before_ms);
        self.in_transaction(|state| {
            let run = |sql: &str| state.connection.execute(sql, params![sync_name, before]);
            run(&format!("DELETE FROM state.sync_rejected WHERE sync_run_id IN ({old})"))?;
            run(&format!("DELETE FROM state.sync_runs WHERE sync_run_id IN ({old})"))?;
            run("DELETE FROM state.sync_batches WHERE sync_name = ?1 AND created_at < ?2
                 AND state IN ('acknowledged', 'refused', 'skipped') AND row_keys IS NULL")
        })
        .map(drop)
    }

    /// Rewrites the file, so that what was forgotten is not left in its bytes.
    fn shrink(&self) -> Result<()> {
        self.or_failed(self.connection.execute_batch("VACUUM state"))
    }
}
