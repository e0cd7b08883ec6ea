//! How a field is decoded that decides nothing, and how an empty one is told from a value.
//!
//! * A [`Lenient`] field takes any JSON: of another type than the documented one, it is
//!   [`Lenient::Unexpected`]. Nothing is buffered for that: it costs what a strict field costs.
//! * An object of another type is one with every field unexpected: see [`object`].
//! * An empty identifier and a time of zero are not set, whether the field decides or not.

use std::collections::BTreeMap;
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::table::Lenient;

/// The last millisecond of the year 9999: later times have no text of the usual form.
const LAST: i64 = 253_402_300_799_999;

/// A type that a lenient field may have: the kinds of JSON that it takes; others are unexpected.
pub trait Shape: Sized {
    /// Reads the field.
    ///
    /// # Errors
    /// When the JSON ends or is none.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lenient<Self>, D::Error> {
        deserializer.deserialize_any(LenientVisitor(PhantomData))
    }

    /// From `true` or `false`.
    fn boolean(_: bool) -> Lenient<Self> {
        Lenient::Unexpected
    }

    /// From a whole number that 64 bits hold.
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
    /// When an element cannot be read.
    fn list<'de, A: SeqAccess<'de>>(elements: A) -> Result<Lenient<Self>, A::Error> {
        drain(elements)?;
        Ok(Lenient::Unexpected)
    }

    /// From an object.
    ///
    /// # Errors
    /// When a field of it cannot be read.
    fn fields<'de, A: MapAccess<'de>>(mut fields: A) -> Result<Lenient<Self>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Lenient::Unexpected)
    }

    /// JSON that reads as [`Lenient::Unexpected`]: what is kept of it in the journal.
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

    /// Of a field that may be missing, `null` does not come here: it is as good as missing.
    fn visit_unit<E>(self) -> Result<Lenient<T>, E> {
        Ok(Lenient::Unexpected)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Lenient<T>, A::Error> {
        T::list(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Lenient<T>, A::Error> {
        T::fields(fields)
    }

    /// JSON has no bytes: they are a field of an object that is none. See [`Wrong`].
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

impl Shape for String {
    fn text(text: String) -> Lenient<Self> {
        Lenient::Value(text)
    }
}

impl Shape for i64 {
    fn integer(integer: i64) -> Lenient<Self> {
        Lenient::Value(integer)
    }
}

impl Shape for bool {
    fn boolean(value: bool) -> Lenient<Self> {
        Lenient::Value(value)
    }

    fn serialize_unexpected<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

/// An identifier, such as a key, an ID or an address; an empty one is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier(pub String);

impl Shape for Identifier {
    fn text(text: String) -> Lenient<Self> {
        if text.is_empty() { Lenient::Unset } else { Lenient::Value(Identifier(text)) }
    }
}

impl AsRef<str> for Identifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A URL without what may be a credential in it; what is no URL is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareUrl(pub String);

impl Shape for BareUrl {
    fn text(text: String) -> Lenient<Self> {
        let bare = super::decode::without_credentials(&text);
        bare.map_or(Lenient::Unset, |url| Lenient::Value(BareUrl(url)))
    }
}

impl AsRef<str> for BareUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A moment in milliseconds since 1970; zero, and what is before it, is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moment(pub i64);

impl Shape for Moment {
    fn integer(milliseconds: i64) -> Lenient<Self> {
        match milliseconds {
            ..=0 => Lenient::Unset,
            1..=LAST => Lenient::Value(Moment(milliseconds)),
            _ => Lenient::Unexpected,
        }
    }

    fn text(text: String) -> Lenient<Self> {
        if text.is_empty() { Lenient::Unset } else { Lenient::Unexpected }
    }
}

/// A moment as text; an empty one, and Go's zero time, is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TextMoment(pub i64);

impl Shape for TextMoment {
    fn text(text: String) -> Lenient<Self> {
        match super::decode::parse_time(&text) {
            Some(None) => Lenient::Unset,
            Some(Some(milliseconds)) if milliseconds <= LAST => {
                Lenient::Value(TextMoment(milliseconds))
            }
            _ => Lenient::Unexpected,
        }
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

/// A whole number that is documented as a number of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole(pub i64);

impl Shape for Whole {
    fn integer(number: i64) -> Lenient<Self> {
        Lenient::Value(Whole(number))
    }

    fn real(number: f64) -> Lenient<Self> {
        let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
        if is_whole { Lenient::Value(Whole(number as i64)) } else { Lenient::Unexpected }
    }
}

/// How long a list is, without any of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub i64);

impl Shape for Count {
    fn list<'de, A: SeqAccess<'de>>(elements: A) -> Result<Lenient<Self>, A::Error> {
        drain(elements).map(|count| Lenient::Value(Count(count)))
    }
}

/// Reads the length of a list that may be missing: `null` is an empty one.
pub fn list_length<'de, D>(deserializer: D) -> Result<Option<Lenient<Count>>, D::Error>
where
    D: Deserializer<'de>,
{
    let length = Option::<Lenient<Count>>::deserialize(deserializer)?;
    Ok(Some(length.unwrap_or(Lenient::Value(Count(0)))))
}

/// Any JSON, digit for digit.
pub type Json = Raw<ANY>;
/// A JSON array, digit for digit.
pub type JsonList = Raw<LIST>;
/// A JSON number, digit for digit.
pub type JsonNumber = Raw<NUMBER>;
/// A JSON object, digit for digit.
pub type JsonObject = Raw<OBJECT>;

const ANY: char = '*';
const LIST: char = '[';
const OBJECT: char = '{';
const NUMBER: char = '0';

/// JSON as received that begins with a character.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Raw<const START: char>(pub Box<RawValue>);

impl<const START: char> Shape for Raw<START> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lenient<Self>, D::Error> {
        deserializer.deserialize_newtype_struct("Raw", RawVisitor)
    }
}

struct RawVisitor<const START: char>;

impl<'de, const START: char> Visitor<'de> for RawVisitor<START> {
    type Value = Lenient<Raw<START>>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_newtype_struct<D>(self, deserializer: D) -> Result<Self::Value, D::Error>
    where
        D: Deserializer<'de>,
    {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let fits = match START {
            ANY => true,
            NUMBER => raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()),
            start => raw.get().starts_with(start),
        };
        Ok(if fits { Lenient::Value(Raw(raw)) } else { Lenient::Unexpected })
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Self::Value, E> {
        Ok(Lenient::Unexpected)
    }
}

/// Reads an object that decides nothing. One of another type has every field unexpected.
///
/// # Errors
/// When a field in it that decides is not what it should be.
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

/// Stands for something of another type than the documented one: a struct gets every field of its
/// own from here, a list has no elements, and whatever is not lenient fails.
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

/// Reads an identifier that decides and may be missing: an empty one is not set.
///
/// # Errors
/// When it is no string.
pub fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let identifier = Option::<String>::deserialize(deserializer)?;
    Ok(identifier.filter(|identifier| !identifier.is_empty()))
}

/// Reads a key, which cannot be empty.
///
/// # Errors
/// When it is no string, or empty.
pub fn required_identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let key = String::deserialize(deserializer)?;
    if key.is_empty() { Err(D::Error::custom("it is empty")) } else { Ok(key) }
}

/// Reads a time that decides and may be missing: zero, and what is before it, is not set.
///
/// # Errors
/// When it is no whole number.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.filter(|milliseconds| *milliseconds > 0))
}

/// Reads a time that decides, and so must be set.
///
/// # Errors
/// When it is no whole number, or not set.
pub fn required_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let set = Some(i64::deserialize(deserializer)?).filter(|milliseconds| *milliseconds > 0);
    set.ok_or_else(|| D::Error::custom("the time is not set"))
}

/// A list of objects that decides nothing.
#[derive(Debug)]
pub struct Items<T>(pub Vec<T>);

impl<T: DeserializeOwned> Shape for Items<T> {
    fn list<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<Lenient<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(Element(item)) = elements.next_element()? {
            super::decode::check_length(items.len())?;
            items.extend(item);
        }
        Ok(Lenient::Value(Items(items)))
    }
}

/// A map of objects that decides nothing.
#[derive(Debug)]
pub struct Entries<T>(pub BTreeMap<String, T>);

impl<T: DeserializeOwned> Shape for Entries<T> {
    fn fields<'de, A: MapAccess<'de>>(mut fields: A) -> Result<Lenient<Self>, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, Element(entry))) = fields.next_entry()? {
            entries.extend(entry.map(|entry| (key, entry)));
        }
        Ok(Lenient::Value(Entries(entries)))
    }
}

/// A list of strings that decides nothing.
#[derive(Debug)]
pub struct Texts(pub Vec<Lenient<String>>);

impl Shape for Texts {
    fn list<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<Lenient<Self>, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = elements.next_element()? {
            super::decode::check_length(texts.len())?;
            texts.push(text);
        }
        Ok(Lenient::Value(Texts(texts)))
    }
}

struct Element<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Element)
    }
}

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

/// A field of a number with a meaning, as a column reads it.
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

#[cfg(test)]
mod tests;
