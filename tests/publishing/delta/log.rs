//! A small reader of Delta logs: it replays commits, and ignores checkpoints.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The objects of a lake, by their names.
pub type Objects = BTreeMap<String, Bytes>;

/// The objects in a folder.
pub fn objects(root: &Path) -> Objects {
    let mut objects = Objects::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                objects.insert(name, fs::read(&path).unwrap().into());
            }
        }
    }
    objects
}

/// A file of a table at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Its name in the lake.
    pub file: String,
    pub account: String,
    pub extraction: String,
    pub rows: u64,
    size: usize,
}

/// A table: the files of each of its versions.
pub struct Table {
    pub versions: Vec<Vec<Live>>,
    /// The definition of the newest version.
    pub metadata: Value,
}

impl Table {
    /// The files of the newest version.
    pub fn newest(&self) -> &[Live] {
        self.versions.last().unwrap()
    }

    /// The extractions in the newest version, one for each file.
    pub fn extractions(&self) -> Vec<&str> {
        self.newest().iter().map(|live| live.extraction.as_str()).collect()
    }
}

/// The tables of a lake that have a log.
pub fn tables(objects: &Objects) -> BTreeMap<String, Table> {
    let names = objects.keys().filter_map(|name| name.split_once("/_delta_log/"));
    let names: BTreeSet<_> = names.map(|(table, _)| table.to_owned()).collect();
    names.into_iter().map(|name| (name.clone(), table(objects, &name))).collect()
}

pub fn table(objects: &Objects, name: &str) -> Table {
    let (mut files, mut versions, mut metadata) = (BTreeMap::new(), Vec::new(), Value::Null);
    let mut protocol = Value::Null;
    let commit = |version: usize| objects.get(&format!("{name}/_delta_log/{version:020}.json"));
    while let Some(body) = commit(versions.len()) {
        for line in std::str::from_utf8(body).unwrap().lines() {
            let mut action: Value = serde_json::from_str(line).unwrap();
            if let Some(add) = action.get("add") {
                let path = add["path"].as_str().unwrap().to_owned();
                assert!(files.insert(path, live(name, add)).is_none(), "added twice: {line}");
            } else if let Some(remove) = action.get("remove") {
                assert!(files.remove(remove["path"].as_str().unwrap()).is_some(), "{line}");
            } else if let Some(one) = action.get_mut("metaData") {
                metadata = one.take();
            } else if let Some(one) = action.get_mut("protocol") {
                protocol = one.take();
            }
        }
        versions.push(files.values().cloned().collect());
    }
    assert_eq!(protocol, json!({ "minReaderVersion": 1, "minWriterVersion": 2 }), "{name}");
    assert_eq!(metadata["partitionColumns"], json!(["account_id", "extraction_id"]), "{name}");
    Table { versions, metadata }
}

fn live(table: &str, add: &Value) -> Live {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = text(&add["path"]);
    let path = percent_decode_str(&path).decode_utf8().unwrap().into_owned();
    let stats: Value = serde_json::from_str(add["stats"].as_str().unwrap()).unwrap();
    Live {
        file: format!("{table}/{path}"),
        account: text(&add["partitionValues"]["account_id"]),
        extraction: text(&add["partitionValues"]["extraction_id"]),
        rows: stats["numRecords"].as_u64().unwrap(),
        size: usize::try_from(add["size"].as_u64().unwrap()).unwrap(),
    }
}

/// Every file of the newest version of each table is there, and is whole.
#[track_caller]
pub fn assert_readable(objects: &Objects) {
    for (name, table) in tables(objects) {
        for live in table.newest() {
            let body = objects.get(&live.file).unwrap_or_else(|| panic!("{name} lacks {live:?}"));
            assert_eq!(body.len(), live.size, "{live:?}");
            let reader = ParquetRecordBatchReaderBuilder::try_new(body.clone()).unwrap();
            let rows = reader.metadata().file_metadata().num_rows();
            assert_eq!(u64::try_from(rows).unwrap(), live.rows, "{live:?}");
        }
    }
}

/// The JSON in an object.
pub fn json(objects: &Objects, name: &str) -> Value {
    serde_json::from_slice(&objects[name]).unwrap()
}
