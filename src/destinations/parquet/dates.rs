//! Files of a lake that are removed by their age.

use std::collections::BTreeMap;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

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
                    Ok::<_, io::Error>(Some((name, milliseconds(written))))
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

/// A time in milliseconds since 1970; 0 for an earlier one, which a wrong clock has given to a file.
fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_of_a_time_before_1970_is_as_old_as_can_be() {
        let second = Duration::from_secs(1);
        assert_eq!(milliseconds(UNIX_EPOCH - second), 0);
        assert_eq!(milliseconds(UNIX_EPOCH + second), 1000);
    }
}
