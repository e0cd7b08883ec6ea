//! The figures of the day, which are made from the views.

use rusqlite::Connection;

use crate::model::{project_daily, view};

/// Writes the rows of `project_daily` for the newest extraction, and completes those before.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    // For this connection only: where a user's own view has the name of one of flaglake's, that
    // one stays, and means something else.
    for view in view::all() {
        connection.execute_batch(&view.create("TEMP "))?;
    }
    connection.execute_batch(project_daily::SQL)
}
