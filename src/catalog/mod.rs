//! Everything derived from the tables: DDL, Arrow schemas, data dictionary, dbt sources, and
//! metadata for Datasette.
//!
//! `schema/` holds what [`files`] returns, `docs/` what [`pages::pages`] returns; a test fails when
//! one of them is stale.

pub mod arrow;
pub mod commands;
pub mod datasette;
pub mod dbt;
pub mod diagram;
pub mod example;
pub mod explain;
pub mod history;
pub mod markdown;
pub mod pages;
pub mod postgres;
pub mod sqlite;
mod views;

use crate::model::settings::SettingTable;
use crate::model::table::{Table, TableInfo};
use crate::model::thresholds::ThresholdTable;
use crate::model::view;
use crate::model::view::View;
use crate::{record, resources};

/// The version of the tables' definitions; it is recorded with every extraction.
pub const SCHEMA_VERSION: i64 = 4;

/// A hand-written dashboard for Grafana.
pub const GRAFANA: &str = include_str!("../../schema/grafana.json");

/// Every table of both outputs, parents before children: what a run stages and publishes.
pub fn tables() -> Vec<TableInfo> {
    resources::tables().into_iter().chain(record::tables()).collect()
}

/// flaglake's own tables, which are kept between runs. A Parquet output has none of them.
pub fn kept() -> Vec<TableInfo> {
    let settings = [ThresholdTable::info(), SettingTable::info()];
    settings.into_iter().chain(history::tables().iter().cloned()).collect()
}

/// The tables in which a SQLite output stores rows of views.
pub fn stored() -> Vec<TableInfo> {
    let tables = view::all().iter().filter_map(View::stored_table).collect::<Vec<_>>();
    [vec![view::state_table()], tables].concat()
}

/// The tables of a state file of `flaglake sync`. No output has them.
pub fn state() -> Vec<TableInfo> {
    record::sync::tables().to_vec()
}

/// Every view, as the table that it is in Parquet and PostgreSQL.
pub fn views() -> Vec<TableInfo> {
    view::all().iter().filter(|view| !view.is_internal()).map(View::table).collect()
}

/// The name of everything that an output may hold.
pub fn names() -> impl Iterator<Item = &'static str> {
    tables().into_iter().chain(kept()).chain(views()).map(|table| table.name)
}

/// The generated documents: file name in `schema/`, and content.
pub fn files() -> Vec<(&'static str, String)> {
    let all: Vec<_> = tables().into_iter().chain(kept()).collect();
    let with = |more: &[TableInfo]| more.iter().cloned().chain(views()).collect::<Vec<_>>();
    vec![
        ("tables.md", markdown::dictionary(&all)),
        ("diagram.md", diagram::page()),
        ("sqlite.sql", sqlite::script(&all)),
        ("postgres.sql", postgres::script()),
        ("state.sql", sqlite::state_script(&state())),
        ("arrow.json", arrow::document(&with(&tables()))),
        ("sources.yml", dbt::sources(&with(&all))),
        ("datasette.json", datasette::metadata(&all)),
        ("commands.json", commands::schema()),
    ]
}
