//! Everything derived from the tables: DDL, Arrow schemas, dictionary, dbt sources.
//!
//! `schema/` holds what [`files`] returns; a test fails when it is stale.

pub mod arrow;
pub mod dbt;
pub mod markdown;
pub mod sqlite;

use crate::table::TableInfo;
use crate::{history, record, resources};

/// The version of the tables' definitions; it is recorded with every extraction.
pub const SCHEMA_VERSION: i64 = 3;

/// Every table of both outputs, parents before children: what a run stages and publishes.
pub fn tables() -> Vec<TableInfo> {
    resources::tables().into_iter().chain(record::tables()).collect()
}

/// The tables that only a SQLite output has: what it keeps of earlier extractions. They refer to no
/// other, nor is there anything in them that a run stages.
pub fn kept() -> &'static [TableInfo] {
    history::tables()
}

/// Every table of a SQLite output.
pub fn all() -> Vec<TableInfo> {
    tables().into_iter().chain(kept().iter().cloned()).collect()
}

/// The generated documents: file name in `schema/`, and content.
pub fn files() -> Vec<(&'static str, String)> {
    let all = all();
    vec![
        ("tables.md", markdown::dictionary(&all)),
        ("sqlite.sql", sqlite::script(&all)),
        ("arrow.json", arrow::document(&tables())),
        ("sources.yml", dbt::sources(&all)),
    ]
}
