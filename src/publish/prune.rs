//! Extractions that are older than those to keep: removed whole, the manifest first.

use object_store::ObjectStoreExt;
use tracing::{debug, warn};

use super::manifest::Known;
use super::parquet::Parquet;
use crate::Result;
use crate::record::Extraction;

impl Parquet {
    /// Removes the account's extractions that are older than those to keep. The new one is
    /// published whatever becomes of that: what stays is removed after the next run.
    pub(super) async fn prune(&self, published: &Extraction) {
        let Some(keep) = self.keep_extractions else { return };
        if let Err(error) = self.remove_older(published, keep).await {
            warn!(%error, "Older extractions may be left: the next run removes them.");
        }
    }

    async fn remove_older(&self, published: &Extraction, keep: usize) -> Result<()> {
        let mut extractions = Vec::new();
        for id in self.extractions().await? {
            let known = self.manifest(&id).await?;
            if known.account_id == published.account_id && id != published.extraction_id {
                extractions.push((known.started_at.clone(), id, known));
            }
        }
        extractions.sort_by(|(one, ..), (other, ..)| other.cmp(one));
        // The new one stays in any case, even where a clock that was set back makes it the oldest.
        for (_, id, known) in extractions.iter().skip(keep.saturating_sub(1)) {
            debug!(id, "This extraction is not to be kept.");
            self.remove_extraction(id, known).await?;
        }
        Ok(())
    }

    /// Without its manifest, an extraction does not count any more, and its files are remains.
    async fn remove_extraction(&self, id: &str, known: &Known) -> Result<()> {
        let path = self.store.path(&["_extractions".to_owned(), format!("{id}.json")]);
        let gone = self.store.objects.delete(&path).await;
        gone.map_err(|error| self.store.failed(error))?;
        for table in &known.tables {
            let partition = format!("extraction_id={id}");
            self.store.remove(&self.store.path(&[&table.name, &partition])).await?;
        }
        Ok(())
    }
}
