//! Copies the record of the runs: of the newest extraction, and of a year of extractions before,
//! from which trends are computed.

use std::collections::BTreeSet;

use rusqlite::Connection;
use tracing::warn;

use super::rows::Extraction;
use crate::destinations::copy;
use crate::destinations::extraction::ids;
use crate::destinations::parquet::manifest::Reading;
use crate::destinations::parquet::read::RUNS;
use crate::destinations::parquet::{Parquet, lake};
use crate::model::time::milliseconds;
use crate::{Result, record};

/// The time before the newest extraction that trends show.
const YEAR: i64 = 366 * 24 * 3_600_000;

impl Parquet {
    /// Copies the record of the runs. Returns the extractions, in the order of their IDs, which is
    /// that of their publication. Earlier ones that cannot be read are left out, with a warning.
    ///
    /// # Errors
    /// When the record of the newest cannot be read.
    pub(super) async fn copy_runs(
        &self,
        copy: &Connection,
        newest: &Extraction,
    ) -> Result<Vec<Extraction>> {
        for table in record::tables() {
            let created = copy.execute_batch(&copy::declaration(&table));
            created.map_err(|error| copy::failed(&error))?;
        }
        self.copy_run(copy, newest).await?;
        let mut runs = Vec::new();
        for id in self.ids_of_a_year(newest).await? {
            if id == newest.id {
                runs.push(Extraction { id, known: newest.known.clone() });
                continue;
            }
            match self.earlier_run(copy, &id).await {
                Ok(run) => runs.extend(run),
                Err(error) => {
                    warn!(%error, "The extraction {id} cannot be read: trends do not have it.");
                    forget(copy, &id)?;
                }
            }
        }
        mark(copy, &newest.id).map_err(|error| copy::failed(&error))?;
        Ok(runs)
    }

    /// The IDs of the extractions that trends show.
    async fn ids_of_a_year(&self, newest: &Extraction) -> Result<BTreeSet<String>> {
        let files = self.store.list(&lake::extractions(&self.earlier.account)).await?.files;
        let started_at = milliseconds(&newest.known.started_at).unwrap_or_default();
        let first = ids(started_at - YEAR).next().unwrap_or_default();
        let names = files.iter().filter_map(|name| name.strip_suffix(".json"));
        let names = names.filter(|id| lake::is_id(id) && **id >= *first).map(str::to_owned);
        Ok(names.chain([newest.id.clone()]).collect())
    }

    /// Copies the record of an earlier run; `None` where it is dead.
    async fn earlier_run(&self, copy: &Connection, id: &str) -> Result<Option<Extraction>> {
        let known = match self.manifest(&self.earlier.account, id).await? {
            Reading::Complete(known) => known,
            Reading::Torn => return Ok(None),
            Reading::Strange(error) => {
                let name = lake::manifest(&self.earlier.account, id);
                return Err(self.store.unreadable(&name, error));
            }
        };
        let run = Extraction { id: id.to_owned(), known };
        self.copy_run(copy, &run).await.map(|()| Some(run))
    }

    async fn copy_run(&self, copy: &Connection, run: &Extraction) -> Result<()> {
        for table in record::tables() {
            self.copy_rows(copy, "main", &table, run).await?;
        }
        Ok(())
    }
}

/// Deletes the rows of a run.
fn forget(copy: &Connection, id: &str) -> Result<()> {
    record::tables().iter().try_for_each(|table| {
        let sql = format!("DELETE FROM main.{} WHERE extraction_id = ?1", table.name);
        copy.execute(&sql, [id]).map(drop).map_err(|error| copy::failed(&error))
    })
}

/// Marks the newest extraction. In its file, each one is: it was, when it was written.
fn mark(copy: &Connection, id: &str) -> rusqlite::Result<()> {
    let sql = format!("UPDATE main.{RUNS} SET is_latest = (extraction_id = ?1)");
    copy.execute(&sql, [id]).map(drop)
}
