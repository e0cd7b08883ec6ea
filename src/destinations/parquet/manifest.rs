//! The manifest of a Parquet extraction: its contents, and the data that later runs need.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::destinations::AUDIT_LOG;
use crate::model::time::milliseconds;
use crate::stage::Staged;
use crate::system::database;

/// The contents of one extraction.
#[derive(Serialize)]
pub(super) struct Manifest<'m> {
    pub extraction_id: &'m str,
    pub started_at: String,
    pub finished_at: String,
    pub tool_version: &'static str,
    pub schema_version: i64,
    pub account_id: Option<&'m str>,
    /// The extraction that holds the rows, if this run found it unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<&'m str>,
    /// The time of the newest audit log entry in this or an earlier extraction, except entries
    /// dated after the run.
    pub audit_log_read_to: Option<String>,
    /// The time of the newest audit log entry in this extraction.
    pub audit_log_last: Option<String>,
    pub tables: &'m [TableManifest],
}

/// The parts of an extraction that a later run needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Known {
    /// The ID of the account, if it is known.
    pub account_id: Option<String>,
    /// Whether it was removed as an extraction: only files to which the log of a table refers are
    /// left of it.
    #[serde(default)]
    pub removed: bool,
    /// The extraction that holds the rows, if this one is only the record of a run.
    pub same_as: Option<String>,
    /// The time of the newest audit log entry that was known when it was written.
    pub audit_log_read_to: Option<String>,
    /// The time of the newest audit log entry in it.
    pub audit_log_last: Option<String>,
    /// When the run started.
    pub started_at: String,
    /// The version of the tables' definitions.
    pub schema_version: Option<i64>,
    /// Its tables.
    pub tables: Vec<KnownTable>,
}

/// The outcome of reading a manifest.
pub(super) enum Reading {
    /// The extraction is complete.
    Complete(Known),
    /// The manifest is empty or truncated, as after a loss of power: the run is dead.
    Torn,
    /// The manifest is complete, but not of a form that this version of flaglake can interpret.
    Strange(serde_json::Error),
}

impl Reading {
    /// Reads a manifest.
    pub fn of(body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(known) => Reading::Complete(known),
            Err(error) if error.is_eof() || error.is_syntax() => Reading::Torn,
            Err(error) => Reading::Strange(error),
        }
    }
}

impl Known {
    /// Whether the extraction holds rows, and is not only the record of a run.
    pub const fn holds_rows(&self) -> bool {
        self.same_as.is_none() && !self.removed
    }

    /// Whether the extraction has a table, even one without rows.
    pub fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|known| known.name == table)
    }

    /// The files of a table that has rows.
    pub fn files(&self, table: &str) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().filter(move |known| known.name == table && known.rows > 0);
        tables.flat_map(|table| table.files.iter().map(String::as_str))
    }
}

/// The parts of a table that a later run needs.
#[derive(Clone, Debug, Deserialize)]
pub struct KnownTable {
    /// The table's name.
    pub name: String,
    /// How many rows it has.
    pub rows: usize,
    /// The size of its files.
    pub bytes: Option<u64>,
    /// The digest of its rows, if the run had `--skip-unchanged`.
    pub digest: Option<String>,
    /// Its files, relative to the root of the lake.
    pub files: Vec<String>,
}

/// A table of an extraction.
#[derive(Serialize)]
pub(super) struct TableManifest {
    pub name: &'static str,
    pub rows: usize,
    pub bytes: u64,
    pub files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// The time of the newest audit log entry that this run read and that did not occur after `until`.
pub(super) fn newest_entry(staged: &Staged, until: i64) -> Result<Option<i64>> {
    if !staged.tables.iter().any(|table| table.name == AUDIT_LOG) {
        return Ok(None);
    }
    let sql = format!("SELECT max(occurred_at) FROM main.{AUDIT_LOG} WHERE occurred_at <= ?1");
    let until = Timestamp::from_millisecond(until).unwrap_or(Timestamp::MAX);
    let read = staged.connection.query_row(&sql, [format!("{until:.3}")], |row| row.get(0));
    let read: Option<String> = read.map_err(|error| database::failed(staged.path(), &error))?;
    Ok(read.as_deref().and_then(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_torn_manifest_is_a_dead_runs() {
        let whole = r#"{"started_at": "2026-11-20T02:00:00.000Z", "tables": []}"#;
        assert!(matches!(Reading::of(whole.as_bytes()), Reading::Complete(_)));
        for torn in ["", "\0\0\0\0", &whole[..20], "half"] {
            assert!(matches!(Reading::of(torn.as_bytes()), Reading::Torn), "{torn:?}");
        }
        for strange in ["{}", r#"{"started_at": 5, "tables": []}"#] {
            assert!(matches!(Reading::of(strange.as_bytes()), Reading::Strange(_)), "{strange}");
        }
    }
}
