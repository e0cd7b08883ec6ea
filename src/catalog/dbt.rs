//! Tables and views as dbt sources, with tests for keys, nulls and references.

use std::fmt::Write;

use crate::catalog;
use crate::table::{ColumnInfo, TableInfo};

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
    let _ = writeln!(yaml, "        columns:");
    table.columns.iter().for_each(|column| push_column(yaml, table, column));
}

fn push_column(yaml: &mut String, table: &TableInfo, column: &ColumnInfo) {
    let _ = writeln!(yaml, "          - name: {}", column.name);
    let _ = writeln!(yaml, "            description: {:?}", column.doc);
    let _ = writeln!(yaml, "            data_type: {}", super::sqlite::data_type(column.ty));
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

/// The test that a parent exists, where one column tells which: dbt's own test takes no more.
fn relationship(parent: &str, column: &ColumnInfo) -> Option<String> {
    let key = catalog::tables().into_iter().find(|table| table.name == parent)?.key;
    let name = column.name;
    (key == [name]).then(|| {
        let to = format!("source('launchdarkly', '{parent}')");
        format!("{{relationships: {{arguments: {{to: \"{to}\", field: {name}}}}}}}")
    })
}
