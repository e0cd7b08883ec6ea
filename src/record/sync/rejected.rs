//! The table `sync_rejected`.

use crate::model::table::{Column, Table};

/// A row that did not reach LaunchDarkly.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct RejectedRow<'r> {
    pub sync_run_id: &'r str,
    pub row_number: i64,
    pub row_key: Option<&'r str>,
    pub reason: &'r str,
    pub message: &'r str,
}

/// The definition of the table.
pub struct RejectedTable;
type R = Column<RejectedTable>;

impl Table for RejectedTable {
    type Row<'a> = RejectedRow<'a>;
    const NAME: &'static str = "sync_rejected";
    const DOC: &'static str =
        "One row per row of the source that did not reach LaunchDarkly, and the reason.";
    const KEY: &'static [&'static str] = &["sync_run_id", "row_number"];
    const COLUMNS: &'static [Column<Self>] = &[
        R::text("sync_run_id", "-", "The run: see `sync_runs`.", |row| row.sync_run_id),
        R::int(
            "row_number",
            "-",
            "1 for the first row of the source; negative for a row of an earlier run that the source no longer has.",
            |row| row.row_number,
        ),
        R::text_opt("row_key", "-", "Key of the row; NULL where it has none.", |row| row.row_key)
            .personal(),
        R::text(
            "reason",
            "-",
            "A code, such as `bad_timestamp` or `refused:invalid_request`.",
            |row| row.reason,
        ),
        R::text("message", "-", "The reason in words.", |row| row.message),
    ];
}
