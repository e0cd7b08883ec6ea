//! The owners of flags that can be cleaned up.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// The flags that an owner can clean up.
#[derive(Debug, Serialize)]
pub struct Owner {
    /// `member`, `team` or `none`.
    pub owner_kind: String,
    /// ID of the member, or key of the team.
    pub owner: Option<String>,
    /// The member's address, or the team's name.
    pub owner_name: Option<String>,
    /// The name in the scorecards.
    #[serde(skip)]
    pub shown_name: Option<String>,
    /// Whether the member or team was deleted; unknown if members and teams were not read.
    pub is_departed: Option<bool>,
    /// Live flags.
    pub live_flags: i64,
    /// Live flags whose code can be removed.
    pub ready_for_code_removal: i64,
    /// Live flags that are no longer needed.
    pub ready_to_archive: i64,
    /// Live flags for which this is unknown.
    pub unknown_flags: i64,
}

const SQL: &str = "
    WITH names AS MATERIALIZED (
        SELECT subject_kind, subject, subject_name FROM scorecards
        WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner')
    )
    SELECT owner_kind, owner, nullif(owner_name, ''), is_departed, live_flags, ready_for_code_removal,
           ready_to_archive, unknown_flags, subject_name
    FROM owner_debt
    LEFT JOIN names ON subject = owner AND subject_kind = CASE owner_kind WHEN 'team' THEN 'team' ELSE 'owner' END
    ORDER BY ready_for_code_removal + ready_to_archive DESC, live_flags DESC, owner_kind, owner";

/// Reads them: who has the most to clean up comes first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Owner>> {
    rows(connection, SQL, |row| {
        Ok(Owner {
            owner_kind: row.get(0)?,
            owner: row.get(1)?,
            owner_name: row.get(2)?,
            is_departed: row.get(3)?,
            live_flags: row.get(4)?,
            ready_for_code_removal: row.get(5)?,
            ready_to_archive: row.get(6)?,
            unknown_flags: row.get::<_, Option<i64>>(7)?.unwrap_or(0),
            shown_name: row.get(8)?,
        })
    })
}

impl Owner {
    /// Flags to clean up.
    pub const fn debt(&self) -> i64 {
        self.ready_for_code_removal + self.ready_to_archive
    }

    /// The owner for people.
    pub fn label(&self) -> String {
        let name = self.shown_name.as_ref().or(self.owner_name.as_ref()).or(self.owner.as_ref());
        let name = name.filter(|_| self.owner_kind != "none");
        let name = name.map_or_else(|| "nobody".to_owned(), Clone::clone);
        let is_said = name.starts_with("Former member");
        if self.is_departed == Some(true) && !is_said { format!("{name} (departed)") } else { name }
    }
}
