//! Creates and migrates the tables of a SQLite output.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, OptionalExtension};
use tracing::warn;

use crate::model::privacy::Privacy;
use crate::model::scope::Scope;
use crate::model::table::ddl;
use crate::model::table::{ColumnInfo, TableInfo, Type};
use crate::record;

/// Whether a table records the runs, and so keeps the rows of all of them.
pub(super) fn is_record(table: &TableInfo) -> bool {
    record::tables().contains(table)
}

/// Creates a table, or migrates one of an earlier version of flaglake. Columns that both versions
/// have keep their values.
pub(super) fn create(
    connection: &Connection,
    table: &TableInfo,
    all: &[TableInfo],
) -> rusqlite::Result<()> {
    let (name, ddl) = (table.name, ddl::create_table(table, all));
    let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1";
    let found: Option<String> = connection.query_row(sql, [name], |row| row.get(0)).optional()?;
    let body = |ddl: &str| ddl.split_once('(').map(|(_, body)| body.trim_end().to_owned());
    match found {
        None => connection.execute_batch(&ddl),
        Some(found) if body(&found) == body(ddl.trim_end().trim_end_matches(';')) => Ok(()),
        Some(_) => migrate(connection, table, &ddl),
    }
}

fn migrate(connection: &Connection, table: &TableInfo, ddl: &str) -> rusqlite::Result<()> {
    let name = table.name;
    let own = indexes_and_triggers(connection, name)?;
    connection.execute_batch(&format!("ALTER TABLE main.{name} RENAME TO old_{name}; {ddl}"))?;
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for column in &table.columns {
        let (name, unknown) = (column.name, unknown(column));
        let value = match (has_column(connection, table, name)?, unknown) {
            (true, None) => name.to_owned(),
            // An earlier version may have allowed NULL. The row is kept.
            (true, Some(unknown)) => format!("coalesce({name}, {unknown})"),
            (false, Some(unknown)) => unknown.to_owned(),
            (false, None) => continue,
        };
        values.push(value);
        columns.push(name);
    }
    let (columns, values) = (columns.join(", "), values.join(", "));
    // A table that users may edit has a CHECK constraint: rows that violate it are left out.
    connection.execute_batch(&format!(
        "INSERT OR IGNORE INTO main.{name} ({columns})
         SELECT {values} FROM main.old_{name} ORDER BY {};
         DROP TABLE main.old_{name}",
        table.key.join(", ")
    ))?;
    own.iter().try_for_each(|sql| match connection.execute_batch(sql) {
        Err(error) => {
            warn!(%error, "An index or trigger of the earlier table {name} cannot be created again: {sql}");
            Ok(())
        }
        made => made,
    })
}

/// Whether the table had the column before it was rebuilt.
fn has_column(connection: &Connection, table: &TableInfo, name: &str) -> rusqlite::Result<bool> {
    connection.column_exists(Some("main"), &format!("old_{}", table.name), name)
}

/// The statements of a user's own indexes and triggers on a table, which are dropped with it.
fn indexes_and_triggers(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT sql FROM main.sqlite_schema
               WHERE tbl_name = ?1 AND type IN ('index', 'trigger') AND sql IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

/// The value of a NOT NULL column in rows that were written before the column existed.
fn unknown(column: &ColumnInfo) -> Option<&'static str> {
    match (column.nullable, column.ty) {
        (true, _) => None,
        (false, Type::Int | Type::Bool) => Some("0"),
        (false, _) => Some("''"),
    }
}

/// The condition that a row is in none of `scopes`, and its parameter.
pub(super) fn outside(scopes: &[Scope]) -> (String, String) {
    let keys = scopes.iter().map(|scope| [scope.project_key(), scope.environment_key()]);
    let keys = serde_json::json!(keys.collect::<Vec<_>>()).to_string();
    let has_environments = scopes.iter().any(|scope| matches!(scope, Scope::Environment { .. }));
    let environment = if has_environments { "environment_key" } else { "''" };
    let condition = format!(
        "(project_key, {environment}) NOT IN (
             SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1))"
    );
    (condition, keys)
}

/// Hashes or removes personal data in rows of earlier runs, which kept it.
pub(super) fn guard(
    connection: &Connection,
    tables: &[&TableInfo],
    privacy: &Privacy,
) -> rusqlite::Result<()> {
    if matches!(privacy, Privacy::Keep) {
        return Ok(());
    }
    for table in tables {
        for (_, column) in Privacy::columns(table) {
            let privacy = privacy.clone();
            let treat = move |context: &Context<'_>| {
                let text: Option<String> = context.get(0)?;
                Ok(text.and_then(|text| privacy.treat(&column, &text)))
            };
            let flags = FunctionFlags::SQLITE_DETERMINISTIC;
            connection.create_scalar_function("guarded", 1, flags, treat)?;
            let (table, name) = (table.name, column.name);
            connection
                .execute_batch(&format!("UPDATE main.{table} SET {name} = guarded({name})"))?;
        }
    }
    connection.remove_function("guarded", 1)
}

/// The statements that delete orphan rows of earlier runs.
pub(super) fn orphans(table: &TableInfo, all: &[TableInfo]) -> String {
    let parents = table.references().filter_map(|name| all.iter().find(|one| one.name == name));
    let delete = |parent: &TableInfo| {
        let same = |key: &&str| format!("parent.{key} = {}.{key}", table.name);
        let same: Vec<_> = parent.key.iter().map(same).collect();
        format!(
            "DELETE FROM main.{} WHERE NOT EXISTS (SELECT 1 FROM main.{} AS parent WHERE {});",
            table.name,
            parent.name,
            same.join(" AND ")
        )
    };
    parents.map(delete).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &'static str, ty: Type, nullable: bool) -> ColumnInfo {
        ColumnInfo { nullable, ..crate::model::history::column(name, "", ty) }
    }

    /// The rows of a table with this earlier definition after its migration.
    fn migrated(earlier: &str) -> Vec<String> {
        let columns = vec![
            column("key", Type::Text, false),
            column("count", Type::Int, false),
            column("name", Type::Text, true),
            column("is_new", Type::Bool, false),
        ];
        let table = TableInfo { name: "things", key: vec!["key"], columns, ..TableInfo::default() };
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(earlier).unwrap();
        create(&connection, &table, &[]).unwrap();
        create(&connection, &table, &[]).unwrap();
        let sql =
            "SELECT concat_ws(' ', rowid, key, count, coalesce(name, '-'), is_new) FROM things";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn no_row_is_lost_when_a_column_changes() {
        for end in ["", " WITHOUT ROWID"] {
            let earlier = format!(
                "CREATE TABLE things (key TEXT NOT NULL, count BIGINT, name TEXT NOT NULL, PRIMARY KEY (key)){end};
                 INSERT INTO things VALUES ('b', NULL, 'B'), ('a', 2, 'A')"
            );
            assert_eq!(migrated(&earlier), ["1 a 2 A 0", "2 b 0 B 0"], "{end}");
        }
    }
}
