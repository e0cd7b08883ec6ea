//! A digest in Markdown, for chats, mails and issues.

use super::data::Report;
use super::html::minute;
use super::links::of_flag;
use super::sections::headline::Figure;
use super::sections::recent::Recent;
use super::sections::work::{Step, Work, by_owner};
use super::words::{change, count, grouped};
use crate::destinations::address::quoted;

/// The most flags of one kind of event that are named.
const MOST_EVENTS: usize = 20;

/// The digest; of one owner, if that is not empty.
pub fn render(report: &Report, recent: &Recent, owner: Option<&str>) -> String {
    let mut lines = heading(report, owner);
    if owner.is_none() {
        lines.extend(figures(report));
        lines.extend(events(report, recent));
    }
    lines.extend(work(report, owner));
    lines.join("\n") + "\n"
}

fn heading(report: &Report, owner: Option<&str>) -> Vec<String> {
    let extraction = &report.extraction;
    let account = extraction.account_id.as_ref().map(|id| format!("Account {}, data", plain(id)));
    let account = account.unwrap_or_else(|| "Data".to_owned());
    let message = &report.message;
    let mut lines = vec!["# Feature flags".to_owned(), String::new()];
    lines.extend([format!("{account} of {}.", minute(&extraction.started_at)), String::new()]);
    // They are about the whole account.
    if owner.is_none() {
        lines.extend([
            format!("1. {}", plain(&message.changes)),
            format!("2. {}", plain(&message.worst)),
            format!("3. {}", plain(&message.next)),
            String::new(),
        ]);
    }
    lines
}

fn figures(report: &Report) -> Vec<String> {
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
    let mut notes = vec![figure.note.clone()];
    notes.extend(figure.unknown());
    notes.retain(|one| !one.is_empty());
    format!(
        "| {} | {value} | {} | {} |",
        figure.label,
        changes.join(", "),
        plain(&notes.join("; "))
    )
}

fn events(report: &Report, recent: &Recent) -> Vec<String> {
    let mut lines = vec![format!("## Since {}", recent.since), String::new()];
    for (name, flags) in &recent.events {
        let shown: Vec<_> = flags
            .iter()
            .take(MOST_EVENTS)
            .map(|(project, flag)| link(report, project, flag))
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

fn work(report: &Report, owner: Option<&str>) -> Vec<String> {
    let is_wanted = |flag: &&Work| {
        owner.is_none_or(|owner| flag.owner.as_deref() == Some(owner) || flag.owner_name == owner)
    };
    let wanted: Vec<_> = report.work.iter().filter(is_wanted).cloned().collect();
    let mut lines = vec!["## Ready to clean up".to_owned(), String::new()];
    if wanted.is_empty() {
        lines.push("Nothing.".to_owned());
    }
    for (name, flags) in by_owner(&wanted) {
        let number = i64::try_from(flags.len()).unwrap_or(i64::MAX);
        lines.push(format!("### {}: {}", plain(name), count(number, "flag")));
        lines.push(String::new());
        lines.push("| Flag | Do | Look at first | Value that stays | Code | Age |".to_owned());
        lines.push("| --- | --- | --- | --- | --- | ---: |".to_owned());
        lines.extend(flags.iter().map(|flag| item(report, flag)));
        lines.push(String::new());
        lines.extend(commands(flags));
    }
    lines
}

fn item(report: &Report, flag: &Work) -> String {
    let reasons: Vec<_> = flag.reasons.iter().map(|reason| reason.replace('_', " ")).collect();
    let value = flag.value.as_ref().map(|value| format!("`{}`", value.replace('`', "'")));
    format!(
        "| {} | {} | {} | {} | {} | {} days |",
        link(report, &flag.project_key, &flag.flag_key),
        flag.step.words(),
        cell(&reasons.join(", ")),
        cell(&value.unwrap_or_default()),
        plain(&flag.repositories.join(", ")),
        grouped(flag.age_days)
    )
}

/// The commands that archive the flags that are safe to archive.
fn commands(flags: &[Work]) -> Vec<String> {
    let safe = flags.iter().filter(|flag| flag.step == Step::Archive && flag.verdict == "safe");
    let commands: Vec<_> = safe
        .map(|flag| {
            let [project, key] = [&flag.project_key, &flag.flag_key].map(|key| quoted(key));
            format!("flaglake flags archive --project {project} {key}")
        })
        .collect();
    if commands.is_empty() {
        return commands;
    }
    [vec!["```sh".to_owned()], commands, vec!["```".to_owned(), String::new()]].concat()
}

fn link(report: &Report, project: &str, flag: &str) -> String {
    format!("[{}]({})", plain(flag), of_flag(&report.flag_url, project, flag))
}

/// Text in one line in which nothing is markup.
fn plain(text: &str) -> String {
    let is_markup = |character: char| "\\`*_[]<>#|&~$!:".contains(character);
    // A word joiner after `@`: a name is no mention of somebody.
    text.replace(['\n', '\r'], " ")
        .replace('@', "@\u{2060}")
        .chars()
        .flat_map(|character| is_markup(character).then_some('\\').into_iter().chain([character]))
        .collect()
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
    }
}
