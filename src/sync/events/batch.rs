//! Takes the rows that are to be sent, a batch at a time.

use rusqlite::types::ValueRef;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::Events;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::cursor::{Cursor, larger};
use crate::sync::state::{Batch, RowKey};

/// The bytes of most bodies.
const USUAL_BYTES: usize = 1_000_000;

/// The most bytes of a body.
const MOST_BYTES: usize = 5_000_000;

/// A row of a batch, to be rejected if LaunchDarkly refuses the batch.
pub(super) struct SentRow {
    pub number: i64,
    pub cursor: Option<Cursor>,
}

/// Where taking rows has come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position(i64);

/// A batch with its rows.
pub(super) struct NextBatch {
    pub batch: Batch,
    pub rows: Vec<SentRow>,
    /// The largest cursor so far.
    cursor: Option<Cursor>,
    /// Whether its rows were rejected before: those are not mixed with new ones.
    is_retry: bool,
}

/// The rows that no earlier batch has, and that have no fate, as parts of a statement over the rows
/// `s` of the source.
pub(super) struct Unsent {
    pub joins: &'static str,
    pub condition: &'static str,
}

impl Unsent {
    /// Where no row has a fate, as in most first runs, there is none to look up.
    pub fn of(run: &Run<'_>) -> Result<Self> {
        let any = "SELECT EXISTS (SELECT 1 FROM fate) OR EXISTS (SELECT 1 FROM pending)";
        Ok(if run.state.number(any)? == 0 {
            Unsent { joins: "", condition: "1" }
        } else {
            Unsent {
                joins: "LEFT JOIN fate f ON f.row_number = s.row_number
                        LEFT JOIN pending p ON p.row_number = s.row_number",
                condition: "f.fate IS NULL AND p.payload_id IS NULL",
            }
        })
    }
}

impl Events {
    /// Sets the order in which rows are sent, where it is not that of the source: by the cursor, so
    /// that everything up to it is sent when it moves; and rows that were rejected before last.
    pub(super) fn set_order(&self, run: &Run<'_>) -> Result<()> {
        let has_cursor = self.options.identity.cursor.is_some();
        let create = "CREATE TABLE turn (
                position INTEGER PRIMARY KEY, row_number INTEGER NOT NULL, is_retry INTEGER NOT NULL)";
        run.state.or_failed(run.state.connection.execute_batch(create))?;
        if !has_cursor && !run.state.has_rows(run.name())? {
            return Ok(());
        }
        let stored = run.state.stored("s.row_key");
        let order = if has_cursor { "s.cursor_order, " } else { "" };
        let Unsent { joins, condition } = Unsent::of(run)?;
        let sql = format!(
            "INSERT INTO turn (row_number, is_retry) SELECT s.row_number, r.status IS NOT NULL
             FROM source s {joins}
             LEFT JOIN state.sync_rows r
                ON r.sync_name = :sync AND r.row_key = {stored} AND r.status = 'rejected'
             WHERE {condition}
             ORDER BY r.status IS NOT NULL, {order} s.row_number"
        );
        run.execute(&sql).map(drop)
    }

    /// The next batch: at most `most` rows and [`MOST_BYTES`]. `None` after the last one.
    pub(super) fn next_batch(
        &self,
        run: &Run<'_>,
        position: &mut Position,
        most: usize,
    ) -> Result<Option<NextBatch>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let stored = run.state.stored("s.row_key");
        let has_order = run.state.number("SELECT EXISTS (SELECT 1 FROM turn)")? == 1;
        let columns =
            format!("s.row_number, s.row_key, {stored}, s.payload_hash, s.body, s.cursor");
        let sql = if has_order {
            format!(
                "SELECT t.position, {columns}, t.is_retry
                 FROM turn t JOIN source s ON s.row_number = t.row_number
                 WHERE t.position > ?1 ORDER BY t.position LIMIT ?2"
            )
        } else {
            let Unsent { joins, condition } = Unsent::of(run)?;
            format!(
                "SELECT s.row_number, {columns}, 0 FROM source s {joins}
                 WHERE {condition} AND s.row_number > ?1
                 ORDER BY s.row_number LIMIT ?2"
            )
        };
        let mut next = NextBatch::new();
        let mut statement = run.state.or_failed(run.state.connection.prepare_cached(&sql))?;
        let mut rows = run.state.or_failed(statement.query(params![position.0, most]))?;
        while let Some(row) = run.state.or_failed(rows.next())? {
            if !run.state.or_failed(next.push(row))? {
                break;
            }
            position.0 = run.state.or_failed(row.get(0))?;
        }
        Ok(next.finished(|cursor| self.progress.allowed(cursor)))
    }
}

impl NextBatch {
    fn new() -> Self {
        let payload_id = Uuid::new_v4().to_string();
        let mut body = String::with_capacity(USUAL_BYTES);
        body.push('[');
        let batch = Batch { payload_id, body, keys: Vec::new(), cursor: None };
        NextBatch { batch, rows: Vec::new(), cursor: None, is_retry: false }
    }

    /// Adds a row; returns whether there was room for it.
    fn push(&mut self, row: &Row<'_>) -> rusqlite::Result<bool> {
        let body = row.get_ref(5)?.as_str_or_null()?.unwrap_or_default();
        let is_retry = row.get(7)?;
        if self.rows.is_empty() {
            self.is_retry = is_retry;
        } else {
            let is_full = self.batch.body.len() + body.len() + 2 > MOST_BYTES;
            if is_full || is_retry != self.is_retry {
                return Ok(false);
            }
            self.batch.body.push(',');
        }
        self.batch.body.push_str(body);
        self.batch.keys.push(RowKey(row.get(3)?, row.get(4)?));
        let cursor = cursor(row.get_ref(6)?);
        if let Some(cursor) = cursor.clone() {
            self.cursor = larger(self.cursor.take(), cursor);
        }
        self.rows.push(SentRow { number: row.get(1)?, cursor });
        Ok(true)
    }

    /// The batch, unless it has no rows. `allowed` limits its cursor.
    fn finished(mut self, allowed: impl FnOnce(Cursor) -> Cursor) -> Option<Self> {
        self.batch.body.push(']');
        self.batch.cursor = self.cursor.take().map(|cursor| allowed(cursor).to_json());
        (!self.rows.is_empty()).then_some(self)
    }
}

pub(super) fn cursor(value: ValueRef<'_>) -> Option<Cursor> {
    match value {
        ValueRef::Integer(value) => Some(Cursor::Int(value)),
        ValueRef::Real(value) => Some(Cursor::Real(value)),
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).ok().map(|text| Cursor::text(text.to_owned()))
        }
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}
