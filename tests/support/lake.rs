//! A folder of Parquet files as text, to be compared with a database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMillisecondType};
use flaglake::view;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use flaglake::resources::flag_statuses::STATUS_SINCE;

use super::Tables;

/// A `DateTime` reaches farther than a `Timestamp`.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The Parquet files below `lake`, by table and extraction.
pub fn files(lake: &Path) -> BTreeMap<(String, String), PathBuf> {
    let mut files = BTreeMap::new();
    for table in fs::read_dir(lake).unwrap().map(Result::unwrap) {
        let name = table.file_name().into_string().unwrap();
        if name.starts_with(['_', '.']) {
            continue;
        }
        for extraction in fs::read_dir(table.path()).unwrap().map(Result::unwrap) {
            let id = extraction.file_name().into_string().unwrap();
            files.insert((name.clone(), id), extraction.path().join("part-0.parquet"));
        }
    }
    files
}

/// Whether what a file holds depends on when the run was.
pub fn tells_time(table: &str) -> bool {
    table.starts_with("extraction") || view::all().iter().any(|view| view.name == table)
}

/// The newest extraction's tables as `support::tables` gives them.
pub fn tables(lake: &Path) -> Tables {
    let data = files(lake).into_iter().filter(|((table, _), _)| !tells_time(table));
    data.map(|((table, _), path)| (table, rows(&path))).collect()
}

pub fn rows(path: &Path) -> Vec<String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let batches = reader.build().unwrap().map(Result::unwrap);
    batches
        .flat_map(|batch| {
            (0..batch.num_rows()).map(move |row| line(&batch, row)).collect::<Vec<_>>()
        })
        .collect()
}

fn line(batch: &RecordBatch, row: usize) -> String {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let data = columns.filter(|(field, _)| field.name() != STATUS_SINCE);
    data.map(|(_, column)| cell(column, row)).collect::<Vec<_>>().join(" | ")
}

fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return "NULL".into();
    }
    match column.data_type() {
        DataType::Utf8 => format!("{:?}", column.as_string::<i32>().value(row)),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Boolean => i64::from(column.as_boolean().value(row)).to_string(),
        DataType::Timestamp(_, zone) => {
            assert_eq!(zone.as_deref(), Some("UTC"));
            let milliseconds = column.as_primitive::<TimestampMillisecondType>().value(row);
            let time = EPOCH.checked_add(SignedDuration::from_millis(milliseconds)).unwrap();
            format!("{:?}", format!("{time:.3}Z"))
        }
        other => panic!("no column is {other}"),
    }
}
