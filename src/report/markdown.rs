//! A digest in Markdown, for chats, mails and issues.

use super::data::Summary;
use super::html::minute;
use super::links::of_flag;
use super::sections::headline::Figure;
use super::sections::recent::Recent;
use super::sections::work::{Share, Work, by_owner};
use super::title::{DEMO, Title};
use super::words::{change, count, grouped};
use crate::terminal::spelled_out;

/// The most flags of one kind of event that are named.
const MOST_EVENTS: usize = 20;

/// The flags of each owner that are shown in a digest of all owners.
const MOST_FLAGS: usize = 25;

/// The digest of all owners; without the figures, if it is that of one owner.
pub fn render(
    summary: &Summary,
    work: &[Work],
    recent: &Recent,
    owner: Option<&str>,
    title: Title<'_>,
) -> String {
    let mut lines = heading(summary, owner, title);
    if owner.is_none() {
        lines.extend(figures(summary));
    }
    lines.extend(events(summary, recent));
    let most = if owner.is_none() { MOST_FLAGS } else { usize::MAX };
    lines.extend(["## Ready to clean up".to_owned(), String::new()]);
    if work.is_empty() {
        lines.push("Nothing is ready to be cleaned up.".to_owned());
    }
    lines.extend(by_owner(work).into_iter().flat_map(|share| self::share(summary, share, most)));
    lines.join("\n") + "\n"
}

fn heading(report: &Summary, owner: Option<&str>, title: Title<'_>) -> Vec<String> {
    let extraction = &report.extraction;
    let account = extraction.account_id.as_ref().map(|id| format!("Account {}, data", plain(id)));
    let account = account.unwrap_or_else(|| "Data".to_owned());
    let message = &report.message;
    let mut lines = vec![format!("# {}", plain(title.words())), String::new()];
    lines.extend([format!("{account} of {}.", minute(&extraction.started_at)), String::new()]);
    if extraction.is_demo() {
        lines.extend([DEMO.to_owned(), String::new()]);
    }
    // They are about the whole account.
    if owner.is_none() {
        lines.extend([
            format!("1. {}", plain(&message.next)),
            format!("2. {}", plain(&message.changes)),
            format!("3. {}", plain(&message.worst)),
            String::new(),
        ]);
    }
    lines
}

fn figures(report: &Summary) -> Vec<String> {
    let mut lines =
        vec!["| Figure | Now | Change | |".to_owned(), "| --- | ---: | --- | --- |".to_owned()];
    lines.extend(report.headline.iter().map(figure));
    lines.push(String::new());
    lines
}

fn figure(figure: &Figure) -> String {
    let value = figure.value.map_or_else(|| "unknown".to_owned(), grouped);
    let changes: Vec<_> = figure
        .changes
        .iter()
        .map(|one| format!("{} in {} days", change(one.change), one.days))
        .collect();
    let notes = figure.notes(|target| format!("{} ({})", target.words(), target.verdict()));
    format!(
        "| {} | {value} | {} | {} |",
        figure.label,
        changes.join(", "),
        plain(&notes.join("; "))
    )
}

fn events(report: &Summary, recent: &Recent) -> Vec<String> {
    let mut lines = vec![format!("## Since {}", recent.since), String::new()];
    for (name, flags) in &recent.events {
        let shown: Vec<_> = flags
            .iter()
            .take(MOST_EVENTS)
            .map(|flag| link(report, &flag.project_key, &flag.flag_key))
            .collect();
        let more = match flags.len().saturating_sub(MOST_EVENTS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let shown = if shown.is_empty() { "none".to_owned() } else { shown.join(", ") };
        lines.push(format!("* {name} ({}): {shown}{more}", flags.len()));
    }
    lines.push(String::new());
    lines
}

/// The flags of one owner, and the commands for those that are safe to archive.
fn share(report: &Summary, share: Share<'_>, most: usize) -> Vec<String> {
    let shown = &share.flags[..share.flags.len().min(most)];
    let number = i64::try_from(share.flags.len()).unwrap_or(i64::MAX);
    let mut lines = vec![
        format!("### {}: {}", plain(share.name), count(number, "flag")),
        String::new(),
        "| Flag | Do | Look at first | Value that stays | Code | Age |".to_owned(),
        "| --- | --- | --- | --- | --- | ---: |".to_owned(),
    ];
    lines.extend(shown.iter().map(|flag| item(report, flag)));
    lines.push(String::new());
    if share.flags.len() > shown.len() {
        let more = share.flags.len() - shown.len();
        let all = report.extraction.report_command("--format markdown --owner");
        lines.push(format!("And {more} more: `{all} {}`", share.argument()));
        lines.push(String::new());
    }
    let commands: Vec<_> =
        shown.iter().filter_map(|flag| flag.command(&report.extraction)).collect();
    if !commands.is_empty() {
        lines.push("```sh".to_owned());
        lines.extend(commands.iter().map(|command| spelled_out(command)));
        lines.extend(["```".to_owned(), String::new()]);
    }
    lines
}

fn item(report: &Summary, flag: &Work) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        link(report, &flag.project_key, &flag.flag_key),
        flag.step.words(),
        plain(&flag.shown_reasons()),
        cell(&flag.shown_value().as_deref().map(code).unwrap_or_default()),
        plain(&flag.repositories.join(", ")),
        count(flag.age_days, "day")
    )
}

/// A link to a flag.
pub(super) fn link(report: &Summary, project: &str, flag: &str) -> String {
    format!("[{}]({})", plain(flag), of_flag(&report.flag_url, project, flag))
}

/// Text in one line in which nothing is markup, and every character can be seen.
pub(super) fn plain(text: &str) -> String {
    let text = one_line(text);
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_markup(character, characters.peek().copied()) {
            escaped.push('\\');
        }
        escaped.push(character);
        // A word joiner: a name is no mention of somebody.
        escaped.extend((character == '@').then_some('\u{2060}'));
    }
    escaped
}

/// Whether a character may be markup. A colon begins an emoji or follows the scheme of an address.
fn is_markup(character: char, next: Option<char>) -> bool {
    match character {
        ':' => next.is_some_and(|next| !next.is_whitespace()),
        other => "\\`*_[]<>#|&~$".contains(other),
    }
}

/// Text as code, in one line: <https://spec.commonmark.org/0.31.2/#code-spans>.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text);
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank on both sides is removed from the code.
    let is_padded = text.starts_with('`') || text.ends_with('`') || text.starts_with(' ');
    let pad = if is_padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text without line breaks, and with escapes for characters that cannot be seen.
fn one_line(text: &str) -> String {
    spelled_out(&text.replace(['\n', '\r'], " "))
}

/// Text that stays in its cell of a table.
fn cell(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_cell_or_become_markup() {
        assert_eq!(cell("a|b\nc"), "a\\|b c");
        assert_eq!(plain("[a](b) *c* <d>"), "\\[a\\](b) \\*c\\* \\<d\\>");
        assert_eq!(plain("Next: :+1: https://a"), "Next: \\:+1: https\\://a");
        assert_eq!(plain("a@b\u{202e}\n!"), "a@\u{2060}b\\\\u{202e} !");
    }

    #[test]
    fn code_keeps_its_backticks_within_a_longer_fence() {
        assert_eq!([code("a"), code("a`b"), code("``")], ["`a`", "``a`b``", "``` `` ```"]);
        assert_eq!([code(" a "), code("a\u{202e}\nb")], ["`  a  `", "`a\\u{202e} b`"]);
        assert_eq!(cell(&code("a``|b")), "```a``\\|b```");
    }
}
