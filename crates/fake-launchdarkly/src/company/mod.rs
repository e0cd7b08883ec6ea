//! The demo account: Harbour Lane, a fictitious retailer with realistic flags.
//!
//! Flags are listed in one table per project (`*.txt`). A flag's story determines its configuration
//! in each environment, and its status there by LaunchDarkly's definitions.

mod change;
mod environments;
mod history;
mod line;
mod moment;
mod past;
mod people;
mod status;
mod story;
mod values;

pub use past::Past;

use super::account::{Account, DEMO_TOKEN, Project, TokenKind};
use line::Line;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The projects' flags: key and table.
const TABLES: [(&str, &str); 4] = [
    ("storefront", include_str!("storefront.txt")),
    ("mobile-app", include_str!("mobile.txt")),
    ("payments", include_str!("payments.txt")),
    ("internal-tools", include_str!("internal-tools.txt")),
];

/// The demo account as it is at `now_ms`, the same for the same moment.
pub fn account(now_ms: i64) -> Account {
    let mut account = Account::new(now_ms);
    account.members = people::members(now_ms);
    account.teams = people::teams(now_ms);
    own_demo_token(&mut account);
    for (key, table) in TABLES {
        account = account.with_project(project(key, table, now_ms));
    }
    account.audit_log = history::entries(&account);
    account
}

/// The moment at which the story of a demo account ended, by the time at which one of its flags was
/// created; `None` where it has no such flag.
pub fn end_of_story(project_key: &str, flag_key: &str, created_ms: i64) -> Option<i64> {
    // At the moment 0, a flag is as old as it was when the story ended.
    let (_, table) = TABLES.into_iter().find(|(key, _)| *key == project_key)?;
    let line = lines(table).find(|line| line.is_of(flag_key))?;
    Some(created_ms - line.created_ms(0))
}

fn project(key: &str, table: &str, now_ms: i64) -> Project {
    let mut project = environments::project(key);
    project.flags = lines(table).map(|line| line.flag(&project.environments, now_ms)).collect();
    project
}

fn lines(table: &str) -> impl Iterator<Item = Line<'_>> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(Line::parse)
}

/// The demo token belongs to the first member, who is the account's owner.
fn own_demo_token(account: &mut Account) {
    let owner = account.members.first().map(|member| member.id.clone());
    let token = account.tokens.iter_mut().find(|token| token.value == DEMO_TOKEN);
    if let (Some(owner), Some(token)) = (owner, token) {
        token.kind = TokenKind::Member(owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_a_flag() {
        for (key, table) in TABLES {
            let written = table.lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(lines(table).count(), written, "{key}");
        }
    }
}
