//! Values of a cursor column, in their order.

use std::cmp::Ordering;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use serde_json::Value;

use super::cell::Cell;
use super::reason::{Reason, Rejection};
use crate::model::time;

/// A value of the cursor column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cursor {
    /// A whole number, or a time in milliseconds since 1970.
    Int(i64),
    /// Any other number.
    Real(f64),
    /// An ISO 8601 text, and its milliseconds since 1970.
    Time(String, i64),
    /// Any other text.
    Text(String),
}

/// What a value of the cursor column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A text that is a time.
    Time,
    /// Any other text.
    Text,
}

impl Kind {
    /// The kind of a row `s` of the staged source, as an SQL expression that has the names of
    /// [`Self::name`].
    pub const SQL: &'static str = "CASE WHEN typeof(s.cursor) <> 'text' THEN 'number'
        WHEN typeof(s.cursor_order) = 'text' THEN 'text' ELSE 'time' END";

    /// Its name in statements.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Time => "time",
            Kind::Text => "text",
        }
    }
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
            Cell::Text(text) if !text.is_empty() => Ok(Cursor::text(text.to_owned())),
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
        whole.or(number.map(Cursor::Real)).unwrap_or_else(|| Cursor::text(text.to_owned()))
    }

    /// A text, or the time that it is. Digits alone are no time: they may count anything.
    pub fn text(text: String) -> Self {
        let has_digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
        match time::parse(&text) {
            Some(ms) if !has_digits_only => Cursor::Time(text, ms),
            _ => Cursor::Text(text),
        }
    }

    /// The value as JSON, as the state file keeps it.
    pub fn to_json(&self) -> String {
        let value: Value = match self {
            Cursor::Int(value) => (*value).into(),
            Cursor::Real(value) => (*value).into(),
            Cursor::Time(text, _) | Cursor::Text(text) => text.as_str().into(),
        };
        value.to_string()
    }

    /// The value that [`Self::to_json`] has written.
    pub fn from_json(text: &str) -> Option<Self> {
        match serde_json::from_str(text).ok()? {
            Value::String(text) => Some(Cursor::text(text)),
            Value::Number(number) => {
                number.as_i64().map(Cursor::Int).or(number.as_f64().map(Cursor::Real))
            }
            _ => None,
        }
    }

    /// The key of a row that has no ID: its cursor, and a hash of its content.
    pub fn own_key(cursor: Option<&Self>, hash: i64) -> String {
        format!("{}#{hash:016x}", cursor.map(Self::to_json).unwrap_or_default())
    }

    /// The cursor in a key that [`Self::own_key`] has made, and that may have been numbered since.
    pub fn of_own_key(key: &str) -> Option<Self> {
        let json = if key.starts_with('"') {
            key.get(..=key.rfind('"')?)?
        } else {
            key.split_once('#')?.0
        };
        Self::from_json(json)
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Cursor::Int(_) | Cursor::Real(_) => Kind::Number,
            Cursor::Time(..) => Kind::Time,
            Cursor::Text(_) => Kind::Text,
        }
    }

    /// The time that it is, in milliseconds since 1970.
    pub const fn time_ms(&self) -> Option<i64> {
        match self {
            Cursor::Int(ms) | Cursor::Time(_, ms) => Some(*ms),
            Cursor::Real(_) | Cursor::Text(_) => None,
        }
    }

    /// Its place among the values that it can be compared with.
    pub fn order(&self) -> Order<'_> {
        match self {
            Cursor::Int(value) | Cursor::Time(_, value) => Order::Int(*value),
            Cursor::Real(value) => whole(*value).map_or(Order::Real(*value), Order::Int),
            Cursor::Text(text) => Order::Text(text),
        }
    }

    /// Compares two values; `None` if they are of different kinds. A time compares with
    /// milliseconds since 1970.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let is_comparable = match (self, other) {
            (Cursor::Time(..), Cursor::Int(ms)) | (Cursor::Int(ms), Cursor::Time(..)) => {
                *ms >= time::YEAR_2000_MS
            }
            _ => self.kind() == other.kind(),
        };
        is_comparable.then(|| self.order().compare(other.order()))
    }
}

/// A place in the order of cursors, the only one there is: statements that sort by it sort as
/// [`Cursor::compare`] does. Times are compared and not their texts, which may have fractions and
/// offsets, or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order<'c> {
    /// A whole number, or milliseconds since 1970.
    Int(i64),
    /// A number with a fraction, or beyond the range of whole numbers.
    Real(f64),
    /// A text, compared byte by byte, after all numbers.
    Text(&'c str),
}

impl Order<'_> {
    /// The place as JSON. Values at the same place have the same text.
    pub fn to_json(self) -> String {
        let value: Value = match self {
            Order::Int(value) => value.into(),
            Order::Real(value) => value.into(),
            Order::Text(text) => text.into(),
        };
        value.to_string()
    }

    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Order::Int(one), Order::Int(other)) => one.cmp(&other),
            (Order::Real(one), Order::Real(other)) => one.total_cmp(&other),
            (Order::Text(one), Order::Text(other)) => one.cmp(other),
            (Order::Int(whole), Order::Real(real)) => compare_mixed(whole, real),
            (Order::Real(real), Order::Int(whole)) => compare_mixed(whole, real).reverse(),
            (Order::Text(_), _) => Ordering::Greater,
            (_, Order::Text(_)) => Ordering::Less,
        }
    }
}

/// The whole number that a number is.
#[expect(clippy::cast_possible_truncation, reason = "it is in the range, and has no fraction")]
fn whole(value: f64) -> Option<i64> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    (value.fract() == 0.0 && value.abs() < BEYOND).then_some(value as i64)
}

/// Compares a whole number with one that is not: never equal, and without loss.
#[expect(clippy::cast_possible_truncation, reason = "a larger number becomes the largest one")]
fn compare_mixed(whole: i64, real: f64) -> Ordering {
    let of_equal = if real > 0.0 { Ordering::Less } else { Ordering::Greater };
    whole.cmp(&(real.trunc() as i64)).then(of_equal)
}

impl ToSql for Cursor {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cursor::Int(value) => ToSqlOutput::Owned(Owned::Integer(*value)),
            Cursor::Real(value) => ToSqlOutput::Owned(Owned::Real(*value)),
            Cursor::Time(text, _) | Cursor::Text(text) => {
                ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
            }
        })
    }
}

impl From<Order<'_>> for Owned {
    fn from(order: Order<'_>) -> Self {
        match order {
            Order::Int(value) => Owned::Integer(value),
            Order::Real(value) => Owned::Real(value),
            Order::Text(text) => Owned::Text(text.to_owned()),
        }
    }
}

impl ToSql for Order<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned((*self).into()))
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
mod tests;
