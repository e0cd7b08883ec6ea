//! Removes the extractions that are older than those to keep.

use std::collections::BTreeSet;

use tracing::{debug, warn};

use super::Parquet;
use super::lake;
use crate::record::RunRow;
use crate::{Result, catalog};

impl Parquet {
    /// Removes the account's extractions that are older than those to keep. Errors are only
    /// warnings, because the new extraction is published; the next run tries again.
    pub(super) async fn prune(&self, published: &RunRow) {
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
        let mut earlier: Vec<_> = earlier.into_iter().filter(|(id, _)| !stays(id)).collect();
        let older = earlier.split_off(earlier.len().min(keep.saturating_sub(1)));
        // So are those that hold the rows of kept ones.
        let holders = earlier.iter().filter_map(|(_, known)| known.same_as.as_ref());
        let holders: BTreeSet<_> = holders.chain(published.same_as.as_ref()).collect();
        for (id, _) in older.into_iter().filter(|(id, _)| !holders.contains(id)) {
            debug!(id, "This extraction is not to be kept.");
            self.remove_extraction(id).await?;
        }
        Ok(())
    }

    /// Removes the manifest first: without it, the extraction no longer counts, and a later run can
    /// remove the rest.
    async fn remove_extraction(&self, id: &str) -> Result<()> {
        let known = self.complete(id).await?;
        self.store.remove(&lake::manifest(&self.earlier.account, id)).await?;
        // This includes tables of other versions of flaglake, but no name that leads out of the
        // lake.
        let tables = known.into_iter().flat_map(|known| known.tables);
        let others = tables.map(|table| table.name).filter(|name| is_table(name));
        let names: BTreeSet<_> = others.chain(catalog::names().map(str::to_owned)).collect();
        for table in names {
            self.store.remove_parts(&lake::partition(&table, &self.earlier.account, id)).await?;
        }
        Ok(())
    }
}

/// Whether a name has the form of a table's.
fn is_table(name: &str) -> bool {
    name.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_')
}
