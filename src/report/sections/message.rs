//! The three sentences that come first: what to do next, what changed, and what is worst.

use rusqlite::Connection;
use serde::Serialize;

use super::due::Due;
use super::headline::Figure;
use super::scorecards::{Scorecard, Status};
use crate::report::words::{count, grouped, some};
use crate::terminal::counted;

/// The sentences.
#[derive(Debug, Serialize)]
pub struct Message {
    /// What changed in the last week.
    pub changes: String,
    /// The three worst things.
    pub worst: String,
    /// What to do next, and who.
    pub next: String,
}

/// The length of the week, and how far an earlier extraction may be from it, in days.
const WEEK: std::ops::RangeInclusive<i64> = 4..=10;

/// The most things and people that a sentence names.
const MOST: usize = 3;

/// Reads and composes them.
///
/// # Errors
/// When the database cannot be read.
pub fn read(
    connection: &Connection,
    headline: &[Figure],
    scorecards: &[Scorecard],
    due: &[Due],
) -> rusqlite::Result<Message> {
    Ok(Message {
        changes: changes(connection, headline)?,
        worst: worst(scorecards),
        next: next(headline, due),
    })
}

fn changes(connection: &Connection, headline: &[Figure]) -> rusqlite::Result<String> {
    let sql = "SELECT coalesce(sum(created_at >= start), 0), coalesce(sum(archived_at >= start), 0)
               FROM flags CROSS JOIN (
                   SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-7 days') AS start FROM latest_extraction)";
    let (created, archived): (i64, i64) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let were = if created == 1 { "was" } else { "were" };
    let events = format!(
        "In the last 7 days, {} {were} created and {archived} archived",
        count(created, "flag")
    );
    let measured = headline.iter().filter(|figure| figure.less_is_better && figure.has_trend());
    let week: Vec<_> = measured
        .filter_map(|figure| {
            let change = figure.changes.iter().find(|change| WEEK.contains(&change.days))?;
            Some((figure, change.change))
        })
        .collect();
    let moved: Vec<_> = week
        .iter()
        .filter(|(_, change)| *change != 0)
        .map(|(figure, change)| moved(figure, *change))
        .collect();
    let comparison = if week.is_empty() {
        "no extraction is old enough to compare the other figures with".to_owned()
    } else if moved.is_empty() {
        "the other figures are the same as a week ago".to_owned()
    } else {
        let be = if moved.first().is_some_and(|one| one.starts_with("1 ")) { "is" } else { "are" };
        format!("there {be} {} than a week ago", some(&moved, moved.len()))
    };
    Ok(format!("{events}; {comparison}."))
}

/// `3 more stale flags`.
fn moved(figure: &Figure, change: i64) -> String {
    let direction = if change > 0 { "more" } else { "fewer" };
    let noun = match figure.id {
        "ready_for_code_removal" => "flags ready for code removal".to_owned(),
        "ready_to_archive" => "flags ready to archive".to_owned(),
        _ => figure.label.to_lowercase(),
    };
    let noun = if change.abs() == 1 { noun.replacen("flags", "flag", 1) } else { noun };
    format!("{} {direction} {noun}", grouped(change.abs()))
}

/// The failed scorecards of projects, one of each kind, those of the most flags first.
fn worst(scorecards: &[Scorecard]) -> String {
    let mut failed: Vec<_> = scorecards
        .iter()
        .filter(|one| one.subject_kind == "project" && one.status == Status::Fail)
        .collect();
    failed.sort_by_key(|one| std::cmp::Reverse(one.at_fault()));
    let mut named = Vec::<&Scorecard>::new();
    for one in failed {
        if named.iter().all(|other| other.scorecard != one.scorecard) && named.len() < MOST {
            named.push(one);
        }
    }
    if named.is_empty() {
        return "No scorecard of a project fails.".to_owned();
    }
    let thing = |one: &&Scorecard| {
        let detail = one.detail.as_deref().unwrap_or_default().trim_end_matches('.');
        let only = if one.is_more_better() { "only " } else { "" };
        format!("{}, where {only}{detail}", one.subject_name)
    };
    format!("Worst are {}.", named.iter().map(thing).collect::<Vec<_>>().join("; "))
}

fn next(headline: &[Figure], due: &[Due]) -> String {
    let ready: i64 = due.iter().map(|one| one.ready).sum();
    if ready > 0 {
        let be = if ready == 1 { "is" } else { "are" };
        return format!(
            "Next: {} {be} due to be removed from code or archived: {}.",
            count(ready, "flag"),
            people(due, |one| one.ready)
        );
    }
    let unchecked: i64 = due.iter().map(|one| one.code_not_checked).sum();
    if unchecked > 0 {
        return format!(
            "Next: look for {} in code, as code references are missing; LaunchDarkly's other conditions for removal are met: {}.",
            count(unchecked, "flag"),
            people(due, |one| one.code_not_checked)
        );
    }
    let unowned = headline.iter().find(|figure| figure.id == "unowned_flags");
    match unowned.and_then(|figure| figure.value).unwrap_or_default() {
        0 => "Next: nothing is due.".to_owned(),
        number => format!("Next: give {} an owner.", count(number, "unowned flag")),
    }
}

/// Who has how many flags: those with the most, all others together, and nobody.
fn people(due: &[Due], flags: impl Fn(&Due) -> i64) -> String {
    let with_flags = due.iter().filter(|one| flags(one) > 0);
    let (mut owners, nobody): (Vec<_>, Vec<_>) = with_flags.partition(|one| one.owner.is_some());
    owners.sort_by_key(|one| std::cmp::Reverse(flags(one)));
    let others = owners.split_off(owners.len().min(MOST));
    let sum = |owners: &[&Due]| owners.iter().map(|one| flags(one)).sum::<i64>();
    let mut parts: Vec<_> = owners
        .iter()
        .map(|one| format!("{} has {}", one.owner_name, grouped(flags(one))))
        .collect();
    parts.extend(other_owners(others.len(), sum(&others)));
    parts.extend((!nobody.is_empty()).then(|| format!("nobody owns {}", grouped(sum(&nobody)))));
    some(&parts, parts.len())
}

/// How many flags the owners have that are not named; none if all are.
fn other_owners(owners: usize, flags: i64) -> Option<String> {
    let have = if owners == 1 { "has" } else { "have" };
    let owners = counted(owners, "more owner");
    (flags > 0).then(|| format!("{owners} {have} {}", grouped(flags)))
}
