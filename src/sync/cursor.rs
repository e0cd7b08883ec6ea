//! Values of a cursor column, in their order.

use std::cmp::Ordering;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use serde_json::Value;

use super::cell::Cell;
use super::reason::{Reason, Rejection};
use crate::model::time;

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
    pub fn of(cell: Option<Cell<'_>>, name: &str) -> std::result::Result<Self, Rejection> {
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
    pub fn time_ms(&self) -> Option<i64> {
        match self {
            Cursor::Int(ms) => Some(*ms),
            Cursor::Real(_) => None,
            Cursor::Text(text) => time::parse(text),
        }
    }

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

/// The larger of two cursors. Of values that cannot be compared, the first one stays.
pub fn larger(one: Option<Cursor>, other: Cursor) -> Option<Cursor> {
    match one {
        Some(one) if !other.compare(&one).is_some_and(Ordering::is_gt) => Some(one),
        _ => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_kind_are_ordered_and_survive_json() {
        for ordered in [["-1", "0.5", "9", "10"], ["2025-12", "2026-01-01", "a", "b"]] {
            let ordered = ordered.map(Cursor::parse);
            for pair in ordered.windows(2) {
                assert_eq!(pair[0].compare(&pair[1]), Some(Ordering::Less), "{pair:?}");
            }
            for cursor in ordered {
                assert_eq!(Cursor::from_json(&cursor.to_json()), Some(cursor));
            }
        }
    }

    #[test]
    fn a_time_compares_with_milliseconds_and_other_kinds_do_not() {
        let time = Cursor::parse("2023-11-14T22:13:20Z");
        assert_eq!(time.compare(&Cursor::Int(1_700_000_000_000)), Some(Ordering::Equal));
        assert_eq!(Cursor::parse("abc").compare(&Cursor::Int(1)), None);
    }

    #[test]
    fn a_cursor_without_a_value_is_a_missing_field() {
        let code = |cell| Cursor::of(cell, "c").unwrap_err().reason.code();
        assert_eq!(code(Some(Cell::Null)), "missing_field:cursor");
        assert_eq!(code(None), "missing_field:cursor");
        assert_eq!(code(Some(Cell::Bool(true))), "bad_type");
    }
}
