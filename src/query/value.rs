//! A value of a result, before it is written in a form.

use std::borrow::Cow;
use std::fmt::Write;

/// One value. Numbers are digits, so that none is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// Not known or not set.
    Null,
    /// True or false, of a database that has booleans.
    Bool(bool),
    /// A number that JSON can hold, digit for digit.
    Number(Cow<'v, str>),
    /// A text, a time, or anything else as the database writes it.
    Text(Cow<'v, str>),
    /// Bytes.
    Bytes(Cow<'v, [u8]>),
}

impl Value<'_> {
    /// The value of a floating-point number: the shortest digits that mean the same number.
    pub fn of_real(real: f64) -> Self {
        if real.is_finite() {
            Value::Number(format!("{real:?}").into())
        } else if real.is_nan() {
            Value::Text("NaN".into())
        } else {
            Value::Text(if real > 0.0 { "Infinity" } else { "-Infinity" }.into())
        }
    }

    /// The value as text; `None` for NULL. Bytes are hexadecimal digits.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Null => None,
            Value::Bool(is) => Some(if *is { "true" } else { "false" }.into()),
            Value::Number(text) | Value::Text(text) => Some(text.as_ref().into()),
            Value::Bytes(bytes) => Some(hexadecimal(bytes).into()),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_so_that_they_mean_the_same() {
        for (real, digits) in
            [(0.1, "0.1"), (1.0, "1.0"), (1e300, "1e300"), (f64::INFINITY, "Infinity")]
        {
            assert_eq!(Value::of_real(real).text().unwrap(), digits);
        }
        assert_eq!(Value::Bytes(b"\x00\xffa"[..].into()).text().unwrap(), "00ff61");
    }
}
