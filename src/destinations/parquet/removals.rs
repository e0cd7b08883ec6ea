//! Reads the earlier extractions of an account in Parquet, for the guard.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use rusqlite::{Connection, params_from_iter};

use super::Parquet;
use super::manifest::Known;
use super::read::{RECORD, text};
use crate::Result;
use crate::destinations::degraded::{Degraded, LastRead, degraded, refused};
use crate::destinations::removals::{Sides, before, changes};
use crate::guard::{Guard, Proofs, Thing, judge};
use crate::record::{Outcome, Record};
use crate::stage::Staged;
use crate::system::database;

/// How many earlier extractions are searched at most: a month of daily runs.
const REACH: usize = 30;

impl Parquet {
    /// The projects of the account's newest extraction, and of earlier ones if it did not select
    /// all.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn known_projects(&self) -> Result<BTreeSet<String>> {
        let mut projects = BTreeSet::new();
        for id in self.recent().await? {
            let Some(known) = self.readable(&id).await? else { continue };
            projects.extend(self.project_keys(&known).await?);
            if known.has(Thing::Project.resource()) && !self.is_of_selected(&known).await? {
                break;
            }
        }
        Ok(projects)
    }

    /// The IDs of the account's extractions that hold rows: first the one that the pointer names, then
    /// the others from the newest to the oldest.
    async fn recent(&self) -> Result<Vec<String>> {
        let extractions = &self.earlier.extractions;
        let named = self.newest_id().await?.filter(|id| extractions.contains_key(id));
        let holding = extractions.iter().rev().filter(|(_, known)| known.holds_rows());
        let others = holding.map(|(id, _)| id).filter(|id| named.as_ref() != Some(*id)).cloned();
        Ok(named.clone().into_iter().chain(others).take(REACH).collect())
    }

    /// The manifest of an extraction, without those of the compared tables whose files another
    /// program has removed.
    async fn readable(&self, id: &str) -> Result<Option<Known>> {
        let Some(mut known) = self.complete(id).await? else { return Ok(None) };
        for thing in Thing::ALL {
            let mut is_there = true;
            for file in known.files(thing.resource()) {
                is_there &= self.is_there(file).await?;
            }
            known.tables.retain(|table| is_there || table.name != thing.resource());
        }
        Ok(Some(known))
    }

    async fn project_keys(&self, known: &Known) -> Result<BTreeSet<String>> {
        let (mut projects, thing) = (BTreeSet::new(), Thing::Project);
        for file in known.files(thing.resource()) {
            for batch in self.store.batches(file, thing.key()).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                projects.extend(self.keys(file, &batch, thing)?.into_iter().flatten());
            }
        }
        Ok(projects)
    }

    /// Compares the stage with the account's earlier extractions; returns warnings.
    ///
    /// # Errors
    /// `guarded` or `invalid_permissions` where too much would be removed; `output_failed` where the
    /// two cannot be compared.
    pub(in crate::destinations) async fn check_removals(
        &self,
        staged: &Staged,
        record: &Record,
        guard: &Guard,
    ) -> Result<Vec<String>> {
        let mut warnings = self.not_understood().await?;
        let failed = |error| database::failed(staged.path(), &error);
        self.remember_all(&staged.connection).await?;
        let changes = changes(&staged.connection, Sides::BeforeAndStage, staged, record, guard);
        let changes = changes.map_err(failed)?;
        let proofs = Proofs::read(&staged.connection).map_err(failed)?;
        warnings.extend(judge(changes, &proofs, guard.limit)?);
        Ok(warnings)
    }

    /// A warning if this run cannot be compared with the newest extraction.
    async fn not_understood(&self) -> Result<Vec<String>> {
        let (named, strange) = (self.newest_id().await?, &self.earlier.strange);
        let newest = named.as_ref().or_else(|| {
            let newest = self.earlier.extractions.keys().next_back();
            strange.last().filter(|id| newest.is_none_or(|newest| newest < *id))
        });
        let strange = newest.filter(|id| strange.contains(*id));
        let warning = strange.map(|id| {
            format!(
                "the manifest of the newest extraction, `{id}`, cannot be interpreted: this run is \
                 compared with earlier extractions instead, if there are any"
            )
        });
        Ok(warning.into_iter().collect())
    }

    /// Copies the keys of earlier objects into temporary tables: each kind from the newest
    /// extraction with its table. If that did not select all projects, those of other projects come
    /// from extractions before it.
    async fn remember_all(&self, stage: &Connection) -> Result<()> {
        for thing in Thing::ALL {
            stage.execute_batch(&format!("DROP TABLE IF EXISTS temp.{}", before(thing)))?;
        }
        let mut wanted = Thing::ALL.map(|thing| (thing, BTreeSet::new())).to_vec();
        let mut projects = BTreeSet::new();
        for id in self.recent().await? {
            let Some(known) = self.readable(&id).await? else { continue };
            let is_of_selected = self.is_of_selected(&known).await?;
            let own = self.project_keys(&known).await?;
            if wanted.iter().any(|(thing, _)| *thing == Thing::Project) {
                projects.extend(own.iter().cloned());
            }
            let has = |thing: Thing| known.has(thing.resource());
            for (thing, covered) in wanted.iter_mut().filter(|(thing, _)| has(*thing)) {
                // A deletion of a project also deleted the objects in it.
                let is_new = |project: &str| {
                    !covered.contains(project)
                        && (projects.is_empty() || projects.contains(project))
                };
                self.remember(stage, &known, *thing, is_new).await?;
                covered.extend(own.iter().cloned());
            }
            wanted.retain(|(thing, _)| !has(*thing) || (is_of_selected && thing.is_in_project()));
            if wanted.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Copies the keys of one kind from an extraction into a temporary table, for projects where
    /// `is_new` holds.
    async fn remember(
        &self,
        stage: &Connection,
        known: &Known,
        thing: Thing,
        is_new: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let (table, key) = (before(thing), thing.key().join(", "));
        stage.execute_batch(&format!(
            "CREATE TEMP TABLE IF NOT EXISTS {table} ({key}, PRIMARY KEY ({key})); BEGIN"
        ))?;
        let values = vec!["?"; thing.key().len()].join(", ");
        let sql = format!("INSERT OR IGNORE INTO temp.{table} VALUES ({values})");
        let mut insert = stage.prepare(&sql)?;
        for file in known.files(thing.resource()) {
            for batch in self.store.batches(file, thing.key()).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                for key in self.keys(file, &batch, thing)? {
                    if !thing.is_in_project() || key.first().is_some_and(|first| is_new(first)) {
                        insert.execute(params_from_iter(key))?;
                    }
                }
            }
        }
        Ok(stage.execute_batch("COMMIT")?)
    }

    fn keys(&self, file: &str, batch: &RecordBatch, thing: Thing) -> Result<Vec<Vec<String>>> {
        let keys = rows(batch, thing.key());
        keys.ok_or_else(|| self.store.unreadable(file, "a column of its key is missing"))
    }

    /// The refused resources of `record` that earlier extractions of the account contain.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::destinations) async fn degraded(&self, record: &Record) -> Result<Vec<Degraded>> {
        let (wanted, mut before) = (refused(record), LastRead::new());
        for known in self.earlier.extractions.values().rev().take(REACH) {
            self.add_read(known, &wanted, &mut before).await?;
            if before.len() == wanted.len() {
                break;
            }
        }
        Ok(degraded(record, &before, false))
    }

    /// Adds the entries of `wanted` that an extraction contains and no newer one does.
    async fn add_read(
        &self,
        known: &Known,
        wanted: &BTreeSet<(String, String)>,
        before: &mut LastRead,
    ) -> Result<()> {
        let columns = ["resource", "scope", "outcome"];
        for file in known.files(RECORD) {
            for batch in self.store.batches(file, &columns).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                for row in rows(&batch, &columns).unwrap_or_default() {
                    let [resource, scope, outcome] = row.try_into().unwrap_or_default();
                    let place = (resource, scope);
                    if outcome == Outcome::Complete.name() && wanted.contains(&place) {
                        before.entry(place).or_insert_with(|| known.started_at.clone());
                    }
                }
            }
        }
        Ok(())
    }
}

/// The texts of these columns, row by row; `None` where one is missing.
fn rows(batch: &RecordBatch, columns: &[&str]) -> Option<Vec<Vec<String>>> {
    let columns = columns.iter().map(|name| text(batch, name)).collect::<Option<Vec<_>>>()?;
    let row = |row: usize| columns.iter().map(|column| column.value(row).to_owned()).collect();
    Some((0..batch.num_rows()).map(row).collect())
}
