//! The lists behind the figures: of flags mostly, each from one view.

mod all_flags;
mod clean_up;
mod governance;
mod hygiene;

use rusqlite::Connection;
use serde_json::Value;

use super::columns::{Column, Kind, cells, rows};
use super::sections::gaps::Gap;

/// What makes a list.
#[derive(Debug)]
pub struct Definition {
    /// Its name, which does not change.
    pub id: &'static str,
    /// The view that it is of.
    pub view: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is in it.
    pub meaning: &'static str,
    /// What to say where nothing is in it.
    pub empty: &'static str,
    /// Its columns, in the order of the query's.
    pub columns: &'static [Column],
    sql: &'static str,
}

/// A list that was read.
#[derive(Debug)]
pub struct List {
    /// What it is.
    pub definition: &'static Definition,
    /// Under which heading it stands.
    pub group: &'static str,
    /// Its rows, as cells in the order of the columns.
    pub rows: Vec<Vec<Value>>,
    /// What it lacks, in sentences.
    pub gaps: Vec<String>,
}

const PROJECT: Column = column("project_key", "Project", Kind::Text);
const FLAG: Column = column("flag_key", "Flag", Kind::Text);

const fn column(key: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { key, label, kind }
}

/// The lists by heading, in the order of the page.
pub const GROUPS: [(&str, &[Definition]); 4] = [
    ("Clean up", clean_up::LISTS),
    ("Ownership and hygiene", hygiene::LISTS),
    ("Risk and governance", governance::LISTS),
    ("Everything", all_flags::LISTS),
];

/// Every list, with its heading.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Definition)> {
    GROUPS.into_iter().flat_map(|(group, lists)| lists.iter().map(move |list| (group, list)))
}

/// Reads them all.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection, gaps: &[Gap]) -> rusqlite::Result<Vec<List>> {
    let list = |(group, definition): (&'static str, &'static Definition)| {
        let rows = rows(connection, definition.sql, |row| cells(row, definition.columns))?;
        let lacks = gaps.iter().filter(|gap| gap.views.iter().any(|view| view == definition.view));
        Ok(List { definition, group, rows, gaps: lacks.map(Gap::sentence).collect() })
    };
    all().map(list).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lists_have_names_of_their_own_and_say_what_they_hold() {
        let ids: BTreeSet<_> = all().map(|(_, list)| list.id).collect();
        assert_eq!(ids.len(), all().count());
        for (_, list) in all() {
            assert!(list.meaning.ends_with('.') && list.empty.ends_with('.'), "{}", list.id);
            let keys: BTreeSet<_> = list.columns.iter().map(|column| column.key).collect();
            assert_eq!(keys.len(), list.columns.len(), "{}", list.id);
        }
    }
}
