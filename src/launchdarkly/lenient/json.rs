//! JSON that is kept as received. The text is not decoded: its first character determines its type.

use std::fmt::{self, Formatter};

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::Shape;
use crate::model::table::Lenient;

/// Any JSON, exactly as received.
pub type Json = Raw<ANY>;
/// A JSON array, exactly as received.
pub type JsonList = Raw<LIST>;
/// A JSON number, exactly as received.
pub type JsonNumber = Raw<NUMBER>;
/// A JSON object, exactly as received.
pub type JsonObject = Raw<OBJECT>;

const ANY: char = '*';
const LIST: char = '[';
const OBJECT: char = '{';
const NUMBER: char = '0';

/// JSON as received that begins with the character `START`.
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
