//! Decodes fields that may be of another type than documented, because nothing depends on them.
//!
//! * A [`Lenient`] field accepts any JSON. If its type is not the documented one, the field is
//!   [`Lenient::Unexpected`]. No JSON is buffered for that, so it costs as much as a strict field.
//! * In place of an object, any other type counts as an object with every field unexpected: see
//!   [`object`].
//! * An empty identifier and a time of zero mean "not set", in strict fields as well.

pub mod bounded;
mod fields;
mod json;
mod lists;
mod objects;
mod scalars;
mod times;

use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::table::Lenient;

pub use fields::{JsonField, NumberField, TextField};
pub use json::{Json, JsonList, JsonNumber, JsonObject, Raw};
pub use lists::{Count, Entries, Items, Texts, identifiers, list_length};
pub use objects::object;
pub use scalars::{
    BareUrl, Identifier, Whole, identifier, required_identifier, without_credentials,
};
pub use times::{Moment, TextMoment, parse_time, required_time, time};

/// The type of a lenient field. It overrides the methods for the kinds of JSON that it accepts; all
/// others are unexpected.
pub trait Shape: Sized {
    /// Reads the field.
    ///
    /// # Errors
    /// If the JSON is incomplete or malformed.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lenient<Self>, D::Error> {
        deserializer.deserialize_any(LenientVisitor(PhantomData))
    }

    /// From `true` or `false`.
    fn boolean(_: bool) -> Lenient<Self> {
        Lenient::Unexpected
    }

    /// From a whole number that fits into 64 bits.
    fn integer(_: i64) -> Lenient<Self> {
        Lenient::Unexpected
    }

    /// From any other number.
    fn real(_: f64) -> Lenient<Self> {
        Lenient::Unexpected
    }

    /// From a string.
    fn text(_: String) -> Lenient<Self> {
        Lenient::Unexpected
    }

    /// From a list.
    ///
    /// # Errors
    /// If an element cannot be read.
    fn list<'de, A: SeqAccess<'de>>(elements: A) -> Result<Lenient<Self>, A::Error> {
        drain(elements)?;
        Ok(Lenient::Unexpected)
    }

    /// From an object.
    ///
    /// # Errors
    /// If one of its fields cannot be read.
    fn fields<'de, A: MapAccess<'de>>(mut fields: A) -> Result<Lenient<Self>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Lenient::Unexpected)
    }

    /// Writes JSON that is read as [`Lenient::Unexpected`]. The journal keeps it in place of the
    /// value.
    fn serialize_unexpected<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

fn drain<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<i64, A::Error> {
    let mut count = 0;
    while elements.next_element::<IgnoredAny>()?.is_some() {
        count += 1;
    }
    Ok(count)
}

struct LenientVisitor<T>(PhantomData<T>);

impl<'de, T: Shape> Visitor<'de> for LenientVisitor<T> {
    type Value = Lenient<T>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Lenient<T>, E> {
        Ok(T::boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Lenient<T>, E> {
        Ok(T::integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Lenient<T>, E> {
        Ok(i64::try_from(value).map_or(Lenient::Unexpected, T::integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Lenient<T>, E> {
        Ok(T::real(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Lenient<T>, E> {
        Ok(T::text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Lenient<T>, E> {
        Ok(T::text(value))
    }

    /// For `null` in a required field. An optional field that is `null` counts as missing.
    fn visit_unit<E>(self) -> Result<Lenient<T>, E> {
        Ok(Lenient::Unexpected)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Lenient<T>, A::Error> {
        T::list(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Lenient<T>, A::Error> {
        T::fields(fields)
    }

    /// For a field of an object that is of another type: see `objects::Wrong`. JSON has no bytes.
    fn visit_bytes<E>(self, _: &[u8]) -> Result<Lenient<T>, E> {
        Ok(Lenient::Unexpected)
    }
}

impl<'de, T: Shape> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer)
    }
}

impl<T: Shape + Serialize> Serialize for Lenient<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Lenient::Value(value) => value.serialize(serializer),
            Lenient::Unset => serializer.serialize_str(""),
            Lenient::Unexpected => T::serialize_unexpected(serializer),
        }
    }
}

#[cfg(test)]
mod tests;
