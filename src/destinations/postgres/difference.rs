//! Finds the rows in which two copies of a table differ, and sends only those.

use std::fmt::Display;

use rusqlite::Connection;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use tokio_postgres::Client;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::ToSql;

use super::address::Schema;
use super::arrays::{self, Arrays};
use super::connection::{broken, refused};
use super::copy::{Cell, oid};
use super::merge::{self, Difference};
use crate::Result;
use crate::model::table::postgres::{has_key, list, qualified, quoted};
use crate::model::table::{ColumnInfo, TableInfo};
use crate::system::interrupt::Interrupt;

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
            return self.copy(&table.columns, &sql, &name).await;
        }
        if !has_key(table) {
            return self.replace(table, new, &name).await;
        }
        let pairs = self.pairs(table, new).map_err(|error| self.unread(&error))?;
        self.delete(table, &deleted(table, new, &pairs)).await?;
        let both = format!("{new} AS new JOIN before.{} AS old ON {pairs}", table.name);
        let values = self.differing(table, &both, &known).map_err(|error| self.unread(&error))?;
        self.update(table, &values, |columns| changed(columns, &both, &values, &known)).await?;
        self.copy(&table.columns, &added(table, new, &pairs), &name).await
    }

    /// Makes the table of a view equal to the view of this connection. A table that `is_new` has no
    /// rows.
    pub(super) async fn send_view(&self, view: &TableInfo, is_new: bool) -> Result<()> {
        self.interrupt.check()?;
        let (name, rows) = (qualified(&self.schema.name, view), merge::rows_of(view));
        if is_new {
            return self.copy(&view.columns, &rows, &name).await;
        }
        let compared = merge::compare(self.copies, self.client, &self.schema.name, view).await;
        match compared.map_err(|failure| self.not_compared(&failure))? {
            Difference::Rows(values) => {
                self.delete(view, &merge::deleted(view)).await?;
                self.update(view, &values, merge::changed).await?;
                self.copy(&view.columns, &merge::added(view), &name).await
            }
            Difference::Unnamed => {
                self.run(&format!("DELETE FROM {name}")).await?;
                self.copy(&view.columns, &rows, &name).await
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

    /// The columns that are not the same in all rows of `both` copies.
    fn differing(
        &self,
        table: &TableInfo,
        both: &str,
        known: &[String],
    ) -> rusqlite::Result<Vec<ColumnInfo>> {
        let values: Vec<_> = value_columns(table).collect();
        if values.is_empty() {
            return Ok(values);
        }
        let differ = values.iter().map(|one| format!("max({})", differs(one.name, known)));
        let sql = format!("SELECT {} FROM {both}", differ.collect::<Vec<_>>().join(", "));
        self.copies.query_row(&sql, [], |row| {
            let differs = |at| row.get::<_, Option<bool>>(at).map(Option::unwrap_or_default);
            let differs = (0..values.len()).map(differs).collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(values.iter().zip(differs).filter(|(_, one)| *one).map(|(one, _)| *one).collect())
        })
    }

    /// Deletes the rows whose keys a query selects.
    async fn delete(&self, table: &TableInfo, sql: &str) -> Result<()> {
        let (name, key) = (qualified(&self.schema.name, table), key_columns(table));
        let (rows, same) = (arrays::relation(&key), same_key(table));
        let statement = format!("DELETE FROM {name} AS old USING {rows} WHERE {same}");
        self.execute(&statement, &key, sql).await
    }

    /// Updates `values` in the rows that a query selects; it is made from the columns that are
    /// sent. Others stay as they are, so that long values in them are not written again.
    async fn update(
        &self,
        table: &TableInfo,
        values: &[ColumnInfo],
        query: impl Fn(&[ColumnInfo]) -> String,
    ) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let (name, same) = (qualified(&self.schema.name, table), same_key(table));
        let sent = [&key_columns(table), values].concat();
        let set = names(values).map(|name| format!("{0} = new.{0}", quoted(name)));
        let (set, rows) = (set.collect::<Vec<_>>().join(", "), arrays::relation(&sent));
        let statement = format!("UPDATE {name} AS old SET {set} FROM {rows} WHERE {same}");
        self.execute(&statement, &sent, &query(&sent)).await
    }

    /// Executes a statement with the rows of a query. Without a row, nothing is sent.
    async fn execute(&self, statement: &str, columns: &[ColumnInfo], query: &str) -> Result<()> {
        let failed = |error| broken(self.schema, &error);
        let unread = |error: rusqlite::Error| self.unread(&error);
        let mut selected = self.copies.prepare(query).map_err(unread)?;
        let mut rows = selected.query([]).map_err(unread)?;
        let (mut arrays, mut prepared) = (Arrays::of(columns), None);
        while arrays.fill(&mut rows).map_err(|error| self.unread(&error))? {
            let ready = match prepared.take() {
                Some(ready) => ready,
                None => self.client.prepare(statement).await.map_err(failed)?,
            };
            self.client.execute(&ready, &arrays.parameters()).await.map_err(failed)?;
            prepared = Some(ready);
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

    /// Copies the rows of a query to a table of the server. Without a row, nothing is sent.
    async fn copy(&self, columns: &[ColumnInfo], sql: &str, to: &str) -> Result<()> {
        let failed = |error| broken(self.schema, &error);
        let unread = |error: rusqlite::Error| self.unread(&error);
        let mut selected = self.copies.prepare(sql).map_err(unread)?;
        let mut rows = selected.query([]).map_err(unread)?;
        rows.advance().map_err(unread)?;
        if rows.get().is_none() {
            return Ok(());
        }
        let statement = format!("COPY {to} ({}) FROM STDIN (FORMAT binary)", list(names(columns)));
        let sink = self.client.copy_in(&statement).await.map_err(failed)?;
        let types: Vec<_> = columns.iter().map(|column| oid(column.ty)).collect();
        let mut writer = std::pin::pin!(BinaryCopyInWriter::new(sink, &types));
        while let Some(row) = rows.get() {
            let cells = columns.iter().enumerate();
            let cells = cells.map(|(index, column)| Ok(Cell(column.ty, row.get_ref(index)?)));
            let cells: Vec<_> = cells.collect::<rusqlite::Result<_>>().map_err(unread)?;
            let cells: Vec<_> = cells.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect();
            writer.as_mut().write(&cells).await.map_err(failed)?;
            rows.advance().map_err(unread)?;
        }
        writer.finish().await.map(drop).map_err(failed)
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

    fn unread(&self, error: &impl Display) -> crate::Error {
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

/// The columns that are no part of the key.
fn value_columns(table: &TableInfo) -> impl Iterator<Item = ColumnInfo> {
    table.columns.iter().filter(|one| !table.key.contains(&one.name)).copied()
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

/// The statement that selects the rows which the earlier copy does not have.
fn added(table: &TableInfo, new: &str, pairs: &str) -> String {
    format!(
        "SELECT {} FROM {new} AS new
         WHERE NOT EXISTS (SELECT 1 FROM before.{} AS old WHERE {pairs})",
        list(names(&table.columns)),
        table.name,
    )
}

/// The statement that selects `columns` of the rows which both copies have with other values.
fn changed(columns: &[ColumnInfo], both: &str, values: &[ColumnInfo], known: &[String]) -> String {
    let columns: Vec<_> = names(columns).map(|name| format!("new.{}", quoted(name))).collect();
    let differ: Vec<_> = names(values).map(|name| differs(name, known)).collect();
    format!("SELECT {} FROM {both} WHERE {}", columns.join(", "), differ.join(" OR "))
}

/// The condition that `old` and `new` have other values in a column. The earlier copy does not have
/// those that are not `known`.
fn differs(name: &str, known: &[String]) -> String {
    let quoted = quoted(name);
    if known.iter().any(|one| one == name) {
        format!("new.{quoted} IS NOT old.{quoted}")
    } else {
        format!("new.{quoted} IS NOT NULL")
    }
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
