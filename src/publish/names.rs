//! Names that a user has given to something else in a SQLite output.

use rusqlite::{Connection, OptionalExtension};

use crate::catalog;
use crate::table::TableInfo;

/// Something of a user's that has the name of one of flaglake's tables, if there is such a thing in
/// a database of schema `version`.
pub(super) fn taken_name(
    connection: &Connection,
    version: i64,
) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT type, name FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
    let mut statement = connection.prepare(sql)?;
    let kept = catalog::kept();
    for table in catalog::tables().iter().chain(&kept) {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(String, String)> = statement.query_row([table.name], row).optional()?;
        let Some((kind, name)) = found else { continue };
        let is_newer = version < catalog::KEPT_SINCE && kept.contains(table);
        let is_current = version == catalog::SCHEMA_VERSION;
        if kind != "table"
            || name != table.name
            || (is_newer && is_foreign(connection, table)?)
            || (is_current && lacks_key(connection, table)?)
        {
            return Ok(Some(format!("{kind} `{name}`")));
        }
    }
    Ok(None)
}

/// Whether a table that has the name of `table` has a column that flaglake never gave it.
fn is_foreign(connection: &Connection, table: &TableInfo) -> rusqlite::Result<bool> {
    let names = column_names(connection, table)?;
    Ok(names.iter().any(|name| table.position(name).is_none()))
}

/// Whether a table that has the name of `table` has not its key. Columns that a user has added to
/// one of flaglake's are no reason to stop.
fn lacks_key(connection: &Connection, table: &TableInfo) -> rusqlite::Result<bool> {
    let names = column_names(connection, table)?;
    Ok(table.key.iter().any(|key| !names.iter().any(|name| name == key)))
}

fn column_names(connection: &Connection, table: &TableInfo) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1, 'main')";
    let mut statement = connection.prepare(sql)?;
    statement.query_map([table.name], |row| row.get(0))?.collect()
}
