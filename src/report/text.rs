//! The report for a terminal: at most 40 lines where it has 80 columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::data::Summary;
use super::sections::gaps::Gap;
use super::sections::headline::Figure;
use super::sections::scorecards::{Scorecard, Status, label};
use super::sections::target::Target;
use super::title::{DEMO, Title};
use super::words::{change, grouped, some};
use crate::terminal::width::wrapped;
use crate::terminal::{counted, spelled_out};

const SUBJECT_WIDTH: usize = 18;
const MOST_FAILING: usize = 6;
const MOST_GAPS: usize = 4;
/// Eight heights of a bar, <https://www.unicode.org/charts/PDF/U2580.pdf>.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const MOST_BARS: usize = 12;
/// The column in which a note about a figure begins.
const NOTE: usize = 25;

/// The report as text. Notes longer than `width` are wrapped, and other lines are cut.
pub fn render(report: &Summary, width: Option<usize>, title: Title<'_>) -> String {
    let mut lines = heading(report, title);
    lines.extend(sentences(report, width));
    lines.extend(report.headline.iter().flat_map(|one| figure(one, width)));
    lines.extend(["".to_owned(), scorecards(&report.scorecards)]);
    lines.extend(failing(&report.scorecards, width.is_some()));
    lines.extend(gaps(report));
    let whole = |line: &String| spelled_out(line);
    let fitting = |line| width.map_or(whole(line), |width| fitted(&whole(line), width));
    lines.iter().map(|line| fitting(line) + "\n").collect()
}

fn heading(report: &Summary, title: Title<'_>) -> Vec<String> {
    let extraction = &report.extraction;
    let time: String = extraction.started_at.chars().take(16).collect();
    let account = extraction.account_id.as_ref().map(|id| title.of(&format!("account {id}")));
    let title = account.unwrap_or_else(|| title.words().to_owned());
    let mut lines = vec![format!("{title}, {} UTC", time.replace('T', " "))];
    lines.extend(extraction.is_demo().then(|| DEMO.to_owned()));
    lines.push(String::new());
    lines
}

/// The three sentences, each wrapped.
fn sentences(report: &Summary, width: Option<usize>) -> Vec<String> {
    let message = &report.message;
    let all = [&message.next, &message.changes, &message.worst];
    let mut lines: Vec<_> =
        all.into_iter().flat_map(|one| wrapped(one, width.unwrap_or(usize::MAX))).collect();
    lines.push(String::new());
    lines
}

/// A figure with its trend, and more about it below.
fn figure(figure: &Figure, width: Option<usize>) -> Vec<String> {
    let value = figure.value.map_or_else(|| "unknown".to_owned(), grouped);
    let trend = match (figure.changes.as_slice(), figure.series.len()) {
        ([], 1) => "no trend yet".to_owned(),
        (changes, _) => changes
            .iter()
            .map(|one| format!("{} in {} days", change(one.change), one.days))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let words = figure.notes(Target::in_short);
    let first = format!("{:<23}{value:>7}  {:<MOST_BARS$}  {trend}", figure.label, bars(figure));
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(NOTE).max(NOTE));
    let note = wrapped(&words.join("; "), room).into_iter();
    let note = note.map(|line| format!("{:NOTE$}{line}", ""));
    std::iter::once(first.trim_end().to_owned()).chain(note).collect()
}

/// The last values, as bars between the least and the most of them.
fn bars(figure: &Figure) -> String {
    if !figure.has_trend() {
        return String::new();
    }
    let values: Vec<_> = figure.series.iter().filter_map(|point| point.value).collect();
    let values = &values[values.len().saturating_sub(MOST_BARS)..];
    let (Some(least), Some(most)) = (values.iter().min(), values.iter().max()) else {
        return String::new();
    };
    let span = (most - least).max(1);
    let bar = |value: &i64| usize::try_from((value - least) * 7 / span).ok();
    values.iter().filter_map(bar).filter_map(|height| BARS.get(height)).collect()
}

fn scorecards(scorecards: &[Scorecard]) -> String {
    let counts = Status::ALL.map(|status| {
        let judged = scorecards.iter().filter(|one| one.is_of_actor());
        let number = judged.filter(|one| one.status == status).count();
        format!("{number} {}", status.name())
    });
    format!("Scorecards: {}", counts.join(", "))
}

fn failing(scorecards: &[Scorecard], is_cut: bool) -> Vec<String> {
    let judged = scorecards.iter().filter(|one| one.is_of_actor());
    let failing: Vec<_> = judged.filter(|one| one.status == Status::Fail).collect();
    let line = |one: &&Scorecard| {
        let name = &one.subject_name;
        let name = if is_cut { fitted(name, SUBJECT_WIDTH) } else { name.clone() };
        let subject = format!("{} {name}", one.subject_kind);
        let detail = one.detail.as_deref().unwrap_or_default();
        let padding = " ".repeat(26_usize.saturating_sub(subject.width()));
        format!("  {subject}{padding}  {:<15} {:>9}  {detail}", label(&one.scorecard), one.figure())
    };
    let mut lines: Vec<_> = failing.iter().take(MOST_FAILING).map(line).collect();
    if failing.len() > MOST_FAILING {
        lines.push(format!("  and {} more that fail", failing.len() - MOST_FAILING));
    }
    lines
}

fn gaps(report: &Summary) -> Vec<String> {
    let gaps = &report.unknown;
    let projects = &report.without_critical_environment;
    let mut lines = Vec::new();
    if !projects.is_empty() {
        lines.push(format!("No critical environment: {}", some(projects, 3)));
    }
    lines.extend(gaps.iter().take(MOST_GAPS).map(gap));
    if gaps.len() > MOST_GAPS {
        lines.push(format!("and more: {}", counted(gaps.len() - MOST_GAPS, "resource")));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

fn gap(gap: &Gap) -> String {
    let place = match gap.scopes.as_slice() {
        [] => String::new(),
        scopes => format!(" of {}", some(scopes, 2)),
    };
    format!("Unknown: {} ({}){place}", gap.name(), gap.outcome)
}

/// The start of `text` that fits in `width` columns. A number is not cut, because a part of it
/// would look like another number.
pub(super) fn fitted(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |character: &char| {
        let needed = character.width().unwrap_or(0);
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    let start: String = text.chars().take_while(fits).collect();
    let is_of_number = |character: char| character.is_ascii_digit() || ",.".contains(character);
    let cuts_number = text[start.len()..].starts_with(is_of_number);
    let start = if cuts_number { start.trim_end_matches(is_of_number) } else { &start };
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_the_line_ends() {
        assert_eq!([fitted("abcd", 4), fitted("abcde", 4)], ["abcd", "abc…"]);
        assert_eq!(fitted("漢字漢字", 5), "漢字…");
        assert_eq!([fitted("of 12,345 flags", 7), fitted("of 12 flags", 6)], ["of …", "of 12…"]);
    }
}
