//! The row counts of the last extraction.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::scope::Scope;
use crate::{resources, verify};

/// The row counts of the last extraction, for the estimate of `--plan`.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// The flags of each project.
    pub flags: BTreeMap<String, FlagCounts>,
    /// Tags of the account.
    pub tags: i64,
    /// Teams of the account.
    pub teams: i64,
    /// Teams with more maintainers than the list of teams carries.
    pub crowded_teams: i64,
    /// The rows of the first table of each list, by scope.
    pub lists: BTreeMap<&'static str, BTreeMap<Scope, i64>>,
}

/// How many flags a project has.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlagCounts {
    /// Live and deprecated ones.
    pub current: i64,
    /// Those of them that are deprecated.
    pub deprecated: i64,
    /// Archived ones.
    pub archived: i64,
}

impl Previous {
    /// Counts what is in the database that `connection` leads to.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare(
            "SELECT project_key, sum(state <> 'archived'), sum(state = 'deprecated'),
                    sum(state = 'archived')
             FROM flags GROUP BY project_key",
        )?;
        let rows = statement.query_map([], |row| {
            let (current, deprecated) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, FlagCounts { current, deprecated, archived: row.get(3)? }))
        })?;
        let count = |sql| connection.query_row(sql, [], |row| row.get(0));
        Ok(Previous {
            flags: rows.collect::<rusqlite::Result<_>>()?,
            tags: count("SELECT count(*) FROM tags")?,
            teams: count("SELECT count(*) FROM teams")?,
            lists: lists(connection),
            crowded_teams: count("SELECT count(*) FROM teams WHERE maintainer_count > 25")?,
        })
    }
}

/// An earlier flaglake may not have had a list.
fn lists(connection: &Connection) -> BTreeMap<&'static str, BTreeMap<Scope, i64>> {
    let lists = resources::LISTS.iter();
    lists.filter_map(|list| Some((list.name(), verify::counts(connection, *list).ok()?))).collect()
}
