//! Files of a lake that are removed by their age.

use std::collections::BTreeMap;
use std::io;
use std::time::UNIX_EPOCH;

use futures::stream::{self, StreamExt};

use super::store::Store;
use crate::Result;
use crate::destinations::disk;

/// Objects that are removed at once.
const AT_ONCE: usize = 8;

impl Store {
    /// The files of a folder, and when each was written, in milliseconds since 1970.
    ///
    /// # Errors
    /// `output_failed` when it cannot be listed.
    pub(in crate::destinations) async fn dates(
        &self,
        folder: &str,
    ) -> Result<BTreeMap<String, i64>> {
        let bucket = match self {
            Store::Folder(root) => {
                let names = self.list(folder).await?.files.into_iter();
                let date = |name: String| {
                    let written = match std::fs::metadata(root.path(folder).join(&name)) {
                        // Another run has removed it since.
                        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                        found => found?.modified()?,
                    };
                    // A clock may have shown a time before 1970.
                    let age = written.duration_since(UNIX_EPOCH).unwrap_or_default();
                    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
                    Ok::<_, io::Error>(Some((name, age)))
                };
                let dates = names.filter_map(|name| date(name).transpose());
                let dates = dates.collect::<io::Result<_>>();
                return dates.map_err(|error| self.unreadable(folder, error));
            }
            Store::Bucket(bucket) => bucket,
        };
        let listing = bucket.objects.list_with_delimiter(Some(&bucket.path(folder))).await;
        let objects = listing.map_err(|error| self.unreadable(folder, error))?.objects.into_iter();
        let date = |object: object_store::ObjectMeta| {
            Some((object.location.filename()?.to_owned(), object.last_modified.timestamp_millis()))
        };
        Ok(objects.filter_map(date).collect())
    }

    /// Removes files of a folder. The removal need not survive a power cut: a later run removes
    /// them again.
    ///
    /// # Errors
    /// `output_failed` when one cannot be removed.
    pub(in crate::destinations) async fn remove_all(
        &self,
        folder: &str,
        names: &[String],
    ) -> Result<()> {
        let bucket = match self {
            Store::Folder(root) => {
                let folder = root.path(folder);
                let mut removed = names.iter().map(|name| disk::remove_file(&folder.join(name)));
                return removed
                    .try_for_each(|one| one.map(drop))
                    .map_err(|error| self.failed(error));
            }
            Store::Bucket(bucket) => bucket,
        };
        let paths = names.iter().map(|name| bucket.path(&format!("{folder}/{name}")));
        let removals = stream::iter(paths).map(async |path| bucket.remove(&path).await);
        let outcomes: Vec<_> = removals.buffer_unordered(AT_ONCE).collect().await;
        outcomes.into_iter().try_for_each(|one| one.map_err(|error| self.failed(error)))
    }
}
