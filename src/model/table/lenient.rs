//! Lenient fields and how a column reads them.

use super::Value;

/// A field that no key and no count depends on. If LaunchDarkly sends another type than it
/// documents, the column is NULL, the value is counted as unexpected, and the run continues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lenient<T> {
    /// The field has this value.
    Value(T),
    /// The field is present but empty: an identifier `""`, a time `0`.
    Unset,
    /// The field has another type than the documented one, or a value that does not fit the type;
    /// or it is missing although the documentation requires it.
    #[default]
    Unexpected,
}

impl<T> Lenient<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Lenient::Value(value) => Some(value),
            Lenient::Unset | Lenient::Unexpected => None,
        }
    }

    /// The same state, with `form` applied to the value.
    pub fn map<'a, U>(&'a self, form: impl FnOnce(&'a T) -> U) -> Lenient<U> {
        match self {
            Lenient::Value(value) => Lenient::Value(form(value)),
            Lenient::Unset => Lenient::Unset,
            Lenient::Unexpected => Lenient::Unexpected,
        }
    }
}

/// The result of reading a column.
pub(super) enum Cell<'a> {
    Value(Value<'a>),
    Unexpected,
}

impl<'a> Cell<'a> {
    pub(super) fn lenient<T>(field: Option<Lenient<T>>, form: impl FnOnce(T) -> Value<'a>) -> Self {
        match field {
            Some(Lenient::Value(value)) => Cell::Value(form(value)),
            Some(Lenient::Unexpected) => Cell::Unexpected,
            Some(Lenient::Unset) | None => Cell::Value(Value::Null),
        }
    }
}
