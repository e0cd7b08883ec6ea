//! Cells between SQLite and PostgreSQL's binary format. Each way is the inverse of the other.

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut, BytesMut};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type as Oid, to_sql_checked};

use crate::model::table::Type;
use crate::model::time;

/// The milliseconds from 1970 to 2000, where PostgreSQL's times begin.
const EPOCH_MS: i64 = time::YEAR_2000_MS;

/// PostgreSQL cannot store U+0000. It is written as this sign (U+2400) and `0`, and the sign itself
/// twice, so that every text is read back as it was.
const SIGN: char = '\u{2400}';

/// A time that is earlier than any in PostgreSQL, as it stores minus infinity.
const BEFORE_ALL: i64 = i64::MIN;

/// The earliest time in PostgreSQL: 4714-11-24 BC.
const EARLIEST_MS: i64 = -210_866_803_200_000;

/// Why a cell cannot be sent or read.
pub(super) type Failure = Box<dyn Error + Sync + Send>;

/// The type of a column in PostgreSQL.
pub(super) const fn oid(ty: Type) -> Oid {
    match ty {
        Type::Text | Type::Json => Oid::TEXT,
        Type::Int => Oid::INT8,
        Type::Real => Oid::FLOAT8,
        Type::Bool => Oid::BOOL,
        Type::Time => Oid::TIMESTAMPTZ,
    }
}

/// A cell of SQLite with its logical type.
#[derive(Debug)]
pub(super) struct Cell<'r>(pub Type, pub ValueRef<'r>);

impl ToSql for Cell<'_> {
    fn to_sql(&self, _: &Oid, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Cell(ty, value) = self;
        match (ty, value) {
            (_, ValueRef::Null) => return Ok(IsNull::Yes),
            (Type::Text | Type::Json, value) => out.put_slice(escaped(&text(value)?).as_bytes()),
            (Type::Int, ValueRef::Integer(number)) => out.put_i64(*number),
            (Type::Real, ValueRef::Real(number)) => out.put_f64(*number),
            #[expect(clippy::cast_precision_loss, reason = "a view may compute a whole number")]
            (Type::Real, ValueRef::Integer(number)) => out.put_f64(*number as f64),
            (Type::Bool, ValueRef::Integer(number)) => out.put_u8(u8::from(*number != 0)),
            (Type::Time, ValueRef::Text(_)) => out.put_i64(microseconds(&text(value)?)?),
            (ty, value) => {
                return Err(format!("a {} in a column of {ty:?}", value.data_type()).into());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Oid) -> bool {
        true
    }

    to_sql_checked!();
}

/// The text of a cell; a number of a column without a type is written as SQLite writes it.
fn text<'r>(value: &ValueRef<'r>) -> Result<Cow<'r, str>, Failure> {
    Ok(match value {
        ValueRef::Text(bytes) => Cow::Borrowed(std::str::from_utf8(bytes)?),
        ValueRef::Integer(number) => Cow::Owned(number.to_string()),
        ValueRef::Real(number) => Cow::Owned(number.to_string()),
        other => return Err(format!("a {} in a column of text", other.data_type()).into()),
    })
}

/// The microseconds since 2000 of a time.
fn microseconds(text: &str) -> Result<i64, Failure> {
    let time = time::milliseconds(text).ok_or("a time that is none")?;
    if time < EARLIEST_MS {
        return Ok(BEFORE_ALL);
    }
    Ok((time - EPOCH_MS).saturating_mul(1000))
}

/// A text as PostgreSQL can store it.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', SIGN]) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\0' => out.extend([SIGN, '0']),
            SIGN => out.extend([SIGN, SIGN]),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// The text that was [`escaped`].
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains(SIGN) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut characters) = (String::with_capacity(text.len()), text.chars());
    while let Some(character) = characters.next() {
        match character {
            SIGN if characters.as_str().starts_with('0') => {
                characters.next();
                out.push('\0');
            }
            SIGN => out.extend(characters.next().or(Some(SIGN))),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// A cell of PostgreSQL, as SQLite stores it. A text is borrowed from its row.
#[derive(Debug, PartialEq)]
pub(super) enum Stored<'r> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'r, str>),
}

impl<'r> FromSql<'r> for Stored<'r> {
    fn from_sql(ty: &Oid, raw: &'r [u8]) -> Result<Self, Failure> {
        Ok(match *ty {
            Oid::INT8 => Stored::Integer(i64::from_sql(ty, raw)?),
            Oid::FLOAT8 => Stored::Real(f64::from_sql(ty, raw)?),
            Oid::BOOL => Stored::Integer(bool::from_sql(ty, raw)?.into()),
            Oid::TIMESTAMPTZ => Stored::Text(moment(i64::from_sql(&Oid::INT8, raw)?).into()),
            _ => Stored::Text(unescaped(std::str::from_utf8(raw)?)),
        })
    }

    fn from_sql_null(_: &Oid) -> Result<Self, Failure> {
        Ok(Stored::Null)
    }

    fn accepts(_: &Oid) -> bool {
        true
    }
}

impl rusqlite::ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Stored::Null => ValueRef::Null,
            Stored::Integer(number) => ValueRef::Integer(*number),
            Stored::Real(number) => ValueRef::Real(*number),
            Stored::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The bytes of a cell, as the server sends them; `None` is NULL.
pub(super) struct Raw<'r>(pub Option<&'r [u8]>);

impl<'r> FromSql<'r> for Raw<'r> {
    fn from_sql(_: &Oid, raw: &'r [u8]) -> Result<Self, Failure> {
        Ok(Raw(Some(raw)))
    }

    fn from_sql_null(_: &Oid) -> Result<Self, Failure> {
        Ok(Raw(None))
    }

    fn accepts(_: &Oid) -> bool {
        true
    }
}

/// The text of a time in PostgreSQL.
fn moment(microseconds: i64) -> String {
    time::text(microseconds.div_euclid(1000).saturating_add(EPOCH_MS))
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in
            ["", "a", "\0", "a\0b", "\u{2400}", "\u{2400}0", "\0\u{2400}\u{0}0", "\u{2400}\0"]
        {
            let stored = escaped(text);
            assert!(!stored.contains('\0'), "{text:?}");
            assert_eq!(unescaped(&stored), text, "{text:?}");
        }
        assert_eq!(escaped("a\0b"), "a\u{2400}0b");
        assert_eq!(unescaped("\u{2400}"), "\u{2400}", "a text of somebody else");
    }

    #[test]
    fn every_cell_is_read_back_as_it_was() {
        for (ty, value) in [
            (Type::Text, Value::Text("a\0".into())),
            (Type::Json, Value::Text("18446744073709551615".into())),
            (Type::Int, Value::Integer(i64::MIN)),
            (Type::Real, Value::Real(0.1)),
            (Type::Bool, Value::Integer(1)),
            (Type::Time, Value::Text("2026-11-20T02:00:00.123Z".into())),
            (Type::Time, Value::Text("1969-12-31T23:59:59.999Z".into())),
            (Type::Time, Value::Text("9999-12-31T23:59:59.999Z".into())),
        ] {
            let mut bytes = BytesMut::new();
            Cell(ty, ValueRef::from(&value)).to_sql(&oid(ty), &mut bytes).unwrap();
            let stored = Stored::from_sql(&oid(ty), &bytes).unwrap();
            let ToSqlOutput::Borrowed(read) = rusqlite::ToSql::to_sql(&stored).unwrap() else {
                panic!("{stored:?}");
            };
            assert_eq!(read, ValueRef::from(&value));
        }
    }
}
