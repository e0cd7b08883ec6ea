//! A copy of a schema's tables in a SQLite file beside the stage.
//!
//! What a run publishes depends on the rows of earlier runs: versions of rows, daily figures, and
//! scopes that it did not read. The rules for that, and the views, are written in SQLite's SQL. They
//! are applied to the copy, so that every result is that of a SQLite output; then only the rows that
//! differ are sent.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use rusqlite::Connection;
use tokio_postgres::Client;
use tokio_postgres::binary_copy::BinaryCopyOutStream;

use super::address::Schema;
use super::connection::broken;
use super::copy::{Stored, oid};
use super::identity::Found;
use crate::destinations::contract::Place;
use crate::destinations::sqlite::APPLICATION_ID;
use crate::model::table::TableInfo;
use crate::model::table::ddl::{create_table, parameters};
use crate::model::table::postgres::{list, qualified};
use crate::system::{database, files};
use crate::{Result, catalog};

/// The names of the files that a run keeps beside the stage.
const FILES: [&str; 3] = ["known", "before", "after"];

/// Removes the files of a killed run.
pub(super) fn remove_remains(schema: &Schema) {
    FILES.iter().for_each(|name| database::remove(&schema.beside(name)));
}

/// A SQLite file that is removed in the end.
#[derive(Debug)]
pub(super) struct Mirror(pub PathBuf);

impl Drop for Mirror {
    fn drop(&mut self) {
        database::remove(&self.0);
    }
}

impl Mirror {
    /// A vacant place for a file.
    pub(super) fn vacant(schema: &Schema, name: &str) -> Self {
        let mirror = Mirror(schema.beside(name));
        database::remove(&mirror.0);
        mirror
    }

    /// Creates the file with the rows that `tables` have in the schema.
    pub(super) async fn create(
        client: &Client,
        schema: &Schema,
        found: &Found,
        name: &str,
        tables: &[TableInfo],
    ) -> Result<Self> {
        let mirror = Mirror::vacant(schema, name);
        new_file(&mirror.0)?;
        let connection = mirror.connect()?;
        mirror.set_up(&connection, found).map_err(|error| mirror.failed(&error))?;
        for table in tables {
            mirror.fill(&connection, client, schema, found, table, "TRUE").await?;
        }
        Ok(mirror)
    }

    pub(super) fn connect(&self) -> Result<Connection> {
        let connection = Connection::open(&self.0).map_err(|error| self.failed(&error))?;
        let pragmas =
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -5000";
        connection.execute_batch(pragmas).map_err(|error| self.failed(&error))?;
        Ok(connection)
    }

    pub(super) fn failed(&self, error: &rusqlite::Error) -> crate::Error {
        database::failed(&self.0, error)
    }

    fn set_up(&self, connection: &Connection, found: &Found) -> rusqlite::Result<()> {
        let version = found.state.schema_version.unwrap_or(catalog::SCHEMA_VERSION);
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", version)
    }

    /// Creates a table with the columns that the schema has, and copies the rows for which
    /// `condition` holds.
    pub(super) async fn fill(
        &self,
        connection: &Connection,
        client: &Client,
        schema: &Schema,
        found: &Found,
        table: &TableInfo,
        condition: &str,
    ) -> Result<()> {
        let Some(known) = found.columns_of(table) else { return Ok(()) };
        let ddl = create_table(&known, &catalog::tables());
        connection.execute_batch(&ddl).map_err(|error| self.failed(&error))?;
        let failed = |error: rusqlite::Error| self.failed(&error);
        copy_rows(connection, client, schema, &known, condition, failed).await
    }
}

/// Copies the rows of a table for which `condition` holds: those columns that the schema has.
pub(super) async fn copy_rows(
    connection: &Connection,
    client: &Client,
    schema: &Schema,
    known: &TableInfo,
    condition: &str,
    failed: impl Fn(rusqlite::Error) -> crate::Error + Copy,
) -> Result<()> {
    let columns = list(known.columns.iter().map(|column| column.name));
    let source = qualified(&schema.name, known);
    let sql = format!(
        "COPY (SELECT {columns} FROM {source} WHERE {condition}) TO STDOUT (FORMAT binary)"
    );
    let out = client.copy_out(&sql).await.map_err(|error| broken(schema, &error))?;
    let types: Vec<_> = known.columns.iter().map(|column| oid(column.ty)).collect();
    let mut rows = std::pin::pin!(BinaryCopyOutStream::new(out, &types));
    connection.execute_batch("BEGIN").map_err(failed)?;
    let sql = format!("INSERT INTO {} ({columns}) VALUES ({})", known.name, parameters(known));
    let mut insert = connection.prepare(&sql).map_err(failed)?;
    while let Some(row) = rows.next().await {
        let row = row.map_err(|error| broken(schema, &error))?;
        for index in 0..types.len() {
            let cell = row.try_get::<Stored<'_>>(index);
            let cell = cell.map_err(|error| broken(schema, &error))?;
            insert.raw_bind_parameter(index + 1, cell).map_err(failed)?;
        }
        insert.raw_execute().map_err(failed)?;
    }
    connection.execute_batch("COMMIT").map_err(failed)
}

/// Creates a file that nobody else may read. The temporary folder is everybody's: a link that
/// somebody put there is not followed.
fn new_file(path: &Path) -> Result<File> {
    let mut options = File::options();
    let file = options.read(true).write(true).create_new(true).mode(files::PRIVATE).open(path);
    file.map_err(|error| files::failed(path, &error))
}

/// Copies a closed database.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).map_err(|error| files::failed(from, &error))?;
    let copied = std::io::copy(&mut source, &mut new_file(to)?);
    copied.map(drop).map_err(|error| files::failed(to, &error))
}
