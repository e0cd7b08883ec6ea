//! Reads the state of a lake before a run: its accounts, their complete extractions, and the
//! remains of dead runs.
//!
//! A dead run is one that ended before it published: it was killed, or the machine lost power.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;

use super::Parquet;
use super::lake;
use super::manifest::{Known, Reading};
use crate::destinations::Account;
use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;
use crate::model::resource::Resource;
use crate::model::table::TableInfo;
use crate::model::time::milliseconds;
use crate::resources::flag_statuses::FlagStatuses;
use crate::{Error, Result, catalog, record};

/// Manifests that are read at once.
const AT_ONCE: usize = 8;

/// The data of one account in a lake.
#[derive(Clone, Debug, Default)]
pub(in crate::destinations) struct Earlier {
    /// The name of the account's folders; empty until the account is known.
    pub account: String,
    /// The complete extractions, by ID.
    pub extractions: BTreeMap<String, Known>,
    /// The extractions whose manifest this version of flaglake cannot interpret. They are not
    /// changed.
    pub strange: BTreeSet<String>,
    /// The extractions whose manifest is empty or truncated.
    pub torn: BTreeSet<String>,
    /// The IDs that runs have claimed. One without a complete extraction belongs to a dead run.
    pub claims: BTreeSet<String>,
    /// The files of the account to which the current version of a table's log refers. They are
    /// never removed.
    pub referred: BTreeSet<String>,
}

impl Earlier {
    /// The complete extractions, newest first, for a run that started at `now`. Extractions with a
    /// later start come last: a clock was wrong, so the time of their publication is unknown.
    pub fn newest_first(&self, now: i64) -> Vec<(&String, &Known)> {
        let mut all: Vec<_> = self.extractions.iter().collect();
        all.sort_by_cached_key(|(id, known)| {
            let started_at = milliseconds(&known.started_at);
            Reverse((started_at <= Some(now), started_at, (*id).clone()))
        });
        all
    }

    /// Whether the current version of a table's log refers to a file in `folder`.
    pub fn refers_to(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        self.referred.range(start.clone()..).next().is_some_and(|file| file.starts_with(&start))
    }
}

/// The file that names the newest extraction.
#[derive(Deserialize)]
struct Pointer {
    extraction_id: String,
}

impl Parquet {
    /// Checks that the lake does not have the layout of an earlier version. Readers could not read
    /// both layouts as one lake.
    ///
    /// # Errors
    /// `output_failed` when there is one, or the store cannot be read.
    pub async fn check_layout(&self) -> Result<()> {
        if !self.has_log && self.store.read(lake::FORMAT).await?.is_some() {
            let hint = "its address starts with `delta:`; Parquet files alone need a new folder";
            return Err(self.store.refused("it holds Delta tables").hint(hint));
        }
        let pointer = self.store.read("_latest.json").await?;
        let pointer = pointer.and_then(|body| serde_json::from_slice::<Pointer>(&body).ok());
        let manifests = self.store.list(lake::EXTRACTIONS).await?.files;
        let mut ids = manifests.iter().filter_map(|name| name.split_once('.'));
        let is_old = pointer.is_some_and(|pointer| lake::is_time(&pointer.extraction_id))
            || ids.any(|(id, kind)| lake::is_time(id) && matches!(kind, "json" | "claim"));
        if !is_old {
            return Ok(());
        }
        let reason = "its extractions have the layout of schema version 3 or older";
        Err(self
            .store
            .failed(reason)
            .hint("name a new folder or prefix; the old one is not changed, and can still be read"))
    }

    /// Reads the extractions of `account`, and removes the remains of its dead runs.
    ///
    /// # Errors
    /// `output_failed` when demo data and real data would mix, or the store cannot be read.
    pub async fn check_account(&mut self, account: &Account<'_>, is_demo: bool) -> Result<()> {
        self.look_at(account, is_demo).await?;
        self.clean_up().await;
        Ok(())
    }

    /// Reads the extractions of `account`.
    ///
    /// # Errors
    /// `output_failed` when demo data and real data would mix, or the store cannot be read.
    pub async fn look_at(&mut self, account: &Account<'_>, is_demo: bool) -> Result<()> {
        let account = lake::account(account);
        self.check_mixture(&account, is_demo).await?;
        self.earlier = self.look(account).await?;
        Ok(())
    }

    /// Removes the remains of the account's dead runs.
    pub async fn clean_up(&self) {
        if let Err(error) = self.remove_remains().await {
            warn!(%error, "Files of an unfinished run cannot be removed: the next run tries again.");
        }
    }

    /// Refuses to mix demo data with real data: a query over all files of a table would return
    /// both.
    async fn check_mixture(&self, account: &str, is_demo: bool) -> Result<()> {
        let demo = lake::with_id(DEMO_ACCOUNT_ID);
        for other in self.store.list(lake::EXTRACTIONS).await?.folders {
            let would_mix = if is_demo { other != demo } else { other == demo && account != demo };
            if !would_mix || !other.starts_with("account_id=") || !self.has_any(&other).await? {
                continue;
            }
            return Err(if is_demo {
                self.store
                    .failed("it holds the data of a real account")
                    .hint("name another folder for the demo, such as `demo`")
            } else {
                self.store
                    .failed("it holds the data of the demo account")
                    .hint("name another folder or prefix, or remove this one")
            });
        }
        Ok(())
    }

    /// Whether the lake has extractions.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read.
    pub async fn has_extractions(&self) -> Result<bool> {
        for account in self.store.list(lake::EXTRACTIONS).await?.folders {
            if self.has_any(&account).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether there is an extraction in a folder of an account.
    async fn has_any(&self, account: &str) -> Result<bool> {
        let files = self.store.list(&lake::extractions(account)).await?.files;
        Ok(files.iter().any(|name| name.strip_suffix(".json").is_some_and(lake::is_id)))
    }

    async fn look(&self, account: String) -> Result<Earlier> {
        let files = self.store.list(&lake::extractions(&account)).await?.files;
        let ids = |suffix| {
            let names = files.iter().filter_map(move |name| name.strip_suffix(suffix));
            names.filter(|id| lake::is_id(id)).map(str::to_owned)
        };
        let account_name = account.as_str();
        let readings = stream::iter(ids(".json"));
        let readings = readings.map(async |id| {
            let reading = self.manifest(account_name, &id).await?;
            Ok::<_, Error>((id, reading))
        });
        let readings: Vec<_> = readings.buffered(AT_ONCE).try_collect().await?;
        let mut earlier = Earlier { claims: ids(".claim").collect(), ..Earlier::default() };
        readings.into_iter().for_each(|(id, reading)| earlier.add(account_name, id, reading));
        earlier.account = account;
        Ok(earlier)
    }

    /// The manifest of an extraction of this account, with all that it says.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read.
    pub(in crate::destinations) async fn document(&self, id: &str) -> Result<Option<Value>> {
        let body = self.store.read(&lake::manifest(&self.earlier.account, id)).await?;
        Ok(body.and_then(|body| serde_json::from_slice(&body).ok()))
    }

    /// The manifests of the newest extractions of all accounts.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read.
    pub(in crate::destinations) async fn newest_manifests(&self) -> Result<Vec<Value>> {
        let mut manifests = Vec::new();
        for name in self.store.list(lake::POINTERS).await?.files {
            let Some(account) = name.strip_suffix(".json") else { continue };
            let Some(body) = self.store.read(&lake::pointer(account)).await? else { continue };
            let pointer = serde_json::from_slice::<Pointer>(&body).ok();
            let Some(id) = pointer.map(|one| one.extraction_id).filter(|id| lake::is_id(id)) else {
                continue;
            };
            let body = self.store.read(&lake::manifest(account, &id)).await?;
            manifests.extend(body.and_then(|body| serde_json::from_slice(&body).ok()));
        }
        Ok(manifests)
    }

    /// Replaces the manifest of an extraction of this account.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written.
    pub(in crate::destinations) async fn replace_manifest(
        &self,
        id: &str,
        manifest: &Value,
    ) -> Result<()> {
        let name = lake::manifest(&self.earlier.account, id);
        self.store.replace(&name, format!("{manifest:#}\n").into()).await
    }

    pub(super) async fn manifest(&self, account: &str, id: &str) -> Result<Reading> {
        let body = self.store.read(&lake::manifest(account, id)).await?;
        // Another host may have removed it since.
        Ok(body.map_or(Reading::Torn, |body| Reading::of(&body)))
    }

    /// Whether there is a complete extraction called `id`.
    pub fn has(&self, id: &str) -> bool {
        self.earlier.extractions.contains_key(id)
    }

    /// The ID of the extraction that the pointer names; `None` where the pointer is missing or
    /// corrupt.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read.
    pub(super) async fn newest_id(&self) -> Result<Option<String>> {
        let body = self.store.read(&lake::pointer(&self.earlier.account)).await?;
        let pointer = body.and_then(|body| serde_json::from_slice::<Pointer>(&body).ok());
        Ok(pointer.map(|pointer| pointer.extraction_id))
    }

    /// Whether a file is there. Only where tables have logs, other programs may remove files of
    /// earlier extractions; elsewhere, a missing file is an error when it is read.
    ///
    /// # Errors
    /// `output_failed` when it cannot be looked at.
    pub(super) async fn is_there(&self, file: &str) -> Result<bool> {
        let is_sure = !self.has_log || self.earlier.referred.contains(file);
        Ok(is_sure || self.store.size(file).await?.is_some())
    }

    /// Reads the whole manifest of a complete extraction. In memory, manifests list only the tables
    /// that later runs read.
    pub(in crate::destinations) async fn complete(&self, id: &str) -> Result<Option<Known>> {
        match self.manifest(&self.earlier.account, id).await? {
            Reading::Complete(known) => Ok(Some(known)),
            Reading::Torn | Reading::Strange(_) => Ok(None),
        }
    }
}

impl Earlier {
    fn add(&mut self, account: &str, id: String, reading: Reading) {
        let name = lake::manifest(account, &id);
        match reading {
            Reading::Complete(mut known) => {
                known.tables.retain(|table| known.removed || is_read_again(&table.name));
                self.extractions.insert(id, known);
            }
            Reading::Torn => {
                warn!(
                    "`{name}` is empty or truncated: its extraction does not count, and is removed."
                );
                self.torn.insert(id);
            }
            Reading::Strange(error) => {
                warn!(%error, "`{name}` cannot be interpreted: its extraction is ignored, and not changed.");
                self.strange.insert(id);
            }
        }
    }
}

/// Whether later runs read a table of earlier extractions.
fn is_read_again(name: &str) -> bool {
    let accumulates = |table: &TableInfo| table.name == name && table.accumulates;
    name == FlagStatuses::NAME
        || record::tables().iter().any(|table| table.name == name)
        || catalog::tables().iter().any(accumulates)
}
