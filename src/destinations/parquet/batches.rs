//! Reads the rows of a Parquet file, a batch at a time.

use std::fs::File;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::store::Store;
use crate::Result;

impl Store {
    /// The rows of a Parquet file, with these of its columns.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub async fn batches(
        &self,
        name: &str,
        columns: &[&'static str],
    ) -> Result<ParquetRecordBatchReader> {
        let file = match self {
            Store::Folder(root) => {
                File::open(root.path(name)).map_err(|error| self.unreadable(name, error))?
            }
            Store::Bucket(bucket) => {
                bucket.download(name).await.map_err(|error| self.unreadable(name, error))?
            }
        };
        reader(file, columns).map_err(|error| self.unreadable(name, error))
    }
}

fn reader(
    file: File,
    columns: &[&'static str],
) -> parquet::errors::Result<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    builder.with_projection(columns).build()
}
