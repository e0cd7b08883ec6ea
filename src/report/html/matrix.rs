//! Scorecards side by side: one row for each project, team or owner.

use std::collections::BTreeMap;

use crate::report::sections::scorecards::{Scorecard, Status, label};

/// The rows that are shown at most. The list of scorecards has all.
const MOST_ROWS: usize = 50;

/// The scorecards of one kind of subjects.
pub struct Matrix {
    /// `project`, `team` or `owner`.
    pub kind: &'static str,
    /// The scorecards' names.
    pub header: Vec<String>,
    /// The subjects, the worst first.
    pub rows: Vec<Row>,
    /// The number of subjects that are not shown.
    pub more: i64,
    /// The number of scorecards with each status.
    pub counts: Vec<(&'static str, usize)>,
}

/// The scorecards of one subject.
pub struct Row {
    /// The project, team or owner.
    pub subject: String,
    /// One for each scorecard, where there is one.
    pub cells: Vec<Option<Cell>>,
}

/// One scorecard of one subject.
pub struct Cell {
    /// The status in one word.
    pub status: &'static str,
    /// The figure with its unit.
    pub figure: String,
    /// The figure in words.
    pub detail: String,
}

/// Projects, teams and owners, where there are any.
pub fn matrices(scorecards: &[Scorecard]) -> Vec<Matrix> {
    let matrices = ["project", "team", "owner"].map(|kind| matrix(kind, scorecards));
    matrices.into_iter().filter(|matrix| !matrix.rows.is_empty()).collect()
}

fn matrix(kind: &'static str, scorecards: &[Scorecard]) -> Matrix {
    let cards: Vec<_> = scorecards.iter().filter(|card| card.subject_kind == kind).collect();
    let mut names: Vec<_> = cards.iter().map(|card| card.scorecard.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut subjects = BTreeMap::<&str, Vec<&Scorecard>>::new();
    cards.iter().for_each(|card| subjects.entry(&card.subject).or_default().push(card));
    let mut subjects: Vec<_> = subjects.into_iter().collect();
    subjects.sort_by_key(|(_, cards)| std::cmp::Reverse(badness(cards)));
    let more = subjects.len().saturating_sub(MOST_ROWS);
    subjects.truncate(MOST_ROWS);
    Matrix {
        kind,
        header: names.iter().map(|name| label(name)).collect(),
        rows: subjects.into_iter().map(|(subject, cards)| row(subject, &cards, &names)).collect(),
        more: i64::try_from(more).unwrap_or(i64::MAX),
        counts: counts(&cards),
    }
}

fn badness(cards: &[&Scorecard]) -> (usize, usize) {
    let count = |status| cards.iter().filter(|card| card.status == status).count();
    (count(Status::Fail), count(Status::Warn))
}

fn counts(cards: &[&Scorecard]) -> Vec<(&'static str, usize)> {
    let count = |status| cards.iter().filter(|card| card.status == status).count();
    let counts = Status::ALL.map(|status| (status.name(), count(status)));
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn row(subject: &str, cards: &[&Scorecard], names: &[&str]) -> Row {
    let cell = |name: &&str| {
        let card = cards.iter().find(|card| card.scorecard == **name)?;
        let detail = card.detail.clone().unwrap_or_default();
        Some(Cell { status: card.status.name(), figure: card.figure(), detail })
    };
    Row { subject: subject.to_owned(), cells: names.iter().map(cell).collect() }
}
