//! Tables and views as dbt sources, with tests for keys, nulls and references.

use std::fmt::Write;

use crate::catalog;
use crate::model::table::ddl;
use crate::model::table::{ColumnInfo, TableInfo};
use crate::model::view::{self, View};

/// The tag of tables that a Parquet output does not have, so that a dbt project can exclude them.
const SQLITE_ONLY: &str = "sqlite_only";

/// The text of `sources.yml`.
pub fn sources(tables: &[TableInfo]) -> String {
    let mut yaml = String::from(
        "# Generated from the definitions of tables and views; do not edit.\nversion: 2\nsources:\n  \
         - name: launchdarkly\n    description: \"Extracted by flaglake.\"\n    tables:\n",
    );
    tables.iter().for_each(|table| push_table(&mut yaml, table));
    yaml
}

fn push_table(yaml: &mut String, table: &TableInfo) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(yaml, "      - name: {}", table.name);
    let _ = writeln!(yaml, "        description: {:?}", table.doc);
    if is_sqlite_only(table.name) {
        let _ = writeln!(yaml, "        config: {{tags: [{SQLITE_ONLY}]}}");
    }
    let tests: Vec<_> = unique_key(table).into_iter().chain(relationships(table)).collect();
    if !tests.is_empty() {
        let _ = writeln!(yaml, "        data_tests:\n{}", tests.join("\n"));
    }
    let _ = writeln!(yaml, "        columns:");
    table.columns.iter().for_each(|column| push_column(yaml, table, column));
}

/// Whether a Parquet output never has the table: it is kept between runs, or is a view of such
/// tables.
fn is_sqlite_only(name: &str) -> bool {
    let needs_history = |view: &View| view.needs.iter().any(|need| need.resource == "history");
    catalog::kept().iter().any(|kept| kept.name == name)
        || view::all().iter().any(|view| view.name == name && needs_history(view))
}

/// The test that no two rows have one key, where more than one column tells rows apart.
fn unique_key(table: &TableInfo) -> Option<String> {
    let (name, key) = (table.name, joined(&table.key)?);
    Some(format!("          - unique: {{name: {name}_key, arguments: {{column_name: \"{key}\"}}}}"))
}

/// The tests that parents exist, where more than one column tells which.
fn relationships(table: &TableInfo) -> Vec<String> {
    let test = |parent: &str| {
        let (name, key) = (table.name, joined(&key_of(parent)?)?);
        let to = source(parent);
        Some(format!(
            "          - relationships: {{name: {name}_to_{parent}, arguments: \
             {{column_name: \"{key}\", to: \"{to}\", field: \"{key}\"}}}}"
        ))
    };
    table.references().filter_map(test).collect()
}

/// Several columns as one expression, which dbt's own tests take for a column's name. It is NULL
/// where any of them is, and is then left out of account, as foreign keys are.
fn joined(columns: &[&str]) -> Option<String> {
    (columns.len() > 1).then(|| columns.join(" || '|' || "))
}

fn key_of(parent: &str) -> Option<Vec<&'static str>> {
    catalog::tables().into_iter().find(|table| table.name == parent).map(|table| table.key)
}

fn source(table: &str) -> String {
    format!("source('launchdarkly', '{table}')")
}

fn push_column(yaml: &mut String, table: &TableInfo, column: &ColumnInfo) {
    let _ = writeln!(yaml, "          - name: {}", column.name);
    let _ = writeln!(yaml, "            description: {:?}", column.doc);
    let _ = writeln!(yaml, "            data_type: {}", ddl::data_type(column.ty));
    let tests = tests(table, column);
    if !tests.is_empty() {
        let _ = writeln!(yaml, "            data_tests: [{}]", tests.join(", "));
    }
}

fn tests(table: &TableInfo, column: &ColumnInfo) -> Vec<String> {
    let not_null = (!column.nullable).then(|| "not_null".to_owned());
    let unique = (table.key == [column.name]).then(|| "unique".to_owned());
    let parents = table.references().filter_map(|parent| relationship(parent, column));
    not_null.into_iter().chain(unique).chain(parents).collect()
}

/// The test that a parent exists, where one column tells which.
fn relationship(parent: &str, column: &ColumnInfo) -> Option<String> {
    let name = column.name;
    (key_of(parent)? == [name]).then(|| {
        let to = source(parent);
        format!("{{relationships: {{arguments: {{to: \"{to}\", field: {name}}}}}}}")
    })
}
