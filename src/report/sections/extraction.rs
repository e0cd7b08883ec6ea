//! The extraction that the report describes.

use rusqlite::Connection;
use serde::Serialize;

use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;

/// The newest extraction.
#[derive(Debug, Serialize)]
pub struct Extraction {
    /// Its ID.
    pub extraction_id: String,
    /// When it started, UTC. Ages in the report are counted up to this time.
    pub started_at: String,
    /// When it was published. UTC.
    pub finished_at: String,
    /// The LaunchDarkly account, if it is known.
    pub account_id: Option<String>,
    /// The address of the API that was read.
    pub base_url: String,
    /// The version of flaglake that read it.
    pub tool_version: String,
    /// The treatment of names and email addresses: `keep`, `hash` or `drop`.
    pub personal_data: String,
}

impl Extraction {
    /// Whether it is of the demo account.
    pub fn is_demo(&self) -> bool {
        self.account_id.as_deref() == Some(DEMO_ACCOUNT_ID)
    }
}

/// Reads it.
///
/// # Errors
/// When the database cannot be read, or holds no extraction.
pub fn read(connection: &Connection) -> rusqlite::Result<Extraction> {
    let sql = "SELECT extraction_id, started_at, finished_at, account_id, base_url, tool_version,
                      personal_data
               FROM extractions
               WHERE extraction_id = (SELECT extraction_id FROM latest_extraction)";
    connection.query_row(sql, [], |row| {
        Ok(Extraction {
            extraction_id: row.get(0)?,
            started_at: row.get(1)?,
            finished_at: row.get(2)?,
            account_id: row.get(3)?,
            base_url: row.get(4)?,
            tool_version: row.get(5)?,
            personal_data: row.get(6)?,
        })
    })
}
