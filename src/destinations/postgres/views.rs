//! Views, as tables of a PostgreSQL output: their statements are SQLite's, so each run computes
//! their rows.

use rusqlite::Connection;

use crate::model::table::TableInfo;
use crate::model::table::postgres::list;
use crate::model::view::{self, View};

/// Creates every view over the published tables, for this connection. Returns them as tables.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<Vec<TableInfo>> {
    // Each sort holds as many rows in memory as the cache may, and a view has several at once. Above
    // the other limit, SQLite writes intermediate rows to files.
    connection.execute_batch(
        "PRAGMA shrink_memory; PRAGMA main.cache_size = -1500; PRAGMA temp.cache_size = -1000;
         PRAGMA before.cache_size = 10; PRAGMA soft_heap_limit = 8000000",
    )?;
    let views = view::all();
    for view in &views {
        connection.execute_batch(&statements(view))?;
    }
    Ok(views.iter().filter(|view| !view.is_internal()).map(View::table).collect())
}

/// The statements that create a view. Publishing to the copy has just stored the rows of some.
fn statements(view: &View) -> String {
    let Some(stored) = view.stored_table() else { return view.create_over() };
    let (name, columns) = (view.name, list(stored.columns.iter().map(|column| column.name)));
    format!(
        "DROP VIEW IF EXISTS temp.{name};
         CREATE TEMP VIEW {name} AS SELECT {columns} FROM main.{}",
        stored.name
    )
}
