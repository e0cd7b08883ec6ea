//! The flags that were created, deprecated or archived since a time.

use std::time::Duration;

use rusqlite::{Connection, Row};

use crate::report::columns::rows;

/// The events since a time.
#[derive(Debug)]
pub struct Recent {
    /// The day from which events count, such as `2026-11-20`, UTC.
    pub since: String,
    /// The flags of each kind of event; the newest first.
    pub events: [(&'static str, Vec<Changed>); 3],
}

/// A flag that was created, deprecated or archived.
#[derive(Debug)]
pub struct Changed {
    /// Key of the project.
    pub project_key: String,
    /// Key of the flag.
    pub flag_key: String,
    /// The owner, as in [`super::work::Work`].
    pub owner: Option<String>,
}

/// The kinds of events, with the column that has their time.
const EVENTS: [(&str, &str); 3] =
    [("Created", "created_at"), ("Deprecated", "deprecated_at"), ("Archived", "archived_at")];

/// Reads the events of the time `since` before the newest extraction.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection, since: Duration) -> rusqlite::Result<Recent> {
    let start = format!(
        "coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT started_at FROM latest_extraction), '-{} seconds'),
             '0000-01-01T00:00:00.000Z')",
        since.as_secs()
    );
    let since =
        connection.query_row(&format!("SELECT substr({start}, 1, 10)"), [], |row| row.get(0))?;
    let mut events = EVENTS.map(|(name, _)| (name, Vec::new()));
    for ((_, flags), (_, column)) in events.iter_mut().zip(EVENTS) {
        let sql = format!(
            "SELECT project_key, flag_key, coalesce(maintainer_team_key, maintainer_id, maintainer_email)
             FROM flags WHERE {column} >= {start}
             ORDER BY {column} DESC, 1, 2"
        );
        *flags = rows(connection, &sql, Changed::read)?;
    }
    Ok(Recent { since, events })
}

impl Recent {
    /// Keeps the flags of some owners.
    pub fn retain(&mut self, is_wanted: impl Fn(Option<&str>) -> bool) {
        for (_, flags) in &mut self.events {
            flags.retain(|flag| is_wanted(flag.owner.as_deref()));
        }
    }
}

impl Changed {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Changed { project_key: row.get(0)?, flag_key: row.get(1)?, owner: row.get(2)? })
    }
}
