//! Parquet: files in a folder per table, account and extraction. An extraction counts once its
//! manifest is written, which happens after all its files are durable.

use std::collections::BTreeSet;

use parquet::arrow::{ArrowWriter, AsyncArrowWriter, async_writer::AsyncFileWriter};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

mod accumulated;
mod address;
mod batch;
mod batches;
pub mod bucket;
mod dates;
mod destination;
mod earlier;
mod entries;
mod folder;
mod lake;
mod load;
mod manifest;
mod prune;
mod publish;
mod read;
mod remains;
mod removals;
mod status_since;
pub(super) mod store;
mod unchanged;
mod views;

pub(super) use self::accumulated::accumulates;
pub(super) use self::address::{KIND, Lake};
pub(super) use self::lake::FORMAT;
pub(super) use self::manifest::KnownTable;
pub(super) use self::read::RUNS;

use self::batch::{next_batch, select};
use self::earlier::Earlier;
use self::manifest::TableManifest;
use self::store::Store;
use super::ids;
use crate::error::Kind;
use crate::model::table::TableInfo;
use crate::record::RunRow;
use crate::stage::Staged;
use crate::system::database;
use crate::{Error, Result, catalog};

/// Rows in a row group: large enough to compress well, small enough to stay in memory.
const ROW_GROUP: usize = 16_384;

/// The bytes that a column has in memory before they are compressed, and those of its dictionary.
/// Each column of a table has both.
const BUFFER: usize = 256 * 1024;

/// Seconds by which an ID may be later than the run, so that extractions sort by their IDs.
const NEAR: usize = 3600;

/// A Parquet output that was inspected.
#[derive(Debug)]
pub struct Parquet {
    pub(super) store: Store,
    /// How many extractions of the account are kept.
    pub(super) keep_extractions: Option<usize>,
    /// Whether a run that finds nothing changed is only recorded.
    skip_unchanged: bool,
    /// Whether each table has a log of its files. Files are never replaced then.
    pub(super) has_log: bool,
    /// The data of the account in the lake.
    pub(super) earlier: Earlier,
}

/// A table or view that an extraction holds, and the schema of the stage's connection in which it
/// is.
type Part = (&'static str, TableInfo);

impl Parquet {
    /// Opens the store.
    ///
    /// # Errors
    /// `output_failed` when it cannot.
    fn check(lake: &Lake, has_log: bool) -> Result<Self> {
        let (store, earlier) = (Store::open(lake)?, Earlier::default());
        Ok(Parquet { store, keep_extractions: None, skip_unchanged: false, has_log, earlier })
    }

    /// Opens the store of a lake whose tables have logs.
    ///
    /// # Errors
    /// `output_failed` when it cannot.
    pub(super) fn with_logs(lake: &Lake) -> Result<Self> {
        Parquet::check(lake, true)
    }

    /// The same lake after the logs of its tables have changed: these are the files to which they
    /// refer.
    pub(super) fn referring_to(&self, referred: BTreeSet<String>) -> Self {
        let earlier = Earlier { referred, ..self.earlier.clone() };
        Parquet { store: self.store.clone(), earlier, ..*self }
    }

    /// Gives `extraction` an ID that no other run has or can take. The ID is claimed before the
    /// first file is written, so that the files of a dead run are known to be flaglake's.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read or written.
    pub async fn choose_id(&self, extraction: &mut RunRow) -> Result<()> {
        let account = &self.earlier.account;
        if account.is_empty() {
            return Err(Error::new(Kind::Internal, "it is not known whose data is published"));
        }
        let taken = self.store.list(&lake::extractions(account)).await?.files;
        // Unless a clock was far wrong, a new ID is later than all others: IDs then have the order
        // of publication, and the ID of a removed extraction is not used again.
        let newest = self.earlier.extractions.keys().next_back();
        let is_newer = |id: &String| newest.is_none_or(|newest| id > newest);
        let is_near = ids(extraction.started_at).take(NEAR).any(|id| is_newer(&id));
        for id in ids(extraction.started_at).filter(|id| !is_near || is_newer(id)) {
            let body = format!("{{\"extraction_id\": \"{id}\"}}\n");
            let is_free = !taken.contains(&format!("{id}.json"));
            if is_free && self.store.create(&lake::claim(account, &id), body).await? {
                extraction.extraction_id = id;
                break;
            }
        }
        Ok(())
    }

    async fn write_table(
        &self,
        staged: &Staged,
        schema: &str,
        table: &TableInfo,
        extraction_id: &str,
    ) -> Result<TableManifest> {
        let folder = lake::partition(table.name, &self.earlier.account, extraction_id);
        let file = format!("{folder}/part-0.parquet");
        let sink = self.store.sink(&file)?;
        let file_table = catalog::arrow::file_of_extraction(table);
        let arrow = catalog::arrow::schema(&file_table);
        let mut writer = AsyncArrowWriter::try_new(sink, arrow, Some(properties()))
            .map_err(|error| self.store.failed(error))?;
        let rows = self.copy(staged, schema, &file_table, &mut writer).await?;
        writer.finish().await.map_err(|error| self.store.failed(error))?;
        let bytes = u64::try_from(writer.bytes_written()).unwrap_or(u64::MAX);
        Ok(TableManifest { name: table.name, rows, bytes, files: vec![file], digest: None })
    }

    /// Copies a table in the order of its key, so that the same rows give the same file.
    async fn copy(
        &self,
        staged: &Staged,
        schema: &str,
        file: &TableInfo,
        writer: &mut AsyncArrowWriter<Box<dyn AsyncFileWriter>>,
    ) -> Result<usize> {
        let unreadable = |error| database::failed(staged.path(), &error);
        let mut statement = staged.connection.prepare(&select(schema, file)).map_err(unreadable)?;
        let mut rows = statement.query([]).map_err(unreadable)?;
        let mut copied = 0;
        loop {
            let batch = next_batch(file, &mut rows).map_err(|error| error.at(staged.path()))?;
            if batch.num_rows() == 0 {
                return Ok(copied);
            }
            copied += batch.num_rows();
            writer.write(&batch).await.map_err(|error| self.store.failed(error))?;
        }
    }

    /// The file with the row that names the extraction, for queries.
    fn newest_row(&self, staged: &Staged) -> Result<Vec<u8>> {
        let unreadable = |error| database::failed(staged.path(), &error);
        let file = catalog::arrow::file(&views::latest_extraction());
        let mut statement =
            staged.connection.prepare(&select("temp", &file)).map_err(unreadable)?;
        let mut rows = statement.query([]).map_err(unreadable)?;
        let batch = next_batch(&file, &mut rows).map_err(|error| error.at(staged.path()))?;
        let write = || {
            let mut body = Vec::new();
            let mut writer = ArrowWriter::try_new(&mut body, batch.schema(), Some(properties()))?;
            writer.write(&batch)?;
            writer.close()?;
            Ok::<_, parquet::errors::ParquetError>(body)
        };
        write().map_err(|error| self.store.failed(error))
    }
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_size_limit(BUFFER)
        .set_dictionary_page_size_limit(BUFFER)
        .set_created_by(concat!("flaglake ", env!("CARGO_PKG_VERSION")).to_owned())
        .build()
}
