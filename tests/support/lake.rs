//! A folder of Parquet files as text, to be compared with a database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use flaglake::model::view;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use flaglake::resources::flag_statuses::STATUS_SINCE;

use super::Tables;

/// A `DateTime` reaches farther than a `Timestamp`.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The Parquet files below `lake`, by table and by the folders of account and extraction.
pub fn files(lake: &Path) -> BTreeMap<(String, String), PathBuf> {
    let mut files = BTreeMap::new();
    for name in names(lake).into_iter().filter(|name| !name.starts_with(['_', '.'])) {
        for account in folders(&lake.join(&name)) {
            for extraction in folders(&lake.join(&name).join(&account)) {
                let folders = format!("{account}/{extraction}");
                let file = lake.join(&name).join(&folders).join("part-0.parquet");
                files.insert((name.clone(), folders), file);
            }
        }
    }
    files
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn folders(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| folder.join(name).is_dir()).collect()
}

/// The name of the folders of the lake's only account.
#[track_caller]
pub fn account(lake: &Path) -> String {
    let accounts = folders(&lake.join("_extractions"));
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    accounts.into_iter().next().unwrap()
}

/// The IDs of an account's complete extractions.
pub fn complete(lake: &Path, account: &str) -> BTreeSet<String> {
    let names = names(&lake.join("_extractions").join(account)).into_iter();
    names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect()
}

/// The pointer to the newest extraction of an account.
pub fn pointer(lake: &Path, account: &str) -> Value {
    json(&lake.join(format!("_latest/{account}.json")))
}

/// The ID of the newest extraction of the lake's only account.
#[track_caller]
pub fn newest(lake: &Path) -> String {
    pointer(lake, &account(lake))["extraction_id"].as_str().unwrap().to_owned()
}

/// The manifest of an extraction of the lake's only account.
pub fn manifest(lake: &Path, id: &str) -> PathBuf {
    lake.join("_extractions").join(account(lake)).join(format!("{id}.json"))
}

/// The file of a table, in an extraction of the lake's only account.
pub fn part(lake: &Path, table: &str, id: &str) -> PathBuf {
    lake.join(table).join(account(lake)).join(format!("extraction_id={id}/part-0.parquet"))
}

pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
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

/// The names of a file's columns.
pub fn columns(path: &Path) -> Vec<String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    reader.schema().fields().iter().map(|field| field.name().clone()).collect()
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
            let microseconds = column.as_primitive::<TimestampMicrosecondType>().value(row);
            let time = EPOCH.checked_add(SignedDuration::from_micros(microseconds)).unwrap();
            format!("{:?}", format!("{time:.3}Z"))
        }
        other => panic!("no column is {other}"),
    }
}

/// Rewrites a file with the batches that `change` gives, and its size in the manifest.
fn rewrite(lake: &Path, id: &str, table: &str, change: impl Fn(RecordBatch) -> RecordBatch) {
    let path = part(lake, table, id);
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&path).unwrap()).unwrap();
    let batches: Vec<_> = reader.build().unwrap().map(|batch| change(batch.unwrap())).collect();
    let file = fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batches[0].schema(), None).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
    let bytes = fs::metadata(&path).unwrap().len();
    change_manifest(lake, id, |manifest| {
        let tables = manifest["tables"].as_array_mut().unwrap();
        tables.iter_mut().find(|one| one["name"] == table).unwrap()["bytes"] = bytes.into();
    });
}

fn change_manifest(lake: &Path, id: &str, change: impl Fn(&mut Value)) {
    let path = manifest(lake, id);
    let mut body = json(&path);
    change(&mut body);
    fs::write(path, format!("{body:#}\n")).unwrap();
}

/// Removes a column from a table of an extraction, as if its version had not had it.
pub fn without_column(lake: &Path, id: &str, table: &str, column: &str) {
    rewrite(lake, id, table, |batch| {
        let index = batch.schema().index_of(column).unwrap();
        let others: Vec<_> = (0..batch.num_columns()).filter(|one| *one != index).collect();
        batch.project(&others).unwrap()
    });
}

/// Removes a table from an extraction, as if its version had not had it.
pub fn without_table(lake: &Path, id: &str, table: &str) {
    fs::remove_file(part(lake, table, id)).unwrap();
    change_manifest(lake, id, |manifest| {
        manifest["tables"].as_array_mut().unwrap().retain(|one| one["name"] != table);
    });
}

/// Moves the start of all extractions of the lake's only account to days before. Their IDs stay.
pub fn shift(lake: &Path, days: i64) {
    let ids = complete(lake, &account(lake));
    for id in ids {
        rewrite(lake, &id, "extractions", |batch| earlier(&batch, days));
        change_manifest(lake, &id, |manifest| {
            let time: jiff::Timestamp = manifest["started_at"].as_str().unwrap().parse().unwrap();
            let time = time - SignedDuration::from_hours(24 * days);
            manifest["started_at"] = format!("{time:.3}").into();
        });
    }
}

fn earlier(batch: &RecordBatch, days: i64) -> RecordBatch {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        if field.name() != "started_at" {
            return column.clone();
        }
        let times = column.as_primitive::<TimestampMicrosecondType>();
        let times = times.unary::<_, TimestampMicrosecondType>(|time| time - days * 86_400_000_000);
        Arc::new(times.with_timezone("UTC")) as ArrayRef
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
}
