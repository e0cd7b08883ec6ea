//! Finds the rows in which two copies of a table differ, and sends only those.

use rusqlite::Connection;
use tokio_postgres::Client;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::ToSql;

use super::address::Schema;
use super::connection::{broken, refused};
use super::copy::{Cell, oid};
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
        self.delete(table, new, &name).await?;
        let sql = changed(table, new, &known);
        if self.stage(&table.columns, &sql).await? {
            self.run(&upsert(table, &name)).await?;
        }
        Ok(())
    }

    /// Deletes the rows whose key does not exist any more.
    async fn delete(&self, table: &TableInfo, new: &str, name: &str) -> Result<()> {
        let keys: Vec<_> =
            table.columns.iter().filter(|one| table.key.contains(&one.name)).copied().collect();
        let sql = format!(
            "SELECT {} FROM before.{} AS old
             WHERE NOT EXISTS (SELECT 1 FROM {new} AS new WHERE {})",
            list(names(&keys)),
            table.name,
            same_key(table)
        );
        if self.stage(&keys, &sql).await? {
            let same = same_key(table);
            let sql = format!(
                "DELETE FROM {name} AS old USING {SENT} AS new WHERE {same}; DROP TABLE {SENT}"
            );
            self.run(&sql).await?;
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

/// The statement that selects the new rows that the earlier copy has with other values or not at
/// all. It does not have the columns that are not `known`.
fn changed(table: &TableInfo, new: &str, known: &[String]) -> String {
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
        "SELECT {} FROM {new} AS new LEFT JOIN before.{} AS old ON {} WHERE old.{} IS NULL{}",
        columns.collect::<Vec<_>>().join(", "),
        table.name,
        same_key(table),
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

fn names(columns: &[ColumnInfo]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}
