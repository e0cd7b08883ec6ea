//! The table `extractions`.

use crate::model::table::{Column, Table};

/// One published run.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct RunRow {
    pub extraction_id: String,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub finished_at: i64,
    pub schema_version: i64,
    pub api_version: String,
    pub base_url: String,
    pub account_id: Option<String>,
    pub token_name: Option<String>,
    /// `keep`, `hash` or `drop`.
    pub personal_data: &'static str,
    pub only_selected_projects: bool,
    /// Set by a destination that publishes only the record of the run.
    pub same_as: Option<String>,
    pub requests: i64,
    pub retries: i64,
    pub rate_limited_ms: i64,
}

/// The definition of the table.
pub(super) struct ExtractionTable;
type E = Column<ExtractionTable>;

impl Table for ExtractionTable {
    type Row<'a> = &'a RunRow;
    const NAME: &'static str = "extractions";
    const DOC: &'static str = "One row per published run of flaglake.";
    const KEY: &'static [&'static str] = &["extraction_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        E::text("extraction_id", "-", "When the run started, as x20261120T020000Z.", |row| {
            &row.extraction_id
        }),
        E::time("started_at", "-", "When the run started: the data is not older.", |row| {
            row.started_at
        }),
        E::time("finished_at", "-", "When it was published: the data is not newer.", |row| {
            row.finished_at
        }),
        E::text("tool_version", "-", "Version of flaglake.", |_| env!("CARGO_PKG_VERSION")),
        E::int("schema_version", "-", "Version of these tables.", |row| row.schema_version),
        E::text("api_version", "-", "API version that was asked for.", |row| &row.api_version),
        E::text("base_url", "-", "Where the account is.", |row| &row.base_url),
        E::text_opt("account_id", "CallerIdentityRep.accountId", "ID of the account.", |row| {
            row.account_id.as_deref()
        }),
        E::text_opt("token_name", "CallerIdentityRep.tokenName", "Name of the token.", |row| {
            row.token_name.as_deref()
        })
        .personal(),
        E::text("personal_data", "-", "Names and addresses: `keep`, `hash` or `drop`.", |row| {
            row.personal_data
        }),
        E::bool(
            "only_selected_projects",
            "-",
            "Whether the run read only the projects that were named, not all of the account's.",
            |row| row.only_selected_projects,
        ),
        E::bool(
            "is_latest",
            "-",
            "Whether it is the newest that was published, whatever the clock said; in Parquet true in each extraction, as it was then: join `latest_extraction`.",
            |_| true,
        ),
        E::text_opt(
            "same_as",
            "-",
            "ID of the earlier extraction that holds the rows, if the run found nothing changed (`--skip-unchanged`); NULL if this one holds them.",
            |row| row.same_as.as_deref(),
        ),
        E::int("requests", "-", "Requests sent, retries included.", |row| row.requests),
        E::int("retries", "-", "Requests sent again after a failure.", |row| row.retries),
        E::int("rate_limited_ms", "-", "Time spent waiting because told to.", |row| {
            row.rate_limited_ms
        }),
    ];
}
