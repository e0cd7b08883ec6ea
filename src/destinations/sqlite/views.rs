//! Views of a SQLite output.

use rusqlite::{Connection, OptionalExtension};
use tracing::warn;

use crate::model::view::{self, MARK};

/// Creates every view, and replaces those of earlier versions of flaglake.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    for view in view::all() {
        let name = view.name;
        let sql = "SELECT type, sql FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(String, String)> = connection.query_row(sql, [name], row).optional()?;
        let text = view.publish();
        match found {
            Some((_, found)) if found == text => continue,
            Some((kind, found)) if kind == "view" && found.contains(MARK) => {
                connection.execute_batch(&format!("DROP VIEW main.{name}"))?;
            }
            Some((kind, _)) => {
                warn!(
                    "The {kind} {name} was not made by flaglake. It is kept, so flaglake's view {name} is missing."
                );
                continue;
            }
            None => {}
        }
        connection.execute_batch(&text)?;
    }
    Ok(())
}
