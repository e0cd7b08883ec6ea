//! The summary of a run.

use serde::Serialize;

use crate::record::sync::SyncRunRow;

/// The summary of a run: the last line on standard output with `--format json`.
///
/// `read = invalid + rejected + created + updated + added + unchanged + duplicates`, unless the run
/// stopped before it came to each row; removals come from no row. In the mode `remove`, where they do, such a row is counted as `updated`, too.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "each field is the column of `sync_runs` that it is made of")]
pub struct Summary {
    pub sync_name: String,
    pub outcome: String,
    pub read: i64,
    pub invalid: i64,
    pub unchanged: i64,
    pub duplicates: i64,
    pub created: i64,
    pub updated: i64,
    pub added: i64,
    pub removed: i64,
    pub rejected: i64,
    pub foreign: i64,
    pub requests: i64,
    pub dry_run: bool,
}

impl Summary {
    /// The summary of a run.
    pub fn of(run: &SyncRunRow, dry_run: bool) -> Self {
        Summary {
            sync_name: run.sync_name.clone(),
            outcome: run.outcome.to_owned(),
            read: run.rows_read,
            invalid: run.rows_invalid,
            unchanged: run.rows_unchanged,
            duplicates: run.rows_duplicate,
            created: run.created,
            updated: run.updated,
            added: run.added,
            removed: run.removed,
            rejected: run.rejected,
            foreign: run.foreign_rows,
            requests: run.requests,
            dry_run,
        }
    }

    /// The counts with their names, in the order of the columns.
    pub fn counts(&self) -> [(&'static str, i64); 11] {
        [
            ("read", self.read),
            ("invalid", self.invalid),
            ("unchanged", self.unchanged),
            ("duplicates", self.duplicates),
            ("created", self.created),
            ("updated", self.updated),
            ("added", self.added),
            ("removed", self.removed),
            ("rejected", self.rejected),
            ("foreign", self.foreign),
            ("requests", self.requests),
        ]
    }
}
