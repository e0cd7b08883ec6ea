//! The stored rows of views that take long to work out.
//!
//! A view returns them as long as `stored_state` says that they are current; so a change of a
//! threshold counts at once, and only takes longer.

use rusqlite::Connection;

use super::difference::take_view;
use super::migrate::create;
use crate::catalog;
use crate::model::view;

/// A table of earlier versions of flaglake, whose view is quick by now.
const NO_LONGER_STORED: &str = "DROP TABLE IF EXISTS main.stored_served_variations";

/// Creates the tables that store rows of views. Until they are written, none is current.
pub(super) fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    for table in catalog::stored() {
        create(connection, &table, &[])?;
    }
    connection.execute_batch(NO_LONGER_STORED)?;
    connection.execute_batch(view::NONE_CURRENT)
}

/// Stores the rows that the temporary views of the newest extraction have.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    for one in view::all() {
        if let Some(table) = one.stored_table() {
            take_view(connection, &table, one.name)?;
        }
    }
    connection.execute_batch(view::NOW_CURRENT)
}
