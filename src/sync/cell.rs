//! A value of a source, borrowed from its row.

use std::borrow::Cow;

use super::reason::{Reason, Rejection};

/// A value of a source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'r> {
    /// The row has no such column: rows of JSON Lines name their own.
    Absent,
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(&'r str),
    /// The text of a value whose type the source does not tell, as in CSV.
    Untyped(&'r str),
    /// An object or a list, as JSON text.
    Json(&'r str),
    /// A time: milliseconds since 1970, UTC.
    Time(i64),
    /// A value of a type that no field takes; the name of the type.
    Other(&'static str),
}

/// Why a value does not fit; the field's name is added by the caller.
type Unfit<T> = Result<T, Rejection>;

impl<'r> Cell<'r> {
    /// Whether it counts as no value in a field that is not the key. CSV has no NULL, so an empty
    /// value is none there.
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Absent | Cell::Null | Cell::Untyped(""))
    }

    /// The value as a key: a text, or a whole number in decimal digits. `None` is NULL.
    pub fn key(self) -> Unfit<Option<Cow<'r, str>>> {
        match self {
            Cell::Absent | Cell::Null => Ok(None),
            Cell::Text(text) | Cell::Untyped(text) => Ok(Some(Cow::Borrowed(text))),
            Cell::Int(number) => Ok(Some(Cow::Owned(number.to_string()))),
            other => Err(unfit(Reason::BadType, "a key is a text or a whole number", other)),
        }
    }

    /// The value as text.
    pub fn text(self) -> Unfit<Cow<'r, str>> {
        match self {
            Cell::Text(text) | Cell::Untyped(text) => Ok(Cow::Borrowed(text)),
            Cell::Int(number) => Ok(Cow::Owned(number.to_string())),
            other => Err(unfit(Reason::BadType, "expected a text", other)),
        }
    }

    /// The value as a boolean: SQLite has none, so 0 and 1 are booleans as well.
    pub fn boolean(self) -> Unfit<bool> {
        match self {
            Cell::Bool(value) => Ok(value),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            Cell::Untyped(text) | Cell::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "1" | "yes" => Ok(true),
                "false" | "f" | "0" | "no" => Ok(false),
                _ => Err(unfit(Reason::BadType, "expected a boolean", self)),
            },
            other => Err(unfit(Reason::BadType, "expected a boolean", other)),
        }
    }

    /// The value as a finite number.
    pub fn number(self) -> Unfit<Number> {
        let wrong = |cell| unfit(Reason::BadNumber, "expected a finite number", cell);
        match self {
            Cell::Int(value) => Ok(Number::Int(value)),
            Cell::Real(value) if value.is_finite() => Ok(Number::Real(value)),
            Cell::Untyped(text) => Number::parse(text).ok_or_else(|| wrong(self)),
            other => Err(wrong(other)),
        }
    }

    /// The value as a JSON object, with its text. A strict reader must be able to read it, since one
    /// that cannot would refuse a whole batch.
    pub fn json_object(self) -> Unfit<&'r str> {
        let wrong = |cell| unfit(Reason::BadJson, "expected a JSON object", cell);
        let (Cell::Json(text) | Cell::Text(text) | Cell::Untyped(text)) = self else {
            return Err(wrong(self));
        };
        let text = text.trim();
        if text.starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok() {
            Ok(text)
        } else {
            Err(wrong(self))
        }
    }

    /// The value as a list of texts: a JSON list, or texts with commas between them.
    pub fn list(self) -> Unfit<Vec<String>> {
        let wrong = |cell| unfit(Reason::BadJson, "expected a list of texts", cell);
        let (Cell::Json(text) | Cell::Text(text) | Cell::Untyped(text)) = self else {
            return Err(wrong(self));
        };
        if text.trim_start().starts_with('[') {
            return serde_json::from_str(text).map_err(|_| wrong(self));
        }
        if matches!(self, Cell::Json(_)) {
            return Err(wrong(self));
        }
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(parts.map(str::to_owned).collect())
    }
}

/// A finite number, whole or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other number.
    Real(f64),
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse() {
            return Some(Number::Int(number));
        }
        // The standard library also reads `inf`, `nan` and `infinity`.
        let starts_well = text.starts_with(|one: char| one.is_ascii_digit() || "+-.".contains(one));
        let number: f64 = text.parse().ok()?;
        (starts_well && number.is_finite()).then_some(Number::Real(number))
    }
}

impl From<Number> for serde_json::Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(value) => value.into(),
            Number::Real(value) => value.into(),
        }
    }
}

fn unfit(reason: Reason, expected: &str, found: Cell<'_>) -> Rejection {
    let found = match found {
        Cell::Absent | Cell::Null => "NULL",
        Cell::Bool(_) => "a boolean",
        Cell::Int(_) => "a whole number",
        Cell::Real(value) if !value.is_finite() => "a number that is not finite",
        Cell::Real(_) => "a number with a fraction",
        Cell::Text(_) | Cell::Untyped(_) => "another text",
        Cell::Json(_) => "other JSON",
        Cell::Time(_) => "a time",
        Cell::Other(name) => name,
    };
    Rejection::new(reason, format!("{expected}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_and_whole_numbers_are_keys() {
        assert_eq!(Cell::Int(-7).key().unwrap().unwrap(), "-7");
        assert_eq!(Cell::Text(" a ").key().unwrap().unwrap(), " a ");
        assert_eq!(Cell::Untyped("").key().unwrap().unwrap(), "");
        assert!(Cell::Null.key().unwrap().is_none());
        for cell in [Cell::Real(1.0), Cell::Bool(true), Cell::Json("{}"), Cell::Other("a blob")] {
            assert_eq!(cell.key().unwrap_err().reason, Reason::BadType, "{cell:?}");
        }
    }

    #[test]
    fn text_is_no_number_unless_the_source_has_no_types() {
        assert_eq!(Cell::Untyped("1.5").number().unwrap(), Number::Real(1.5));
        assert_eq!(Cell::Untyped("-3").number().unwrap(), Number::Int(-3));
        for cell in [
            Cell::Text("1.5"),
            Cell::Untyped("nan"),
            Cell::Untyped("inf"),
            Cell::Untyped("-inf"),
            Cell::Untyped("1e999"),
            Cell::Untyped("1,5"),
            Cell::Real(f64::NAN),
            Cell::Real(f64::INFINITY),
            Cell::Bool(true),
        ] {
            assert_eq!(cell.number().unwrap_err().reason, Reason::BadNumber, "{cell:?}");
        }
    }

    #[test]
    fn lists_are_json_or_have_commas() {
        let expected = vec!["a".to_owned(), "b".to_owned()];
        for cell in [Cell::Text("a, b"), Cell::Text(r#"["a","b"]"#), Cell::Json(r#"["a","b"]"#)] {
            assert_eq!(cell.list().unwrap(), expected, "{cell:?}");
        }
        for cell in [Cell::Text("[1]"), Cell::Json("{}"), Cell::Int(1), Cell::Text("[\"a\"")] {
            assert_eq!(cell.list().unwrap_err().reason, Reason::BadJson, "{cell:?}");
        }
    }

    #[test]
    fn only_objects_are_json_objects() {
        assert_eq!(Cell::Text(r#" {"a":1} "#).json_object().unwrap(), r#"{"a":1}"#);
        let deep = "{\"a\":".repeat(200) + "1" + &"}".repeat(200);
        for cell in [
            Cell::Text("[]"),
            Cell::Text("{"),
            Cell::Int(1),
            Cell::Text("{} {}"),
            Cell::Text(r#"{"a":1e999}"#),
            Cell::Text(r#"{"a":"\ud800"}"#),
            Cell::Text(&deep),
        ] {
            assert_eq!(cell.json_object().unwrap_err().reason, Reason::BadJson, "{cell:?}");
        }
    }
}
