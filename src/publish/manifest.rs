//! The manifest of a Parquet extraction: what it consists of, and what a later run goes by.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::batch::milliseconds;
use super::{AUDIT_LOG, NewestEntries};
use crate::stage::Staged;
use crate::{Result, database};

/// What one extraction consists of.
#[derive(Serialize)]
pub(super) struct Manifest<'m> {
    pub extraction_id: &'m str,
    pub started_at: String,
    pub finished_at: String,
    pub tool_version: &'static str,
    pub schema_version: i64,
    pub account_id: Option<String>,
    /// When the newest entry of the audit log occurred that this or an earlier extraction holds.
    pub audit_log_read_to: Option<String>,
    /// The IDs of the entries that occurred then.
    pub audit_log_newest: BTreeSet<String>,
    pub tables: Vec<TableManifest>,
}

/// What a later run wants to know of an extraction.
#[derive(Deserialize)]
pub(super) struct Known {
    pub account_id: Option<String>,
    pub audit_log_read_to: Option<String>,
    #[serde(default)]
    pub audit_log_newest: BTreeSet<String>,
    pub started_at: String,
    pub tables: Vec<KnownTable>,
}

impl Known {
    /// The file of a table, where the extraction has it.
    pub fn file(&self, table: &str) -> Option<&str> {
        let table = self.tables.iter().find(|known| known.name == table)?;
        table.files.first().map(String::as_str)
    }
}

/// What a later run wants to know of a table.
#[derive(Deserialize)]
pub(super) struct KnownTable {
    pub name: String,
    pub files: Vec<String>,
}

/// A table of an extraction.
#[derive(Serialize)]
pub(super) struct TableManifest {
    pub name: &'static str,
    pub rows: usize,
    pub bytes: u64,
    pub files: Vec<String>,
}

/// The newest entries now: those that were read this time, and those that were `known`.
pub(super) fn newest_entries(staged: &Staged, mut known: NewestEntries) -> Result<NewestEntries> {
    if !staged.tables.iter().any(|table| table.name == AUDIT_LOG) {
        return Ok(known);
    }
    let unreadable = |error| database::failed(staged.path(), &error);
    let sql = format!(
        "SELECT entry_id, occurred_at FROM {AUDIT_LOG}
         WHERE occurred_at = (SELECT max(occurred_at) FROM {AUDIT_LOG})"
    );
    let mut statement = staged.connection.prepare(&sql).map_err(unreadable)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
    for row in rows.map_err(unreadable)? {
        let (id, occurred_at) = row.map_err(unreadable)?;
        let occurred_at = milliseconds(&occurred_at);
        if occurred_at > known.occurred_at {
            known = NewestEntries { occurred_at, ids: BTreeSet::new() };
        }
        if occurred_at == known.occurred_at {
            known.ids.insert(id);
        }
    }
    Ok(known)
}
