//! Views, as tables of a PostgreSQL output: their statements are SQLite's, so each run computes
//! their rows.

use rusqlite::Connection;

use crate::model::table::TableInfo;
use crate::model::view;

/// Computes the rows of every view over the published tables. Returns each view as a table, and
/// where its rows are.
pub(super) fn compute(connection: &Connection) -> rusqlite::Result<Vec<(TableInfo, String)>> {
    // Above this limit, SQLite writes intermediate rows to files.
    connection.execute_batch("PRAGMA shrink_memory; PRAGMA soft_heap_limit = 8000000")?;
    let views = view::all();
    for view in &views {
        connection.execute_batch(&view.create_over())?;
    }
    let tables = views.iter().filter(|view| !view.is_internal()).map(|view| view.table());
    tables.map(|table| Ok((table.clone(), rows(connection, &table)?))).collect()
}

/// Computes the rows of a view.
fn rows(connection: &Connection, view: &TableInfo) -> rusqlite::Result<String> {
    let columns: Vec<_> = view.columns.iter().map(|column| column.name).collect();
    let (name, columns, key) = (view.name, columns.join(", "), view.key.join(", "));
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE rows_of_{name} AS SELECT {columns} FROM temp.{name};
         CREATE INDEX temp.key_of_{name} ON rows_of_{name} ({key})"
    ))?;
    Ok(format!("temp.rows_of_{name}"))
}
