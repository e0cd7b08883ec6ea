//! The table `sync_runs`.

use crate::model::table::{Column, Table};

/// A run of a sync.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct SyncRunRow {
    pub sync_run_id: String,
    pub sync_name: String,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub outcome: &'static str,
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

/// The definition of the table.
pub struct RunTable;
type R = Column<RunTable>;

impl Table for RunTable {
    type Row<'a> = &'a SyncRunRow;
    const NAME: &'static str = "sync_runs";
    const DOC: &'static str = "One row per run of a sync. A dry run leaves none.";
    const KEY: &'static [&'static str] = &["sync_run_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        R::text("sync_run_id", "-", "When the run started, as s20261120T020000.000Z.", |row| {
            &row.sync_run_id
        }),
        R::text("sync_name", "-", "The sync: see `syncs`.", |row| &row.sync_name),
        R::time("started_at", "-", "When the run started; it orders the runs.", |row| {
            row.started_at
        }),
        R::time_opt(
            "finished_at",
            "-",
            "When it ended; NULL while it runs, and if it was killed.",
            |row| row.finished_at,
        ),
        R::text(
            "outcome",
            "-",
            "`running`, `succeeded`, or the code of the error that ended it, such as `rows_rejected`.",
            |row| row.outcome,
        ),
        R::int("rows_read", "-", "Rows of the source.", |row| row.rows_read),
        R::int("rows_invalid", "-", "Rows that could not be sent: see `sync_rejected`.", |row| {
            row.rows_invalid
        }),
        R::int("rows_unchanged", "-", "Rows that LaunchDarkly had already.", |row| {
            row.rows_unchanged
        }),
        R::int("rows_duplicate", "-", "Rows that are equal to an earlier row.", |row| {
            row.rows_duplicate
        }),
        R::int("created", "-", "Metrics created, or events accepted.", |row| row.created),
        R::int("updated", "-", "Metrics changed.", |row| row.updated),
        R::int("added", "-", "Members added to the segment.", |row| row.added),
        R::int("removed", "-", "Members removed from the segment.", |row| row.removed),
        R::int("rejected", "-", "Rows that LaunchDarkly refused, or that were not tried.", |row| {
            row.rejected
        }),
        R::int(
            "foreign_rows",
            "-",
            "Members of the segment that no run of this sync has added.",
            |row| row.foreign_rows,
        ),
        R::int("requests", "-", "Requests sent, retries included.", |row| row.requests),
    ];
}
