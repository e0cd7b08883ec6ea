//! The text of an issue in Markdown, for GitHub or Jira: the work of one owner as a task list.

use super::data::Summary;
use super::html::minute;
use super::links::of_page;
use super::markdown::{code, link, plain};
use super::sections::work::{Place, Share, Step, Work};
use super::words::{count, title};

/// The most bytes of its tasks. Jira takes 32,767 characters, GitHub 65,536.
const MOST_BYTES: usize = 30_000;
/// The places in code that a task names.
const MOST_PLACES: usize = 5;

/// The text instead of an issue if there is nothing to do.
pub const NOTHING: &str = "Nothing is ready to be cleaned up.\n";

/// The issue, with as many tasks as fit into it.
pub fn render(summary: &Summary, share: Share<'_>) -> String {
    let tasks = [Step::Archive, Step::RemoveFromCode, Step::CheckCode].map(|step| {
        let flags: Vec<_> = share.flags.iter().filter(|flag| flag.step == step).collect();
        (step, flags)
    });
    let mut lines = heading(summary, share);
    let mut room = MOST_BYTES;
    let mut shown = 0;
    for (step, flags) in tasks {
        let tasks: Vec<_> = flags
            .iter()
            .map(|flag| task(summary, flag))
            .take_while(|task| fits(task, &mut room))
            .collect();
        shown += tasks.len();
        lines.extend(part(step, flags.len(), tasks));
    }
    lines.extend(rest(summary, share, share.flags.len() - shown));
    lines.join("\n") + "\n"
}

fn heading(summary: &Summary, share: Share<'_>) -> Vec<String> {
    let time = minute(&summary.extraction.started_at);
    let account = summary.extraction.account_id.as_ref();
    let account = account.map(|id| format!(" of account {}", plain(id))).unwrap_or_default();
    let number = i64::try_from(share.flags.len()).unwrap_or(i64::MAX);
    let be = if number == 1 { "is" } else { "are" };
    let flags = count(number, "feature flag");
    vec![
        format!(
            "{flags} of {} {be} ready to be cleaned up (data{account} of {time}).",
            plain(share.name)
        ),
        String::new(),
    ]
}

/// Whether there is room for a task. After the first that does not fit, nothing does.
fn fits(task: &str, room: &mut usize) -> bool {
    let left = room.checked_sub(task.len());
    *room = left.unwrap_or_default();
    left.is_some()
}

fn part(step: Step, flags: usize, tasks: Vec<String>) -> Vec<String> {
    if tasks.is_empty() {
        return Vec::new();
    }
    let heading = format!("## {} ({flags})", title(step.name()));
    [vec![heading, String::new()], tasks, vec![String::new()]].concat()
}

fn task(summary: &Summary, flag: &Work) -> String {
    let name = flag.name.as_ref().filter(|name| **name != flag.flag_key);
    let name = name.map(|name| format!(" ({})", plain(name))).unwrap_or_default();
    let flag_link = link(summary, &flag.project_key, &flag.flag_key);
    let mut parts = vec![format!("* [ ] {flag_link}{name}: {}", flag.step.conditions())];
    parts.push(format!("  * Verdict: {}", verdict(flag)));
    if let Some(value) = flag.shown_value().filter(|_| flag.step != Step::Archive) {
        parts.push(format!("  * Value that stays: {}", code(&value)));
    }
    if !flag.repositories.is_empty() || !flag.places.is_empty() {
        parts.push(format!("  * In code: {}", places(flag)));
    }
    let command = flag.command(&summary.extraction);
    parts.extend(command.map(|command| format!("  * Command: {}", code(&command))));
    parts.join("\n")
}

/// The verdict, and the reasons against the step.
fn verdict(flag: &Work) -> String {
    let verdict = plain(&flag.verdict);
    if flag.reasons.is_empty() {
        return verdict;
    }
    format!("{verdict}; look at first: {}", plain(&flag.shown_reasons()))
}

/// The first places in code, or else the repositories.
fn places(flag: &Work) -> String {
    if flag.places.is_empty() {
        return plain(&flag.repositories.join(", "));
    }
    let more = flag.places.len().saturating_sub(MOST_PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown: Vec<_> = flag.places.iter().take(MOST_PLACES).map(place).collect();
    shown.join(", ") + &more
}

fn place(place: &Place) -> String {
    let name = code(&place.shown());
    match place.url.as_deref().and_then(of_page) {
        Some(url) => format!("[{name}]({url})"),
        None => name,
    }
}

/// Where the flags are that did not fit.
fn rest(summary: &Summary, share: Share<'_>, more: usize) -> Vec<String> {
    let all = summary.extraction.report_command("--format csv --owner");
    let all = format!("{all} {}", share.argument());
    let line = format!("And {more} more, for which there is no room here: {}", code(&all));
    if more > 0 { vec![line] } else { Vec::new() }
}
