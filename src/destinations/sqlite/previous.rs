//! The row counts of the last extraction in a SQLite output.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::destinations::{FlagCounts, Previous};
use crate::model::scope::Scope;
use crate::{resources, verify};

/// Counts the published rows.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Previous> {
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

/// An earlier flaglake may not have had a list.
fn lists(connection: &Connection) -> BTreeMap<&'static str, BTreeMap<Scope, i64>> {
    let lists = resources::LISTS.iter();
    lists.filter_map(|list| Some((list.name(), verify::counts(connection, *list).ok()?))).collect()
}
