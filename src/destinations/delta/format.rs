//! The object that says that a lake has logs. Runs that write only Parquet files refuse such a lake:
//! the logs would not name their files.

use super::Delta;
use crate::destinations::parquet::FORMAT;
use crate::{Error, Result};

/// Its content.
const BODY: &str = "{\"format\": \"delta\"}\n";

impl Delta {
    /// Checks that the lake is empty or has logs, and that the store can write an object only if it
    /// does not exist: two runs of different hosts would overwrite each other's commits otherwise.
    ///
    /// # Errors
    /// `output_failed` where it is not so.
    pub(super) async fn check_format(&self) -> Result<()> {
        let store = &self.lake.store;
        if store.read(FORMAT).await?.is_none() && self.lake.has_extractions().await? {
            return Err(self.of_parquet());
        }
        // A store that ignores the condition says twice that it created the object.
        if self.create_format().await? && self.create_format().await? {
            return Err(store.unconditional());
        }
        Ok(())
    }

    async fn create_format(&self) -> Result<bool> {
        self.lake.store.create_whole(FORMAT, BODY.into()).await
    }

    fn of_parquet(&self) -> Error {
        let reason = "it holds Parquet extractions without the logs of Delta tables";
        self.lake.store.failed(reason).hint("name a new folder or prefix, or write to `parquet:`")
    }
}
