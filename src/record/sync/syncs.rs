//! The table `syncs`.

use crate::model::table::{Column, Table};

/// A sync: a source that is written to a target again and again.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct SyncDefinition {
    pub sync_name: String,
    pub object: String,
    pub target: String,
    pub mapping_hash: String,
    pub created_at: i64,
    pub cursor: Option<String>,
    pub account_id: Option<String>,
    pub personal_data: String,
    pub context_kind: Option<String>,
    pub identity: String,
}

/// The definition of the table.
pub struct SyncTable;
type S = Column<SyncTable>;

impl Table for SyncTable {
    type Row<'a> = &'a SyncDefinition;
    const NAME: &'static str = "syncs";
    const DOC: &'static str = "One row per sync.";
    const KEY: &'static [&'static str] = &["sync_name"];
    const COLUMNS: &'static [Column<Self>] = &[
        S::text(
            "sync_name",
            "-",
            "Name of the sync: `--sync-name`, or object and target.",
            |row| &row.sync_name,
        ),
        S::text("object", "-", "`metrics`, `events` or `segment`.", |row| &row.object),
        S::text(
            "target",
            "-",
            "Project, environment and segment, such as `web/production/beta`.",
            |row| &row.target,
        ),
        S::text(
            "mapping_hash",
            "-",
            "Changes when other fields are filled, or from other columns.",
            |row| &row.mapping_hash,
        ),
        S::time("created_at", "-", "When the sync first ran.", |row| row.created_at),
        S::text_opt(
            "cursor",
            "-",
            "Largest value of the cursor column among the rows that LaunchDarkly has accepted, as JSON.",
            |row| row.cursor.as_deref(),
        ),
        S::text_opt("account_id", "CallerIdentityRep.accountId", "ID of the account.", |row| {
            row.account_id.as_deref()
        }),
        S::text(
            "personal_data",
            "-",
            "How keys of rows are kept: `keep`, or `hash` with a text that tells one hashing key from another.",
            |row| &row.personal_data,
        ),
        S::text_opt(
            "context_kind",
            "-",
            "Context kind of the members of a segment; NULL for other objects.",
            |row| row.context_kind.as_deref(),
        ),
        S::text_opt(
            "identity",
            "-",
            "How events are told from those that were sent: `--id`, `--cursor` or `--append-all`.",
            |row| Some(row.identity.as_str()).filter(|identity| !identity.is_empty()),
        ),
    ];
}
