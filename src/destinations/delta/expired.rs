//! Removes entries of logs that are older than their table's retention, so that logs do not grow
//! for ever: <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#metadata-cleanup>
//!
//! A log then starts with a checkpoint. No version is removed that the manifest of an account's
//! newest extraction names: the tables of an account whose runs are rare stay readable at them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tracing::warn;

use super::action::Metadata;
use super::log::Log;
use super::publish::Committed;
use super::{Delta, paths};
use crate::{Error, Result};

/// The property by which users keep entries for longer or shorter, and what the protocol has
/// without it.
const RETENTION: &str = "delta.logRetentionDuration";
const DAYS: i64 = 30;

/// The property by which users keep all entries.
const CLEANUP: &str = "delta.enableExpiredLogCleanup";

const SECOND: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// The oldest version of each table that must stay readable.
type Pinned = BTreeMap<String, u64>;

impl Delta {
    /// Removes expired entries of the logs that have a new checkpoint. If that fails, a later run
    /// tries again.
    pub(super) async fn remove_expired(&self, committed: &[Committed]) {
        let due = committed.iter().filter(|one| one.has_checkpoint);
        let due: Vec<_> = due.filter_map(|one| Some((one, retention(&one.metadata)?))).collect();
        if due.is_empty() {
            return;
        }
        let pinned = match self.pinned().await {
            Ok(pinned) => pinned,
            Err(error) => return not_removed(&error),
        };
        for (one, retention) in due {
            let pinned = pinned.get(&one.table).copied().unwrap_or(one.version);
            let log = Log { store: &self.lake.store, table: &one.table };
            let until = Timestamp::now().as_millisecond().saturating_sub(retention);
            if let Err(error) = log.remove_expired(until, pinned).await {
                not_removed(&error);
            }
        }
    }

    /// The versions that the newest extractions of all accounts name.
    async fn pinned(&self) -> Result<Pinned> {
        let mut pinned = Pinned::new();
        for manifest in self.lake.newest_manifests().await? {
            for table in manifest["tables"].as_array().into_iter().flatten() {
                let (name, version) = (&table["name"], &table["delta_version"]);
                let (Some(name), Some(version)) = (name.as_str(), version.as_u64()) else {
                    continue;
                };
                let oldest = pinned.entry(name.to_owned()).or_insert(version);
                *oldest = version.min(*oldest);
            }
        }
        Ok(pinned)
    }
}

fn not_removed(error: &Error) {
    warn!(%error, "Old entries of a log cannot be removed: a later run tries again.");
}

impl Log<'_> {
    async fn remove_expired(&self, until: i64, pinned: u64) -> Result<()> {
        let folder = paths::folder(self.table);
        let dates = self.store.dates(&folder).await?;
        self.store.remove_all(&folder, &expired(&dates, until, pinned)).await
    }
}

/// How long the entries of a table's log are kept, in milliseconds; `None` is for ever.
fn retention(metadata: &Metadata) -> Option<i64> {
    let property = |name| metadata.configuration.get(name).and_then(Option::as_deref);
    if property(CLEANUP).is_some_and(|value| value.eq_ignore_ascii_case("false")) {
        return None;
    }
    property(RETENTION).map_or(Some(DAYS * DAY), interval)
}

/// The milliseconds of an interval such as `interval 1 week 2 days`; `None` where it is none that
/// has a fixed length.
fn interval(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let mut words = text.strip_prefix("interval").unwrap_or(&text).split_whitespace().peekable();
    words.peek()?;
    let mut total: i64 = 0;
    while let Some(count) = words.next() {
        let unit = match words.next()?.trim_end_matches('s') {
            "week" => 7 * DAY,
            "day" => DAY,
            "hour" => 60 * 60 * SECOND,
            "minute" => 60 * SECOND,
            "second" => SECOND,
            "millisecond" => 1,
            _ => return None,
        };
        let count: u32 = count.parse().ok()?;
        total = total.checked_add(i64::from(count).checked_mul(unit)?)?;
    }
    Some(total)
}

/// The files before the newest checkpoint that is no later than the newest commit which is not
/// younger than `until`, and no later than the version `pinned`.
fn expired(dates: &BTreeMap<String, i64>, until: i64, pinned: u64) -> Vec<String> {
    let commits =
        dates.iter().filter_map(|(name, date)| Some((paths::commit_version(name)?, date)));
    let old = commits.take_while(|(_, date)| **date <= until);
    let Some(last) = old.map(|(version, _)| version.min(pinned)).last() else { return Vec::new() };
    // A checkpoint does not say what its commit says of itself, so both stay.
    let has_commit = |version: &u64| dates.contains_key(&paths::commit_name(*version));
    let checkpoints = dates.keys().filter_map(|name| paths::checkpoint_version(name));
    let checkpoints = checkpoints.filter(|version| *version <= last).filter(has_commit);
    let Some(first) = checkpoints.max() else { return Vec::new() };
    let is_before = |name: &&String| paths::entry_version(name).is_some_and(|one| one < first);
    dates.keys().filter(is_before).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log whose commits are a day apart, the last one at `0`, with a checkpoint every tenth.
    fn log(commits: u64) -> BTreeMap<String, i64> {
        let dated = (0..commits).flat_map(|version| {
            let date = -i64::try_from(commits - 1 - version).unwrap() * DAY;
            let checkpoint = format!("{version:020}.checkpoint.parquet");
            let checkpoint = version.is_multiple_of(10).then_some((checkpoint, date));
            [(paths::commit_name(version), date)].into_iter().chain(checkpoint)
        });
        dated.chain([("_last_checkpoint".to_owned(), 0)]).collect()
    }

    /// The version with which the log starts when its expired entries are removed.
    #[track_caller]
    fn start(log: &BTreeMap<String, i64>, days: i64, pinned: u64) -> u64 {
        let expired = expired(log, -days * DAY, pinned);
        let left: Vec<_> = log.keys().filter(|name| !expired.contains(name)).collect();
        let commits: Vec<_> = left.iter().filter_map(|name| paths::commit_version(name)).collect();
        let first = commits[0];
        assert!(commits.iter().copied().eq(first..=*commits.last().unwrap()), "{commits:?}");
        let name = format!("{first:020}.checkpoint.parquet");
        assert!(first == 0 || left.iter().any(|one| **one == name), "{left:?}");
        assert!(left.iter().any(|one| *one == "_last_checkpoint"));
        first
    }

    #[test]
    fn a_log_starts_with_the_last_checkpoint_before_its_retention() {
        let log = log(100);
        // Version 69 is 30 days old.
        assert_eq!(start(&log, 30, 99), 60);
        assert_eq!(start(&log, 29, 99), 70);
        assert_eq!(start(&log, 0, 99), 90);
        assert_eq!(start(&log, 95, 99), 0);
        assert_eq!(start(&log, 1000, 99), 0);
    }

    #[test]
    fn a_version_that_a_manifest_names_stays() {
        let log = log(100);
        assert_eq!(start(&log, 30, 35), 30);
        assert_eq!(start(&log, 30, 9), 0);
        assert_eq!(start(&log, 30, 0), 0);
    }

    #[test]
    fn entries_of_other_kinds_go_with_their_versions_and_unknown_files_stay() {
        let mut log = log(100);
        let old = [
            "00000000000000000010.crc",
            "00000000000000000010.checkpoint.0000000001.0000000002.parquet",
            "00000000000000000001.00000000000000000009.compacted.json",
        ];
        let others = ["mine.json", "00000000000000000010.txt", "00000000000000000095.crc"];
        log.extend(old.iter().chain(&others).map(|name| ((*name).to_owned(), 0)));
        let expired = expired(&log, -30 * DAY, 99);
        assert!(old.iter().all(|name| expired.iter().any(|one| one == name)), "{expired:?}");
        assert!(others.iter().all(|name| expired.iter().all(|one| one != name)), "{expired:?}");
    }

    #[test]
    fn commits_that_were_written_again_count_from_then() {
        let mut log = log(100);
        log.values_mut().for_each(|date| *date = 0);
        assert_eq!(start(&log, 30, 99), 0);
    }

    #[test]
    fn a_retention_is_an_interval_of_fixed_length() {
        assert_eq!(interval("interval 30 days"), Some(30 * DAY));
        assert_eq!(interval("INTERVAL 1 week 2 Days 1 hour"), Some(9 * DAY + DAY / 24));
        assert_eq!(interval("0 seconds"), Some(0));
        for other in ["interval 1 month", "interval", "", "days", "interval -1 days", "30"] {
            assert_eq!(interval(other), None, "{other}");
        }
        let with = |name: &str, value: &str| {
            let json = serde_json::json!({
                "id": "", "format": { "provider": "parquet" }, "schemaString": "",
                "partitionColumns": [], "configuration": { name: value },
            });
            retention(&serde_json::from_value(json).unwrap())
        };
        assert_eq!(with("other", ""), Some(30 * DAY));
        assert_eq!(with(RETENTION, "interval 1 day"), Some(DAY));
        assert_eq!(with(CLEANUP, "false"), None);
    }
}
