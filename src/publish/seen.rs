//! Since when a status has been seen, in Parquet: by the newest extraction that has statuses.

use std::fs::File;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::TimestampMillisecondType;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStoreExt};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use rusqlite::{Connection, Statement, params};
use tracing::warn;

use super::batch::milliseconds;
use super::parquet::Parquet;
use crate::record::Extraction;
use crate::resource::Resource;
use crate::resources::flag_statuses::{FlagStatuses, STATUS_SINCE};
use crate::stage::Staged;
use crate::{Error, Result, database};

/// What the newest extraction has seen: on disk, as an account may be large.
const DDL: &str = "CREATE TEMP TABLE seen (
    project_key TEXT, flag_key TEXT, environment_key TEXT, status TEXT, status_since INTEGER,
    PRIMARY KEY (project_key, flag_key, environment_key)) WITHOUT ROWID";

/// A flag that was made anew under its key has no past.
const FILL: &str = "UPDATE flag_statuses AS new SET status_since = coalesce((
        SELECT since FROM (
            SELECT *, strftime('%Y-%m-%dT%H:%M:%fZ', status_since / 1000.0, 'unixepoch') AS since
            FROM seen
        ) AS old JOIN flags AS flag USING (project_key, flag_key)
        WHERE old.project_key = new.project_key AND old.flag_key = new.flag_key
          AND old.environment_key = new.environment_key AND old.status = new.status
          AND since >= flag.created_at
    ), strftime('%Y-%m-%dT%H:%M:%fZ', ?1 / 1000.0, 'unixepoch'))";

/// The columns of a file that are read.
const COLUMNS: [&str; 5] = ["project_key", "flag_key", "environment_key", "status", STATUS_SINCE];

impl Parquet {
    /// Fills [`STATUS_SINCE`] in the stage: where the newest extraction of the account saw the same
    /// status, it has been seen since then; else since this run started.
    ///
    /// # Errors
    /// `output_failed` when the stage cannot be written. Where what was published before cannot be
    /// read, that is a warning.
    pub(super) async fn date_statuses(
        &self,
        staged: &Staged,
        extraction: &Extraction,
    ) -> Result<()> {
        if !staged.tables.iter().any(|table| table.name == FlagStatuses::NAME) {
            return Ok(());
        }
        let failed = |error| database::failed(staged.path(), &error);
        let connection = &staged.connection;
        connection
            .execute_batch(&format!("DROP TABLE IF EXISTS temp.seen; {DDL}; BEGIN"))
            .map_err(failed)?;
        if let Err(error) = self.read_seen(connection, extraction.account_id.as_deref()).await {
            warn!(%error, "Flag statuses of the last extraction could not be read: `status_since` starts anew.");
        }
        connection.execute(FILL, [extraction.started_at]).map_err(failed)?;
        connection.execute_batch("COMMIT; DROP TABLE temp.seen").map_err(failed)
    }

    async fn read_seen(&self, connection: &Connection, account_id: Option<&str>) -> Result<()> {
        let Some((path, started_at)) = self.newest_statuses(account_id).await? else {
            return Ok(());
        };
        let failed = |error: &dyn std::fmt::Display| self.store.failed(error);
        let object = self.store.objects.get(&path).await.map_err(|error| failed(&error))?;
        let batches = match object.payload {
            GetResultPayload::File(file, _) => reader::<File>(file),
            GetResultPayload::Stream(_) => {
                reader(object.bytes().await.map_err(|error| failed(&error))?)
            }
        };
        let sql = "INSERT OR IGNORE INTO seen VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = connection.prepare(sql)?;
        for batch in batches.map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            keep(&mut insert, &batch, started_at)?.ok_or_else(|| {
                Error::output(path.as_ref(), "it is not what flaglake has written")
            })?;
        }
        Ok(())
    }

    /// The file of the newest extraction of the account that has statuses, and when that started.
    async fn newest_statuses(&self, account_id: Option<&str>) -> Result<Option<(Path, i64)>> {
        for id in self.extractions().await?.iter().rev() {
            let known = self.manifest(id).await?;
            let table = known.tables.iter().find(|table| table.name == FlagStatuses::NAME);
            let file = table.and_then(|table| table.files.first());
            let started_at = milliseconds(&known.started_at);
            if let (Some(file), Some(started_at)) = (file, started_at)
                && known.account_id.as_deref() == account_id
            {
                let parts: Vec<_> = file.split('/').collect();
                return Ok(Some((self.store.path(&parts), started_at)));
            }
        }
        Ok(None)
    }
}

fn reader<R: ChunkReader + 'static>(file: R) -> parquet::errors::Result<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
    builder.with_projection(columns).build()
}

/// Writes a batch; nothing where it lacks a column. An earlier flaglake did not tell since when a
/// status had been seen: at least since its own run, which `started_at` then.
fn keep(
    insert: &mut Statement<'_>,
    batch: &RecordBatch,
    started_at: i64,
) -> rusqlite::Result<Option<()>> {
    let text = |name| batch.column_by_name(name)?.as_string_opt::<i32>();
    let [Some(projects), Some(flags), Some(environments), Some(statuses)] =
        ["project_key", "flag_key", "environment_key", "status"].map(text)
    else {
        return Ok(None);
    };
    let since = batch.column_by_name(STATUS_SINCE);
    let since = since.and_then(|since| since.as_primitive_opt::<TimestampMillisecondType>());
    for row in 0..batch.num_rows() {
        let since = since.filter(|since| since.is_valid(row)).map(|since| since.value(row));
        insert.execute(params![
            projects.value(row),
            flags.value(row),
            environments.value(row),
            statuses.value(row),
            since.unwrap_or(started_at),
        ])?;
    }
    Ok(Some(()))
}
