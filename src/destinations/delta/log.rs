//! Reads and extends the log of a table.

use futures::stream::{self, StreamExt, TryStreamExt};

use super::action::Action;
use super::snapshot::{Replay, Snapshot};
use super::{checkpoint, paths};
use crate::destinations::parquet::store::Store;
use crate::{Error, Result};

/// Commits that are read at once.
const AT_ONCE: usize = 8;

/// A checkpoint is written every so many commits. Without it, a reader would read all of them.
const CHECKPOINT_EVERY: u64 = 10;

/// The log of one table.
pub(super) struct Log<'s> {
    pub store: &'s Store,
    pub table: &'s str,
}

impl Log<'_> {
    /// The table at its newest version; `None` where it has no log.
    ///
    /// # Errors
    /// `output_failed` where the log cannot be read or is damaged.
    pub async fn newest(&self) -> Result<Option<Snapshot>> {
        let files = self.store.list(&paths::folder(self.table)).await?.files;
        let checkpoint = files.iter().filter_map(|name| paths::checkpoint_version(name)).max();
        let is_later = |version: &u64| checkpoint.is_none_or(|checkpoint| *version > checkpoint);
        let commits = files.iter().filter_map(|name| paths::commit_version(name)).filter(is_later);
        let commits: Vec<_> = commits.collect();
        let Some(newest) = commits.last().copied().or(checkpoint) else { return Ok(None) };
        let first = checkpoint.map_or(0, |checkpoint| checkpoint + 1);
        if !commits.iter().copied().eq(first..=newest) {
            return Err(self.damaged("a commit is missing"));
        }
        let mut replay = Replay::default();
        if let Some(version) = checkpoint {
            let name = paths::checkpoint(self.table, version);
            let body = self.read(&name).await?;
            let read = checkpoint::read(body, |action| replay.apply(action));
            read.map_err(|error| self.store.unreadable(&name, error))?;
        }
        self.replay(commits, &mut replay).await?;
        let snapshot = replay.finish(newest);
        snapshot.map(Some).ok_or_else(|| self.damaged("it does not define the table"))
    }

    async fn replay(&self, commits: Vec<u64>, replay: &mut Replay) -> Result<()> {
        let names = commits.into_iter().map(|version| paths::commit(self.table, version));
        let bodies = stream::iter(names).map(async |name| {
            let body = self.read(&name).await?;
            Ok::<_, Error>((name, body))
        });
        let mut bodies = std::pin::pin!(bodies.buffered(AT_ONCE));
        while let Some((name, body)) = bodies.try_next().await? {
            for line in
                body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty())
            {
                let action = serde_json::from_slice(line);
                replay.apply(action.map_err(|error| self.store.unreadable(&name, error))?);
            }
        }
        Ok(())
    }

    async fn read(&self, name: &str) -> Result<bytes::Bytes> {
        let body = self.store.read(name).await?;
        body.ok_or_else(|| self.store.unreadable(name, "it is missing"))
    }

    /// Writes the commit that follows `before`. Returns the table after it, or `None` where another
    /// program has committed first.
    ///
    /// # Errors
    /// `output_failed` where it cannot be written.
    pub async fn commit(
        &self,
        before: Option<Snapshot>,
        actions: &[Action],
    ) -> Result<Option<Snapshot>> {
        let Some(after) = Snapshot::after(before, actions) else {
            return Err(self.damaged("it does not define the table"));
        };
        let lines = actions.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
        let body = lines.map_err(|error| self.store.failed(error))?.join("\n") + "\n";
        let name = paths::commit(self.table, after.version);
        let is_ours = self.store.create_whole(&name, body.into()).await?;
        Ok(is_ours.then_some(after))
    }

    /// Writes a checkpoint if one is due; returns whether there is a new one. Its lack only slows
    /// readers down.
    pub async fn write_checkpoint_if_due(&self, snapshot: &Snapshot, now: i64) -> bool {
        if snapshot.version == 0 || !snapshot.version.is_multiple_of(CHECKPOINT_EVERY) {
            return false;
        }
        let written = self.write_checkpoint(snapshot, now).await;
        if let Err(error) = &written {
            tracing::warn!(%error, "A checkpoint of `{}` could not be written: readers are slower.", self.table);
        }
        written.is_ok()
    }

    async fn write_checkpoint(&self, snapshot: &Snapshot, now: i64) -> Result<()> {
        let written = checkpoint::write(snapshot, now);
        let (body, size) = written.map_err(|error| self.store.failed(error))?;
        self.store.replace(&paths::checkpoint(self.table, snapshot.version), body).await?;
        let pointer = serde_json::json!({ "version": snapshot.version, "size": size });
        self.store.replace(&paths::last_checkpoint(self.table), pointer.to_string().into()).await
    }

    /// The error of a log that cannot be replayed.
    fn damaged(&self, reason: &str) -> Error {
        self.store
            .failed(format!("the log of table `{}` is damaged: {reason}", self.table))
            .hint("restore the folder `_delta_log` of the table, or use a new folder")
    }
}
