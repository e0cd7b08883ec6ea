//! Removes the extractions that are older than those to keep.

use std::collections::BTreeSet;

use tracing::{debug, warn};

use super::Parquet;
use super::lake;
use super::manifest::Known;
use crate::record::RunRow;
use crate::{Result, catalog};

impl Parquet {
    /// Removes the account's extractions that are older than those to keep. Errors are only
    /// warnings, because the new extraction is published; the next run tries again.
    pub(in crate::destinations) async fn prune(&self, published: &RunRow) {
        if let Err(error) = self.remove_older(published).await {
            warn!(%error, "Older extractions cannot be removed: the next run tries again.");
        }
    }

    async fn remove_older(&self, published: &RunRow) -> Result<()> {
        self.remove_torn().await?;
        let Some(keep) = self.keep_extractions else { return Ok(()) };
        // The new extraction is always kept, and so is one that another host published since.
        let pointed = self.newest_id().await?;
        let stays = |id: &String| *id == published.extraction_id || Some(id) == pointed.as_ref();
        // Extractions dated after the new one count as the oldest.
        let earlier = self.earlier.newest_first(published.started_at);
        let earlier = earlier.into_iter().filter(|(id, _)| !stays(id));
        let (removed, mut earlier): (Vec<_>, Vec<_>) = earlier.partition(|one| one.1.removed);
        let older = earlier.split_off(earlier.len().min(keep.saturating_sub(1)));
        // So are those that hold the rows of kept ones.
        let holders = earlier.iter().filter_map(|(_, known)| known.same_as.as_ref());
        let holders: BTreeSet<_> = holders.chain(published.same_as.as_ref()).collect();
        let removed = removed.into_iter().filter(|(id, known)| self.has_unreferred(id, known));
        let older = older.into_iter().filter(|(id, _)| !holders.contains(id));
        for (id, _) in older.chain(removed) {
            debug!(id, "This extraction is not to be kept.");
            self.remove_extraction(id).await?;
        }
        Ok(())
    }

    /// Whether an extraction that was removed has files to which no log refers any more.
    fn has_unreferred(&self, id: &str, known: &Known) -> bool {
        known.tables.iter().any(|table| !self.is_referred(&table.name, id))
    }

    fn is_referred(&self, table: &str, id: &str) -> bool {
        self.earlier.refers_to(&lake::partition(table, &self.earlier.account, id))
    }

    /// Removes the manifest first: without it, the extraction no longer counts, and a later run can
    /// remove the rest. If logs of tables refer to some of its files, the manifest names only these.
    async fn remove_extraction(&self, id: &str) -> Result<()> {
        let known = self.complete(id).await?;
        self.reduce_manifest(id).await?;
        // This includes tables of other versions of flaglake, but no name that leads out of the
        // lake.
        let tables = known.into_iter().flat_map(|known| known.tables);
        let others = tables.map(|table| table.name).filter(|name| is_table(name));
        let names: BTreeSet<_> = others.chain(catalog::names().map(str::to_owned)).collect();
        for table in names {
            self.remove_parts(&table, id).await?;
        }
        Ok(())
    }

    async fn reduce_manifest(&self, id: &str) -> Result<()> {
        let Some(mut manifest) = self.document(id).await? else { return Ok(()) };
        let tables = manifest["tables"].as_array_mut();
        let is_left = tables.is_some_and(|tables| {
            tables.retain(|table| {
                table["name"].as_str().is_some_and(|table| self.is_referred(table, id))
            });
            !tables.is_empty()
        });
        if !is_left {
            return self.store.remove(&lake::manifest(&self.earlier.account, id)).await;
        }
        manifest["removed"] = true.into();
        self.replace_manifest(id, &manifest).await
    }
}

/// Whether a name has the form of a table's.
fn is_table(name: &str) -> bool {
    name.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_')
}
