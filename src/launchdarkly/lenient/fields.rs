//! Fields as a column reads them. Each trait covers a field that is always present and one that may
//! be missing, so that a column calls the same method for both.

use serde_json::value::RawValue;

use super::{Count, Moment, Raw, TextMoment, Whole};
use crate::model::table::Lenient;

/// A field of text, as a column reads it.
pub trait TextField {
    /// The field's text.
    fn text(&self) -> Option<Lenient<&str>>;
}

impl<T: AsRef<str>> TextField for Lenient<T> {
    fn text(&self) -> Option<Lenient<&str>> {
        Some(self.map(AsRef::as_ref))
    }
}

impl<T: AsRef<str>> TextField for Option<Lenient<T>> {
    fn text(&self) -> Option<Lenient<&str>> {
        self.as_ref().map(|field| field.map(AsRef::as_ref))
    }
}

/// A field of a number, such as a time or a count, as a column reads it.
pub trait NumberField {
    /// The field's number.
    fn number(&self) -> Option<Lenient<i64>>;
}

impl<T: Copy + Into<i64>> NumberField for Lenient<T> {
    fn number(&self) -> Option<Lenient<i64>> {
        Some(self.map(|number| (*number).into()))
    }
}

impl<T: Copy + Into<i64>> NumberField for Option<Lenient<T>> {
    fn number(&self) -> Option<Lenient<i64>> {
        self.as_ref().map(|field| field.map(|number| (*number).into()))
    }
}

/// A field of JSON, as a column reads it.
pub trait JsonField {
    /// The field's JSON.
    fn json(&self) -> Option<Lenient<&RawValue>>;
}

impl<const START: char> JsonField for Option<Lenient<Raw<START>>> {
    fn json(&self) -> Option<Lenient<&RawValue>> {
        self.as_ref().map(|field| field.map(|raw| raw.0.as_ref()))
    }
}

macro_rules! numbers {
    ($($name:ident),*) => {
        $(impl From<$name> for i64 {
            fn from($name(number): $name) -> i64 {
                number
            }
        })*
    };
}

numbers!(Moment, TextMoment, Count, Whole);
