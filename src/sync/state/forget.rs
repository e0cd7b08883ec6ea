//! Forgetting: a sync, a person, or old runs.

use rusqlite::params;

use super::State;
use crate::Result;
use crate::model::time;

/// The condition of a batch that has the key `?2`: among the keys of its rows, or in its events.
fn has_key(stored: &str) -> String {
    format!(
        "(instr(body, json_quote(?2)) > 0 OR EXISTS (SELECT 1 FROM json_each(row_keys) k
            WHERE k.value ->> 0 IN (?2, {stored})))"
    )
}

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

    /// The number of batches of a sync that may have been sent, and are not settled: their rows would
    /// be sent again without them.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn unsettled_batches(&self, sync_name: &str) -> Result<i64> {
        let sql = "SELECT count(*) FROM state.sync_batches
                   WHERE sync_name = ?1 AND state IN ('sending', 'unknown')";
        self.or_failed(self.connection.query_row(sql, [sync_name], |row| row.get(0)))
    }

    /// Removes what the state file holds about one key of a sync; returns the number of rows.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn forget_key(&self, sync_name: &str, key: &str) -> Result<usize> {
        // The keys of batches that are accepted may not be among the rows yet.
        let run = self.runs(Some(sync_name), 1)?.pop().map(|run| run.sync_run_id);
        self.fold_acknowledged(sync_name, &run.unwrap_or_default())?;
        // The state file has one of these forms, whatever this command knows of it.
        let stored = self.stored("?2");
        let forgotten = self.in_transaction(|state| {
            let run = |sql: &str| state.connection.execute(sql, params![sync_name, key]);
            let rows = run(&format!(
                "DELETE FROM state.sync_rows WHERE sync_name = ?1 AND row_key IN (?2, {stored})"
            ))?;
            let rejected = run(&format!(
                "DELETE FROM state.sync_rejected WHERE row_key IN (?2, {stored}) AND sync_run_id IN
                 (SELECT sync_run_id FROM state.sync_runs WHERE sync_name = ?1)"
            ))?;
            // Such a batch was never sent: the next run makes a new one.
            let batches = run(&format!(
                "DELETE FROM state.sync_batches
                 WHERE sync_name = ?1 AND state = 'ready' AND {}",
                has_key(&stored)
            ))?;
            Ok(rows + rejected + batches)
        })?;
        self.shrink()?;
        Ok(forgotten)
    }

    /// Whether a batch that is not settled has events with this key.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn has_open_batch_with(&self, sync_name: &str, key: &str) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM state.sync_batches WHERE sync_name = ?1 AND {})",
            has_key(&self.stored("?2"))
        );
        let found = self.connection.query_row(&sql, [sync_name, key], |row| row.get(0));
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
