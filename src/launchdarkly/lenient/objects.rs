//! Objects. Any other type in place of an object counts as an object with every field unexpected,
//! so that each of its columns is counted as unexpected.

use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::drain;

/// Reads an object. Any other type counts as an object with every field unexpected; `null` is
/// `None`.
///
/// # Errors
/// If a strict field of the object is not of the documented type.
pub fn object<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> ObjectVisitor<T> {
    fn wrong<E: Error>() -> Result<Option<T>, E> {
        T::deserialize(Wrong(PhantomData)).map(Some)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Some)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Option<T>, A::Error> {
        drain(elements)?;
        Self::wrong()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Option<T>, E> {
        Self::wrong()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Option<T>, E> {
        Self::wrong()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Option<T>, E> {
        Self::wrong()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<T>, E> {
        Self::wrong()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Option<T>, E> {
        Self::wrong()
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<Option<T>, E> {
        Self::wrong()
    }
}

/// The deserializer of a value of another type than the documented one. A struct gets each of its
/// fields from it, a list has no elements, and every field that is not lenient fails.
struct Wrong<E>(PhantomData<E>);

impl<E: Error> IntoDeserializer<'_, E> for Wrong<E> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, E: Error> Deserializer<'de> for Wrong<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_bytes(&[])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_seq(SeqDeserializer::<_, E>::new(std::iter::empty::<bool>()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        let none = std::iter::empty::<(&str, bool)>();
        visitor.visit_map(MapDeserializer::<_, E>::new(none))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        let fields = fields.iter().map(|name| (*name, Wrong(PhantomData)));
        visitor.visit_map(MapDeserializer::<_, E>::new(fields))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}
