//! A table's DDL in SQLite.

use super::{ColumnInfo, TableInfo, Type};

/// The declared type of a column. It is chosen so that other programs recognize times and booleans.
///
/// JSON must be `TEXT`: any other name gives it numeric affinity, and SQLite would turn
/// `18446744073709551615` into a rounded floating-point number.
pub const fn data_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Json => "TEXT",
        Type::Int => "BIGINT",
        Type::Real => "DOUBLE",
        Type::Bool => "BOOLEAN",
        Type::Time => "TIMESTAMP",
    }
}

/// `CREATE TABLE` for one table of an output; `all` has the tables that it refers to.
///
/// The table has row IDs: DuckDB counts and divides the rows of an attached SQLite file by them.
pub fn create_table(table: &TableInfo, all: &[TableInfo]) -> String {
    format!("CREATE TABLE IF NOT EXISTS {} ({});\n", table.name, definition(table, all))
}

/// `CREATE TABLE` for one table of a stage: in the order of its key and without row IDs, which
/// takes half the writing, and only flaglake reads it.
pub fn create_staged_table(table: &TableInfo, all: &[TableInfo]) -> String {
    let definition = definition(table, all);
    format!("CREATE TABLE IF NOT EXISTS {} ({definition}) WITHOUT ROWID;\n", table.name)
}

/// The text in the parentheses: columns, key and conditions.
fn definition(table: &TableInfo, all: &[TableInfo]) -> String {
    let columns = table.columns.iter().map(column);
    let key = std::iter::once(format!("PRIMARY KEY ({})", table.key.join(", ")));
    let foreign = table.references().filter_map(|name| {
        let parent = all.iter().find(|parent| parent.name == name)?;
        let key = parent.key.join(", ");
        Some(format!("FOREIGN KEY ({key}) REFERENCES {name} ({key})"))
    });
    let check = table.check.map(|condition| format!("CHECK ({condition})"));
    let lines: Vec<_> = columns.chain(key).chain(foreign).chain(check).collect();
    format!("\n    {}\n", lines.join(",\n    "))
}

fn column(column: &ColumnInfo) -> String {
    let null = if column.nullable { "" } else { " NOT NULL" };
    format!("{} {}{null}", column.name, data_type(column.ty))
}

/// The cells of a row as parameters: `?1, ?2, …`.
pub fn parameters(table: &TableInfo) -> String {
    let numbers = (1..=table.columns.len()).map(|number| format!("?{number}"));
    numbers.collect::<Vec<_>>().join(", ")
}
