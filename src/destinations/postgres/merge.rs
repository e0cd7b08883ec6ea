//! Finds the rows in which a view and its table on the server differ. Both sides give their rows in
//! the order of the key, so that neither has to be kept.
//!
//! The escape for U+0000 sorts differently on the server. A row that is missed there counts as
//! deleted and as new, which costs time, but is no error: deletions come first.

use std::cmp::Ordering;
use std::pin::Pin;

use futures::StreamExt;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Rows, Statement};
use tokio_postgres::Client;
use tokio_postgres::binary_copy::{BinaryCopyOutRow, BinaryCopyOutStream};

use super::copy::{Stored, oid};
use super::difference::{key_columns, names};
use super::encoded::{Encoded, order};
use crate::Result;
use crate::model::table::postgres::{has_key, list, qualified, quoted};
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// The temporary tables with the differences of one view.
const ADDED: &str = "temp.flaglake_added";
const CHANGED: &str = "temp.flaglake_changed";
const DELETED: &str = "temp.flaglake_deleted";

/// How a view and its table differ.
#[derive(Debug)]
pub(super) enum Difference {
    /// In the rows of the temporary tables, or not at all. Rows that changed did so in these
    /// columns.
    Rows(Vec<ColumnInfo>),
    /// In rows that a statement cannot name one by one: a key may be NULL.
    Unnamed,
}

/// The statement that selects the rows to insert.
pub(super) fn added(view: &TableInfo) -> String {
    format!("SELECT {} FROM {ADDED}", list(names(&view.columns)))
}

/// The statement that selects `columns` of the rows to update.
pub(super) fn changed(columns: &[ColumnInfo]) -> String {
    format!("SELECT {} FROM {CHANGED}", list(names(columns)))
}

/// The statement that selects the keys of the rows to delete.
pub(super) fn deleted(view: &TableInfo) -> String {
    format!("SELECT {} FROM {DELETED}", list(names(&key_columns(view))))
}

/// The statement that selects the rows of a view, which is a part of this connection.
pub(super) fn rows_of(view: &TableInfo) -> String {
    let columns = list(names(&view.columns));
    format!("SELECT {columns} FROM temp.{} ORDER BY {}", view.name, list(view.key.iter().copied()))
}

/// Why two sides cannot be compared.
pub(super) enum Failure {
    Copies(rusqlite::Error),
    Server(tokio_postgres::Error),
    Value(String),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Failure::Copies(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Server(error)
    }
}

/// Compares the rows of a view with those of the server.
pub(super) async fn compare(
    copies: &Connection,
    client: &Client,
    schema: &str,
    view: &TableInfo,
) -> Result<Difference, Failure> {
    // SQLite drops no table while rows are being read.
    let mut found = Found::create(copies, view)?;
    let mut statement = copies.prepare(&rows_of(view))?;
    let mut ours = Ours::new(statement.query([])?, view)?;
    let mut theirs = Theirs::open(client, schema, view).await?;
    while let Some(order) = ours.compare(&theirs) {
        let is_same = order.is_eq() && theirs.is(&ours.row);
        if !(is_same || has_key(view)) {
            return Ok(Difference::Unnamed);
        }
        if order.is_lt() {
            found.add(&ours)?;
        }
        if order.is_eq() && !is_same {
            found.add_changed(&ours, &theirs)?;
        }
        if order.is_gt() {
            found.add_deleted(&theirs)?;
        }
        if order.is_le() {
            ours.advance()?;
        }
        if order.is_ge() {
            theirs.advance().await?;
        }
    }
    Ok(Difference::Rows(found.differing(view)))
}

/// The rows of the view.
struct Ours<'s> {
    rows: Rows<'s>,
    view: &'s TableInfo,
    row: Encoded,
    is_at_end: bool,
}

impl<'s> Ours<'s> {
    fn new(rows: Rows<'s>, view: &'s TableInfo) -> Result<Self, Failure> {
        let mut ours = Ours { rows, view, row: Encoded::default(), is_at_end: false };
        ours.advance()?;
        Ok(ours)
    }

    fn advance(&mut self) -> Result<(), Failure> {
        self.rows.advance()?;
        match self.rows.get() {
            Some(row) => self.row.set(&self.view.columns, row).map_err(Failure::Value),
            None => {
                self.is_at_end = true;
                Ok(())
            }
        }
    }

    /// The order of the rows on both sides; `None` at the end of both.
    fn compare(&self, theirs: &Theirs) -> Option<Ordering> {
        match (self.is_at_end, &theirs.row) {
            (true, None) => None,
            (false, None) => Some(Ordering::Less),
            (true, Some(_)) => Some(Ordering::Greater),
            (false, Some(row)) => {
                Some(order(self.view, |at| self.row.get(at), |at| Encoded::of_server(row, at)))
            }
        }
    }
}

/// The rows of the server.
struct Theirs {
    stream: Pin<Box<BinaryCopyOutStream>>,
    row: Option<BinaryCopyOutRow>,
    columns: usize,
}

impl Theirs {
    async fn open(client: &Client, schema: &str, view: &TableInfo) -> Result<Self, Failure> {
        let out = client.copy_out(&select(schema, view)).await?;
        let types: Vec<_> = view.columns.iter().map(|column| oid(column.ty)).collect();
        let stream = Box::pin(BinaryCopyOutStream::new(out, &types));
        let mut theirs = Theirs { stream, row: None, columns: types.len() };
        theirs.advance().await?;
        Ok(theirs)
    }

    async fn advance(&mut self) -> Result<(), Failure> {
        self.row = self.stream.next().await.transpose()?;
        Ok(())
    }

    /// Whether the row is the same, byte by byte.
    fn is(&self, ours: &Encoded) -> bool {
        self.row.is_some() && (0..self.columns).all(|at| self.has(ours, at))
    }

    /// Whether a cell of the row is the same.
    fn has(&self, ours: &Encoded, at: usize) -> bool {
        self.row.as_ref().is_some_and(|row| ours.get(at) == Encoded::of_server(row, at))
    }
}

/// The statement that copies the rows of the server, in the order that SQLite has.
fn select(schema: &str, view: &TableInfo) -> String {
    let is_text = |name: &&str| {
        let of_key = view.columns.iter().find(|column| column.name == *name);
        of_key.is_some_and(|column| matches!(column.ty, Type::Text | Type::Json))
    };
    let terms = view.key.iter().map(|name| {
        let collation = if is_text(name) { " COLLATE \"C\"" } else { "" };
        format!("{}{collation} NULLS FIRST", quoted(name))
    });
    let terms: Vec<_> = terms.collect();
    let (columns, name) = (list(names(&view.columns)), qualified(schema, view));
    format!(
        "COPY (SELECT {columns} FROM {name} ORDER BY {}) TO STDOUT (FORMAT binary)",
        terms.join(", ")
    )
}

/// The differences that were found.
struct Found<'c> {
    added: Statement<'c>,
    changed: Statement<'c>,
    deleted: Statement<'c>,
    /// The positions of the columns of the key.
    key: Vec<usize>,
    /// For each column, whether it differs in a row that changed.
    differs: Vec<bool>,
}

impl<'c> Found<'c> {
    /// Creates the temporary tables.
    fn create(copies: &'c Connection, view: &TableInfo) -> rusqlite::Result<Self> {
        let create = |table: &str, columns: &str| {
            format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns});")
        };
        let (all, key) = (list(names(&view.columns)), list(names(&key_columns(view))));
        let tables = [create(ADDED, &all), create(CHANGED, &all), create(DELETED, &key)];
        copies.execute_batch(&tables.concat())?;
        let insert = |table: &str, count: usize| {
            copies.prepare(&format!("INSERT INTO {table} VALUES ({})", vec!["?"; count].join(", ")))
        };
        let key: Vec<_> = (0..view.columns.len())
            .filter(|at| view.columns.get(*at).is_some_and(|one| view.key.contains(&one.name)))
            .collect();
        let columns = view.columns.len();
        Ok(Found {
            added: insert(ADDED, columns)?,
            changed: insert(CHANGED, columns)?,
            deleted: insert(DELETED, key.len())?,
            key,
            differs: vec![false; columns],
        })
    }

    fn add(&mut self, ours: &Ours<'_>) -> Result<(), Failure> {
        insert(&mut self.added, ours, self.differs.len())
    }

    fn add_changed(&mut self, ours: &Ours<'_>, theirs: &Theirs) -> Result<(), Failure> {
        for (at, differs) in self.differs.iter_mut().enumerate() {
            *differs |= !theirs.has(&ours.row, at);
        }
        insert(&mut self.changed, ours, self.differs.len())
    }

    /// The columns that differ in a row that changed.
    fn differing(&self, view: &TableInfo) -> Vec<ColumnInfo> {
        let columns = view.columns.iter().zip(&self.differs);
        columns.filter(|(_, differs)| **differs).map(|(column, _)| *column).collect()
    }

    fn add_deleted(&mut self, theirs: &Theirs) -> Result<(), Failure> {
        let Some(row) = &theirs.row else { return Ok(()) };
        for (index, at) in self.key.iter().enumerate() {
            self.deleted.raw_bind_parameter(index + 1, row.try_get::<Stored<'_>>(*at)?)?;
        }
        self.deleted.raw_execute()?;
        Ok(())
    }
}

/// Inserts the row of the view, which has so many columns.
fn insert(into: &mut Statement<'_>, ours: &Ours<'_>, columns: usize) -> Result<(), Failure> {
    let Some(row) = ours.rows.get() else { return Ok(()) };
    for at in 0..columns {
        into.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?))?;
    }
    into.raw_execute()?;
    Ok(())
}
