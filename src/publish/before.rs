//! The account's newest extraction in Parquet, as far as the guard compares with it.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use rusqlite::{Connection, params_from_iter};

use super::degraded::{Degraded, LastRead, degraded, refused};
use super::manifest::Known;
use super::parquet::Parquet;
use super::removals::{Sides, before, changes};
use super::scopes::{RECORD, text};
use crate::guard::{Guard, Proofs, Thing, judge};
use crate::record::{Outcome, Record};
use crate::stage::Staged;
use crate::{Result, database};

/// How many extractions are looked at, to tell what was readable before: a month of nights.
const REACH: usize = 30;

impl Parquet {
    /// The projects of the account's newest extraction.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn known_projects(&self) -> Result<BTreeSet<String>> {
        let (mut projects, thing) = (BTreeSet::new(), Thing::Project);
        let Some(known) = self.previous_extraction().await? else { return Ok(projects) };
        for file in known.files(thing.resource()) {
            for batch in self.store.batches(file, thing.key()).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                projects.extend(self.keys(file, &batch, thing)?.into_iter().flatten());
            }
        }
        Ok(projects)
    }

    /// Compares the stage with the account's newest extraction; returns warnings.
    ///
    /// # Errors
    /// `guarded` or `invalid_permissions` where too much would be removed; `output_failed` where the
    /// two cannot be compared.
    pub(super) async fn check_removals(
        &self,
        staged: &Staged,
        record: &Record,
        guard: &Guard,
    ) -> Result<Vec<String>> {
        let Some(known) = self.previous_extraction().await? else { return Ok(Vec::new()) };
        let failed = |error| database::failed(staged.path(), &error);
        for thing in Thing::ALL {
            self.remember(&staged.connection, &known, thing).await?;
        }
        let changes = changes(&staged.connection, Sides::BeforeAndStage, staged, record, guard);
        let changes = changes.map_err(failed)?;
        judge(changes, &Proofs::read(&staged.connection).map_err(failed)?, guard.limit)
    }

    /// Takes the keys in a table of an extraction into a temporary table; none where the extraction
    /// has no such table, which is not compared then.
    async fn remember(&self, stage: &Connection, known: &Known, thing: Thing) -> Result<()> {
        let (table, key) = (before(thing), thing.key().join(", "));
        stage.execute_batch(&format!("DROP TABLE IF EXISTS temp.{table}"))?;
        if !known.has(thing.resource()) {
            return Ok(());
        }
        stage.execute_batch(&format!(
            "CREATE TEMP TABLE {table} ({key}, PRIMARY KEY ({key})); BEGIN"
        ))?;
        let values = vec!["?"; thing.key().len()].join(", ");
        let mut insert = stage.prepare(&format!("INSERT INTO temp.{table} VALUES ({values})"))?;
        for file in known.files(thing.resource()) {
            for batch in self.store.batches(file, thing.key()).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                for key in self.keys(file, &batch, thing)? {
                    insert.execute(params_from_iter(key))?;
                }
            }
        }
        Ok(stage.execute_batch("COMMIT")?)
    }

    fn keys(&self, file: &str, batch: &RecordBatch, thing: Thing) -> Result<Vec<Vec<String>>> {
        let keys = rows(batch, thing.key());
        keys.ok_or_else(|| self.store.unreadable(file, "a column of its key is missing"))
    }

    /// What `record` says is refused, of what the account's earlier extractions have.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn degraded(&self, record: &Record) -> Result<Vec<Degraded>> {
        let (wanted, mut before) = (refused(record), LastRead::new());
        for known in self.earlier.extractions.values().rev().take(REACH) {
            self.add_read(known, &wanted, &mut before).await?;
            if before.len() == wanted.len() {
                break;
            }
        }
        Ok(degraded(record, &before, false))
    }

    /// Adds what of `wanted` an extraction has, where a newer one has it not.
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

/// The texts of these columns, row by row; nothing where one is missing.
fn rows(batch: &RecordBatch, columns: &[&str]) -> Option<Vec<Vec<String>>> {
    let columns = columns.iter().map(|name| text(batch, name)).collect::<Option<Vec<_>>>()?;
    let row = |row: usize| columns.iter().map(|column| column.value(row).to_owned()).collect();
    Some((0..batch.num_rows()).map(row).collect())
}
