//! Parquet files under a folder for each extraction; the manifest, written last, makes them count.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use object_store::buffered::BufWriter;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use parquet::arrow::AsyncArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::batch::{milliseconds, next_batch};
use super::manifest::{Known, Manifest, TableManifest, newest_entries};
use super::store::Store;
use super::{NewestEntries, Rows, coverage, ids, views};
use crate::interrupt::Interrupt;
use crate::output::Destination;
use crate::record::{Coverage, Extraction, Record};
use crate::stage::Staged;
use crate::table::TableInfo;
use crate::verify::ReferenceCheck;
use crate::{Result, catalog, database};

/// Rows in a row group: large enough to compress well, small enough to stay in memory.
const ROW_GROUP: usize = 16_384;

/// Bytes of a column that are in memory before they are compressed, and of its dictionary: there
/// are as many as the table has columns.
const BUFFER: usize = 256 * 1024;

/// No run writes for longer.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(24);

/// The object that keeps an ID for one run; of no meaning to readers.
fn claim(id: &str) -> [String; 2] {
    ["_extractions".to_owned(), format!("{id}.claim")]
}

/// A Parquet output that was looked at.
#[derive(Debug)]
pub struct Parquet {
    pub(super) store: Store,
    /// How many extractions of the account stay.
    pub(super) keep_extractions: Option<usize>,
}

impl Parquet {
    /// Makes sure that the store can be opened.
    ///
    /// # Errors
    /// `output_failed` when it cannot.
    pub fn check(destination: &Destination) -> Result<Self> {
        Ok(Parquet { store: Store::open(destination)?, keep_extractions: None })
    }

    /// The IDs of the complete extractions.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn extractions(&self) -> Result<BTreeSet<String>> {
        let prefix = self.store.path(&["_extractions"]);
        let objects = self.store.objects.list(Some(&prefix)).try_collect::<Vec<_>>().await;
        let objects = objects.map_err(|error| self.store.failed(error))?;
        let names = objects.iter().filter_map(|object| object.location.filename());
        Ok(names.filter_map(|name| name.strip_suffix(".json")).map(str::to_owned).collect())
    }

    /// Gives `extraction` an ID that no other run has, nor is about to.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read or written.
    pub async fn choose_id(&self, extraction: &mut Extraction) -> Result<()> {
        let taken = self.extractions().await?;
        for id in ids(extraction.started_at) {
            if !taken.contains(&id) && self.claim(&id).await? {
                extraction.extraction_id = id;
                break;
            }
        }
        Ok(())
    }

    /// Claims an ID, as two hosts may write to a bucket at once; returns whether it is ours. A
    /// folder has its lock, and file systems that cannot claim.
    async fn claim(&self, id: &str) -> Result<bool> {
        if self.store.is_folder() {
            return Ok(true);
        }
        match self.put(&claim(id), String::new(), PutMode::Create).await {
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Ok(()) | Err(object_store::Error::NotImplemented { .. }) => Ok(true),
            Err(error) => Err(self.store.failed(error)),
        }
    }

    /// Publishes the stage, after removing what dead runs left.
    ///
    /// # Errors
    /// `output_failed`; without a manifest, nothing that was written counts.
    pub async fn publish(
        &self,
        staged: &Staged,
        record: &Record,
        extraction: &Extraction,
        check: ReferenceCheck,
        interrupt: &Interrupt,
    ) -> Result<Rows> {
        let id = &extraction.extraction_id;
        let tables = interrupt.or(self.write_tables(staged, record, id)).await?;
        let known = self.newest_entries(extraction.account_id.as_deref(), Duration::ZERO).await?;
        let newest = newest_entries(staged, known)?;
        check.finish()?;
        interrupt.commit()?;
        let rows = tables.iter().map(|table| (table.name, table.rows)).collect();
        let time = |milliseconds| {
            let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
            format!("{time:.3}")
        };
        let manifest = Manifest {
            extraction_id: &extraction.extraction_id,
            started_at: time(extraction.started_at),
            finished_at: time(extraction.finished_at),
            tool_version: env!("CARGO_PKG_VERSION"),
            schema_version: extraction.schema_version,
            account_id: extraction.account_id.clone(),
            audit_log_read_to: newest.occurred_at.map(time),
            audit_log_newest: newest.ids,
            tables,
        };
        self.write_manifest(&manifest).await?;
        self.prune(extraction).await;
        Ok(rows)
    }

    /// The newest known entries of the account's audit log, by the newest manifest of that account.
    ///
    /// # Errors
    /// `output_failed` when the manifests cannot be read.
    pub async fn newest_entries(
        &self,
        account_id: Option<&str>,
        lookback: Duration,
    ) -> Result<NewestEntries> {
        // A manifest has the IDs of the newest entries only: nothing else may be read again.
        let lookback = i64::try_from(lookback.as_millis()).unwrap_or(i64::MAX);

        for id in self.extractions().await?.iter().rev() {
            let known = self.manifest(id).await?;
            if known.account_id.as_deref() == account_id {
                let occurred_at = known.audit_log_read_to.as_deref().and_then(milliseconds);
                let occurred_at = occurred_at.map(|time| time.saturating_add(lookback));
                return Ok(NewestEntries { occurred_at, ids: known.audit_log_newest });
            }
        }
        Ok(NewestEntries::default())
    }

    pub(super) async fn manifest(&self, id: &str) -> Result<Known> {
        let name = format!("_extractions/{id}.json");
        let failed = |error| self.unreadable(&name, error);
        let path = self.store.path(&["_extractions".to_owned(), format!("{id}.json")]);
        let object = self.store.objects.get(&path).await.map_err(failed)?;
        let body = object.bytes().await.map_err(failed)?;
        serde_json::from_slice(&body).map_err(|error| self.unreadable(&name, error))
    }

    async fn write_tables(
        &self,
        staged: &Staged,
        record: &Record,
        id: &str,
    ) -> Result<Vec<TableManifest>> {
        self.remove_remains().await?;
        let mut tables = Vec::new();
        // A table that could not be read is missing: empty, it would say that there is nothing.
        let read = |table: &&TableInfo| coverage(table, record) != Coverage::None;
        for table in staged.tables.iter().filter(read) {
            tables.push(self.write_table(staged, table, id).await?);
        }
        views::create_over(staged).map_err(|error| database::failed(staged.path(), &error))?;
        for view in views::of(staged, record) {
            tables.push(self.write_table(staged, &view.table(), id).await?);
        }
        Ok(tables)
    }

    async fn write_manifest(&self, manifest: &Manifest<'_>) -> Result<()> {
        let name = format!("{}.json", manifest.extraction_id);
        let relative = format!("_extractions/{name}");
        let latest = serde_json::json!({
            "extraction_id": manifest.extraction_id,
            "manifest": relative,
        });
        let body =
            serde_json::to_string_pretty(manifest).map_err(|error| self.store.failed(error))?;
        let put = self.put(&["_extractions", &name], body, PutMode::Overwrite).await;
        put.map_err(|error| self.store.failed(error))?;
        let put = self.put(&["_latest.json"], format!("{latest:#}"), PutMode::Overwrite).await;
        put.map_err(|error| self.store.failed(error))?;
        self.store.remove_file(&claim(manifest.extraction_id)).await;
        Ok(())
    }

    async fn put(
        &self,
        parts: &[impl AsRef<str>],
        body: String,
        mode: PutMode,
    ) -> Result<(), object_store::Error> {
        let payload = PutPayload::from(body + "\n");
        self.store.objects.put_opts(&self.store.path(parts), payload, mode.into()).await.map(drop)
    }

    /// Removes files of extractions that no manifest names. In a bucket, they may be those of
    /// another host that is not done yet: only old ones are the remains of a dead run for sure.
    async fn remove_remains(&self) -> Result<()> {
        let complete = self.extractions().await?;
        for name in catalog::names() {
            let prefix = self.store.path(&[name]);
            let listed = self.store.objects.list_with_delimiter(Some(&prefix)).await;
            let folders = listed.map_err(|error| self.store.failed(error))?.common_prefixes;
            for folder in folders {
                let id = folder.filename().and_then(|name| name.strip_prefix("extraction_id="));
                let is_unnamed = id.is_some_and(|id| !complete.contains(id));
                if is_unnamed && self.store.is_dead(&folder, LONGEST_RUN).await? {
                    self.store.remove(&folder).await?;
                }
            }
        }
        Ok(())
    }

    async fn write_table(
        &self,
        staged: &Staged,
        table: &TableInfo,
        extraction_id: &str,
    ) -> Result<TableManifest> {
        let partition = format!("extraction_id={extraction_id}");
        let path = self.store.path(&[table.name, &partition, "part-0.parquet"]);
        let sink = BufWriter::new(Arc::clone(&self.store.objects), path.clone());
        let schema = catalog::arrow::schema(table);
        let properties = Some(properties());
        let mut writer = AsyncArrowWriter::try_new(sink, schema, properties)
            .map_err(|error| self.store.failed(error))?;
        let rows = self.copy(staged, table, &mut writer).await?;
        writer.finish().await.map_err(|error| self.store.failed(error))?;
        let bytes = u64::try_from(writer.bytes_written()).unwrap_or(u64::MAX);
        let files = vec![self.store.relative(&path)];
        Ok(TableManifest { name: table.name, rows, bytes, files })
    }

    /// Copies a table in the order of its key, so that the same rows give the same file.
    async fn copy(
        &self,
        staged: &Staged,
        table: &TableInfo,
        writer: &mut AsyncArrowWriter<BufWriter>,
    ) -> Result<usize> {
        let sql = format!("SELECT * FROM {} ORDER BY {}", table.name, table.key.join(", "));
        let unreadable = |error| database::failed(staged.path(), &error);
        let mut statement = staged.connection.prepare(&sql).map_err(unreadable)?;
        let mut rows = statement.query([]).map_err(unreadable)?;
        let mut copied = 0;
        loop {
            let batch = next_batch(table, &mut rows).map_err(|error| error.at(staged.path()))?;
            if batch.num_rows() == 0 {
                return Ok(copied);
            }
            copied += batch.num_rows();
            writer.write(&batch).await.map_err(|error| self.store.failed(error))?;
        }
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
