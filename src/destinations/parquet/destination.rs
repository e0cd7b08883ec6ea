//! Parquet as a destination.

use std::time::Duration;

use super::Parquet;
use super::publish::Written;
use crate::Result;
use crate::destinations::contract::{Answer, Destination, Known, Verified};
use crate::destinations::extraction::stage_record;
use crate::destinations::{Account, Degraded, Retention, Rows, warn_of};
use crate::record::{Record, RunRow};

impl Destination for Parquet {
    fn forget(&mut self, retention: Retention) {
        self.keep_extractions = retention.extractions;
        self.skip_unchanged = retention.skip_unchanged;
    }

    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(Parquet::check_layout(self))
    }

    fn check_account<'a>(&'a mut self, account: &'a Account<'a>, is_demo: bool) -> Answer<'a, ()> {
        Box::pin(Parquet::check_account(self, account, is_demo))
    }

    fn holds_extractions(&self) -> bool {
        !(self.earlier.extractions.is_empty() && self.earlier.strange.is_empty())
    }

    fn has(&self, id: &str) -> Result<bool> {
        Ok(Parquet::has(self, id))
    }

    fn inspect<'a>(&'a self, _account: Option<&'a str>, lookback: Duration) -> Answer<'a, Known> {
        Box::pin(async move {
            let newest_entries = self.newest_entries(lookback).await;
            Ok(Known { newest_entries, projects: self.known_projects().await? })
        })
    }

    fn degraded<'a>(
        &'a self,
        record: &'a Record,
        _account: Option<&'a str>,
    ) -> Answer<'a, Vec<Degraded>> {
        Box::pin(Parquet::degraded(self, record))
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(async move {
            let written = self.write_extraction(run, extraction).await?;
            Parquet::publish(self, written, extraction).await
        })
    }
}

impl Parquet {
    /// Writes the files and the manifest of a run.
    ///
    /// # Errors
    /// Those of [`Destination::publish`].
    pub(in crate::destinations) async fn write_extraction(
        &self,
        run: Verified<'_>,
        extraction: &mut RunRow,
    ) -> Result<Written> {
        let Verified { staged, record, guard, interrupt } = run;
        interrupt.watch(&staged.connection);
        warn_of(interrupt.or(self.check_removals(staged, record, guard)).await?);
        interrupt.or(self.choose_id(extraction)).await?;
        interrupt.or(self.date_statuses(staged, extraction)).await?;
        let check = stage_record(staged, record, extraction, interrupt)
            .map_err(|error| error.at(staged.path()))?;
        self.write(staged, record, extraction, check, interrupt).await
    }
}
