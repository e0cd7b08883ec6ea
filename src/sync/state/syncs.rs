//! The table `syncs`.

use rusqlite::{OptionalExtension, Row, params};

use super::State;
use super::writer::{time_ms, write};
use crate::Result;
use crate::record::sync::{SyncDefinition, SyncTable};
use crate::sync::cursor::{Cursor, larger};

/// A sync, as `sync status` shows it.
#[derive(Clone, Debug, serde::Serialize)]
#[expect(missing_docs, reason = "the names say it, and `sync status` documents them")]
pub struct SyncListing {
    pub sync_name: String,
    pub object: String,
    pub target: String,
    pub created_at: String,
    pub cursor: Option<String>,
    pub last_started_at: Option<String>,
    pub last_finished_at: Option<String>,
    pub last_outcome: Option<String>,
    pub rows_held: i64,
    pub rows_rejected: i64,
    pub open_batches: i64,
    pub unknown_batches: i64,
}

impl State {
    /// The sync of this name, if it has run before.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn sync(&self, name: &str) -> Result<Option<SyncDefinition>> {
        let sql = "SELECT * FROM state.syncs WHERE sync_name = ?1";
        let found = self.connection.query_row(sql, [name], definition);
        let Some((sync, created_at)) = self.or_failed(found.optional())? else { return Ok(None) };
        Ok(Some(SyncDefinition { created_at: time_ms(&created_at)?, ..sync }))
    }

    /// Whether the sync has sent anything, or was about to: only then it matters that it stays the
    /// same.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn has_history(&self, name: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM state.sync_rows WHERE sync_name = ?1)
                OR EXISTS (SELECT 1 FROM state.sync_batches WHERE sync_name = ?1)
                OR EXISTS (SELECT 1 FROM state.sync_runs WHERE sync_name = ?1
                    AND outcome IN ('succeeded', 'rows_rejected'))";
        self.or_failed(self.connection.query_row(sql, [name], |row| row.get(0)))
    }

    /// Whether no sync has sent anything: the file is new, or all runs were stopped early.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn is_blank(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM state.sync_rows)
                OR EXISTS (SELECT 1 FROM state.sync_batches)
                OR EXISTS (SELECT 1 FROM state.sync_runs
                    WHERE outcome IN ('succeeded', 'rows_rejected'))";
        self.number(sql).map(|found| found == 0)
    }

    /// Stores a sync.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn define(&self, sync: &SyncDefinition) -> Result<()> {
        write::<SyncTable>(&self.connection, &sync)
    }

    /// Records how the rows of a sync were read.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn set_mapping(&self, name: &str, mapping_hash: &str) -> Result<()> {
        let sql = "UPDATE state.syncs SET mapping_hash = ?2 WHERE sync_name = ?1";
        self.or_failed(self.connection.execute(sql, [name, mapping_hash])).map(drop)
    }

    /// Moves the cursor of a sync.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn set_cursor(&self, name: &str, cursor: &str) -> Result<()> {
        let sql = "UPDATE state.syncs SET cursor = ?2 WHERE sync_name = ?1";
        self.or_failed(self.connection.execute(sql, params![name, cursor])).map(drop)
    }

    /// Moves the cursor of a sync, unless it is further already.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    pub fn raise_cursor(&self, name: &str, cursor: &str) -> Result<()> {
        let Some(cursor) = Cursor::from_json(cursor) else { return Ok(()) };
        let stored = self.sync(name)?.and_then(|sync| sync.cursor);
        let stored = stored.as_deref().and_then(Cursor::from_json);
        match larger(stored, cursor) {
            Some(cursor) => self.set_cursor(name, &cursor.to_json()),
            None => Ok(()),
        }
    }

    /// All syncs, with their last runs.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be read.
    pub fn listing(&self) -> Result<Vec<SyncListing>> {
        let listing = self.connection.prepare(LISTING).and_then(|mut statement| {
            statement.query_map([], listed)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        self.or_failed(listing)
    }
}

fn definition(row: &Row<'_>) -> rusqlite::Result<(SyncDefinition, String)> {
    let sync = SyncDefinition {
        sync_name: row.get("sync_name")?,
        object: row.get("object")?,
        target: row.get("target")?,
        mapping_hash: row.get("mapping_hash")?,
        created_at: 0,
        cursor: row.get("cursor")?,
        account_id: row.get("account_id")?,
        personal_data: row.get("personal_data")?,
        identity: optional(row, "identity")?.unwrap_or_default(),
        context_kind: optional(row, "context_kind")?,
    };
    Ok((sync, row.get("created_at")?))
}

/// A file of an earlier version, which is only read, does not have all columns.
fn optional(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    match row.get(column) {
        Err(rusqlite::Error::InvalidColumnName(_)) => Ok(None),
        found => found,
    }
}

const LISTING: &str = "
    SELECT s.sync_name, s.object, s.target, s.created_at, s.cursor,
        r.started_at, r.finished_at, r.outcome,
        (SELECT count(*) FROM state.sync_rows w WHERE w.sync_name = s.sync_name
            AND w.status IN ('held', 'intended', 'acknowledged')),
        (SELECT count(*) FROM state.sync_rejected j WHERE j.sync_run_id = r.sync_run_id),
        (SELECT count(*) FROM state.sync_batches b WHERE b.sync_name = s.sync_name
            AND b.state IN ('ready', 'sending')),
        (SELECT count(*) FROM state.sync_batches b WHERE b.sync_name = s.sync_name
            AND b.state = 'unknown')
    FROM state.syncs s
    LEFT JOIN state.sync_runs r ON r.sync_run_id = (
        SELECT sync_run_id FROM state.sync_runs l WHERE l.sync_name = s.sync_name
        ORDER BY started_at DESC LIMIT 1)
    ORDER BY s.sync_name";

fn listed(row: &Row<'_>) -> rusqlite::Result<SyncListing> {
    Ok(SyncListing {
        sync_name: row.get(0)?,
        object: row.get(1)?,
        target: row.get(2)?,
        created_at: row.get(3)?,
        cursor: row.get(4)?,
        last_started_at: row.get(5)?,
        last_finished_at: row.get(6)?,
        last_outcome: row.get(7)?,
        rows_held: row.get(8)?,
        rows_rejected: row.get(9)?,
        open_batches: row.get(10)?,
        unknown_batches: row.get(11)?,
    })
}
