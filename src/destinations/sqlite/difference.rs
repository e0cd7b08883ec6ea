//! Copies a table from the stage, and writes only the rows that differ: the pages of an unchanged
//! account, its write-ahead log and the backups of its file stay as they are.

use rusqlite::{Connection, params};

use super::history::{is_empty, same_key};
use super::migrate::{is_record, outside};
use super::status_since;
use crate::model::table::TableInfo;
use crate::record::Coverage;

/// If more than one in so many rows differs, the table is replaced as a whole. Almost all of its
/// pages would be written anyway, and a bulk insert takes less time and leaves full pages.
const FEW: i64 = 4;

/// Copies a table from the stage. The new rows replace the old ones, or are added to them in tables
/// that accumulate. Returns how many rows the stage has.
pub(super) fn take(
    connection: &Connection,
    table: &TableInfo,
    coverage: &Coverage,
) -> rusqlite::Result<usize> {
    let copy = Copy::new(connection, table, coverage)?;
    if is_record(table) || is_empty(connection, table)? {
        return copy.insert();
    }
    let rows = copy.count(&copy.source)?;
    if table.accumulates {
        copy.add()?;
    } else {
        copy.replace(rows)?;
    }
    Ok(usize::try_from(rows).unwrap_or_default())
}

/// Stores the rows of the temporary view or table `source` in `table`.
pub(super) fn take_view(
    connection: &Connection,
    table: &TableInfo,
    source: &str,
) -> rusqlite::Result<()> {
    let source = format!("temp.{source}");
    let rows = format!("SELECT * FROM {source}");
    let (is_read, scopes) = whole();
    let copy = Copy { connection, table, source, rows, is_read, scopes, is_whole: true };
    if is_empty(connection, table)? {
        return copy.insert().map(drop);
    }
    copy.replace(copy.count(&copy.source)?)
}

/// A table that is copied from the stage.
struct Copy<'c> {
    connection: &'c Connection,
    table: &'c TableInfo,
    /// The table that has the new rows.
    source: String,
    /// The statement that selects the new rows.
    rows: String,
    /// The condition that this run read the scope of a row, with its parameter.
    is_read: String,
    scopes: String,
    /// Whether all rows of the table are replaced, and not only those of some scopes.
    is_whole: bool,
}

impl<'c> Copy<'c> {
    fn new(
        connection: &'c Connection,
        table: &'c TableInfo,
        coverage: &Coverage,
    ) -> rusqlite::Result<Self> {
        let rows = status_since::rows(connection, table)?;
        let source = format!("stage.{}", table.name);
        let rows = rows.unwrap_or_else(|| format!("SELECT * FROM {source}"));
        let (is_read, scopes) = match coverage {
            Coverage::Except(scopes) => outside(scopes),
            _ => whole(),
        };
        let is_whole = !matches!(coverage, Coverage::Except(_));
        Ok(Copy { connection, table, source, rows, is_read, scopes, is_whole })
    }

    /// Inserts all rows in the order of the key, so that SQLite appends to the table and to its
    /// index.
    fn insert(&self) -> rusqlite::Result<usize> {
        let (name, key) = (self.table.name, self.key());
        let sql = format!("INSERT INTO main.{name} {} ORDER BY {key}", self.rows);
        self.connection.execute(&sql, [])
    }

    /// Adds the rows that the table does not have, and replaces those that differ.
    fn add(&self) -> rusqlite::Result<()> {
        let sql = format!(
            "INSERT OR REPLACE INTO main.{} SELECT * FROM ({}) AS new WHERE NOT {} ORDER BY {}",
            self.table.name,
            self.rows,
            self.is_known(),
            self.key()
        );
        self.connection.execute(&sql, []).map(drop)
    }

    /// Replaces the rows; the stage has this many `rows`.
    fn replace(&self, rows: i64) -> rusqlite::Result<()> {
        let few = rows / FEW;
        let outdated = self.outdated(few.saturating_add(1))?;
        let up_to_date = self.count_read()? - outdated;
        if outdated > few || rows - up_to_date > few {
            self.delete_all()?;
            return self.insert().map(drop);
        }
        if outdated == 0 {
            return if rows > up_to_date { self.insert_missing() } else { Ok(()) };
        }
        if has_own_rules(self.connection, self.table)? {
            // A trigger counts on rows being deleted and inserted. Keys of a unique index may move
            // from one row to another, so the rows that have them are deleted before.
            self.delete(&format!("({})", self.rows), &self.same_row())?;
            return self.insert_missing();
        }
        self.delete(&self.source, &same_key(self.table))?;
        self.upsert()
    }

    /// Counts the rows, of scopes that this run read, that the stage has with other values or not
    /// at all; stops at `limit`. The table is read in its own order and the stage by key, which
    /// takes one search a row; the reverse would take one in the index and one in the table.
    fn outdated(&self, limit: i64) -> rusqlite::Result<i64> {
        let sql = format!(
            "SELECT count(*) FROM (
                 SELECT 1 FROM main.{} AS old WHERE {} AND NOT EXISTS (
                     SELECT 1 FROM ({}) AS new WHERE {}) LIMIT ?2)",
            self.table.name,
            self.is_read,
            self.rows,
            self.same_row()
        );
        self.connection.query_row(&sql, params![self.scopes, limit], |row| row.get(0))
    }

    /// Counts the rows of the scopes that this run read.
    fn count_read(&self) -> rusqlite::Result<i64> {
        if self.is_whole {
            return self.count(&format!("main.{}", self.table.name));
        }
        let sql = format!("SELECT count(*) FROM main.{} WHERE {}", self.table.name, self.is_read);
        self.connection.query_row(&sql, [&self.scopes], |row| row.get(0))
    }

    fn count(&self, table: &str) -> rusqlite::Result<i64> {
        let sql = format!("SELECT count(*) FROM {table}");
        self.connection.query_row(&sql, [], |row| row.get(0))
    }

    /// Deletes the rows of the scopes that this run read.
    fn delete_all(&self) -> rusqlite::Result<()> {
        let name = self.table.name;
        if self.is_whole {
            // Without a condition, SQLite drops the pages without reading the rows.
            return self.connection.execute_batch(&format!("DELETE FROM main.{name}"));
        }
        let sql = format!("DELETE FROM main.{name} WHERE {}", self.is_read);
        self.connection.execute(&sql, [&self.scopes]).map(drop)
    }

    /// Deletes the rows, of scopes that this run read, for which no `new` row of `source` meets
    /// `condition`. They are found in the order of the key, which is that of the stage.
    fn delete(&self, source: &str, condition: &str) -> rusqlite::Result<()> {
        let (name, is_read) = (self.table.name, &self.is_read);
        let sql = format!(
            "DELETE FROM main.{name} WHERE rowid IN (
                 SELECT old.rowid FROM main.{name} AS old
                 WHERE {is_read} AND NOT EXISTS (
                     SELECT 1 FROM {source} AS new WHERE {condition}))"
        );
        self.connection.execute(&sql, [&self.scopes]).map(drop)
    }

    /// Inserts the rows whose key the table does not have.
    fn insert_missing(&self) -> rusqlite::Result<()> {
        let (name, rows) = (self.table.name, &self.rows);
        let sql = format!(
            "INSERT INTO main.{name} SELECT * FROM ({rows}) AS new
             WHERE NOT EXISTS (SELECT 1 FROM main.{name} AS old WHERE {}) ORDER BY {}",
            same_key(self.table),
            self.key()
        );
        self.connection.execute(&sql, []).map(drop)
    }

    /// Updates the rows that differ in their place, and inserts those that are missing.
    fn upsert(&self) -> rusqlite::Result<()> {
        let values: Vec<_> = self.values().collect();
        let set: Vec<_> = values.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let differ: Vec<_> =
            values.iter().map(|name| format!("old.{name} IS NOT excluded.{name}")).collect();
        let update = if set.is_empty() {
            "NOTHING".to_owned()
        } else {
            format!("UPDATE SET {} WHERE {}", set.join(", "), differ.join(" OR "))
        };
        let (name, key) = (self.table.name, self.key());
        // `WHERE` tells the parser that `ON` begins no join.
        let sql = format!(
            "INSERT INTO main.{name} AS old SELECT * FROM ({}) AS new WHERE TRUE ORDER BY {key}
             ON CONFLICT ({key}) DO {update}",
            self.rows
        );
        self.connection.execute(&sql, []).map(drop)
    }

    fn key(&self) -> String {
        self.table.key.join(", ")
    }

    /// The columns that are not part of the key.
    fn values(&self) -> impl Iterator<Item = &'static str> {
        let names = self.table.columns.iter().map(|column| column.name);
        names.filter(|name| !self.table.key.contains(name))
    }

    /// The condition that the table has a row like `new`.
    fn is_known(&self) -> String {
        let name = self.table.name;
        format!("EXISTS (SELECT 1 FROM main.{name} AS old WHERE {})", self.same_row())
    }

    /// The condition that `old` and `new` are equal.
    fn same_row(&self) -> String {
        let values = self.values().map(|name| format!(" AND old.{name} IS new.{name}"));
        same_key(self.table) + &values.collect::<String>()
    }
}

/// The condition and the parameter of a table that was read whole. The statement has one parameter,
/// which must be used.
fn whole() -> (String, String) {
    ("?1 = ''".to_owned(), String::new())
}

/// Whether a user has made a trigger or a unique index on a table.
fn has_own_rules(connection: &Connection, table: &TableInfo) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (
                   SELECT 1 FROM main.sqlite_schema
                   WHERE tbl_name = ?1 AND sql IS NOT NULL
                     AND (type = 'trigger' OR type = 'index' AND name IN (
                         SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\")))";
    connection.query_row(sql, [table.name], |row| row.get(0))
}

#[cfg(test)]
mod tests;
