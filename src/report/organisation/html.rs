//! The accounts as one page, which needs no script, no network and no other file.

use std::collections::BTreeSet;

use askama::Template;

use super::data::{Account, Organisation};
use crate::error::Kind;
use crate::report::html::embed;
use crate::report::html::tasks::{MOST_FLAGS, Scope, Tasks, tasks};
use crate::report::html::{STYLE, minute};
use crate::report::sections::freshness::Freshness;
use crate::report::sections::gaps::Gap;
use crate::report::sections::headline::Figure;
use crate::report::sections::scorecards::{Status, label};
use crate::report::title::{DEMO, Title};
use crate::report::words::{count, grouped, some, title};
use crate::terminal::counted;
use crate::{Error, Result};

/// The owners of an account that are shown.
const MOST_OWNERS: usize = 10;

/// The values that the template uses.
#[derive(Template)]
#[template(path = "organisation.html", config = "src/report/askama.toml")]
struct Page<'a> {
    accounts: &'a [Account],
    organisation: &'a Organisation,
    title: String,
    /// The names of the scorecards.
    scorecards: &'a BTreeSet<&'a str>,
    /// The work list of each account.
    work: Vec<(&'a Account, Tasks<'a>)>,
    policy: String,
    style: &'static str,
    /// The option for the output, after a space.
    input: &'a str,
}

/// The page.
///
/// # Errors
/// Never, unless there is a bug.
pub fn render(organisation: &Organisation, title: Title<'_>) -> Result<String> {
    let accounts = &organisation.accounts;
    let scorecards = accounts.iter().flat_map(|account| &account.scorecards);
    let scorecards = &scorecards.map(|one| one.scorecard.as_str()).collect();
    let policy = embed::policy(&[], &[STYLE]);
    let title = title.of(&counted(accounts.len(), "account"));
    let page = Page {
        accounts,
        organisation,
        title,
        scorecards,
        work: work(accounts),
        policy,
        style: STYLE,
        input: accounts
            .first()
            .map(|account| account.extraction.input.as_str())
            .unwrap_or_default(),
    };
    page.render().map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

/// The work list of each account, with its part of the flags that a page names.
fn work(accounts: &[Account]) -> Vec<(&Account, Tasks<'_>)> {
    let most = (MOST_FLAGS / accounts.len().max(1)).max(1);
    let of = |account| {
        let Account { account: name, extraction, work, .. }: &Account = account;
        (account, tasks(work, Scope { extraction, account: Some(name), most }))
    };
    accounts.iter().map(of).collect()
}

impl Account {
    /// The host that it was read from.
    fn host(&self) -> &str {
        let address = self.extraction.base_url.split_once("://").map_or("", |(_, rest)| rest);
        address.split('/').next().unwrap_or_default()
    }

    /// The figures, with `Unknown` for those that are.
    fn shown_figures(&self) -> Vec<(String, Vec<String>)> {
        let shown = |figure: &Figure| {
            let changes = figure.shown_changes().into_iter().map(|(words, _)| words);
            (figure.shown(), changes.chain(figure.unknown()).collect())
        };
        self.headline.iter().map(shown).collect()
    }

    /// The number of results of a scorecard with each status, without those that there are none of.
    fn shown_counts(&self, scorecard: &str) -> Vec<(&'static str, usize)> {
        let cards = self.scorecards.iter().filter(|one| one.scorecard == scorecard);
        let number = |status| cards.clone().filter(|one| one.status == status).count();
        let counts = Status::ALL.into_iter().map(|status| (status.name(), number(status)));
        counts.filter(|(_, number)| *number > 0).collect()
    }

    fn shown_debt(&self) -> String {
        count(self.debt(), "flag")
    }

    fn shown_read(&self) -> String {
        let (complete, all) = self.read();
        format!("{complete} of {all}")
    }

    /// The owners with the most to clean up, and how many others there are.
    fn shown_owners(&self) -> (Vec<(String, String, String)>, usize) {
        let shown = self.indebted().take(MOST_OWNERS).map(|owner| {
            let counts = [owner.ready_for_code_removal, owner.ready_to_archive].map(grouped);
            let [code, archive] = counts;
            (owner.label(), code, archive)
        });
        (shown.collect(), self.indebted().count().saturating_sub(MOST_OWNERS))
    }

    /// The resources that were not read completely, with their outcomes.
    fn shown_unread(&self) -> String {
        let unread = self.freshness.iter().filter(|one| one.complete < one.scopes);
        let words = |one: &Freshness| {
            let outcomes = one.other_outcomes.as_deref().unwrap_or_default().replace(',', ", ");
            format!("{} ({outcomes})", one.resource.replace('_', " "))
        };
        some(&unread.map(words).collect::<Vec<_>>(), 8)
    }

    /// What the figures lack, in sentences.
    fn shown_gaps(&self) -> Vec<String> {
        self.unknown.iter().map(Gap::sentence).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;

    #[test]
    fn commands_lead_to_the_account_under_whose_name_they_stand() {
        let accounts = vec![Account::example("shop"), Account::example(DEMO_ACCOUNT_ID)];
        let page = render(&Organisation::new(accounts), Title::default()).unwrap();
        let (_, work) = page.split_once("<div class=\"account\">").unwrap();
        let (shop, demo) = work.split_once("<div class=\"account\">").unwrap();
        let command = "<code>flaglake flags archive --project shop flag";
        for (list, option) in [(shop, " --instance eu</code>"), (demo, " --demo</code>")] {
            assert_eq!(list.matches(&format!("{command}{option}")).count(), 2, "{option}");
        }
        assert!(demo.contains(DEMO) && !shop.contains(DEMO));
    }
}
