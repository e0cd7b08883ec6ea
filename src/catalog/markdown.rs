//! Tables as a data dictionary.

use std::fmt::Write;

use crate::model::resource::AnyResource;
use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};
use crate::resources::PageRows;
use crate::{catalog, resources};

const INTRODUCTION: &str = "\
<!-- Generated from the table definitions; do not edit. -->
# Data dictionary

Keys are named alike everywhere, so that `JOIN … USING (project_key, flag_key)` works. Times are
UTC: text such as `2026-11-20T02:00:00.000Z` in SQLite, `timestamp[us, UTC]` in Parquet,
`timestamptz` in PostgreSQL. JSON is text, digit for digit as LaunchDarkly sent it. `NULL` means not
known or not set, never zero.

What is marked *personal* is hashed or dropped as a whole by `--personal-data`; in any other text,
but keys and IDs, that replaces the addresses.

What is marked *lenient* decides nothing: it is part of no key, and no answer rests on it. It is NULL
also where LaunchDarkly sent another type than it documents, sent nothing where it documents
something, or sent a number out of range; `extraction_resources.detail` counts these values. In any
other column, such a value ends the run with `unexpected_response`, and so does a list or a map of another
type whose elements are rows.

An empty key, ID or address and a time of zero are not set: NULL, or where a row needs it (a key, the
`created_at` of flags and segments, the `occurred_at` of audit log entries), `unexpected_response`.

What is marked *volatile* may change without its row becoming another version in `<table>_history`.
The tables that say *databases only* are kept from run to run in a database; of Parquet, every
extraction is kept as it is.
";

/// The text of `tables.md`.
pub fn dictionary(tables: &[TableInfo]) -> String {
    let mut page = INTRODUCTION.to_owned();
    page += "\n| Table | One row is |\n| --- | --- |\n";
    for table in tables {
        let _ = writeln!(page, "| [{0}](#{0}) | {1} |", table.name, table.doc);
    }
    tables.iter().for_each(|table| push_table(&mut page, table));
    super::views::push(&mut page);
    push_state(&mut page);
    push_resources(&mut page);
    push_dropped(&mut page);
    page
}

/// The permission that a token needs to read `resource`.
pub(super) fn permission(resource: &dyn AnyResource) -> String {
    match resource.permission() {
        "" => "Reader role".to_owned(),
        action => format!("`{action}`"),
    }
}

/// The resources, and the permission that each requires.
fn push_resources(page: &mut String) {
    page.push_str(
        "\n# Resources\n\nA run reads those of the groups *core* and *default*, unless \
         `--resources` says otherwise. Requests are without retries, where a list does not change \
         while it is read.\n\n\
         | Resource | Group | Endpoint | Permission | Note | Requests |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for resource in resources::ALL {
        let permission = permission(*resource);
        let note = resource.note();
        let _ = writeln!(
            page,
            "| `{}` | {} | `GET {}` | {permission} | {note} | {} |",
            resource.name(),
            resource.group().name(),
            resource.path(),
            resource.requests()
        );
    }
}

/// The tables of a state file.
fn push_state(page: &mut String) {
    page.push_str(
        "\n# State file of `flaglake sync`\n\nThese tables are in the file that `--state` names, \
         not in an output. Keys of rows are kept as they are, or as keyed hashes with \
         `--personal-data hash`.\n",
    );
    catalog::state().iter().for_each(|table| push_table(page, table));
}

fn push_table(page: &mut String, table: &TableInfo) {
    let _ = writeln!(page, "\n## {}\n\n{}\n", table.name, table.doc);
    let _ = writeln!(page, "Primary key: `{}`.", table.key.join("`, `"));
    let references: Vec<_> = table.references().map(|name| format!("`{name}`")).collect();
    if !references.is_empty() {
        let _ = writeln!(page, "References: {}.", references.join(", "));
    }
    if catalog::kept().contains(table) {
        page.push_str("In databases only.\n");
    }
    if table.history {
        let _ = writeln!(page, "Versions of each row: [`{0}_history`](#{0}_history).", table.name);
    }
    if table.accumulates {
        page.push_str("Rows of earlier extractions stay.\n");
    }
    if let Some(resource) = resource(table) {
        let _ = writeln!(
            page,
            "Read with the [resource](#resources) `{}`; permission: {}.",
            resource.name(),
            permission(resource)
        );
    }
    let _ = writeln!(page, "Example: `{}`.", super::example::of(table));
    push_columns(page, &table.columns);
}

/// Adds the table of columns.
pub(super) fn push_columns(page: &mut String, columns: &[ColumnInfo]) {
    page.push_str(
        "\n| Column | Type | Unit | Null | Meaning | API field |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    columns.iter().for_each(|column| push_column(page, column));
}

/// The unit of a column's numbers, derived from its name.
fn unit(column: &ColumnInfo) -> &'static str {
    let is = |suffix: &str| column.name.ends_with(suffix);
    match column.ty {
        Type::Time => "UTC",
        Type::Int | Type::Real if is("_days") => "days",
        Type::Int | Type::Real if is("_minutes") => "minutes",
        Type::Int | Type::Real if is("_ms") => "milliseconds",
        Type::Int | Type::Real if is("_percentage") => "percent",
        Type::Int if is("weight") => "1/1000 percent",
        _ => "",
    }
}

fn push_column(page: &mut String, column: &ColumnInfo) {
    let null = if column.nullable { "yes" } else { "no" };
    let personal = match column.personal {
        Personal::No => "",
        Personal::Whole => " Personal.",
        Personal::Mentions => " May mention people.",
    };
    let volatile = if column.volatile { " Volatile." } else { "" };
    let lenient = if column.lenient { " Lenient." } else { "" };
    let source = match column.source {
        "-" => String::new(),
        source => format!("`{source}`"),
    };
    let _ = writeln!(
        page,
        "| `{}` | {} | {} | {null} | {}{personal}{volatile}{lenient} | {source} |",
        column.name,
        type_name(column.ty),
        unit(column),
        column.doc,
    );
}

pub(super) const fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Text => "text",
        Type::Json => "JSON",
        Type::Int => "integer",
        Type::Real => "number",
        Type::Bool => "boolean",
        Type::Time => "time",
    }
}

/// The resource that fills `table`; none for flaglake's own tables.
pub(super) fn resource(table: &TableInfo) -> Option<&'static dyn PageRows> {
    resources::ALL.iter().copied().find(|resource| resource.tables().contains(table))
}

fn push_dropped(page: &mut String) {
    page.push_str("\n# Fields that are not stored\n\n| API field | Why |\n| --- | --- |\n");
    for dropped in resources::ALL.iter().flat_map(|resource| resource.dropped()) {
        let _ = writeln!(page, "| `{}` | {} |", dropped.field, dropped.reason);
    }
}
