//! The data that the page's scripts work with: charts, and lists by column.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::model::view;
use crate::report::columns::Kind;
use crate::report::data::Report;
use crate::report::lists::{List, Lists, Names};
use crate::report::sections::ages::Age;
use crate::report::sections::headline::Figure;
use crate::report::sections::lifecycle::Stages;
use crate::report::sections::statuses::Statuses;
use crate::report::sections::velocity::Month;

/// All data for the scripts.
#[derive(Serialize)]
pub struct Payload<'a> {
    flag_url: &'a str,
    started_at: &'a str,
    headline: &'a [Figure],
    lifecycle: &'a [Stages],
    statuses: &'a [Statuses],
    owners: Vec<OwnerBar>,
    ages: &'a [Age],
    velocity: &'a [Month],
    lists: Vec<ListByColumn<'a>>,
    names: PackedNames<'a>,
}

/// Names and owners of flags. Projects and owners repeat, so they are written once.
#[derive(Serialize)]
struct PackedNames<'a> {
    projects: Packed<'a>,
    flags: &'a [String],
    names: &'a [Option<String>],
    owners: Packed<'a>,
    owner_keys: Packed<'a>,
}

/// Texts that repeat: the distinct ones, and the index of each.
#[derive(Serialize)]
struct Packed<'a> {
    words: Vec<Option<&'a str>>,
    at: Vec<usize>,
}

/// An owner with something to clean up.
#[derive(Serialize)]
struct OwnerBar {
    label: String,
    ready_for_code_removal: i64,
    ready_to_archive: i64,
}

#[derive(Serialize)]
struct ListByColumn<'a> {
    id: &'a str,
    title: &'a str,
    meaning: &'a str,
    empty: &'a str,
    gaps: &'a [String],
    /// The view or table that has the rows that are left out.
    source: String,
    rows: usize,
    total: usize,
    columns: Vec<Cells<'a>>,
}

/// A column with its cells. If few texts repeat in many cells, `at` holds an index into `words` for
/// each cell.
#[derive(Serialize)]
struct Cells<'a> {
    key: &'a str,
    label: &'a str,
    kind: Kind,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'a Value>,
    at: At<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum At<'a> {
    Cells(Vec<&'a Value>),
    Words(Vec<usize>),
}

/// The part of `report` that the scripts use, with the lists.
pub fn payload<'a>(report: &'a Report, lists: &'a Lists) -> Payload<'a> {
    Payload {
        flag_url: &report.summary.flag_url,
        started_at: &report.summary.extraction.started_at,
        headline: &report.summary.headline,
        lifecycle: &report.lifecycle,
        statuses: &report.statuses,
        owners: owners(report),
        ages: &report.ages,
        velocity: &report.velocity,
        lists: lists.all.iter().map(by_column).collect(),
        names: names(&lists.names),
    }
}

fn names(names: &Names) -> PackedNames<'_> {
    PackedNames {
        projects: Packed::of(names.projects.iter().map(|key| Some(key.as_str()))),
        flags: &names.flags,
        names: &names.names,
        owners: Packed::of(names.owners.iter().map(Option::as_deref)),
        owner_keys: Packed::of(names.owner_keys.iter().map(Option::as_deref)),
    }
}

impl<'a> Packed<'a> {
    fn of(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let (mut words, mut places) = (Vec::new(), HashMap::new());
        let place = |text| {
            *places.entry(text).or_insert_with(|| {
                words.push(text);
                words.len() - 1
            })
        };
        let at = texts.map(place).collect();
        Packed { words, at }
    }
}

fn owners(report: &Report) -> Vec<OwnerBar> {
    let indebted = report.owners.iter().filter(|owner| owner.debt() > 0);
    let bars = indebted.map(|owner| OwnerBar {
        label: owner.label(),
        ready_for_code_removal: owner.ready_for_code_removal,
        ready_to_archive: owner.ready_to_archive,
    });
    bars.collect()
}

/// `view stale_flags`, or `table flag_statuses`.
fn source(name: &str) -> String {
    let kind = if view::all().iter().any(|view| view.name == name) { "view" } else { "table" };
    format!("{kind} {name}")
}

fn by_column(list: &List) -> ListByColumn<'_> {
    let (heading, definition) = (&list.heading, list.heading.definition);
    let cells = |index: usize| list.rows.iter().map(|row| &row[index]).collect::<Vec<_>>();
    let columns = definition.columns.iter().enumerate().map(|(index, column)| {
        let (words, at) = packed(cells(index));
        Cells { key: column.key, label: column.label, kind: column.kind, words, at }
    });
    ListByColumn {
        id: definition.id,
        title: &heading.title,
        meaning: &heading.meaning,
        empty: &heading.empty,
        gaps: &heading.gaps,
        source: source(definition.view),
        rows: list.rows.len(),
        total: list.total,
        columns: columns.collect(),
    }
}

/// The distinct values of a column and an index into them for each cell, if that is shorter than
/// the cells.
fn packed(cells: Vec<&Value>) -> (Vec<&Value>, At<'_>) {
    let (mut words, mut places, mut at) = (Vec::new(), HashMap::new(), Vec::new());
    for cell in cells.iter().copied().filter(|cell| cell.is_string() || cell.is_array()) {
        at.push(*places.entry(cell).or_insert_with(|| {
            words.push(cell);
            words.len() - 1
        }));
    }
    if at.len() == cells.len() && words.len() * 2 < at.len() {
        (words, At::Words(at))
    } else {
        (Vec::new(), At::Cells(cells))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeated_texts_are_written_once() {
        let cells = [json!("a"), json!("b"), json!("a"), json!("a"), json!("b")];
        let (words, at) = packed(cells.iter().collect());
        assert_eq!((json!(words), json!(at)), (json!(["a", "b"]), json!([0, 1, 0, 0, 1])));
        let cells = [json!("a"), json!(null), json!("a"), json!("a"), json!("a")];
        let (words, at) = packed(cells.iter().collect());
        assert_eq!((json!(words), json!(at)), (json!([]), json!(cells)));
    }
}
