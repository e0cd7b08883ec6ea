//! The tables that keep earlier versions of rows.

use std::sync::LazyLock;

use crate::model::history::History;
use crate::model::table::TableInfo;
use crate::model::{project_daily, subject_daily};
use crate::resources;

/// Created once, because table names have a static lifetime.
static ALL: LazyLock<Vec<History>> = LazyLock::new(|| {
    let tables = resources::tables().into_iter();
    tables.filter(|table| table.history).map(History::new).collect()
});

static TABLES: LazyLock<Vec<TableInfo>> = LazyLock::new(|| {
    let versions = ALL.iter().map(|history| history.versions.clone());
    versions.chain([project_daily::table()]).chain(subject_daily::tables()).collect()
});

/// Every table with [`Table::HISTORY`](crate::model::table::Table::HISTORY), and the table of its
/// versions.
pub fn all() -> &'static [History] {
    &ALL
}

/// The tables that hold versions.
pub fn versions() -> impl Iterator<Item = &'static TableInfo> {
    ALL.iter().map(|history| &history.versions)
}

/// Every table that holds earlier data.
pub fn tables() -> &'static [TableInfo] {
    &TABLES
}
