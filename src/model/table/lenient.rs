//! Lenient fields, and what a column's reader makes of them.

use super::Value;

/// A field that decides nothing: where LaunchDarkly sends another type than it documents, the
/// column is NULL, and that is counted; the run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lenient<T> {
    /// What the field holds.
    Value(T),
    /// The field is there, but empty: an identifier `""`, a time `0`.
    Unset,
    /// The field holds another type than the documented one, or more than the type can; or it is
    /// missing although it is documented as always there.
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

    /// The same state, with what `form` makes of the value.
    pub fn map<'a, U>(&'a self, form: impl FnOnce(&'a T) -> U) -> Lenient<U> {
        match self {
            Lenient::Value(value) => Lenient::Value(form(value)),
            Lenient::Unset => Lenient::Unset,
            Lenient::Unexpected => Lenient::Unexpected,
        }
    }
}

/// What a column's reader found.
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
