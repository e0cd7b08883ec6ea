//! The entries of the audit log that the account's extractions have, from which a run continues.

use std::collections::BTreeSet;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use jiff::Timestamp;
use tracing::warn;

use super::Parquet;
use super::read::{NOT_OURS, text};
use crate::Result;
use crate::destinations::AUDIT_LOG;
use crate::model::time::milliseconds;
use crate::record::NewestEntries;

impl Parquet {
    /// The newest known entry of the account's audit log, and the IDs of those that are not more
    /// than `lookback` older. Entries in a file that cannot be read count as unknown, and may be
    /// read again.
    pub async fn newest_entries(&self, lookback: Duration) -> NewestEntries {
        let time = |text: &Option<String>| text.as_deref().and_then(milliseconds);
        let extractions = self.earlier.extractions.values();
        let now = Timestamp::now().as_millisecond();
        // A time after the start of this run comes from a wrong clock, and does not count.
        let read_to = extractions.clone().filter_map(|known| time(&known.audit_log_read_to));
        let newest = read_to.filter(|read_to| *read_to <= now).max();
        let lookback = i64::try_from(lookback.as_millis()).unwrap_or(i64::MAX);
        let since = newest.map_or(0, |newest| newest.saturating_sub(lookback));
        let mut ids = BTreeSet::new();
        for known in extractions.filter(|known| time(&known.audit_log_last) >= Some(since)) {
            for file in known.files(AUDIT_LOG) {
                if let Err(error) = self.add_entries(file, since, &mut ids).await {
                    warn!(%error, "A file of audit log entries cannot be read: its entries may be read from LaunchDarkly again.");
                }
            }
        }
        NewestEntries { occurred_at: newest, ids }
    }

    /// Adds the IDs of the entries in a file that did not occur before `since`.
    async fn add_entries(&self, file: &str, since: i64, ids: &mut BTreeSet<String>) -> Result<()> {
        for batch in self.store.batches(file, &["entry_id", "occurred_at"]).await? {
            let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
            let times = batch.column_by_name("occurred_at");
            let times = times.and_then(|one| one.as_primitive_opt::<TimestampMicrosecondType>());
            let (Some(names), Some(times)) = (text(&batch, "entry_id"), times) else {
                return Err(self.store.unreadable(file, NOT_OURS));
            };
            let entries = names.iter().zip(times).filter_map(|(name, time)| Some((name?, time?)));
            let known = entries.filter(|(_, time)| time.div_euclid(1000) >= since);
            ids.extend(known.map(|(name, _)| name.to_owned()));
        }
        Ok(())
    }
}
