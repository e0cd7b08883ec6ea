//! The figures that come first, with their target and trend.

mod definitions;

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use self::definitions::{DEFINITIONS, Definition, NEVER_READ, NOT_READ_NOW, WINDOW_START};
use super::target::{Target, Targets};
use super::trend::{Change, Daily, Point};
use crate::report::words::grouped;

/// A figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Its name, which does not change.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The figure, over the known flags; `None` if it is 0 and some flags are unknown.
    pub value: Option<i64>,
    /// The number of flags for which it is unknown whether they count.
    pub unknown_flags: i64,
    /// The number of projects whose flags were not read.
    pub unread_projects: i64,
    /// More about it, in words; may be empty.
    pub note: String,
    /// Whether less of it is better.
    pub less_is_better: bool,
    /// What it should be; `None` if no threshold says so.
    pub target: Option<Target>,
    /// The changes since about 7 and 30 days ago; empty if there is no data for such a day.
    pub changes: Vec<Change>,
    /// The figure on every day of the last year with an extraction.
    pub series: Vec<Point>,
    /// The list behind it.
    pub list: &'static str,
    /// The filter for the figure's rows in the list: a value of a column, or its earliest time.
    pub filter: BTreeMap<&'static str, String>,
}

/// Reads them.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let daily = Daily::read(connection)?;
    let figures = DEFINITIONS.iter().map(|definition| figure(connection, definition, &daily));
    let mut figures = figures.collect::<rusqlite::Result<Vec<_>>>()?;
    compare(&mut figures, &Targets::read(connection)?);
    Ok(figures)
}

/// Compares figures with their targets. A share of flags of which some were not read says nothing.
fn compare(figures: &mut [Figure], targets: &Targets) {
    for figure in figures.iter_mut().filter(|figure| figure.unread_projects == 0) {
        let least = figure.value.unwrap_or_default();
        figure.target = targets.of(figure.id, (least, least + figure.unknown_flags));
    }
}

fn figure(
    connection: &Connection,
    definition: &Definition,
    daily: &Daily,
) -> rusqlite::Result<Figure> {
    let series = definition.measure.map(|measure| daily.series(measure)).unwrap_or_default();
    let changes = [7, 30].into_iter().filter_map(|days| daily.change(&series, days)).collect();
    let filter = filter(connection, definition)?;
    // Flags that an earlier run read do not show which flags are new now.
    let unread = if definition.measure.is_some() { NEVER_READ } else { NOT_READ_NOW };
    let unread_projects = connection.query_row(unread, [], |row| row.get(0))?;
    connection.query_row(definition.sql, [], |row| {
        let (known, unknown_flags) = (row.get(0)?, row.get(1)?);
        let is_known = known != 0 || unknown_flags + unread_projects == 0;
        Ok(Figure {
            id: definition.id,
            label: definition.label,
            // A count of 0 is meaningless if some flags are unknown.
            value: is_known.then_some(known),
            unknown_flags,
            unread_projects,
            // Without data, the note would read "0 of 0".
            note: if is_known || unread_projects == 0 { row.get(2)? } else { String::new() },
            less_is_better: definition.less_is_better,
            target: None,
            changes,
            series,
            list: definition.list,
            filter,
        })
    })
}

fn filter(
    connection: &Connection,
    definition: &Definition,
) -> rusqlite::Result<BTreeMap<&'static str, String>> {
    let sql =
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-30 days') FROM latest_extraction";
    let value = |value| match value {
        WINDOW_START => connection.query_row(sql, [], |row| row.get(0)),
        value => Ok(value.to_owned()),
    };
    definition.filter.into_iter().map(|(column, word)| Ok((column, value(word)?))).collect()
}

impl Figure {
    /// The list behind it, as a fragment of the page's address.
    pub fn address(&self) -> String {
        let words = self.filter.iter().map(|(column, value)| format!("&{column}={value}"));
        format!("#list={}{}", self.list, words.collect::<String>())
    }

    /// The lists behind it, where it is made of several: what each has, and its address.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let since = self.filter.get("created_at").filter(|_| self.id == "net_new_flags");
        let archived = |since| format!("#list=flag_lifetimes&archived_at={since}");
        let parts = since.map(|since| [("created", self.address()), ("archived", archived(since))]);
        parts.into_iter().flatten().collect()
    }

    /// The flags and projects for which the figure is unknown, in words; empty if there are none.
    pub fn unknown(&self) -> Vec<String> {
        let several = |count: i64| if count == 1 { "" } else { "s" };
        let (flags, projects) = (self.unknown_flags, self.unread_projects);
        let unknown = format!("not known for {} flag{}", grouped(flags), several(flags));
        let unread =
            format!("flags of {} project{} were not read", grouped(projects), several(projects));
        [(flags, unknown), (projects, unread)]
            .into_iter()
            .filter_map(|(count, words)| (count > 0).then_some(words))
            .collect()
    }

    /// What is said about it, in words; the target as `target` says it.
    pub fn notes(&self, target: impl Fn(&Target) -> String) -> Vec<String> {
        let mut notes = vec![self.note.clone()];
        notes.extend(self.target.as_ref().map(target));
        notes.extend(self.unknown());
        notes.retain(|one| !one.is_empty());
        notes
    }

    /// Whether there is a trend to show.
    pub fn has_trend(&self) -> bool {
        self.series.iter().filter(|point| point.value.is_some()).count() > 1
    }
}
