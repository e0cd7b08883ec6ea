//! The daily figures of each project, which are computed from the views.

use rusqlite::Connection;

use crate::model::{project_daily, view};

/// Writes the rows of `project_daily` for the newest extraction, and completes those before.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    // Temporary views are always flaglake's own: a view in the file may be a user's with the same
    // name.
    for view in view::all() {
        connection.execute_batch(&view.create("TEMP "))?;
    }
    connection.execute_batch(project_daily::SQL)
}
