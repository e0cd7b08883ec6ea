//! The table `sync_batches`.

use crate::model::table::{Column, Table};

/// A batch of events: the outbox.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct BatchRow<'r> {
    pub sync_name: &'r str,
    pub payload_id: &'r str,
    pub state: &'static str,
    pub created_at: i64,
    pub rows: i64,
    pub body: Option<&'r str>,
    pub row_keys: Option<&'r str>,
    pub cursor: Option<&'r str>,
}

/// The definition of the table.
pub struct BatchTable;
type B = Column<BatchTable>;

impl Table for BatchTable {
    type Row<'a> = BatchRow<'a>;
    const NAME: &'static str = "sync_batches";
    const DOC: &'static str =
        "One row per batch of events: stored before it is sent, kept without its bytes afterwards.";
    const KEY: &'static [&'static str] = &["sync_name", "payload_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        B::text("sync_name", "-", "The sync: see `syncs`.", |row| row.sync_name),
        B::text(
            "payload_id",
            "-",
            "The ID by which LaunchDarkly processes the batch once.",
            |row| row.payload_id,
        ),
        B::text(
            "state",
            "-",
            "`ready`, `sending`, `acknowledged`, `refused`, `unknown` (whether LaunchDarkly has it is not known) or `skipped`.",
            |row| row.state,
        ),
        B::time("created_at", "-", "When it was stored, before it was first sent.", |row| {
            row.created_at
        }),
        B::int("rows", "-", "Number of events.", |row| row.rows),
        B::json_opt("body", "-", "The exact bytes; NULL once it is settled.", |row| row.body),
        B::json_opt(
            "row_keys",
            "-",
            "Keys and hashes of its rows; NULL once it is settled.",
            |row| row.row_keys,
        ),
        B::text_opt(
            "cursor",
            "-",
            "Largest value of the cursor column up to its last row, as JSON.",
            |row| row.cursor,
        ),
    ];
}
