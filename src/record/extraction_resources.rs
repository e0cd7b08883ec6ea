//! The table `extraction_resources`.

use super::tally::{Facts, Outcome};
use crate::model::table::{Column, Table};

/// One resource in one scope of one run.
pub(super) struct Row<'a> {
    pub extraction_id: &'a str,
    pub resource: &'static str,
    pub scope: String,
    pub started_at: i64,
    pub requests: i64,
    pub facts: Facts,
    pub detail: Option<String>,
}

/// The definition of the table.
pub(super) struct ResourceTable;
type R = Column<ResourceTable>;

impl Table for ResourceTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "extraction_resources";
    const DOC: &'static str = "One row per resource and scope of each published run.";
    const KEY: &'static [&'static str] = &["extraction_id", "resource", "scope"];
    const PARENTS: &'static [&'static str] = &["extractions"];
    const COLUMNS: &'static [Column<Self>] = &[
        R::text("extraction_id", "-", "The run.", |row| row.extraction_id),
        R::text("resource", "-", "Name of the resource.", |row| row.resource),
        R::text(
            "scope",
            "-",
            "Empty for the account, else the project's key, or project/environment.",
            |row| &row.scope,
        ),
        R::text(
            "outcome",
            "-",
            "`complete`, `not_available`, `invalid_permissions` or `skipped`.",
            |row| row.facts.outcome.name(),
        ),
        R::int("requests", "-", "Requests sent, retries included.", |row| row.requests),
        R::int("rows", "-", "Items received, over all passes.", |row| row.facts.rows),
        R::int("distinct_rows", "-", "Distinct items published.", |row| row.facts.distinct_rows),
        R::int_opt("reported_total", "-", "Items that the API said there are.", |row| {
            row.facts.reported_total
        }),
        R::int("passes", "-", "Times the list was walked.", |row| row.facts.passes),
        R::int_opt("http_status", "-", "Status that refused the resource.", |row| {
            row.facts.http_status
        }),
        R::bool(
            "is_stale",
            "-",
            "Whether the tables hold rows of an earlier run in this scope, as this one has none.",
            |_| false,
        ),
        R::time_opt(
            "rows_read_at",
            "-",
            "When the run started that read what the tables hold; NULL where they hold nothing.",
            |row| (row.facts.outcome == Outcome::Complete).then_some(row.started_at),
        ),
        R::text_opt("detail", "-", "Anything out of the ordinary.", |row| row.detail.as_deref()),
    ];
}
