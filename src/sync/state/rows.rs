//! The table `sync_rows`.

use rusqlite::{Statement, params};

use super::State;
use crate::Result;

/// The status of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is about to be added. From here on it is the sync's.
    Intended,
    /// LaunchDarkly has it.
    Held,
    /// LaunchDarkly has accepted the event.
    Acknowledged,
    /// The event was sent; whether LaunchDarkly has it is not known.
    Unknown,
    /// The user decided that an unknown event counts as sent.
    Skipped,
    /// LaunchDarkly refused it, or it was invalid, in the last run.
    Rejected,
}

impl Status {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Intended => "intended",
            Status::Held => "held",
            Status::Acknowledged => "acknowledged",
            Status::Unknown => "unknown",
            Status::Skipped => "skipped",
            Status::Rejected => "rejected",
        }
    }
}

impl State {
    /// The number of rows that earlier runs of the sync have put into LaunchDarkly, or were about
    /// to.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn held(&self, sync_name: &str) -> Result<i64> {
        let sql = "SELECT count(*) FROM state.sync_rows
                   WHERE sync_name = ?1 AND status IN ('intended', 'held')";
        self.or_failed(self.connection.query_row(sql, [sync_name], |row| row.get(0)))
    }

    /// Whether the sync has rows of any status.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn has_rows(&self, sync_name: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM state.sync_rows WHERE sync_name = ?1)";
        self.or_failed(self.connection.query_row(sql, [sync_name], |row| row.get(0)))
    }

    /// Sets the status of rows, in one transaction.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn mark<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
        status: Status,
        run: &str,
    ) -> Result<()> {
        self.set(sync_name, keys, &self.stored("?2"), status, run)
    }

    /// Like [`Self::mark`], for keys that are the state file's own and no person's.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn mark_internal<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
        status: Status,
        run: &str,
    ) -> Result<()> {
        self.set(sync_name, keys, "?2", status, run)
    }

    fn set<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
        stored: &str,
        status: Status,
        run: &str,
    ) -> Result<()> {
        let sql = format!(
            "INSERT INTO state.sync_rows VALUES (?1, {stored}, row_hash(?2), ?3, ?4)
             ON CONFLICT DO UPDATE SET status = excluded.status, last_run = excluded.last_run"
        );
        self.for_each(keys, &sql, |statement, key| {
            statement.execute(params![sync_name, key, status.name(), run])
        })
    }

    /// Records that rows are about to be added. One that an earlier run has intended keeps that run.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn intend<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
        run: &str,
    ) -> Result<()> {
        let sql = format!(
            "INSERT INTO state.sync_rows VALUES (?1, {}, row_hash(?2), 'intended', ?3)
             ON CONFLICT DO UPDATE SET status = excluded.status, last_run = excluded.last_run
                WHERE status <> 'intended'",
            self.stored("?2")
        );
        self.for_each(keys, &sql, |statement, key| statement.execute([sync_name, key, run]))
    }

    /// Records that LaunchDarkly has refused to add a row, unless an earlier run has intended it:
    /// LaunchDarkly may have it since then.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn disown(&self, sync_name: &str, key: &str, run: &str) -> Result<()> {
        let sql = format!(
            "UPDATE state.sync_rows SET status = 'rejected' WHERE sync_name = ?1 AND row_key = {}
                AND (status <> 'intended' OR last_run = ?3)",
            self.stored("?2")
        );
        self.for_each([key], &sql, |statement, key| statement.execute([sync_name, key, run]))
    }

    /// Records that rows may be about to leave LaunchDarkly: until that is certain, it is not known
    /// whether it has them.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn doubt<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<()> {
        let sql = format!(
            "UPDATE state.sync_rows SET status = 'intended'
             WHERE sync_name = ?1 AND row_key = {}",
            self.stored("?2")
        );
        self.for_each(keys, &sql, |statement, key| statement.execute([sync_name, key]))
    }

    /// Removes rows: LaunchDarkly no longer has them.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn release<'k>(
        &self,
        sync_name: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<()> {
        let sql = format!(
            "DELETE FROM state.sync_rows WHERE sync_name = ?1 AND row_key = {}",
            self.stored("?2")
        );
        self.for_each(keys, &sql, |statement, key| statement.execute([sync_name, key]))
    }

    /// Runs a statement for each item, in one transaction.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written; nothing is changed then.
    pub fn for_each<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        sql: &str,
        mut run: impl FnMut(&mut Statement<'_>, T) -> rusqlite::Result<usize>,
    ) -> Result<()> {
        self.in_transaction(|state| {
            let mut statement = state.connection.prepare_cached(sql)?;
            items.into_iter().try_for_each(|item| run(&mut statement, item).map(drop))
        })
    }

    /// Drops the marks of rows that were rejected by earlier runs, and not by this one.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn drop_rejected_others(&self, sync_name: &str, run: &str) -> Result<()> {
        let sql = "DELETE FROM state.sync_rows
                   WHERE sync_name = ?1 AND status = 'rejected' AND last_run <> ?2";
        self.or_failed(self.connection.execute(sql, [sync_name, run])).map(drop)
    }

    /// Does `work` in one transaction.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written; nothing is changed then.
    pub fn in_transaction<T>(&self, work: impl FnOnce(&State) -> rusqlite::Result<T>) -> Result<T> {
        let transaction = self.or_failed(self.connection.unchecked_transaction())?;
        let done = self.or_failed(work(self))?;
        self.or_failed(transaction.commit())?;
        Ok(done)
    }
}
