//! Removes the files of dead runs from a lake, but only files that are surely flaglake's.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use tracing::debug;

use super::Parquet;
use super::earlier::Earlier;
use super::lake;
use crate::model::view::LATEST_EXTRACTION;
use crate::{Result, catalog};

/// The longest time that a run can take.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(24);

impl Parquet {
    /// Removes the files of extractions without a manifest, if they are surely flaglake's. In a
    /// bucket, another host may still be writing such files, so only old ones are removed. The
    /// files of a truncated manifest are kept until this run has published, because readers may
    /// have no others.
    pub(super) async fn remove_remains(&self) -> Result<()> {
        let (account, earlier) = (&self.earlier.account, &self.earlier);
        let mut remains = BTreeSet::new();
        for id in &earlier.claims {
            if earlier.extractions.contains_key(id) {
                self.store.remove(&lake::claim(account, id)).await?;
            } else if !earlier.torn.contains(id) && !earlier.strange.contains(id) {
                remains.insert(id.clone());
            }
        }
        for table in catalog::names().filter(|name| *name != LATEST_EXTRACTION) {
            let partitions = self.store.list(&format!("{table}/{account}")).await?.folders;
            let ids = partitions.iter().filter_map(|name| name.strip_prefix("extraction_id="));
            remains.extend(ids.filter(|id| earlier.is_remains(id)).map(str::to_owned));
        }
        self.remove_all_dead(remains.iter()).await
    }

    /// Removes the extractions whose manifest is truncated.
    pub(super) async fn remove_torn(&self) -> Result<()> {
        self.remove_all_dead(self.earlier.torn.iter()).await
    }

    async fn remove_all_dead(&self, ids: impl Iterator<Item = &String>) -> Result<()> {
        for id in ids {
            if self.is_dead(id).await? {
                debug!(id, "These are the remains of a dead run.");
                self.remove_dead(id).await?;
            }
        }
        Ok(())
    }

    async fn is_dead(&self, id: &str) -> Result<bool> {
        let account = &self.earlier.account;
        let mut is_dead = self.store.is_old(&lake::claim(account, id), LONGEST_RUN).await?;
        for table in catalog::names() {
            let folder = lake::partition(table, account, id);
            is_dead = is_dead && self.store.is_dead(&folder, LONGEST_RUN).await?;
        }
        Ok(is_dead)
    }

    /// Removes the files of an incomplete extraction. The claim comes last, because it shows that
    /// the files are flaglake's.
    pub(super) async fn remove_dead(&self, id: &str) -> Result<()> {
        let account = &self.earlier.account;
        let manifest = lake::manifest(account, id);
        self.store.remove(&manifest).await?;
        if let Some((folder, name)) = manifest.rsplit_once('/') {
            self.store.remove(&format!("{folder}/{}", lake::begun(name))).await?;
        }
        for table in catalog::names() {
            self.remove_parts(table, id).await?;
        }
        self.store.remove(&lake::claim(account, id)).await
    }

    /// Removes the files of a table in an extraction, unless the table's log refers to them.
    pub(super) async fn remove_parts(&self, table: &str, id: &str) -> Result<()> {
        let folder = lake::partition(table, &self.earlier.account, id);
        if self.earlier.refers_to(&folder) {
            return Ok(());
        }
        self.store.remove_parts(&folder).await
    }
}

impl Earlier {
    /// Whether the files of the extraction `id`, which has no claim, are the remains of a dead run.
    /// They are surely flaglake's only if the account has a manifest in the lake.
    fn is_remains(&self, id: &str) -> bool {
        let known = [&self.torn, &self.strange, &self.claims];
        let is_known =
            self.extractions.contains_key(id) || known.iter().any(|ids| ids.contains(id));
        lake::is_id(id) && !is_known && !self.extractions.is_empty()
    }
}
