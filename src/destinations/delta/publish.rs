//! Commits the files of an extraction to the logs of their tables.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::action::Metadata;
use super::log::Log;
use super::snapshot::Snapshot;
use super::table::{Obstacle, Part, Table};
use super::{Delta, paths};
use crate::destinations::parquet::{KnownTable, RUNS};
use crate::model::view::LATEST_EXTRACTION;
use crate::{Error, Result};

/// Tables that are committed at once, so that the time in which they are not all at one extraction
/// is short.
const AT_ONCE: usize = 8;

/// How often a commit is tried while other programs commit to the same table. One of them succeeds
/// each time.
const ATTEMPTS: usize = 100;

/// The tables that say which extraction is the newest: they are committed last, in this order.
const LAST: [&str; 2] = [RUNS, LATEST_EXTRACTION];

/// A table after the commit.
pub(super) struct Committed {
    pub table: String,
    pub version: u64,
    pub metadata: Metadata,
    /// Whether the commit was followed by a checkpoint.
    pub has_checkpoint: bool,
    /// The account's files in it.
    files: Vec<String>,
}

impl Delta {
    /// Commits an extraction, whose manifest names its files. What an earlier attempt has committed
    /// is left as it is. Unless the extraction is the newest, only tables that accumulate get its
    /// rows. Returns the files of the account to which logs refer then.
    ///
    /// # Errors
    /// `output_failed`; another attempt may succeed.
    pub(super) async fn commit(&self, id: &str, is_newest: bool) -> Result<BTreeSet<String>> {
        let known = self.lake.complete(id).await?.ok_or_else(|| self.no_manifest(id))?;
        let is_wanted = |table: &&KnownTable| {
            is_newest || Table::find(&table.name).is_none_or(|table| table.accumulates())
        };
        let tables = known.tables.iter().filter(is_wanted);
        let (last, first): (Vec<_>, Vec<_>) =
            tables.partition(|table| LAST.contains(&table.name.as_str()));
        let first = stream::iter(first).map(|table| self.commit_table(id, table));
        let mut committed: Vec<_> = first.buffered(AT_ONCE).try_collect().await?;
        self.note_versions(id, &committed).await?;
        for name in LAST {
            if let Some(table) = last.iter().find(|table| table.name == name) {
                committed.push(self.commit_table(id, table).await?);
            }
        }
        if is_newest && known.holds_rows() {
            self.lake.point_to(id).await?;
        }
        self.lake.release(id).await?;
        self.remove_expired(&committed).await;
        Ok(self.referred_after(committed))
    }

    async fn commit_table(&self, id: &str, known: &KnownTable) -> Result<Committed> {
        let table = Table::find(&known.name).ok_or_else(|| self.unknown(id, &known.name))?;
        let account_id = self.account_id();
        let log = Log { store: &self.lake.store, table: table.0.name };
        for _ in 0..ATTEMPTS {
            let now = Timestamp::now().as_millisecond();
            let before = log.newest().await?;
            let part = self.part(id, &account_id, known)?;
            let plan = table.plan(before.as_ref(), &part, now);
            let plan = plan.map_err(|obstacle| self.refused(obstacle))?;
            let (snapshot, has_checkpoint) = match (plan, before) {
                (None, Some(before)) => (before, false),
                (None, None) => return Err(self.no_manifest(id)),
                (Some(actions), before) => {
                    let Some(after) = log.commit(before, &actions).await? else { continue };
                    let has_checkpoint = log.write_checkpoint_if_due(&after, now).await;
                    (after, has_checkpoint)
                }
            };
            return Ok(Committed::of(table.0.name, &account_id, snapshot, has_checkpoint));
        }
        let reason = format!("other programs commit to `{}` all the time", known.name);
        Err(self.lake.store.failed(reason).hint("run again when they have finished"))
    }

    fn part<'p>(&self, id: &'p str, account_id: &'p str, known: &KnownTable) -> Result<Part<'p>> {
        let file = known.files.first().and_then(|file| paths::in_log(&known.name, file));
        let path = file.ok_or_else(|| self.no_manifest(id))?;
        let bytes = known.bytes.unwrap_or_default();
        Ok(Part { path, account_id, extraction_id: id, rows: known.rows, bytes })
    }

    /// Notes in the manifest at which version of each table the extraction is, for readers that
    /// want all tables of one extraction.
    async fn note_versions(&self, id: &str, committed: &[Committed]) -> Result<()> {
        let Some(mut manifest) = self.lake.document(id).await? else { return Ok(()) };
        for table in manifest["tables"].as_array_mut().into_iter().flatten() {
            let own = committed.iter().find(|one| table["name"] == one.table);
            if let Some(own) = own {
                table["delta_version"] = own.version.into();
            }
        }
        self.lake.replace_manifest(id, &manifest).await
    }

    /// The files of the account to which logs refer: those of the committed tables, and as before
    /// those of the others.
    fn referred_after(&self, committed: Vec<Committed>) -> BTreeSet<String> {
        let is_committed = |file: &&String| {
            let table = file.split_once('/').map(|(table, _)| table);
            committed.iter().any(|one| Some(one.table.as_str()) == table)
        };
        let others = self.lake.earlier.referred.iter().filter(|file| !is_committed(file)).cloned();
        let others: Vec<_> = others.collect();
        committed.into_iter().flat_map(|one| one.files).chain(others).collect()
    }

    pub(super) fn refused(&self, obstacle: Obstacle) -> Error {
        self.lake.store.failed(obstacle.reason).hint(obstacle.hint)
    }

    /// The error of a manifest that another program changed.
    fn no_manifest(&self, id: &str) -> Error {
        self.lake.store.failed(format!("the manifest of extraction `{id}` does not name its files"))
    }

    fn unknown(&self, id: &str, table: &str) -> Error {
        let reason = format!(
            "extraction `{id}` is not completely committed, and this version of flaglake does not \
             know its table `{table}`"
        );
        self.lake.store.failed(reason).hint("run the newer version of flaglake that wrote it")
    }
}

impl Committed {
    fn of(table: &str, account_id: &str, snapshot: Snapshot, has_checkpoint: bool) -> Self {
        let files = snapshot.of_account(account_id).map(|add| paths::in_lake(table, &add.path));
        let files = files.collect();
        let Snapshot { version, metadata, .. } = snapshot;
        Committed { table: table.to_owned(), version, metadata, has_checkpoint, files }
    }
}
