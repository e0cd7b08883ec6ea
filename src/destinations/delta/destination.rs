//! Delta Lake as a destination: that of its files, but for what makes an extraction visible.

use std::time::Duration;

use super::Delta;
use crate::Result;
use crate::destinations::contract::{Answer, Destination, Known, Verified};
use crate::destinations::{Account, Degraded, Retention, Rows};
use crate::record::{Record, RunRow};

impl Destination for Delta {
    fn forget(&mut self, retention: Retention) {
        Destination::forget(&mut self.lake, retention);
    }

    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(self.check_format())
    }

    fn check_account<'a>(&'a mut self, account: &'a Account<'a>, is_demo: bool) -> Answer<'a, ()> {
        Box::pin(self.look_at(account, is_demo))
    }

    fn holds_extractions(&self) -> bool {
        self.lake.holds_extractions()
    }

    fn has(&self, id: &str) -> Result<bool> {
        Destination::has(&self.lake, id)
    }

    fn inspect<'a>(&'a self, account: Option<&'a str>, lookback: Duration) -> Answer<'a, Known> {
        self.lake.inspect(account, lookback)
    }

    fn degraded<'a>(
        &'a self,
        record: &'a Record,
        account: Option<&'a str>,
    ) -> Answer<'a, Vec<Degraded>> {
        Destination::degraded(&self.lake, record, account)
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(async move {
            let rows = self.lake.write_extraction(run, extraction).await?.rows;
            let referred = self.commit(&extraction.extraction_id, true).await?;
            self.lake.referring_to(referred).prune(extraction).await;
            Ok(rows)
        })
    }
}
