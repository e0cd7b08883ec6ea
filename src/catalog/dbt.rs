//! Tables as dbt sources, with tests for keys, nulls and references.

use std::fmt::Write;

use crate::table::{ColumnInfo, TableInfo};

/// The text of `sources.yml`.
pub fn sources(tables: &[TableInfo]) -> String {
    let mut yaml = String::from(
        "# Generated from the table definitions; do not edit.\nversion: 2\nsources:\n  \
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

fn tests(table: &TableInfo, column: &ColumnInfo) -> Vec<&'static str> {
    let not_null = (!column.nullable).then_some("not_null");
    let unique = (table.key == [column.name]).then_some("unique");
    not_null.into_iter().chain(unique).collect()
}
