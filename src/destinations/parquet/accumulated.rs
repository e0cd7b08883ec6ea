//! Views over tables that accumulate read the rows of all extractions, because each extraction
//! holds only the rows that were new to it.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use tracing::warn;

use super::Parquet;
use super::batch::cell;
use super::manifest::Known;
use super::read::NOT_OURS;
use super::views;
use crate::model::privacy::Privacy;
use crate::model::table::ddl::data_type;
use crate::model::table::{ColumnInfo, TableInfo};
use crate::model::view::{self, View};
use crate::stage::Staged;
use crate::system::database;
use crate::{Result, catalog, record};

/// A table with the rows of this run and of all earlier extractions.
struct Whole<'s> {
    table: &'s TableInfo,
    connection: &'s Connection,
    privacy: &'s Privacy,
    /// The columns that a view may read, as [`Privacy`] treats them.
    columns: Vec<ColumnInfo>,
    /// Those of them that are in the files. Others, such as the ID of the extraction, are in the
    /// names of folders.
    in_files: Vec<&'static str>,
}

impl Parquet {
    /// Makes the views of this connection also read the rows of earlier extractions. Returns the
    /// tables that could not be read completely: views over them would be wrong.
    ///
    /// # Errors
    /// `output_failed` when the stage cannot be written.
    pub(super) async fn accumulate(
        &self,
        staged: &Staged,
        views: &[View],
    ) -> Result<BTreeSet<&'static str>> {
        let mut partial = BTreeSet::new();
        if self.earlier.extractions.is_empty() && self.earlier.strange.is_empty() {
            return Ok(partial);
        }
        let is_asked = |table: &&TableInfo| {
            let readers =
                if accumulates(table) { views::readers(table.name) } else { BTreeSet::new() };
            views.iter().any(|view| readers.contains(view.name))
        };
        for table in staged.tables.iter().filter(is_asked) {
            let whole = Whole::new(staged, table);
            whole.create().map_err(|error| database::failed(staged.path(), &error))?;
            if !self.earlier.strange.is_empty() {
                partial.insert(table.name);
            } else if let Err(error) = self.fill(&whole).await {
                warn!(%error, "Earlier extractions cannot be read completely.");
                partial.insert(table.name);
            }
        }
        Ok(partial)
    }

    /// Adds the rows of earlier extractions. Of rows with the same key, the newest is kept.
    async fn fill(&self, whole: &Whole<'_>) -> Result<()> {
        for (id, known) in self.earlier.extractions.iter().rev() {
            for file in known.files(whole.table.name) {
                for batch in self.store.batches(file, &whole.in_files).await? {
                    let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                    let added = whole.add(&batch, id, known)?;
                    added.ok_or_else(|| self.store.unreadable(file, NOT_OURS))?;
                }
            }
        }
        Ok(())
    }
}

/// Whether an extraction holds only the new rows of a table.
pub(in crate::destinations) fn accumulates(table: &TableInfo) -> bool {
    table.accumulates || record::tables().contains(table)
}

impl<'s> Whole<'s> {
    fn new(staged: &'s Staged, table: &'s TableInfo) -> Self {
        let views = view::all();
        let is_read = |name| {
            table.key.contains(&name) || views.iter().any(|view| views::mentions(view, name))
        };
        let columns = table.columns.iter().filter(|column| is_read(column.name));
        let columns = columns
            .map(|column| ColumnInfo { personal: Privacy::concerns(table, column), ..*column });
        let (columns, files) = (columns.collect::<Vec<_>>(), catalog::arrow::file(table));
        let names = columns.iter().map(|column| column.name);
        let in_files = names.filter(|name| files.position(name).is_some()).collect();
        let (connection, privacy) = (&staged.connection, &staged.privacy);
        Whole { table, connection, privacy, columns, in_files }
    }

    /// Creates a temporary table that hides the one of the stage, and copies its rows.
    fn create(&self) -> rusqlite::Result<()> {
        let (name, key) = (self.table.name, self.table.key.join(", "));
        let declare = |column: &ColumnInfo| {
            let null = if column.nullable { "" } else { " NOT NULL" };
            format!("{} {}{null}", column.name, data_type(column.ty))
        };
        let declared = self.columns.iter().map(declare).collect::<Vec<_>>().join(", ");
        let columns = self.columns.iter().map(|column| column.name);
        let columns = columns.collect::<Vec<_>>().join(", ");
        self.connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.{name};
             CREATE TEMP TABLE {name} ({declared}, PRIMARY KEY ({key})) WITHOUT ROWID;
             INSERT INTO temp.{name} SELECT {columns} FROM main.{name}"
        ))
    }

    /// Adds the rows of an earlier extraction. Returns `None` where the batch lacks a required
    /// column.
    fn add(&self, batch: &RecordBatch, id: &str, known: &Known) -> rusqlite::Result<Option<()>> {
        let parameters = vec!["?"; self.columns.len()].join(", ");
        let sql = format!("INSERT OR IGNORE INTO temp.{} VALUES ({parameters})", self.table.name);
        let transaction = self.connection.unchecked_transaction()?;
        let mut insert = transaction.prepare(&sql)?;
        for row in 0..batch.num_rows() {
            let cells = self.columns.iter().map(|column| {
                of_earlier(batch, row, column, id, known).map(|cell| self.treated(column, cell))
            });
            let Some(cells) = cells.collect::<Option<Vec<_>>>() else { return Ok(None) };
            insert.execute(params_from_iter(cells))?;
        }
        drop(insert);
        transaction.commit().map(Some)
    }

    /// Treats personal data: an earlier run may have kept values that this one hashes or removes.
    fn treated(&self, column: &ColumnInfo, cell: Value) -> Value {
        let Value::Text(text) = cell else { return cell };
        self.privacy.treat(column, &text).map_or(Value::Null, Value::Text)
    }
}

/// A cell of an earlier extraction. Three columns are not in its files: they are known from the
/// names of folders and the manifest, or changed with the next extraction.
pub(super) fn of_earlier(
    batch: &RecordBatch,
    row: usize,
    column: &ColumnInfo,
    id: &str,
    known: &Known,
) -> Option<Value> {
    match column.name {
        "extraction_id" => Some(Value::Text(id.to_owned())),
        "account_id" => Some(known.account_id.clone().map_or(Value::Null, Value::Text)),
        "is_latest" => Some(Value::Integer(0)),
        name => match batch.column_by_name(name) {
            Some(cells) => cell(cells, row),
            // The version of flaglake that wrote it did not have the column.
            None => column.nullable.then_some(Value::Null),
        },
    }
}
