//! Values of PostgreSQL, from the text that the server writes.

use tokio_postgres::types::{Kind, Type};

use super::array;
use crate::model::time;
use crate::sync::cell::Cell;

/// How the values of a type are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Bool,
    Int,
    /// Digit for digit: a number may have more digits than a double can hold.
    Numeric,
    Real,
    Time,
    Json,
    Bytes,
    /// `character(n)`: its blanks at the end have no meaning, and a conversion to `text` drops them.
    Padded,
    /// A list of values.
    Array(Box<Reading>),
    /// Every other type.
    Text,
}

impl Reading {
    /// How the values of `ty` are read.
    pub(super) fn of(ty: &Type) -> Self {
        match *ty {
            Type::BOOL => Reading::Bool,
            Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Reading::Int,
            Type::NUMERIC => Reading::Numeric,
            Type::FLOAT4 | Type::FLOAT8 => Reading::Real,
            Type::DATE | Type::TIMESTAMP | Type::TIMESTAMPTZ => Reading::Time,
            Type::JSON | Type::JSONB => Reading::Json,
            Type::BYTEA => Reading::Bytes,
            Type::BPCHAR => Reading::Padded,
            // Their text is no list with commas.
            Type::INT2_VECTOR | Type::OID_VECTOR | Type::BOX_ARRAY => Reading::Text,
            _ => match ty.kind() {
                Kind::Array(element) => Reading::Array(Box::new(Reading::of(element))),
                Kind::Domain(base) => Reading::of(base),
                _ => Reading::Text,
            },
        }
    }

    /// The text of a value where it is not that of the server: JSON of a list, and the text in a
    /// JSON string.
    pub(super) fn rewritten(&self, text: &str) -> Option<String> {
        match self {
            Reading::Array(element) => array::json(text, element),
            Reading::Json if text.trim_start().starts_with('"') => serde_json::from_str(text).ok(),
            _ => None,
        }
    }

    /// The value, from the text of the server and the one that was rewritten.
    pub(super) fn cell<'t>(&self, text: &'t str, rewritten: Option<&'t str>) -> Cell<'t> {
        match self {
            Reading::Bool => Cell::Bool(text == "t"),
            Reading::Int | Reading::Numeric => number(text),
            Reading::Real => text.parse().map_or(Cell::Untyped(text), Cell::Real),
            Reading::Time => time::parse(text).map_or(FAR_TIME, Cell::Time),
            Reading::Bytes => Cell::Other("bytes"),
            Reading::Padded => Cell::Text(text.trim_end_matches(' ')),
            Reading::Array(_) => rewritten.map_or(Cell::Text(text), Cell::Json),
            Reading::Json => rewritten.map_or_else(|| json(text), Cell::Text),
            Reading::Text => Cell::Text(text),
        }
    }
}

/// LaunchDarkly takes no such time.
const FAR_TIME: Cell<'static> =
    Cell::Other("a time that is infinite, or not in the years 1 to 9999");

/// A whole number, or else the digits as they are. NaN and infinity are no digits.
fn number(text: &str) -> Cell<'_> {
    if let Ok(whole) = text.parse() {
        return Cell::Int(whole);
    }
    match text.parse() {
        Ok(value) if text.ends_with(|last: char| last.is_ascii_alphabetic()) => Cell::Real(value),
        _ => Cell::Untyped(text),
    }
}

/// A JSON value that is no string.
fn json(text: &str) -> Cell<'_> {
    match text.trim() {
        "null" => Cell::Null,
        "true" => Cell::Bool(true),
        "false" => Cell::Bool(false),
        text if text.starts_with(['{', '[']) => Cell::Json(text),
        text => number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ty: &Type, text: &str) -> String {
        let reading = Reading::of(ty);
        let rewritten = reading.rewritten(text);
        format!("{:?}", reading.cell(text, rewritten.as_deref()))
    }

    #[test]
    fn no_digit_of_a_number_is_lost() {
        assert_eq!(read(&Type::INT8, "-9223372036854775808"), "Int(-9223372036854775808)");
        assert_eq!(read(&Type::NUMERIC, "9223372036854775808"), "Untyped(\"9223372036854775808\")");
        assert_eq!(read(&Type::NUMERIC, "1.10"), "Untyped(\"1.10\")");
        assert_eq!(read(&Type::NUMERIC, "NaN"), "Real(NaN)");
        assert_eq!(read(&Type::NUMERIC, "-Infinity"), "Real(-inf)");
        assert_eq!(read(&Type::FLOAT8, "1e+300"), "Real(1e300)");
        assert_eq!(read(&Type::FLOAT4, "0.1"), "Real(0.1)");
        assert_eq!(read(&Type::FLOAT8, "Infinity"), "Real(inf)");
    }

    #[test]
    fn times_are_milliseconds_and_far_times_are_none() {
        assert_eq!(read(&Type::TIMESTAMPTZ, "2023-11-14 22:13:20.1239+00"), "Time(1700000000123)");
        assert_eq!(read(&Type::TIMESTAMP, "2023-11-14 22:13:20"), "Time(1700000000000)");
        assert_eq!(read(&Type::DATE, "2023-11-14"), "Time(1699920000000)");
        for far in ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01 00:00:00+00"] {
            assert_eq!(read(&Type::TIMESTAMPTZ, far), format!("{FAR_TIME:?}"), "{far}");
        }
    }

    #[test]
    fn json_has_the_types_of_json() {
        assert_eq!(read(&Type::JSONB, "{\"a\": 1.0}"), "Json(\"{\\\"a\\\": 1.0}\")");
        assert_eq!(read(&Type::JSON, " \"a\\u0041\" "), "Text(\"aA\")");
        assert_eq!(read(&Type::JSON, "null"), "Null");
        assert_eq!(read(&Type::JSON, "true"), "Bool(true)");
        assert_eq!(read(&Type::JSONB, "12"), "Int(12)");
    }

    #[test]
    fn lists_become_json() {
        assert_eq!(read(&Type::TEXT_ARRAY, "{a,NULL}"), "Json(\"[\\\"a\\\",null]\")");
        assert_eq!(read(&Type::INT4_ARRAY, "{1,2}"), "Json(\"[1,2]\")");
        assert_eq!(read(&Type::INT2_VECTOR, "1 2"), "Text(\"1 2\")");
    }
}
