//! Extractions that are older than those to keep: removed whole, the manifest first.

use object_store::ObjectStoreExt;
use serde::Deserialize;
use tracing::{debug, warn};

use super::manifest::Known;
use super::parquet::Parquet;
use crate::Result;
use crate::record::Extraction;

/// What `_latest.json` says.
#[derive(Deserialize)]
struct Latest {
    extraction_id: String,
}

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
        // The new one stays in any case; so does another host's, where that was published since.
        let staying = [published.extraction_id.clone(), self.latest().await?];
        let mut extractions = Vec::new();
        for id in self.extractions().await? {
            let known = match self.manifest(&id).await {
                Ok(known) => known,
                // Whose it is, is not known. It may name no files but its own: others can go.
                Err(error) => {
                    warn!(%error, "This extraction is left, as its manifest cannot be read.");
                    continue;
                }
            };
            if known.account_id == published.account_id && !staying.contains(&id) {
                extractions.push((known.started_at.clone(), id, known));
            }
        }
        extractions.sort_by(|(one, ..), (other, ..)| other.cmp(one));
        for (_, id, known) in extractions.iter().skip(keep.saturating_sub(1)) {
            debug!(id, "This extraction is not to be kept.");
            self.remove_extraction(id, known).await?;
        }
        Ok(())
    }

    /// The extraction that readers are told to read.
    async fn latest(&self) -> Result<String> {
        let failed = |error| self.store.failed(error);
        let object = self.store.objects.get(&self.store.path(&["_latest.json"])).await;
        let body = object.map_err(failed)?.bytes().await.map_err(failed)?;
        let latest: Result<Latest, _> = serde_json::from_slice(&body);
        latest.map(|latest| latest.extraction_id).map_err(|error| self.store.failed(error))
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
