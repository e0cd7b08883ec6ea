//! The tables `sync_runs` and `sync_rejected`.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::State;
use super::writer::{time_ms, write};
use crate::Result;
use crate::model::time;
use crate::record::sync::{RunTable, SyncRunRow};

/// The last run of a sync that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// The rows that it read.
    pub rows_read: i64,
}

/// A run, as `sync log` shows it.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "each field is the column of `sync_runs` of the same name")]
pub struct RunListing {
    pub sync_run_id: String,
    pub sync_name: String,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub outcome: String,
    pub rows_read: i64,
    pub rows_invalid: i64,
    pub rows_unchanged: i64,
    pub rows_duplicate: i64,
    pub created: i64,
    pub updated: i64,
    pub added: i64,
    pub removed: i64,
    pub rejected: i64,
    pub foreign_rows: i64,
    pub requests: i64,
}

impl State {
    /// Starts a run: its ID and its time, which is later than that of every earlier run even if the
    /// clock has gone back.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn begin_run(&self, sync_name: &str) -> Result<SyncRunRow> {
        let sql = "SELECT max(started_at) FROM state.sync_runs";
        let newest: Option<String> =
            self.or_failed(self.connection.query_row(sql, [], |row| row.get(0)))?;
        let newest = newest.map(|text| time_ms(&text)).transpose()?;
        let now = Timestamp::now().as_millisecond();
        let started_at = newest.map_or(now, |newest| now.max(newest + 1));
        let compact = time::text(started_at).replace(['-', ':'], "");
        let run = SyncRunRow {
            sync_run_id: format!("s{compact}"),
            sync_name: sync_name.to_owned(),
            started_at,
            outcome: "running",
            ..SyncRunRow::default()
        };
        self.store_run(&run)?;
        Ok(run)
    }

    /// Stores how a run goes, or went.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn store_run(&self, run: &SyncRunRow) -> Result<()> {
        write::<RunTable>(&self.connection, &run)
    }

    /// The last run of a sync that read its source to the end and was not stopped by a guard.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn last_run(&self, sync_name: &str) -> Result<Option<LastRun>> {
        let found = self.connection.query_row(
            "SELECT rows_read FROM state.sync_runs
             WHERE sync_name = ?1 AND outcome IN ('succeeded', 'rows_rejected')
             ORDER BY started_at DESC LIMIT 1",
            [sync_name],
            |row| Ok(LastRun { rows_read: row.get(0)? }),
        );
        self.or_failed(found.optional())
    }

    /// The runs of one sync or all, the newest first.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn runs(&self, sync_name: Option<&str>, limit: i64) -> Result<Vec<RunListing>> {
        let sql = "SELECT * FROM state.sync_runs WHERE ?1 IS NULL OR sync_name = ?1
                   ORDER BY started_at DESC LIMIT ?2";
        let runs = self.connection.prepare(sql).and_then(|mut statement| {
            let rows = statement.query_map(params![sync_name, limit], listed)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        self.or_failed(runs)
    }

    /// Copies the rejected rows of the run from the staging tables.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn store_rejected(&self, sync_run_id: &str) -> Result<()> {
        let sql = format!(
            "INSERT OR REPLACE INTO state.sync_rejected
             SELECT ?1, row_number, {}, reason, message FROM fate WHERE reason IS NOT NULL",
            self.stored("row_key")
        );
        self.or_failed(self.connection.execute(&sql, [sync_run_id])).map(drop)
    }
}

fn listed(row: &Row<'_>) -> rusqlite::Result<RunListing> {
    Ok(RunListing {
        sync_run_id: row.get("sync_run_id")?,
        sync_name: row.get("sync_name")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
        outcome: row.get("outcome")?,
        rows_read: row.get("rows_read")?,
        rows_invalid: row.get("rows_invalid")?,
        rows_unchanged: row.get("rows_unchanged")?,
        rows_duplicate: row.get("rows_duplicate")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
        added: row.get("added")?,
        removed: row.get("removed")?,
        rejected: row.get("rejected")?,
        foreign_rows: row.get("foreign_rows")?,
        requests: row.get("requests")?,
    })
}
