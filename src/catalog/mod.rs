//! Everything derived from the tables: DDL, Arrow schemas, dictionary, dbt sources.
//!
//! `schema/` holds what [`files`] returns; a test fails when it is stale.

pub mod arrow;
pub mod dbt;
pub mod markdown;
pub mod sqlite;

use crate::table::{Table, TableInfo};
use crate::thresholds::ThresholdTable;
use crate::{record, resources, view};

/// The version of the tables' definitions; it is recorded with every extraction.
pub const SCHEMA_VERSION: i64 = 2;

/// Every table of the output, parents before children.
pub fn tables() -> Vec<TableInfo> {
    resources::tables().into_iter().chain(record::tables()).collect()
}

/// The tables that are flaglake's own, and kept from run to run.
pub fn kept() -> Vec<TableInfo> {
    vec![ThresholdTable::info()]
}

/// The name of everything that an output may hold.
pub fn names() -> impl Iterator<Item = &'static str> {
    let tables = tables().into_iter().chain(kept()).map(|table| table.name);
    tables.chain(view::all().into_iter().map(|view| view.name))
}

/// The generated documents: file name in `schema/`, and content.
pub fn files() -> Vec<(&'static str, String)> {
    let tables: Vec<_> = tables().into_iter().chain(kept()).collect();
    vec![
        ("tables.md", markdown::dictionary(&tables)),
        ("sqlite.sql", sqlite::script(&tables)),
        ("arrow.json", arrow::document(&tables)),
        ("sources.yml", dbt::sources(&tables)),
    ]
}
