//! Tables as PostgreSQL DDL.

use super::{kept, tables, views};
use crate::model::table::TableInfo;
use crate::model::table::postgres::{comments, create_table, foreign_keys, quoted};

/// The schema that an output has unless its address names another.
pub const SCHEMA: &str = "launchdarkly";

/// Every table of a PostgreSQL output, parents before children. Views are tables there.
pub fn all() -> Vec<TableInfo> {
    tables().into_iter().chain(kept()).chain(views()).collect()
}

/// The whole DDL, with the meaning of every table and column.
pub fn script() -> String {
    let all = all();
    let header = format!(
        "-- Generated from the table definitions; do not edit.\n\
         -- The meaning of each column is in its comment. Views are tables that each run computes.\n\
         CREATE SCHEMA {};\n",
        quoted(SCHEMA)
    );
    let tables = all.iter().map(|table| {
        let comments: String = comments(SCHEMA, table).into_iter().map(|(_, sql)| sql).collect();
        format!("\n{}{comments}", create_table(SCHEMA, table))
    });
    let keys = all.iter().map(|table| foreign_keys(SCHEMA, table, &all));
    format!("{header}{}\n{}", tables.collect::<String>(), keys.collect::<String>())
}
