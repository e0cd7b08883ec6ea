//! Objects of a user that have the names of flaglake's tables in a SQLite output.

use rusqlite::{Connection, OptionalExtension};

use crate::catalog;
use crate::model::table::TableInfo;

/// The first object of a user that has the name of a flaglake table, or is a column of one.
/// Publishing would destroy it.
pub(super) fn taken_name(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT type, name FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
    let mut statement = connection.prepare(sql)?;
    let all = [catalog::tables(), catalog::kept(), catalog::stored()].concat();
    for table in &all {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(String, String)> = statement.query_row([table.name], row).optional()?;
        let Some((kind, name)) = found else { continue };
        if kind != "table" || name != table.name {
            return Ok(Some(format!("{kind} `{name}`")));
        }
        if let Some(part) = foreign_part(connection, table)? {
            return Ok(Some(part));
        }
    }
    Ok(None)
}

/// The part of a table that is a user's: all of it if the key differs, or a column that flaglake
/// does not know. No version of flaglake has removed a column or changed a key.
fn foreign_part(connection: &Connection, table: &TableInfo) -> rusqlite::Result<Option<String>> {
    // `table_xinfo` also lists generated columns.
    let sql = "SELECT name FROM pragma_table_xinfo(?1, 'main')";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([table.name], |row| row.get::<_, String>(0))?;
    let names = names.collect::<rusqlite::Result<Vec<_>>>()?;
    if !table.key.iter().all(|key| names.iter().any(|name| name == key)) {
        return Ok(Some(format!("table `{}`", table.name)));
    }
    let foreign = names.into_iter().find(|name| table.position(name).is_none());
    Ok(foreign.map(|name| format!("column `{name}` of table `{}`", table.name)))
}
