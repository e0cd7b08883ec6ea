//! Tables and views as SQLite DDL.

use crate::model::table::TableInfo;
use crate::model::table::ddl::create_table;
use crate::model::view;

/// The DDL of a state file, with the meaning of every table.
pub fn state_script(tables: &[TableInfo]) -> String {
    let header = "-- Generated from the table definitions; do not edit.\n\
                  -- The state file of `flaglake sync`. Times are UTC text such as \
                  2026-11-20T02:00:00.000Z.\n";
    tables.iter().fold(header.to_owned(), |script, table| {
        format!("{script}\n-- {}\n{}", table.doc, create_table(table, tables))
    })
}

/// The whole DDL, with the meaning of every table and view.
pub fn script(tables: &[TableInfo]) -> String {
    let header = "-- Generated from the table definitions; do not edit.\n\
                  -- Times are UTC text such as 2026-11-20T02:00:00.000Z; booleans are 0 and 1.\n";
    // Views need it to exist.
    let state = view::state_table();
    let script = tables.iter().chain([&state]).fold(header.to_owned(), |script, table| {
        format!("{script}\n-- {}\n{}", table.doc, create_table(table, tables))
    });
    view::all().iter().fold(script, |script, view| format!("{script}\n{}", view.create("")))
}
