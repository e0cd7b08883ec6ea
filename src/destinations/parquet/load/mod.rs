//! Copies the newest extraction of an account to a private database, for reports.
//!
//! Views are copied as they are stored. The run computed them from data that the lake may no longer
//! hold, such as audit log entries of extractions that were removed since, and other readers of the
//! lake see the same rows. Only a view that is not stored is computed again.

mod daily;
mod newest;
mod plan;
mod rows;
mod runs;

use rusqlite::Connection;

use self::rows::Extraction;
use super::address::Lake;
use super::earlier::Earlier;
use super::manifest::Reading;
use super::store::Store;
use super::{Parquet, lake};
use crate::destinations::contract::Wanted;
use crate::destinations::copy;
use crate::{Error, Result, catalog};

impl Parquet {
    /// Opens a lake to read it. Creates nothing.
    ///
    /// # Errors
    /// `usage` when there is none; `output_failed` when it cannot be opened, or has another layout.
    pub(in crate::destinations) async fn existing(lake: &Lake, has_log: bool) -> Result<Self> {
        let (store, earlier) = (Store::existing(lake)?, Earlier::default());
        let opened =
            Parquet { store, keep_extractions: None, skip_unchanged: false, has_log, earlier };
        opened.check_layout().await.map(|()| opened)
    }

    /// The accounts of which the lake has an extraction.
    ///
    /// # Errors
    /// `output_failed` when there is none, or the lake cannot be read.
    pub(in crate::destinations) async fn accounts(&self) -> Result<Vec<String>> {
        let files = self.store.list(lake::POINTERS).await?.files;
        let names = files.iter().filter_map(|file| file.strip_suffix(".json"));
        let mut names: Vec<_> = names.filter_map(lake::account_name).collect();
        names.sort_unstable();
        if names.is_empty() {
            let hint = "run `flaglake extract` with this output, or name the folder of a lake";
            return Err(self.store.refused("it holds no extraction yet").hint(hint));
        }
        Ok(names)
    }

    /// Copies the newest extraction. A run that publishes at the same time may remove its files
    /// (`--keep-extractions`): then the one that replaced it is copied.
    ///
    /// # Errors
    /// `output_failed` when a part of the extraction is missing or damaged.
    pub(in crate::destinations) async fn load(mut self, wanted: &Wanted<'_>) -> Result<Connection> {
        self.earlier.account = lake::with_id(wanted.account);
        let mut newest = self.newest_id().await?;
        loop {
            let copied = match &newest {
                Some(id) => self.copy_newest(id, wanted).await,
                None => Err(self.unpublished(wanted.account)),
            };
            wanted.interrupt.check()?;
            let now = self.newest_id().await?;
            if copied.is_ok() || now == newest {
                return copied;
            }
            newest = now;
        }
    }

    fn unpublished(&self, account: &str) -> Error {
        let pointer = lake::pointer(&self.earlier.account);
        let reason = format!("it holds no extraction of the account `{account}`");
        let hint = format!("`{pointer}` names the newest one: it is missing or damaged");
        self.store.refused(reason).hint(hint)
    }

    async fn copy_newest(&self, id: &str, wanted: &Wanted<'_>) -> Result<Connection> {
        let newest = self.holder(id).await?;
        let copy = copy::create()?;
        wanted.interrupt.watch(&copy);
        let copying = async {
            copy.execute_batch("BEGIN").map_err(|error| copy::failed(&error))?;
            let runs = self.copy_runs(&copy, &newest).await?;
            self.copy_parts(&copy, &newest, wanted.names).await?;
            let (names, interrupt) = (wanted.names, wanted.interrupt);
            self.compute_daily(&copy, &newest, &runs, names, interrupt).await?;
            copy.execute_batch("COMMIT").map_err(|error| copy::failed(&error))
        };
        wanted.interrupt.or(copying).await.map(|()| copy)
    }

    /// The extraction `id`, or the one that holds its rows (`--skip-unchanged`).
    async fn holder(&self, id: &str) -> Result<Extraction> {
        let found = self.extraction(id).await?;
        match &found.known.same_as {
            None => Ok(found),
            Some(holder) => self.extraction(holder).await,
        }
    }

    /// Reads the manifest of an extraction that must be complete.
    async fn extraction(&self, id: &str) -> Result<Extraction> {
        let name = lake::manifest(&self.earlier.account, id);
        let known = match self.manifest(&self.earlier.account, id).await? {
            Reading::Complete(known) => known,
            Reading::Torn => {
                return Err(self.store.unreadable(&name, "it is missing, empty or truncated"));
            }
            Reading::Strange(error) => return Err(self.store.unreadable(&name, error)),
        };
        if known.schema_version > Some(catalog::SCHEMA_VERSION) {
            let reason = format!("a newer version of flaglake wrote the extraction `{id}`");
            return Err(self.store.refused(reason).hint("update flaglake"));
        }
        Ok(Extraction { id: id.to_owned(), known })
    }
}
