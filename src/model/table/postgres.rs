//! A table's DDL in PostgreSQL.

use super::{ColumnInfo, TableInfo, Type};

/// The part of a condition that only SQLite needs, because its columns take values of any type.
const SQLITE_ONLY: &str = "typeof(value) IN ('real', 'integer') AND ";

/// The type of a column. JSON is `text`, because `jsonb` rounds and reorders, and both `json` and
/// `jsonb` refuse texts that LaunchDarkly may send.
pub const fn data_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Json => "text",
        Type::Int => "bigint",
        Type::Real => "double precision",
        Type::Bool => "boolean",
        Type::Time => "timestamp with time zone",
    }
}

/// A name as an identifier.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal.
pub fn literal(text: &str) -> String {
    let escape = if text.contains('\\') { " E" } else { "" };
    format!("{escape}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Names as a list of identifiers.
pub fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// `CREATE TABLE` without foreign keys, which are added once the rows are there: checking them at
/// once takes less time than one by one.
pub fn create_table(schema: &str, table: &TableInfo) -> String {
    let columns = table.columns.iter().map(|column| definition(table, column));
    let key = has_key(table).then(|| format!("PRIMARY KEY ({})", list(table.key.iter().copied())));
    let check = table.check.map(|condition| {
        format!("CHECK ({})", condition.strip_prefix(SQLITE_ONLY).unwrap_or(condition))
    });
    let lines: Vec<_> = columns.chain(key).chain(check).collect();
    let name = qualified(schema, table);
    format!("CREATE TABLE {name} (\n    {}\n);\n", lines.join(",\n    "))
}

/// Whether the key identifies rows for PostgreSQL, which takes no NULL in a primary key.
pub fn has_key(table: &TableInfo) -> bool {
    let is_null = |column: &ColumnInfo| column.nullable && table.key.contains(&column.name);
    !table.columns.iter().any(is_null)
}

/// The name of a table in its schema.
pub fn qualified(schema: &str, table: &TableInfo) -> String {
    format!("{}.{}", quoted(schema), quoted(table.name))
}

/// A column of `CREATE TABLE`. Keys are compared byte by byte, as in SQLite; their indexes do not
/// depend on the collations of the operating system.
fn definition(table: &TableInfo, column: &ColumnInfo) -> String {
    let is_key = table.key.contains(&column.name) && matches!(column.ty, Type::Text | Type::Json);
    let collation = if is_key { " COLLATE \"C\"" } else { "" };
    let null = if column.nullable { "" } else { " NOT NULL" };
    format!("{} {}{collation}{null}", quoted(column.name), data_type(column.ty))
}

/// The statement that adds a column which an earlier version did not have. Existing rows get the
/// value that SQLite gives them.
pub fn add_column(schema: &str, table: &TableInfo, column: &ColumnInfo) -> String {
    let default = match (column.nullable, column.ty) {
        (true, _) => "",
        (false, Type::Int | Type::Real) => " DEFAULT 0",
        (false, Type::Bool) => " DEFAULT false",
        (false, Type::Time) => " DEFAULT 'epoch'",
        (false, Type::Text | Type::Json) => " DEFAULT ''",
    };
    let (table_name, column) = (qualified(schema, table), definition(table, column));
    format!("ALTER TABLE {table_name} ADD COLUMN {column}{default};\n")
}

/// The statements that add the foreign keys of a table to `all`.
pub fn foreign_keys(schema: &str, table: &TableInfo, all: &[TableInfo]) -> String {
    let parents = table.references().filter_map(|name| all.iter().find(|one| one.name == name));
    let add = |parent: &TableInfo| {
        let key = list(parent.key.iter().copied());
        format!(
            "ALTER TABLE {} ADD FOREIGN KEY ({key}) REFERENCES {} ({key}) DEFERRABLE INITIALLY DEFERRED;\n",
            qualified(schema, table),
            qualified(schema, parent)
        )
    };
    parents.map(add).collect()
}

/// The statements that describe a table and its columns.
pub fn comments(schema: &str, table: &TableInfo) -> Vec<(Option<&'static str>, String)> {
    let name = qualified(schema, table);
    let own = (None, format!("COMMENT ON TABLE {name} IS {};\n", literal(table.doc)));
    let columns = table.columns.iter().map(|column| {
        let text = literal(column.doc);
        let sql = format!("COMMENT ON COLUMN {name}.{} IS {text};\n", quoted(column.name));
        (Some(column.name), sql)
    });
    std::iter::once(own).chain(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_quoted() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), " E'a\\\\b'");
    }
}
