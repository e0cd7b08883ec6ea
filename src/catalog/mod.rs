//! Everything derived from the tables: DDL, Arrow schemas, dictionary, dbt sources.
//!
//! `schema/` holds what [`files`] returns; a test fails when it is stale.

pub mod arrow;
pub mod dbt;
pub mod markdown;
pub mod sqlite;

use crate::table::TableInfo;
use crate::{record, resources};

/// The version of the tables' definitions; it is recorded with every extraction.
pub const SCHEMA_VERSION: i64 = 2;

/// Every table of the output, parents before children.
pub fn tables() -> Vec<TableInfo> {
    resources::tables().into_iter().chain(record::tables()).collect()
}

/// The generated documents: file name in `schema/`, and content.
pub fn files() -> Vec<(&'static str, String)> {
    let tables = tables();
    vec![
        ("tables.md", markdown::dictionary(&tables)),
        ("sqlite.sql", sqlite::script(&tables)),
        ("arrow.json", arrow::document(&tables)),
        ("sources.yml", dbt::sources(&tables)),
    ]
}
