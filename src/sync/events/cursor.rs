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
use crate::sync::cell::Cell;
use crate::sync::context::Run;
use crate::sync::reason::{Reason, Rejection};
use crate::{Error, Result};

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
    pub(super) fn to_json(&self) -> String {
        let value: Value = match self {
            Cursor::Int(value) => (*value).into(),
            Cursor::Real(value) => (*value).into(),
            Cursor::Text(text) => text.as_str().into(),
        };
        value.to_string()
    }

    pub(super) fn from_json(text: &str) -> Option<Self> {
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

impl PartialOrd for Cursor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        use Cursor::{Int, Text};
        match (self, other) {
            (Int(one), Int(other)) => one.partial_cmp(other),
            (Text(one), Text(other)) => one.partial_cmp(other),
            (Text(_), _) => Some(Ordering::Greater),
            (_, Text(_)) => Some(Ordering::Less),
            (one, other) => one.number().partial_cmp(&other.number()),
        }
    }
}

impl Cursor {
    /// The number that it is, as far as a floating-point number can be that.
    #[expect(clippy::cast_precision_loss, reason = "only compared with other such numbers")]
    fn number(&self) -> f64 {
        match self {
            Cursor::Int(value) => *value as f64,
            Cursor::Real(value) => *value,
            Cursor::Text(_) => f64::INFINITY,
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

/// Where the cursor stands, and which rows behind it are looked at all the same.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Rows up to here were sent.
    position: Option<Cursor>,
    /// Rows before this are not looked at, if no run has sent anything yet.
    start: Option<Cursor>,
    lag: Option<Duration>,
    /// The IDs, or without IDs the cursor values, of rows that were rejected.
    rejected: HashSet<String>,
    has_ids: bool,
    /// The cursor values of rows that this run rejects.
    pub rejected_now: HashSet<String>,
}

impl Progress {
    /// Reads where the cursor stands: at the largest value that was sent, batches of killed runs
    /// included.
    pub fn load(identity: &Identity, run: &Run<'_>, outbox: &Outbox) -> Result<Self> {
        let has_ids = identity.id.is_some();
        let mut progress = Progress { lag: identity.lag, has_ids, ..Progress::default() };
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
    pub fn is_behind(&self, cursor: &Cursor, key: Option<&str>) -> bool {
        let Some(position) = &self.position else {
            return self.start.as_ref().is_some_and(|start| cursor < start);
        };
        let is_behind = match self.lag {
            None => cursor <= position,
            Some(lag) => is_before(cursor, position, lag),
        };
        let is_retried = || {
            let name = if self.has_ids { key.map(str::to_owned) } else { Some(cursor.to_json()) };
            name.is_some_and(|name| self.rejected.contains(&name))
        };
        is_behind && !(!self.rejected.is_empty() && is_retried())
    }

    /// Notes that a row with this cursor value is rejected, so that it is looked at again.
    pub fn note_rejected(&mut self, cursor: Option<&Cursor>) {
        if let (Some(cursor), false) = (cursor, self.has_ids) {
            self.rejected_now.insert(cursor.to_json());
        }
    }
}

/// Whether a row is further behind than the lag. Values that are no times have no lag.
fn is_before(cursor: &Cursor, position: &Cursor, lag: Duration) -> bool {
    let lag = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX);
    match (cursor.time_ms(), position.time_ms()) {
        (Some(one), Some(other)) => one <= other.saturating_sub(lag),
        _ => cursor <= position,
    }
}

/// The larger of two cursors.
pub(super) fn larger(one: Option<Cursor>, other: Cursor) -> Option<Cursor> {
    match one {
        Some(one) if one >= other => Some(one),
        _ => Some(other),
    }
}

fn rejected(run: &Run<'_>) -> Result<HashSet<String>> {
    let sql = "SELECT row_key FROM state.sync_rows WHERE sync_name = ?1 AND status = 'rejected'";
    let keys = run.state.connection.prepare(sql).and_then(|mut statement| {
        statement.query_map([run.name()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
    });
    keys.map_err(|error: rusqlite::Error| -> Error { run.state.failed(&error) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(position: &str, lag: Option<u64>) -> Progress {
        Progress {
            position: Some(Cursor::parse(position)),
            lag: lag.map(Duration::from_secs),
            rejected: HashSet::from(["id-7".to_owned()]),
            has_ids: true,
            ..Progress::default()
        }
    }

    #[test]
    fn values_are_ordered_as_in_sqlite_and_survive_json() {
        let ordered = ["-1", "0.5", "9", "10", "2026-01-01", "a"].map(Cursor::parse);
        assert!(ordered.is_sorted());
        for cursor in ordered {
            assert_eq!(Cursor::from_json(&cursor.to_json()), Some(cursor));
        }
    }

    #[test]
    fn rows_up_to_the_cursor_are_behind_unless_they_were_rejected() {
        let progress = progress("10", None);
        for (value, key, expected) in
            [("9", "id-1", true), ("10", "id-1", true), ("11", "id-1", false), ("9", "id-7", false)]
        {
            assert_eq!(progress.is_behind(&Cursor::parse(value), Some(key)), expected, "{value}");
        }
    }

    #[test]
    fn rows_within_the_lag_are_looked_at() {
        let progress = progress("2026-01-01T12:00:00Z", Some(3600));
        for (value, expected) in [
            ("2026-01-01T11:00:00Z", true),
            ("2026-01-01T11:00:01Z", false),
            ("2026-01-01 11:30:00", false),
        ] {
            assert_eq!(
                progress.is_behind(&Cursor::parse(value), Some("id-1")),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn the_start_counts_until_something_is_sent() {
        let start = Some(Cursor::Int(5));
        let progress = Progress { start, ..Progress::default() };
        assert!(progress.is_behind(&Cursor::Int(4), None));
        assert!(!progress.is_behind(&Cursor::Int(5), None));
    }

    #[test]
    fn a_cursor_without_a_value_is_a_missing_field() {
        let code = |cell| Cursor::of(cell, "c").unwrap_err().reason.code();
        assert_eq!(code(Some(Cell::Null)), "missing_field:cursor");
        assert_eq!(code(None), "missing_field:cursor");
        assert_eq!(code(Some(Cell::Bool(true))), "bad_type");
    }
}
