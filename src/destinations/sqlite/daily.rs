//! The daily figures of each project, owner, team and tag, which are computed from the views.

use rusqlite::Connection;

use crate::model::{project_daily, subject_daily, view};

/// Writes the rows for the newest extraction, and completes those of `project_daily` before.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    // Temporary views are always flaglake's own: a view in the file may be a user's with the same
    // name. Those that are stored, or that others read, are computed once.
    for view in view::all() {
        connection.execute_batch(&view.create_over())?;
    }
    connection.execute_batch(project_daily::SQL)?;
    subject_daily::statements().try_for_each(|sql| connection.execute_batch(&sql))
}
