//! The flag statuses that LaunchDarkly reports, by environment.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// How many flags of an environment have each status.
#[derive(Debug, Serialize)]
pub struct Statuses {
    /// Key of the project.
    pub project_key: String,
    /// Key of the environment.
    pub environment_key: String,
    /// Whether the environment is critical.
    pub critical: bool,
    /// Younger than a week, and never requested.
    pub new: i64,
    /// Requested, and different contexts got different variations, or something changed.
    pub active: i64,
    /// Everybody has got the same variation for a week.
    pub launched: i64,
    /// Not requested for a week.
    pub inactive: i64,
    /// Not read.
    pub unknown: i64,
}

const SQL: &str = "
    SELECT project_key, environment_key,
        (project_key, environment_key) IN (SELECT project_key, environment_key FROM critical_environments) AS is_critical,
           coalesce(sum(flags) FILTER (WHERE status = 'new'), 0),
           coalesce(sum(flags) FILTER (WHERE status = 'active'), 0),
           coalesce(sum(flags) FILTER (WHERE status = 'launched'), 0),
           coalesce(sum(flags) FILTER (WHERE status = 'inactive'), 0),
           coalesce(sum(flags) FILTER (WHERE status NOT IN ('new', 'active', 'launched', 'inactive')), 0)
    FROM environments
    LEFT JOIN status_counts USING (project_key, environment_key)
    GROUP BY project_key, environment_key
    ORDER BY is_critical DESC, sum(flags) DESC, project_key, environment_key";

/// Reads them: critical environments, and those with many flags, come first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Statuses>> {
    rows(connection, SQL, |row| {
        Ok(Statuses {
            project_key: row.get(0)?,
            environment_key: row.get(1)?,
            critical: row.get(2)?,
            new: row.get(3)?,
            active: row.get(4)?,
            launched: row.get(5)?,
            inactive: row.get(6)?,
            unknown: row.get(7)?,
        })
    })
}
