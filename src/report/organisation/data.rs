//! The data of an organisation's page: of each account, what comes first in its own report.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::links::flag_url;
use crate::report::sections::extraction::{self, Extraction};
use crate::report::sections::freshness::{self, Freshness};
use crate::report::sections::gaps::{self, Gap};
use crate::report::sections::headline::{self, Figure};
use crate::report::sections::owners::{self, Owner};
use crate::report::sections::scorecards::{self, Scorecard, Status};
use crate::report::sections::work::{self, Work};

/// The version of [`Organisation`] as JSON. It increases when a key changes its meaning, or is
/// removed.
const SCHEMA_VERSION: u32 = 1;

/// The newest extractions of several accounts.
#[derive(Debug, Serialize)]
pub struct Organisation {
    /// The version of this form.
    pub schema_version: u32,
    /// The figures of all accounts together.
    pub totals: Vec<Total>,
    /// The accounts, by their names.
    pub accounts: Vec<Account>,
}

/// A figure of all accounts together.
#[derive(Debug, PartialEq, Serialize)]
pub struct Total {
    /// The figure's ID.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The sum; `None` if the figure of an account is unknown.
    pub value: Option<i64>,
    /// The accounts whose figure is unknown.
    pub unknown_accounts: Vec<String>,
}

/// One account.
#[derive(Debug, Serialize)]
pub struct Account {
    /// Its ID, or its name in the output where that is not known.
    pub account: String,
    /// The extraction that its data is from.
    pub extraction: Extraction,
    /// The figures that come first.
    pub headline: Vec<Figure>,
    /// Every scorecard; the worst first.
    pub scorecards: Vec<Scorecard>,
    /// The flags that each owner can clean up.
    pub owners: Vec<Owner>,
    /// The address of a flag in LaunchDarkly, as in the report of one account.
    pub flag_url: String,
    /// The flags that can be cleaned up, owner by owner.
    pub work: Vec<Work>,
    /// When each resource was read.
    pub freshness: Vec<Freshness>,
    /// The resources that were not read.
    pub unknown: Vec<Gap>,
    /// Projects without a critical environment.
    pub without_critical_environment: Vec<String>,
}

impl Organisation {
    /// The accounts, with their totals.
    pub fn new(accounts: Vec<Account>) -> Self {
        let figures = accounts.first().map(|account| account.headline.as_slice());
        let figures = figures.unwrap_or_default().iter();
        let totals = figures.map(|figure| Total::of(figure.id, figure.label, &accounts)).collect();
        Organisation { schema_version: SCHEMA_VERSION, totals, accounts }
    }
}

impl Total {
    fn of(id: &'static str, label: &'static str, accounts: &[Account]) -> Self {
        let values = accounts.iter().map(|account| (&account.account, account.value(id)));
        let unknown = values.clone().filter(|(_, value)| value.is_none());
        let unknown_accounts = unknown.map(|(account, _)| account.clone()).collect();
        Total { id, label, value: values.map(|(_, value)| value).sum(), unknown_accounts }
    }
}

impl Account {
    /// A figure.
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.headline.iter().find(|figure| figure.id == id)
    }

    fn value(&self, id: &str) -> Option<i64> {
        self.figure(id)?.value
    }

    /// The number of scorecards of projects, teams and owners with each status, as in the text of a
    /// single account.
    pub fn counts(&self) -> Vec<(Status, usize)> {
        let judged = |one: &&Scorecard| one.is_of_actor();
        let number = |status| {
            self.scorecards.iter().filter(judged).filter(|one| one.status == status).count()
        };
        Status::ALL.into_iter().map(|status| (status, number(status))).collect()
    }

    /// The owners with something to clean up, those with the most first.
    pub fn indebted(&self) -> impl Iterator<Item = &Owner> {
        self.owners.iter().filter(|owner| owner.debt() > 0)
    }

    /// The number of flags that can be cleaned up.
    pub fn debt(&self) -> i64 {
        self.owners.iter().map(Owner::debt).sum()
    }

    /// The resources that were read completely, and all of them.
    pub fn read(&self) -> (usize, usize) {
        let complete = self.freshness.iter().filter(|one| one.complete == one.scopes);
        (complete.count(), self.freshness.len())
    }
}

/// Reads one account in one transaction.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &mut Connection, account: String) -> rusqlite::Result<Account> {
    let transaction = connection.transaction()?;
    let extraction = extraction::read(&transaction)?;
    Ok(Account {
        account,
        flag_url: flag_url(&extraction.base_url),
        extraction,
        headline: headline::read(&transaction)?,
        scorecards: scorecards::read(&transaction)?,
        owners: owners::read(&transaction)?,
        work: work::read(&transaction)?,
        freshness: freshness::read(&transaction)?,
        unknown: gaps::read(&transaction)?,
        without_critical_environment: gaps::without_critical_environment(&transaction)?,
    })
}

#[cfg(test)]
impl Account {
    /// One that has nothing but a work list of two flags.
    pub(super) fn example(account: &str) -> Self {
        Account {
            account: account.to_owned(),
            extraction: Extraction::example(account, "https://app.eu.launchdarkly.com"),
            headline: Vec::new(),
            scorecards: Vec::new(),
            owners: Vec::new(),
            flag_url: String::new(),
            work: vec![Work::example(), Work { owner: None, ..Work::example() }],
            freshness: Vec::new(),
            unknown: Vec::new(),
            without_critical_environment: Vec::new(),
        }
    }
}
