//! Reads from the record of an extraction which environments' statuses it holds.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::{RecordBatch, StringArray};

use super::Parquet;
use super::manifest::Known;
use crate::Result;
use crate::model::resource::Resource;
use crate::record::Outcome;
use crate::resources::flag_statuses::FlagStatuses;

/// The error of a file that has other columns than flaglake writes.
pub(super) const NOT_OURS: &str = "its columns are not those that flaglake writes";

/// The table that records the outcome of reading each resource.
pub(super) const RECORD: &str = "extraction_resources";

/// The columns of [`RECORD`] that are read.
const COLUMNS: [&str; 3] = ["resource", "scope", "outcome"];

/// The table that records the runs, and its column that says whether a run was limited to some
/// projects.
pub(in crate::destinations) const RUNS: &str = "extractions";
const ONLY_SELECTED: &str = "only_selected_projects";

/// The outcome of reading statuses in each environment, in one extraction.
#[derive(Default)]
pub(super) struct Scopes {
    /// Whether all statuses of an environment were read; `None` where there is no record.
    complete: Option<BTreeMap<String, bool>>,
    /// Whether only some of the account's projects were read.
    is_of_selected: bool,
}

impl Scopes {
    /// Whether the extraction has the statuses of `scope`.
    pub(super) fn has(&self, scope: &str) -> bool {
        self.complete.as_ref().is_none_or(|scopes| scopes.get(scope) == Some(&true))
    }

    /// Whether an earlier extraction may have the statuses of `scope`. It cannot, if this
    /// extraction read all projects and the environment did not exist.
    pub(super) fn may_be_earlier(&self, scope: &str) -> bool {
        let is_known = |scopes: &BTreeMap<_, _>| scopes.contains_key(scope);
        self.is_of_selected || self.complete.as_ref().is_some_and(is_known)
    }

    fn add(&mut self, batch: &RecordBatch) -> Option<()> {
        let [resources, names, outcomes] = COLUMNS.map(|name| text(batch, name));
        let (resources, names, outcomes) = (resources?, names?, outcomes?);
        let complete = self.complete.get_or_insert_default();
        for row in 0..batch.num_rows() {
            if resources.value(row) == FlagStatuses::NAME {
                let is_complete = outcomes.value(row) == Outcome::Complete.name();
                complete.insert(names.value(row).to_owned(), is_complete);
            }
        }
        Some(())
    }
}

/// A text column.
pub(super) fn text<'b>(batch: &'b RecordBatch, name: &str) -> Option<&'b StringArray> {
    batch.column_by_name(name)?.as_string_opt::<i32>()
}

impl Parquet {
    /// Reads the environments whose statuses an extraction has.
    ///
    /// # Errors
    /// When its record cannot be read.
    pub(super) async fn scopes(&self, known: &Known) -> Result<Scopes> {
        let mut scopes = Scopes::default();
        for file in known.files(RECORD) {
            for batch in self.store.batches(file, &COLUMNS).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                scopes.add(&batch).ok_or_else(|| self.store.unreadable(file, NOT_OURS))?;
            }
        }
        scopes.is_of_selected = self.is_of_selected(known).await?;
        Ok(scopes)
    }

    /// Whether an extraction read only some of the account's projects. One of an earlier version of
    /// flaglake does not record that, and is treated as if it did.
    pub(super) async fn is_of_selected(&self, known: &Known) -> Result<bool> {
        let mut is_of_selected = !known.has(RUNS);
        for file in known.files(RUNS) {
            for batch in self.store.batches(file, &[ONLY_SELECTED]).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                let column = batch.column_by_name(ONLY_SELECTED);
                let column = column.and_then(|column| column.as_boolean_opt());
                is_of_selected |= column.is_none_or(|column| column.true_count() > 0);
            }
        }
        Ok(is_of_selected)
    }
}
