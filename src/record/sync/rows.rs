//! The table `sync_rows`.

use crate::model::table::{Column, Table};

/// A row that a sync has sent, or was about to send.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct SyncRow<'r> {
    pub sync_name: &'r str,
    pub row_key: &'r str,
    pub payload_hash: i64,
    pub status: &'static str,
    pub last_run: &'r str,
}

/// The definition of the table.
pub struct SyncRowTable;
type S = Column<SyncRowTable>;

impl Table for SyncRowTable {
    type Row<'a> = SyncRow<'a>;
    const NAME: &'static str = "sync_rows";
    const DOC: &'static str = "One row per row of the source that a sync has sent, by its key.";
    const KEY: &'static [&'static str] = &["sync_name", "row_key"];
    const COLUMNS: &'static [Column<Self>] = &[
        S::text("sync_name", "-", "The sync: see `syncs`.", |row| row.sync_name),
        S::text(
            "row_key",
            "-",
            "Key of the row: a context key, an event's ID or a metric's key.",
            |row| row.row_key,
        )
        .personal(),
        S::int("payload_hash", "-", "Hash of what was sent.", |row| row.payload_hash),
        S::text(
            "status",
            "-",
            "`intended` before the request that adds it; then `held`; for events `acknowledged`, `unknown` or `skipped`; `rejected` where LaunchDarkly refused it.",
            |row| row.status,
        ),
        S::text(
            "last_run",
            "-",
            "The run that set the status, or that last looked for an intended key: see `sync_runs`.",
            |row| row.last_run,
        ),
    ];
}
