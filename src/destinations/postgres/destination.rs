//! PostgreSQL as a destination.

use std::time::Duration;

use super::Postgres;
use crate::Result;
use crate::destinations::contract::{Answer, Destination, Known, Verified};
use crate::destinations::{Account, Degraded, Retention, Rows};
use crate::record::{Record, RunRow};

impl Destination for Postgres {
    fn forget(&mut self, retention: Retention) {
        self.retention = retention;
    }

    /// `open` has checked it.
    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn check_account<'a>(&'a mut self, account: &'a Account<'a>, is_demo: bool) -> Answer<'a, ()> {
        Box::pin(async move { Postgres::check_account(self, account.id, is_demo) })
    }

    fn holds_extractions(&self) -> bool {
        self.state.extraction_id.is_some()
    }

    fn has(&self, id: &str) -> Result<bool> {
        self.reader.has(id)
    }

    fn inspect<'a>(&'a self, account_id: Option<&'a str>, lookback: Duration) -> Answer<'a, Known> {
        Box::pin(async move {
            self.copy_newest_entries(lookback).await?;
            let newest_entries = self.reader.newest_entries(account_id, lookback)?;
            Ok(Known { newest_entries, projects: self.reader.known_projects(account_id)? })
        })
    }

    fn degraded<'a>(
        &'a self,
        record: &'a Record,
        account_id: Option<&'a str>,
    ) -> Answer<'a, Vec<Degraded>> {
        Box::pin(async move { self.reader.degraded(record, account_id) })
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(Postgres::publish(self, run, extraction))
    }
}
