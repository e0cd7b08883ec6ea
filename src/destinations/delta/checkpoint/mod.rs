//! Checkpoints: a table at one version, as a Parquet file, so that readers need not replay all
//! commits. <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoints>

mod cells;
mod schema;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::errors::{ParquetError, Result};
use serde_json::Value;

use super::action::{Action, Add, Remove};
use super::snapshot::Snapshot;

/// Actions in memory at a time.
const BATCH: usize = 1024;

/// How long a checkpoint keeps a removed file, unless the table has a property of its own: the
/// protocol's default. `VACUUM` takes it from there.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The property by which users keep removed files for longer or shorter.
const RETENTION: &str = "delta.deletedFileRetentionDuration";

/// Reads a checkpoint.
///
/// # Errors
/// Where it has not the form of one.
pub(super) fn read(body: Bytes, mut take: impl FnMut(Action)) -> Result<()> {
    // Another writer's file may name Arrow types of its own for the same values.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(body, options)?;
    let columns = schema::leaves();
    let mask =
        ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str));
    for batch in builder.with_projection(mask).with_batch_size(BATCH).build()? {
        let rows = StructArray::from(batch?);
        for row in 0..rows.len() {
            take(serde_json::from_value(cells::value(&rows, row)?).map_err(external)?);
        }
    }
    Ok(())
}

/// Writes a checkpoint. Returns its content, and the number of its actions.
///
/// # Errors
/// When it cannot be encoded.
pub(super) fn write(snapshot: &Snapshot, now: i64) -> Result<(Vec<u8>, usize)> {
    let schema = Arc::new(schema::schema());
    let mut body = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut body, Arc::clone(&schema), None)?;
    let (mut batch, mut size) = (Vec::new(), 0);
    for action in actions(snapshot, now) {
        batch.push(serde_json::to_value(action).map_err(external)?);
        size += 1;
        if batch.len() == BATCH {
            writer.write(&rows(&schema, &batch)?)?;
            batch.clear();
        }
    }
    writer.write(&rows(&schema, &batch)?)?;
    writer.close()?;
    Ok((body, size))
}

fn rows(schema: &Arc<arrow_schema::Schema>, actions: &[Value]) -> Result<RecordBatch, ArrowError> {
    let values: Vec<_> = actions.iter().map(Some).collect();
    let columns = cells::array(&DataType::Struct(schema.fields().clone()), &values)?;
    RecordBatch::try_new(Arc::clone(schema), columns.as_struct().columns().to_vec())
}

/// The actions that a checkpoint has.
fn actions(snapshot: &Snapshot, now: i64) -> impl Iterator<Item = Action> {
    // In a checkpoint, no file is new.
    let add = |add: &Add| Action::from(Add { data_change: false, ..add.clone() });
    let remove = |one: &Remove| Action::from(Remove { data_change: false, ..one.clone() });
    let keeps_all = snapshot.metadata.configuration.contains_key(RETENTION);
    let is_kept = move |one: &&Remove| {
        keeps_all || one.deletion_timestamp.is_some_and(|time| time > now - KEPT_MS)
    };
    let head = [snapshot.protocol.clone().into(), snapshot.metadata.clone().into()];
    let transactions = snapshot.transactions.values().cloned().map(Action::from);
    let removes = snapshot.removes.values().filter(is_kept).map(remove);
    head.into_iter().chain(transactions).chain(snapshot.adds.values().map(add)).chain(removes)
}

fn external(error: serde_json::Error) -> ParquetError {
    ParquetError::External(Box::new(error))
}
