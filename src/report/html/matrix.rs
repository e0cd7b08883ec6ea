//! Scorecards side by side: one row for each project, team or owner.

use std::collections::BTreeMap;

use crate::report::links::encoded;
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
    /// The name of the project, team or owner.
    pub subject: String,
    /// The key of a project or team, where its name is another.
    pub key: Option<String>,
    /// Its scorecards with their reasons, as a fragment of the page's address.
    pub address: String,
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
    /// The list behind the figure, as a fragment of the page's address.
    pub address: String,
}

impl Cell {
    fn new(card: &Scorecard) -> Self {
        Cell {
            status: card.status.name(),
            figure: card.figure(),
            detail: card.detail.clone().unwrap_or_default(),
            address: list(card).unwrap_or_else(|| reasons(card, &card.scorecard)),
        }
    }
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
        rows: subjects.iter().filter_map(|(_, cards)| row(cards, &names)).collect(),
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

/// The row of one subject; none without scorecards.
fn row(cards: &[&Scorecard], names: &[&str]) -> Option<Row> {
    let first = cards.first()?;
    let cell = |name: &&str| cards.iter().find(|card| card.scorecard == **name);
    Some(Row {
        subject: first.subject_name.clone(),
        key: first.key_beside().map(str::to_owned),
        address: reasons(first, ""),
        cells: names.iter().map(|name| cell(name).map(|card| Cell::new(card))).collect(),
    })
}

/// The list of the flags, or environments, behind a scorecard of a project; none if there is none,
/// or if the reason says more because the figure is not known exactly.
fn list(card: &Scorecard) -> Option<String> {
    let list = match card.scorecard.as_str() {
        "stale_percentage" => "stale_flags&critical=yes",
        "ownership_coverage" => "unowned_flags",
        "hygiene" => "flag_hygiene",
        "environment_governance" => "environment_governance",
        _ => return None,
    };
    let is_exact = card.subject_kind == "project" && card.output.is_some();
    is_exact.then(|| format!("#list={list}&project={}", encoded(&card.subject)))
}

/// The scorecards of the same subject, or one of them, in the list of scorecards.
fn reasons(card: &Scorecard, scorecard: &str) -> String {
    let [kind, name] = [&card.subject_kind, &card.subject_name].map(|text| encoded(text));
    let one = if scorecard.is_empty() { String::new() } else { format!("&scorecard={scorecard}") };
    format!("#list=scorecards{one}&subject_kind={kind}&subject_name={name}")
}
