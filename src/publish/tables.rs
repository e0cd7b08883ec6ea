//! The tables of a SQLite output: made, brought up to date, filled.

use rusqlite::{Connection, OptionalExtension};

use crate::table::TableInfo;
use crate::{catalog, record};

fn is_history(table: &TableInfo) -> bool {
    record::tables().contains(table)
}

/// Creates a table, or makes one of an earlier flaglake what it is today. Data comes anew with
/// every run; of the history, the columns that both have are kept.
pub(super) fn create(
    connection: &Connection,
    table: &TableInfo,
    all: &[TableInfo],
) -> rusqlite::Result<()> {
    let (name, ddl) = (table.name, catalog::sqlite::create_table(table, all));
    let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1";
    let found: Option<String> = connection.query_row(sql, [name], |row| row.get(0)).optional()?;
    let body = |ddl: &str| ddl.split_once('(').map(|(_, body)| body.trim_end().to_owned());
    match found {
        None => connection.execute_batch(&ddl),
        Some(found) if body(&found) == body(ddl.trim_end().trim_end_matches(';')) => Ok(()),
        Some(_) if !is_history(table) => {
            connection.execute_batch(&format!("DROP TABLE main.{name}; {ddl}"))
        }
        Some(_) => migrate(connection, table, &ddl),
    }
}

fn migrate(connection: &Connection, table: &TableInfo, ddl: &str) -> rusqlite::Result<()> {
    let name = table.name;
    connection.execute_batch(&format!("ALTER TABLE main.{name} RENAME TO old_{name}; {ddl}"))?;
    let mut kept = Vec::new();
    for column in &table.columns {
        if connection.column_exists(Some("main"), &format!("old_{name}"), column.name)? {
            kept.push(column.name);
        }
    }
    let kept = kept.join(", ");
    connection.execute_batch(&format!(
        "INSERT INTO main.{name} ({kept}) SELECT {kept} FROM main.old_{name};
         DROP TABLE main.old_{name}"
    ))
}

/// Copies a table from the stage. Both have the same definition, so that SQLite copies record
/// by record.
pub(super) fn copy(
    connection: &Connection,
    table: &TableInfo,
) -> rusqlite::Result<(&'static str, usize)> {
    let name = table.name;
    if !is_history(table) {
        connection.execute_batch(&format!("DELETE FROM main.{name}"))?;
    }
    let copy = format!("INSERT INTO main.{name} SELECT * FROM stage.{name}");
    Ok((name, connection.execute(&copy, [])?))
}

/// Deletes rows of an earlier run whose parents are gone.
pub(super) fn orphans(table: &TableInfo, all: &[TableInfo]) -> String {
    let parents = table.references().filter_map(|name| all.iter().find(|one| one.name == name));
    let delete = |parent: &TableInfo| {
        let same = |key: &&str| format!("parent.{key} = {}.{key}", table.name);
        let same: Vec<_> = parent.key.iter().map(same).collect();
        format!(
            "DELETE FROM main.{} WHERE NOT EXISTS (SELECT 1 FROM main.{} AS parent WHERE {});",
            table.name,
            parent.name,
            same.join(" AND ")
        )
    };
    parents.map(delete).collect()
}
