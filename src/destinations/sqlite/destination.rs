//! SQLite as a destination.

use std::time::Duration;

use rusqlite::Connection;

use super::Sqlite;
use super::removals;
use crate::Result;
use crate::destinations::contract::{Answer, Destination, Known, Verified};
use crate::destinations::extraction::{choose_id, stage_record};
use crate::destinations::{Account, Degraded, Retention, Rows, warn_of};
use crate::record::{Record, RunRow};

impl Destination for Sqlite {
    fn forget(&mut self, retention: Retention) {
        self.history_retention = retention.history;
    }

    /// `open` has checked it.
    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn check_account<'a>(&'a mut self, account: &'a Account<'a>, is_demo: bool) -> Answer<'a, ()> {
        Box::pin(async move { Sqlite::check_account(self, account.id, is_demo) })
    }

    fn holds_extractions(&self) -> bool {
        self.state.account_id.is_some()
    }

    fn has(&self, id: &str) -> Result<bool> {
        Sqlite::has(self, id)
    }

    fn inspect<'a>(&'a self, account_id: Option<&'a str>, lookback: Duration) -> Answer<'a, Known> {
        Box::pin(async move {
            let newest_entries = self.newest_entries(account_id, lookback)?;
            Ok(Known { newest_entries, projects: self.known_projects(account_id)? })
        })
    }

    fn degraded<'a>(
        &'a self,
        record: &'a Record,
        account_id: Option<&'a str>,
    ) -> Answer<'a, Vec<Degraded>> {
        Box::pin(async move { Sqlite::degraded(self, record, account_id) })
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(async move {
            let Verified { staged, record, guard, interrupt } = run;
            interrupt.watch(&staged.connection);
            choose_id(extraction, |id| Sqlite::has(self, id))?;
            let check = stage_record(staged, record, extraction, interrupt)
                .map_err(|error| error.at(staged.path()))?;
            let account = extraction.account_id.as_deref();
            let inspect = |output: &Connection| {
                removals::check(output, staged, record, account, guard).map(warn_of)
            };
            Sqlite::publish(self, staged, record, check, inspect, interrupt)
        })
    }
}
