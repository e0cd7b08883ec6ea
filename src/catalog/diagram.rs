//! The relations between tables, as entity-relationship diagrams for Mermaid.

use std::fmt::Write;

use crate::catalog::{kept, tables};
use crate::model::resource::Group;
use crate::model::table::ddl;
use crate::model::table::{ColumnInfo, TableInfo};
use crate::{record, resources};

const INTRODUCTION: &str = "\
<!-- Generated from the table definitions; do not edit. -->
# How the tables hang together

One diagram for each group of resources, one for what flaglake records of its runs, and one for what it keeps from run to
run, which is in databases only. Boxes hold keys only:
[tables.md](tables.md) has every column. A line is a foreign key; tables of other groups are boxes without columns.
";

/// The text of `diagram.md`.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for group in [Group::Core, Group::Default, Group::All] {
        let resources = resources::ALL.iter().filter(|resource| resource.group() == group);
        let tables: Vec<_> = resources.flat_map(|resource| resource.tables()).collect();
        push(&mut page, &format!("The group *{}*", group.name()), &tables);
    }
    push(&mut page, "Runs", &record::tables());
    push(&mut page, "Kept from run to run", &kept());
    page
}

fn push(page: &mut String, title: &str, group: &[TableInfo]) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(page, "\n## {title}\n\n```mermaid\nerDiagram");
    for table in group {
        push_table(page, table);
        for parent in table.references() {
            let _ = writeln!(page, "    {parent} ||--o{{ {} : \"{}\"", table.name, key(parent));
        }
    }
    page.push_str("```\n");
}

fn push_table(page: &mut String, table: &TableInfo) {
    let _ = writeln!(page, "    {} {{", table.name);
    for column in table.columns.iter().filter(|column| table.key.contains(&column.name)) {
        let _ =
            writeln!(page, "        {} {} {}", type_name(column), column.name, role(table, column));
    }
    page.push_str("    }\n");
}

fn type_name(column: &ColumnInfo) -> &'static str {
    ddl::data_type(column.ty)
}

/// Whether a part of the key also refers to another table.
fn role(table: &TableInfo, column: &ColumnInfo) -> &'static str {
    let leads = table.references().any(|parent| columns(parent).contains(&column.name));
    if leads { "PK, FK" } else { "PK" }
}

/// The columns by which a table refers to `parent`.
fn key(parent: &str) -> String {
    columns(parent).join(", ")
}

fn columns(parent: &str) -> Vec<&'static str> {
    tables()
        .into_iter()
        .find(|table| table.name == parent)
        .map(|table| table.key)
        .unwrap_or_default()
}
