//! Finds the rows in which two copies of a table differ, and sends only those.

use rusqlite::Connection;
use tokio_postgres::Client;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::ToSql;

use super::address::Schema;
use super::connection::{broken, refused};
use super::copy::{Cell, oid};
use super::merge::{self, Difference};
use crate::Result;
use crate::model::table::postgres::{data_type, has_key, list, qualified, quoted};
use crate::model::table::{ColumnInfo, TableInfo};
use crate::system::interrupt::Interrupt;

/// The table that holds the rows which are on their way.
const SENT: &str = "pg_temp.flaglake_rows";

/// The connection that has both copies, and the server that has the earlier one.
pub(super) struct Sender<'s> {
    /// `main` has the new rows; `before` is attached.
    pub copies: &'s Connection,
    pub client: &'s Client,
    pub schema: &'s Schema,
    pub interrupt: &'s Interrupt,
}

impl Sender<'_> {
    /// Makes a table of the schema equal to `new`, a table of this connection.
    pub(super) async fn send(&self, table: &TableInfo, new: &str) -> Result<()> {
        self.interrupt.check()?;
        let known = self.columns_before(table).map_err(|error| self.unread(&error))?;
        let name = qualified(&self.schema.name, table);
        let columns = list(names(&table.columns));
        if !self.has_rows_before(table, &known)? {
            let sql = format!("SELECT {columns} FROM {new} ORDER BY {}", list(key(table)));
            return self.copy(&table.columns, &sql, &name).await.map(drop);
        }
        if !has_key(table) {
            return self.replace(table, new, &name).await;
        }
        let pairs = self.pairs(table, new).map_err(|error| self.unread(&error))?;
        self.delete(table, &deleted(table, new, &pairs)).await?;
        self.upsert(table, &changed(table, new, &known, &pairs)).await
    }

    /// Makes the table of a view equal to the view of this connection. A table that `is_new` has no
    /// rows.
    pub(super) async fn send_view(&self, view: &TableInfo, is_new: bool) -> Result<()> {
        self.interrupt.check()?;
        let (name, rows) = (qualified(&self.schema.name, view), merge::rows_of(view));
        if is_new {
            return self.copy(&view.columns, &rows, &name).await.map(drop);
        }
        let compared = merge::compare(self.copies, self.client, &self.schema.name, view).await;
        match compared.map_err(|failure| self.not_compared(&failure))? {
            Difference::Rows => {
                self.delete(view, &merge::deleted(view)).await?;
                self.upsert(view, &merge::changed(view)).await
            }
            Difference::Unnamed => {
                self.run(&format!("DELETE FROM {name}")).await?;
                self.copy(&view.columns, &rows, &name).await.map(drop)
            }
        }
    }

    fn not_compared(&self, failure: &merge::Failure) -> crate::Error {
        match failure {
            merge::Failure::Copies(error) => self.unread(error),
            merge::Failure::Server(error) => broken(self.schema, error),
            merge::Failure::Value(reason) => refused(self.schema, reason, "run again"),
        }
    }

    /// The condition that `old` and `new` are the same row. The new table is a copy of the earlier
    /// one in which rows were changed in their place, so their IDs tell, and are found faster than
    /// keys; but a table that was replaced as a whole has other IDs.
    fn pairs(&self, table: &TableInfo, new: &str) -> rusqlite::Result<String> {
        let by_id = "old.rowid = new.rowid".to_owned();
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {new} AS new JOIN before.{} AS old ON {by_id}
             WHERE NOT ({}))",
            table.name,
            same_key(table)
        );
        let has_other_keys: bool = self.copies.query_row(&sql, [], |row| row.get(0))?;
        Ok(if has_other_keys { same_key(table) } else { by_id })
    }

    /// Deletes the rows whose keys a query selects.
    async fn delete(&self, table: &TableInfo, sql: &str) -> Result<()> {
        if self.stage(&key_columns(table), sql).await? {
            let (name, same) = (qualified(&self.schema.name, table), same_key(table));
            let sql = format!(
                "DELETE FROM {name} AS old USING {SENT} AS new WHERE {same}; DROP TABLE {SENT}"
            );
            self.run(&sql).await?;
        }
        Ok(())
    }

    /// Inserts the rows that a query selects, and updates those that exist.
    async fn upsert(&self, table: &TableInfo, sql: &str) -> Result<()> {
        if self.stage(&table.columns, sql).await? {
            self.run(&upsert(table, &qualified(&self.schema.name, table))).await?;
        }
        Ok(())
    }

    /// Replaces all rows of a table whose key may be NULL, if one differs.
    async fn replace(&self, table: &TableInfo, new: &str, name: &str) -> Result<()> {
        let columns = list(names(&table.columns));
        let before = format!("before.{}", table.name);
        let sql = format!(
            "SELECT EXISTS (SELECT {columns} FROM {new} EXCEPT SELECT {columns} FROM {before})
                 OR EXISTS (SELECT {columns} FROM {before} EXCEPT SELECT {columns} FROM {new})"
        );
        let differs = self.copies.query_row(&sql, [], |row| row.get::<_, bool>(0));
        if differs.map_err(|error| self.unread(&error))? {
            self.run(&format!("DELETE FROM {name}")).await?;
            self.copy(&table.columns, &format!("SELECT {columns} FROM {new}"), name).await?;
        }
        Ok(())
    }

    /// Copies the rows of a query to a temporary table; returns whether there is one. Without a
    /// row, nothing is sent.
    async fn stage(&self, columns: &[ColumnInfo], sql: &str) -> Result<bool> {
        let some = format!("SELECT EXISTS ({sql})");
        let some = self.copies.query_row(&some, [], |row| row.get::<_, bool>(0));
        if !some.map_err(|error| self.unread(&error))? {
            return Ok(false);
        }
        let declared =
            columns.iter().map(|one| format!("{} {}", quoted(one.name), data_type(one.ty)));
        let declared = declared.collect::<Vec<_>>().join(", ");
        self.run(&format!("CREATE TEMPORARY TABLE flaglake_rows ({declared}) ON COMMIT DROP"))
            .await?;
        self.copy(columns, sql, SENT).await?;
        self.run(&format!("ANALYZE {SENT}")).await?;
        Ok(true)
    }

    /// Copies the rows of a query to a table of the server; returns how many.
    async fn copy(&self, columns: &[ColumnInfo], sql: &str, to: &str) -> Result<u64> {
        let failed = |error| broken(self.schema, &error);
        let statement = format!("COPY {to} ({}) FROM STDIN (FORMAT binary)", list(names(columns)));
        let sink = self.client.copy_in(&statement).await.map_err(failed)?;
        let types: Vec<_> = columns.iter().map(|column| oid(column.ty)).collect();
        let mut writer = std::pin::pin!(BinaryCopyInWriter::new(sink, &types));
        let mut statement = self.copies.prepare(sql).map_err(|error| self.unread(&error))?;
        let mut rows = statement.query([]).map_err(|error| self.unread(&error))?;
        while let Some(row) = rows.next().map_err(|error| self.unread(&error))? {
            let cells = columns.iter().enumerate();
            let cells = cells.map(|(index, column)| Ok(Cell(column.ty, row.get_ref(index)?)));
            let cells: Vec<_> =
                cells.collect::<rusqlite::Result<_>>().map_err(|error| self.unread(&error))?;
            let cells: Vec<_> = cells.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect();
            writer.as_mut().write(&cells).await.map_err(failed)?;
        }
        writer.finish().await.map_err(failed)
    }

    /// The columns that the earlier copy of a table has; none if there is no such table.
    fn columns_before(&self, table: &TableInfo) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT name FROM pragma_table_info(?1, 'before')";
        let mut statement = self.copies.prepare(sql)?;
        statement.query_map([table.name], |row| row.get(0))?.collect()
    }

    fn has_rows_before(&self, table: &TableInfo, known: &[String]) -> Result<bool> {
        if known.is_empty() {
            return Ok(false);
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM before.{})", table.name);
        let has = self.copies.query_row(&sql, [], |row| row.get(0));
        has.map_err(|error| self.unread(&error))
    }

    async fn run(&self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).await.map_err(|error| broken(self.schema, &error))
    }

    fn unread(&self, error: &rusqlite::Error) -> crate::Error {
        refused(
            self.schema,
            &format!("the copy of its tables cannot be read: {error}"),
            "run again",
        )
    }
}

/// The columns of the key.
pub(super) fn key_columns(table: &TableInfo) -> Vec<ColumnInfo> {
    table.columns.iter().filter(|one| table.key.contains(&one.name)).copied().collect()
}

/// The statement that selects the keys of rows that do not exist any more.
fn deleted(table: &TableInfo, new: &str, pairs: &str) -> String {
    format!(
        "SELECT {} FROM before.{} AS old
         WHERE NOT EXISTS (SELECT 1 FROM {new} AS new WHERE {pairs})",
        list(names(&key_columns(table))),
        table.name,
    )
}

/// The statement that selects the new rows that the earlier copy has with other values or not at
/// all. It does not have the columns that are not `known`.
fn changed(table: &TableInfo, new: &str, known: &[String], pairs: &str) -> String {
    let values = names(&table.columns).filter(|name| !table.key.contains(name));
    let differ = values.map(|name| {
        let name_in = quoted(name);
        let old = if known.iter().any(|one| one == name) {
            format!("old.{name_in}")
        } else {
            "NULL".into()
        };
        format!(" OR new.{name_in} IS NOT {old}")
    });
    let columns = names(&table.columns).map(|name| format!("new.{}", quoted(name)));
    format!(
        "SELECT {} FROM {new} AS new LEFT JOIN before.{} AS old ON {pairs} WHERE old.{} IS NULL{}",
        columns.collect::<Vec<_>>().join(", "),
        table.name,
        key(table).next().map(quoted).unwrap_or_default(),
        differ.collect::<String>()
    )
}

/// The statement that inserts the rows that were sent, and updates those that exist.
fn upsert(table: &TableInfo, name: &str) -> String {
    let columns = list(names(&table.columns));
    let values = names(&table.columns).filter(|name| !table.key.contains(name));
    let set: Vec<_> = values.map(|name| format!("{0} = EXCLUDED.{0}", quoted(name))).collect();
    let update = if set.is_empty() {
        "NOTHING".to_owned()
    } else {
        format!("UPDATE SET {}", set.join(", "))
    };
    format!(
        "INSERT INTO {name} ({columns}) SELECT {columns} FROM {SENT}
         ON CONFLICT ({}) DO {update}; DROP TABLE {SENT}",
        list(key(table))
    )
}

/// The condition, in both dialects, that `old` and `new` have the same key.
fn same_key(table: &TableInfo) -> String {
    let terms = key(table).map(|name| format!("old.{0} = new.{0}", quoted(name)));
    terms.collect::<Vec<_>>().join(" AND ")
}

fn key(table: &TableInfo) -> impl Iterator<Item = &'static str> {
    table.key.iter().copied()
}

pub(super) fn names(columns: &[ColumnInfo]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}
