//! Copies the rows of one table of an extraction. All that the manifest names must be there.

use arrow_array::RecordBatch;
use rusqlite::{Connection, Statement, params_from_iter};

use crate::Result;
use crate::destinations::copy;
use crate::destinations::parquet::accumulated::of_earlier;
use crate::destinations::parquet::manifest::{Known, KnownTable};
use crate::destinations::parquet::read::NOT_OURS;
use crate::destinations::parquet::{Parquet, lake};
use crate::model::table::TableInfo;
use crate::model::table::ddl::parameters;
use crate::terminal::counted;

/// A complete extraction.
pub(super) struct Extraction {
    /// Its ID.
    pub id: String,
    /// Its manifest.
    pub known: Known,
}

impl Extraction {
    /// A table that has rows.
    fn part(&self, name: &str) -> Option<&KnownTable> {
        self.known.tables.iter().find(|part| part.name == name && part.rows > 0)
    }
}

impl Parquet {
    /// Copies the rows that an extraction has of `table` to the table in `schema`.
    ///
    /// # Errors
    /// `output_failed` when a file is missing or damaged, or the copy cannot be written.
    pub(super) async fn copy_rows(
        &self,
        copy: &Connection,
        schema: &str,
        table: &TableInfo,
        from: &Extraction,
    ) -> Result<()> {
        let Some(part) = from.part(table.name) else { return Ok(()) };
        self.check_files(part, from).await?;
        let table = &copy::lenient(table);
        let sql = format!("INSERT INTO {schema}.{} VALUES ({})", table.name, parameters(table));
        let mut insert = copy.prepare(&sql).map_err(|error| copy::failed(&error))?;
        let columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
        let mut rows = 0;
        for file in &part.files {
            for batch in self.store.batches(file, &columns).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                rows += batch.num_rows();
                let added = add(&mut insert, &batch, table, from);
                let added = added.map_err(|error| copy::failed(&error))?;
                added.ok_or_else(|| self.store.unreadable(file, NOT_OURS))?;
            }
        }
        if rows == part.rows {
            return Ok(());
        }
        let reason =
            format!("it has {}, and its manifest says {}", counted(rows, "row"), part.rows);
        Err(self.store.unreadable(&part.files.join(", "), reason))
    }

    /// Checks that the files of a table are those of the extraction, with their size.
    async fn check_files(&self, part: &KnownTable, from: &Extraction) -> Result<()> {
        let folder = lake::partition(&part.name, &self.earlier.account, &from.id);
        let mut bytes = 0;
        for file in &part.files {
            let name = file.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/'));
            if !name.is_some_and(lake::is_part) {
                return Err(self.store.unreadable(file, "it is not a file of its extraction"));
            }
            let size = self.store.size(file).await?;
            bytes += size.ok_or_else(|| self.store.unreadable(file, "it is missing"))?;
        }
        match part.bytes {
            Some(known) if known != bytes => {
                let reason = format!("it has {bytes} bytes, and its manifest says {known}");
                Err(self.store.unreadable(&part.files.join(", "), reason))
            }
            _ => Ok(()),
        }
    }
}

/// Adds rows; `None` where a cell is not of a type that flaglake writes.
fn add(
    insert: &mut Statement<'_>,
    batch: &RecordBatch,
    table: &TableInfo,
    from: &Extraction,
) -> rusqlite::Result<Option<()>> {
    for row in 0..batch.num_rows() {
        let cells = table.columns.iter();
        let cells = cells.map(|column| of_earlier(batch, row, column, &from.id, &from.known));
        let Some(cells) = cells.collect::<Option<Vec<_>>>() else { return Ok(None) };
        insert.execute(params_from_iter(cells))?;
    }
    Ok(Some(()))
}
