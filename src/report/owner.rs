//! The owner that `--owner` names.

use std::collections::HashSet;

use rusqlite::Connection;

use super::columns::rows;
use super::words::some;
use crate::terminal::suggest::similar;
use crate::{Error, Result};

/// An owner: key or ID, and the name for people.
#[derive(Debug)]
pub struct Owner {
    /// Key of the team or ID of the member; none is the owner of flags that nobody maintains.
    pub id: Option<String>,
    /// The name.
    pub name: String,
}

/// Owners of flags come first, and those with the most work first among them.
const SQL: &str = "
    SELECT owner, coalesce(nullif(owner_name, ''), owner, 'nobody'), ready_for_code_removal + ready_to_archive + 1 AS rank
    FROM owner_debt
    UNION ALL SELECT NULL, 'nobody', 0
    UNION ALL SELECT subject, subject_name, 0 FROM scorecards
        WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner') AND subject <> '(none)'
    UNION ALL SELECT team_key, coalesce(nullif(name, ''), team_key), 0 FROM teams
    UNION ALL SELECT member_id, coalesce(nullif(email, ''), member_id), 0 FROM members
    ORDER BY rank DESC, 2, 1";

/// Reads everybody who may own flags.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Owner>> {
    rows(connection, SQL, |row| Ok(Owner { id: row.get(0)?, name: row.get(1)? }))
}

/// The owners that a report is about.
#[derive(Debug)]
pub enum Selection {
    /// All of them.
    All,
    /// Those with these IDs; none is the owner of flags that nobody maintains.
    Some(Vec<Option<String>>),
}

impl Selection {
    /// Whether the owner with this ID is one of them.
    pub fn has(&self, owner: Option<&str>) -> bool {
        match self {
            Selection::All => true,
            Selection::Some(owners) => owners.iter().any(|one| one.as_deref() == owner),
        }
    }
}

/// The IDs of the owners that have the ID or the name `wanted`, in upper or lower case.
///
/// # Errors
/// `usage` where nobody has; the hint suggests others.
pub fn find(owners: &[Owner], wanted: &str) -> Result<Selection> {
    // Upper case, in which `ß` is `SS`.
    let folded = wanted.to_uppercase();
    let is_wanted = |text: &str| text.to_uppercase() == folded;
    let found = owners
        .iter()
        .filter(|owner| owner.id.as_deref().is_some_and(is_wanted) || is_wanted(&owner.name));
    let found: Vec<_> = found.map(|owner| owner.id.clone()).collect();
    if found.is_empty() { Err(nobody(owners, wanted)) } else { Ok(Selection::Some(found)) }
}

fn nobody(owners: &[Owner], wanted: &str) -> Error {
    let names = distinct(owners.iter().map(|owner| owner.name.as_str()));
    let ids = owners.iter().filter_map(|owner| owner.id.as_deref());
    let suggested = similar(wanted, distinct(names.iter().copied().chain(ids)));
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let hint = if suggested.is_empty() {
        let names = some(&quoted(&names), 5);
        format!("name a team's key, a member's ID, or a name as the report has it: {names}")
    } else {
        format!("did you mean {}?", quoted(&suggested).join(" or "))
    };
    Error::usage(format!("there is no owner `{wanted}`")).hint(hint)
}

/// The names without repetitions, in the same order.
fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}
