//! The cursor: rows behind it were sent by an earlier run.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::time::Duration;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use serde_json::Value;

use super::Identity;
use super::outbox::Outbox;
use super::time::parse;
use crate::Result;
use crate::sync::cell::Cell;
use crate::sync::context::Run;
use crate::sync::reason::{Reason, Rejection};

/// A value of the cursor column. Numbers come before texts, as in SQLite.
#[derive(Clone, Debug, PartialEq)]
pub enum Cursor {
    /// A whole number, or a time in milliseconds since 1970.
    Int(i64),
    /// Any other number.
    Real(f64),
    /// A text, compared byte by byte: ISO 8601 times are in order.
    Text(String),
}

impl Cursor {
    /// The value of the cursor column `name`.
    ///
    /// # Errors
    /// `missing_field` if it has none, `bad_type` if it cannot be compared.
    pub(super) fn of(cell: Option<Cell<'_>>, name: &str) -> std::result::Result<Self, Rejection> {
        match cell.unwrap_or(Cell::Null) {
            Cell::Int(value) | Cell::Time(value) => Ok(Cursor::Int(value)),
            Cell::Real(value) if value.is_finite() => Ok(Cursor::Real(value)),
            Cell::Text(text) if !text.is_empty() => Ok(Cursor::Text(text.to_owned())),
            Cell::Untyped(text) if !text.is_empty() => Ok(Cursor::parse(text)),
            Cell::Null | Cell::Text(_) | Cell::Untyped(_) => Err(Rejection::new(
                Reason::MissingField("cursor"),
                format!("the cursor column `{name}` has no value"),
            )),
            _ => {
                let message = format!("`{name}`: a cursor is a number or a text");
                Err(Rejection::new(Reason::BadType, message))
            }
        }
    }

    /// The value that a text stands for, as in CSV and on the command line.
    pub fn parse(text: &str) -> Self {
        let number = text.parse().ok().filter(|value: &f64| value.is_finite());
        let whole = text.parse().map(Cursor::Int).ok();
        whole.or(number.map(Cursor::Real)).unwrap_or_else(|| Cursor::Text(text.to_owned()))
    }

    /// The value as JSON, as the state file keeps it.
    pub fn to_json(&self) -> String {
        let value: Value = match self {
            Cursor::Int(value) => (*value).into(),
            Cursor::Real(value) => (*value).into(),
            Cursor::Text(text) => text.as_str().into(),
        };
        value.to_string()
    }

    /// The value that [`Self::to_json`] has written.
    pub fn from_json(text: &str) -> Option<Self> {
        match serde_json::from_str(text).ok()? {
            Value::String(text) => Some(Cursor::Text(text)),
            Value::Number(number) => {
                number.as_i64().map(Cursor::Int).or(number.as_f64().map(Cursor::Real))
            }
            _ => None,
        }
    }

    /// The time that it is, in milliseconds since 1970.
    fn time_ms(&self) -> Option<i64> {
        match self {
            Cursor::Int(ms) => Some(*ms),
            Cursor::Real(_) => None,
            Cursor::Text(text) => parse(text),
        }
    }
}

impl Cursor {
    /// Compares two values; `None` if they are of different kinds. A text that is a time compares
    /// with milliseconds since 1970.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        use Cursor::{Int, Text};
        match (self, other) {
            (Int(one), Int(other)) => Some(one.cmp(other)),
            (Text(one), Text(other)) => Some(one.cmp(other)),
            (Text(_), _) | (_, Text(_)) => Some(self.time_ms()?.cmp(&other.time_ms()?)),
            (one, other) => one.number().partial_cmp(&other.number()),
        }
    }

    /// The number that it is, as far as a floating-point number can be that.
    #[expect(clippy::cast_precision_loss, reason = "only compared with other such numbers")]
    fn number(&self) -> f64 {
        match self {
            Cursor::Int(value) => *value as f64,
            Cursor::Real(value) => *value,
            Cursor::Text(_) => f64::NAN,
        }
    }
}

impl ToSql for Cursor {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cursor::Int(value) => ToSqlOutput::Owned(Owned::Integer(*value)),
            Cursor::Real(value) => ToSqlOutput::Owned(Owned::Real(*value)),
            Cursor::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// The start of the keys in the state file that stand for the cursor values of rejected rows.
const REJECTED: &str = "!";

/// Where the cursor stands, and which rows behind it are looked at all the same.
///
/// Rows before the position were sent, or their cursor values are recorded as rejected. Rows at the
/// position are looked at, and known by their keys: another row with the same value may come late.
#[derive(Debug, Default)]
pub(super) struct Progress {
    position: Option<Cursor>,
    /// Rows before this are not looked at, if no run has sent anything yet.
    start: Option<Cursor>,
    lag: Option<Duration>,
    /// The cursor values of rows that were rejected.
    rejected: HashSet<String>,
    /// The cursor values of rows that this run rejects.
    pub rejected_now: HashSet<String>,
    /// A value of this run's rows: all others must be of its kind.
    first: Option<Cursor>,
    /// The smallest value that `--limit` has cut off.
    pub cut_off: Option<Cursor>,
}

impl Progress {
    /// Reads where the cursor stands: at the largest value that was sent, batches of killed runs
    /// included.
    pub fn load(identity: &Identity, run: &Run<'_>, outbox: &Outbox) -> Result<Self> {
        let mut progress = Progress { lag: identity.lag, ..Progress::default() };
        if identity.cursor.is_none() || run.context.options.full {
            return Ok(progress);
        }
        let stored = run.state.sync(run.name())?.and_then(|sync| sync.cursor);
        let sent = stored.iter().map(String::as_str).chain(outbox.cursors());
        progress.position = sent.filter_map(Cursor::from_json).fold(None, larger);
        progress.start = identity.cursor_from.as_deref().map(Cursor::parse);
        progress.rejected = rejected(run)?;
        Ok(progress)
    }

    /// Whether an earlier run has sent the row, or it is before the start.
    ///
    /// # Errors
    /// `bad_type` if the value cannot be compared with those of other rows.
    pub fn is_behind(&mut self, cursor: &Cursor) -> std::result::Result<bool, Rejection> {
        let first = self.first.get_or_insert_with(|| cursor.clone());
        if cursor.compare(first).is_none() {
            return Err(other_kind());
        }
        let Some(position) = &self.position else {
            let Some(start) = &self.start else { return Ok(false) };
            return cursor.compare(start).map(Ordering::is_lt).ok_or_else(other_kind);
        };
        let is_behind = match self.lag {
            None => cursor.compare(position).ok_or_else(other_kind)?.is_lt(),
            Some(lag) => is_before(cursor, position, lag).ok_or_else(other_kind)?,
        };
        let is_retried = || !self.rejected.is_empty() && self.rejected.contains(&cursor.to_json());
        Ok(is_behind && !is_retried())
    }

    /// Notes that a row with this cursor value is rejected, so that it is looked at again.
    pub fn note_rejected(&mut self, cursor: Option<&Cursor>) {
        if let Some(cursor) = cursor {
            self.rejected_now.insert(cursor.to_json());
        }
    }

    /// Notes that a row with this cursor value is not sent by this run, so that the cursor does not
    /// pass it.
    pub fn note_cut_off(&mut self, cursor: Option<&Cursor>) {
        let Some(cursor) = cursor else { return };
        let is_smaller = self
            .cut_off
            .as_ref()
            .is_none_or(|held| cursor.compare(held).is_some_and(Ordering::is_lt));
        if is_smaller {
            self.cut_off = Some(cursor.clone());
        }
    }

    /// Whether rows are not sent by this run.
    pub const fn is_cut_off(&self) -> bool {
        self.cut_off.is_some()
    }

    /// Where the cursor may move to after a batch that ends at `cursor`.
    pub fn allowed(&self, cursor: Cursor) -> Cursor {
        match &self.cut_off {
            Some(held) if held.compare(&cursor).is_some_and(Ordering::is_lt) => held.clone(),
            _ => cursor,
        }
    }
}

fn other_kind() -> Rejection {
    let message = "the cursor is of another kind than that of other rows, or than where it stands";
    Rejection::new(Reason::BadType, message)
}

/// Whether a row is further behind than the lag. Values that are no times have no lag.
fn is_before(cursor: &Cursor, position: &Cursor, lag: Duration) -> Option<bool> {
    let lag = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX);
    match (cursor.time_ms(), position.time_ms()) {
        (Some(one), Some(other)) => Some(one < other.saturating_sub(lag)),
        _ => cursor.compare(position).map(Ordering::is_lt),
    }
}

/// The larger of two cursors. Of values that cannot be compared, the first one stays.
pub fn larger(one: Option<Cursor>, other: Cursor) -> Option<Cursor> {
    match one {
        Some(one) if !other.compare(&one).is_some_and(Ordering::is_gt) => Some(one),
        _ => Some(other),
    }
}

fn rejected(run: &Run<'_>) -> Result<HashSet<String>> {
    let sql = "SELECT substr(row_key, 2) FROM state.sync_rows
               WHERE sync_name = ?1 AND status = 'rejected' AND row_key LIKE '!%'";
    let keys = run.state.connection.prepare(sql).and_then(|mut statement| {
        statement.query_map([run.name()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
    });
    run.state.or_failed(keys)
}

/// The key in the state file that stands for the cursor value of a rejected row.
pub(super) fn rejected_key(cursor: &str) -> String {
    format!("{REJECTED}{cursor}")
}

#[cfg(test)]
mod tests;
