//! Columns that a state file of an earlier version does not have.

use rusqlite::Connection;

use crate::model::table::TableInfo;
use crate::model::table::ddl::data_type;

/// Adds the columns that the tables have got since the file was created. They may all be NULL.
pub(super) fn add_missing(connection: &Connection, tables: &[TableInfo]) -> rusqlite::Result<()> {
    for table in tables {
        for column in table.columns.iter().filter(|column| column.nullable) {
            if !has(connection, table.name, column.name)? {
                let kind = data_type(column.ty);
                let sql =
                    format!("ALTER TABLE state.{} ADD COLUMN {} {kind}", table.name, column.name);
                connection.execute_batch(&sql)?;
            }
        }
    }
    Ok(())
}

fn has(connection: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1, 'state') WHERE name = ?2)";
    connection.query_row(sql, [table, column], |row| row.get(0))
}
