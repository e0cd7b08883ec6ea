//! The accounts for a terminal.

use unicode_width::UnicodeWidthStr;

use super::data::{Account, Organisation, Total};
use crate::report::text::fitted;
use crate::report::title::{DEMO, Title};
use crate::report::words::{count, grouped, some};
use crate::terminal::spelled_out;

/// The columns of figures, each with its heading.
const FIGURES: [(&str, &str); 6] = [
    ("live_flags", "Live"),
    ("stale_flags", "Stale"),
    ("ready_for_code_removal", "Code"),
    ("ready_to_archive", "Archive"),
    ("unowned_flags", "Unowned"),
    ("net_new_flags", "New"),
];

/// The width of an account's name, and of a figure.
const NAME: usize = 26;
const FIGURE: usize = 9;

/// The accounts as text. Lines longer than `width` are cut.
pub fn render(organisation: &Organisation, width: Option<usize>, title: Title<'_>) -> String {
    let accounts = &organisation.accounts;
    let number = i64::try_from(accounts.len()).unwrap_or(i64::MAX);
    let mut lines = vec![title.of(&count(number, "account")), String::new()];
    lines.push(row("", FIGURES.map(|(_, heading)| heading.to_owned())));
    lines.extend(accounts.iter().map(|account| figures(account, width)));
    lines.push(row("all", FIGURES.map(|(id, _)| total(&organisation.totals, id))));
    for account in accounts {
        lines.push(String::new());
        lines.extend(details(account));
    }
    let whole = lines.iter().map(|line| spelled_out(line));
    whole.map(|line| width.map_or(line.clone(), |width| fitted(&line, width)) + "\n").collect()
}

fn row(name: &str, cells: [String; 6]) -> String {
    let padding = " ".repeat(NAME.saturating_sub(name.width()));
    let cells = cells.map(|cell| format!("{cell:>FIGURE$}")).concat();
    format!("{name}{padding}{cells}")
}

fn figures(account: &Account, width: Option<usize>) -> String {
    let name = &account.account;
    let name = if width.is_some() { fitted(name, NAME - 1) } else { name.clone() };
    let value = |id| account.figure(id).and_then(|figure| figure.value);
    row(&name, FIGURES.map(|(id, _)| shown(value(id))))
}

fn total(totals: &[Total], id: &str) -> String {
    shown(totals.iter().find(|total| total.id == id).and_then(|total| total.value))
}

fn shown(value: Option<i64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), grouped)
}

fn details(account: &Account) -> Vec<String> {
    let time: String = account.extraction.started_at.chars().take(16).collect();
    let (complete, all) = account.read();
    let counts = account.counts().into_iter();
    let counts = counts.map(|(status, number)| format!("{number} {}", status.name()));
    let debt = account.indebted().map(|owner| format!("{} {}", owner.label(), owner.debt()));
    let debt = match some(&debt.collect::<Vec<_>>(), 3) {
        owners if owners.is_empty() => "none".to_owned(),
        owners => format!("{} ({owners})", count(account.debt(), "flag")),
    };
    let gaps: Vec<_> = account.unknown.iter().map(|gap| gap.name()).collect();
    let unknown = if gaps.is_empty() { "nothing".to_owned() } else { some(&gaps, 5) };
    let mut lines = vec![format!("{}, {} UTC", account.account, time.replace('T', " "))];
    lines.extend(account.extraction.is_demo().then(|| format!("  {DEMO}")));
    lines.extend([
        format!("  Scorecards: {}", counts.collect::<Vec<_>>().join(", ")),
        format!("  To clean up: {debt}"),
        format!("  Resources read completely: {complete} of {all}; unknown: {unknown}"),
    ]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;

    #[test]
    fn the_demo_is_said_to_be_one() {
        let accounts = vec![Account::example("shop"), Account::example(DEMO_ACCOUNT_ID)];
        let text = render(&Organisation::new(accounts), None, Title::default());
        let lines: Vec<_> = text.lines().collect();
        let place = lines.iter().position(|line| *line == format!("  {DEMO}")).unwrap();
        assert!(lines[place - 1].starts_with(DEMO_ACCOUNT_ID), "{text}");
        assert_eq!(text.matches(DEMO).count(), 1);
    }
}
