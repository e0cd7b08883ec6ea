//! Names and owners of the flags in lists.

use std::collections::HashSet;

use rusqlite::{Connection, Row};

use super::{FLAGS, List};
use crate::report::columns::rows;

/// Names and owners of flags.
#[derive(Debug, Default)]
pub struct Names {
    /// Keys of the projects.
    pub projects: Vec<String>,
    /// Keys of the flags.
    pub flags: Vec<String>,
    /// Their names.
    pub names: Vec<Option<String>>,
    /// Their owners.
    pub owners: Vec<Option<String>>,
    /// The keys or IDs of the owners.
    pub owner_keys: Vec<Option<String>>,
}

/// What identifies a flag: keys of its project and of itself.
type Place<'a> = (&'a str, &'a str);

const SQL: &str = "
    WITH names AS MATERIALIZED (
        SELECT subject_kind, subject, subject_name FROM scorecards
        WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner')
    )
    SELECT project_key, flag_key, flags.name,
        coalesce(member.subject_name, nullif(maintainer_email, ''), team.subject_name, nullif(teams.name, ''),
            maintainer_team_key, maintainer_id),
        coalesce(maintainer_team_key, maintainer_id, maintainer_email)
    FROM flags
    LEFT JOIN teams ON team_key = maintainer_team_key
    LEFT JOIN names AS member
        ON member.subject = coalesce(maintainer_id, maintainer_email) AND member.subject_kind = 'owner'
    LEFT JOIN names AS team ON team.subject = maintainer_team_key AND team.subject_kind = 'team'
    ORDER BY project_key, flag_key";

impl Names {
    /// Those of the flags in `lists`, except for the flags in the list of all flags, which has them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(connection: &Connection, lists: &[List]) -> rusqlite::Result<Self> {
        let (all, others): (Vec<_>, Vec<_>) =
            lists.iter().partition(|list| list.heading.definition.id == FLAGS);
        let known: HashSet<_> = all.into_iter().flat_map(places).collect();
        let wanted: HashSet<_> =
            others.into_iter().flat_map(places).filter(|place| !known.contains(place)).collect();
        let mut names = Names::default();
        if !wanted.is_empty() {
            rows(connection, SQL, |row| names.add(row, &wanted))?;
        }
        Ok(names)
    }

    fn add(&mut self, row: &Row<'_>, wanted: &HashSet<Place<'_>>) -> rusqlite::Result<()> {
        let text = |index| row.get_ref(index)?.as_str().map_err(rusqlite::Error::from);
        if wanted.contains(&(text(0)?, text(1)?)) {
            self.projects.push(row.get(0)?);
            self.flags.push(row.get(1)?);
            self.names.push(row.get(2)?);
            self.owners.push(row.get(3)?);
            self.owner_keys.push(row.get(4)?);
        }
        Ok(())
    }
}

/// The flags in a list; none if it is not about flags.
fn places(list: &List) -> Vec<Place<'_>> {
    let Some((project, flag)) = list.place("project_key").zip(list.place("flag_key")) else {
        return Vec::new();
    };
    let keys = list.rows.iter().map(|row| row[project].as_str().zip(row[flag].as_str()));
    keys.flatten().collect()
}
