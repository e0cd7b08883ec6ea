//! The lists behind the figures, mostly of flags. Each reads one view.

mod all_flags;
mod clean_up;
mod governance;
mod hygiene;
mod names;

use rusqlite::{Connection, Row};
use serde_json::Value;

pub use self::names::Names;
use super::columns::{Column, Kind, cells};
use super::sections::gaps::Gap;
use super::sections::thresholds::Threshold;
use crate::catalog;
use crate::model::sql::has_word;

/// The definition of a list.
#[derive(Debug)]
pub struct Definition {
    /// Its name, which does not change.
    pub id: &'static str,
    /// The view that it reads, or the table.
    pub view: &'static str,
    /// Its name for people; here and below, `{a_threshold}` is replaced by its value.
    pub title: &'static str,
    /// A description of its rows.
    pub meaning: &'static str,
    /// The text to show if it has no rows.
    pub empty: &'static str,
    /// Its columns, in the order of the query's.
    pub columns: &'static [Column],
    sql: &'static str,
}

impl Definition {
    /// The rows of it that a page holds, if it holds `most` of other lists. Statuses are many, and
    /// take little room.
    fn most(&self, most: usize) -> usize {
        if self.id == STATUSES { most * 10 } else { most }
    }
}

/// The description of a list, with the limits in use.
#[derive(Debug)]
pub struct Heading {
    /// Its definition.
    pub definition: &'static Definition,
    /// The heading above it.
    pub group: &'static str,
    /// Its name for people.
    pub title: String,
    /// A description of its rows.
    pub meaning: String,
    /// The text to show if it has no rows.
    pub empty: String,
    /// The missing data, in sentences.
    pub gaps: Vec<String>,
}

/// The first rows of a list.
#[derive(Debug)]
pub struct List {
    /// Its description.
    pub heading: Heading,
    /// Its first rows, as cells in the order of the columns.
    pub rows: Vec<Vec<Value>>,
    /// The number of all its rows.
    pub total: usize,
}

/// The first rows of every list, with what is shown of their flags.
#[derive(Debug)]
pub struct Lists {
    /// The lists, in the order of the page.
    pub all: Vec<List>,
    /// Names and owners of the flags in lists that are not in the list of all flags.
    pub names: Names,
}

impl List {
    /// The place of a column.
    fn place(&self, key: &str) -> Option<usize> {
        self.heading.definition.columns.iter().position(|column| column.key == key)
    }
}

/// The ID of the list of all flags.
const FLAGS: &str = "flags";
/// The ID of the list of all statuses.
const STATUSES: &str = "flag_statuses";
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

/// The names of the tables and views that lists read.
pub fn names() -> impl Iterator<Item = &'static str> {
    let is_read = |name: &&str| all().any(|(_, list)| has_word(list.sql, name));
    catalog::names().filter(is_read)
}

/// The data of the report that lists depend on.
#[derive(Debug)]
pub struct Context<'a> {
    /// The resources that were not read.
    pub gaps: &'a [Gap],
    /// The limits in use.
    pub thresholds: &'a [Threshold],
    /// Whether comments were left out, as personal data.
    pub lacks_comments: bool,
}

impl Heading {
    fn new(context: &Context<'_>, group: &'static str, definition: &'static Definition) -> Self {
        let filled = |text| filled(text, context.thresholds);
        Heading {
            definition,
            group,
            title: filled(definition.title),
            meaning: filled(definition.meaning),
            empty: filled(definition.empty),
            gaps: gaps(definition.view, context),
        }
    }
}

/// The descriptions of all lists.
pub fn headings<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Heading> + 'a {
    all().map(|(group, definition)| Heading::new(context, group, definition))
}

/// Reads at most `most` rows of each list.
///
/// # Errors
/// When the database cannot be read.
pub fn read(
    connection: &Connection,
    context: &Context<'_>,
    most: usize,
) -> rusqlite::Result<Lists> {
    let list = |heading: Heading| {
        let (rows, total) =
            first_rows(connection, heading.definition, heading.definition.most(most))?;
        Ok(List { heading, rows, total })
    };
    let all = headings(context).map(list).collect::<rusqlite::Result<Vec<_>>>()?;
    let names = Names::read(connection, &all)?;
    Ok(Lists { all, names })
}

/// The first rows, and the number of all.
fn first_rows(
    connection: &Connection,
    definition: &Definition,
    most: usize,
) -> rusqlite::Result<(Vec<Vec<Value>>, usize)> {
    let (mut kept, mut total) = (Vec::new(), 0);
    each_row(connection, definition, |row| {
        if total < most {
            kept.push(cells(row, definition.columns)?);
        }
        total += 1;
        Ok(())
    })?;
    Ok((kept, total))
}

/// Visits every row of a list.
///
/// # Errors
/// When the database cannot be read, and those of `visit`.
pub fn each_row(
    connection: &Connection,
    definition: &Definition,
    mut visit: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(definition.sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(row)?;
    }
    Ok(())
}

/// Replaces the names of limits in `text` by their values.
fn filled(text: &str, thresholds: &[Threshold]) -> String {
    let fill = |text: String, one: &Threshold| {
        text.replace(&format!("{{{}}}", one.threshold), &one.words())
    };
    thresholds.iter().fold(text.to_owned(), fill)
}

/// The data that a list is missing, in sentences.
fn gaps(view: &str, context: &Context<'_>) -> Vec<String> {
    let is_of = |gap: &&Gap| gap.resource == view || gap.views.iter().any(|name| name == view);
    let lacks = context.gaps.iter().filter(is_of);
    let mut sentences: Vec<_> = lacks.map(Gap::sentence).collect();
    if context.lacks_comments && view == "uncommented_critical_changes" {
        sentences.push("comments: left out of this extraction (--personal-data drop)".to_owned());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::thresholds;

    #[test]
    fn lists_have_unique_ids_and_describe_their_rows() {
        let ids: BTreeSet<_> = all().map(|(_, list)| list.id).collect();
        assert_eq!(ids.len(), all().count());
        for (_, list) in all() {
            assert!(list.meaning.ends_with('.') && list.empty.ends_with('.'), "{}", list.id);
            let keys: BTreeSet<_> = list.columns.iter().map(|column| column.key).collect();
            assert_eq!(keys.len(), list.columns.len(), "{}", list.id);
        }
    }
    #[test]
    fn texts_take_their_limits_from_the_thresholds() {
        let limit = |one: &thresholds::Threshold| Threshold {
            threshold: one.name.to_owned(),
            value: 1.0,
            default_value: one.default,
            unit: one.unit.to_owned(),
            description: String::new(),
        };
        let limits: Vec<_> = thresholds::ALL.iter().map(limit).collect();
        for (_, list) in all() {
            for text in [list.title, list.meaning, list.empty] {
                assert!(!text.contains(|character: char| character.is_ascii_digit()), "{text}");
                let text = filled(text, &limits);
                assert!(!text.contains(['{', '}']) && !text.contains("1 days"), "{text}");
            }
        }
    }
}
