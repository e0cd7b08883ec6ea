//! The stages of flags in their life cycle, by project.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// How many flags of a project are in each stage.
#[derive(Debug, Serialize)]
pub struct Stages {
    /// Key of the project.
    pub project_key: String,
    /// Its name.
    pub name: String,
    /// In use, or too young to tell.
    pub live: i64,
    /// Ready for removal from the code.
    pub ready_for_code_removal: i64,
    /// No longer needed.
    pub ready_to_archive: i64,
    /// Ready but for code references, which were not read.
    pub code_not_checked: i64,
    /// Marked as deprecated.
    pub deprecated: i64,
    /// Archived.
    pub archived: i64,
    /// Unknown, because data was not read.
    pub unknown: i64,
}

const SQL: &str = "
    SELECT project_key, name, coalesce(sum(stage = 'live'), 0),
           coalesce(sum(stage = 'ready_for_code_removal'), 0),
           coalesce(sum(stage = 'ready_to_archive'), 0), coalesce(sum(stage = 'deprecated'), 0),
           coalesce(sum(stage = 'archived'), 0), coalesce(sum(stage = 'unknown'), 0),
           coalesce(sum(stage = 'code_not_checked'), 0)
    FROM projects
    LEFT JOIN flag_lifecycle USING (project_key)
    GROUP BY project_key, name
    ORDER BY sum(stage IN ('ready_for_code_removal', 'ready_to_archive')) DESC,
             count(stage) DESC, project_key";

/// Reads them: the project with the most to clean up comes first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Stages>> {
    rows(connection, SQL, |row| {
        Ok(Stages {
            project_key: row.get(0)?,
            name: row.get(1)?,
            live: row.get(2)?,
            ready_for_code_removal: row.get(3)?,
            ready_to_archive: row.get(4)?,
            deprecated: row.get(5)?,
            archived: row.get(6)?,
            unknown: row.get(7)?,
            code_not_checked: row.get(8)?,
        })
    })
}

impl Stages {
    /// The project for people: its name, and its key where that is another.
    pub fn label(&self) -> String {
        let (name, key) = (&self.name, &self.project_key);
        if name.is_empty() || name.eq_ignore_ascii_case(key) {
            return key.clone();
        }
        format!("{name} ({key})")
    }
}
