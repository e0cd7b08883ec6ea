//! How many flags each owner can clean up. The work list names them.

use rusqlite::Connection;

use crate::report::columns::rows;

/// The flags that an owner can clean up.
#[derive(Debug)]
pub struct Due {
    /// The owner, as in [`super::work::Work`].
    pub owner: Option<String>,
    /// The owner's name for people.
    pub owner_name: String,
    /// Flags to remove from code or to archive.
    pub ready: i64,
    /// Flags to look for in code.
    pub code_not_checked: i64,
}

const SQL: &str = "
    WITH names AS MATERIALIZED (
        SELECT subject_kind, subject, subject_name FROM scorecards
        WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner')
    ),
    counts AS (
        SELECT
            maintainer_team_key IS NOT NULL AS is_team,
            coalesce(maintainer_team_key, maintainer_id, maintainer_email) AS owned_by,
            sum(coalesce(ready_for_code_removal, 0) OR coalesce(ready_to_archive, 0)) AS ready,
            count(*) AS flags
        FROM flag_judgements
        JOIN flags USING (project_key, flag_key)
        WHERE ready_for_code_removal OR ready_to_archive OR code_not_checked
        GROUP BY 1, 2
    )
    SELECT owned_by, coalesce(subject_name, owned_by, 'nobody') AS owner_name, ready, flags - ready
    FROM counts
    LEFT JOIN names ON subject = owned_by AND subject_kind = CASE WHEN is_team THEN 'team' ELSE 'owner' END
    ORDER BY owner_name, owned_by";

/// Reads them, by the owners' names.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Due>> {
    rows(connection, SQL, |row| {
        Ok(Due {
            owner: row.get(0)?,
            owner_name: row.get(1)?,
            ready: row.get(2)?,
            code_not_checked: row.get(3)?,
        })
    })
}
