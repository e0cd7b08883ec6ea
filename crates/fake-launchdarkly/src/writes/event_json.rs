//! A payload of events, read in one pass and without copies.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

/// A member of an event, of whatever type it was sent with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Loose<'a> {
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Integer(i64),
    Number(f64),
    /// An object with one text or more, all of which are not empty, and nothing else.
    Texts(Vec<(Cow<'a, str>, Cow<'a, str>)>),
    Other,
}

/// An event as it was sent.
#[derive(Debug, Default)]
pub(super) struct Sent<'a> {
    pub key: Loose<'a>,
    pub creation_date: Loose<'a>,
    pub context_keys: Loose<'a>,
    pub metric_value: Loose<'a>,
    pub data: Option<&'a RawValue>,
    kind: Loose<'a>,
}

/// Gives each event of a payload to `take`. The payload is not JSON, not an array of objects, or
/// has an event of another kind than `custom` where there is an error; by then, some events have
/// been taken.
pub(super) fn read(body: &[u8], mut take: impl FnMut(Sent)) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    Payload(&mut take).deserialize(&mut deserializer)?;
    deserializer.end()
}

struct Payload<'f, F>(&'f mut F);

impl<'de, F: FnMut(Sent)> DeserializeSeed<'de> for Payload<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Sent)> Visitor<'de> for Payload<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        while let Some(event) = events.next_element::<Sent>()? {
            if event.kind != Loose::Text(Cow::Borrowed("custom")) {
                return Err(de::Error::custom("kind must be custom"));
            }
            (self.0)(event);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Sent<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Sent<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Sent<'de>, A::Error> {
        let mut sent = Sent::default();
        while let Some(name) = members.next_key::<Loose>()? {
            let Loose::Text(name) = name else { continue };
            match &*name {
                "kind" => sent.kind = members.next_value()?,
                "key" => sent.key = members.next_value()?,
                "creationDate" => sent.creation_date = members.next_value()?,
                "contextKeys" => sent.context_keys = members.next_value()?,
                "metricValue" => sent.metric_value = members.next_value()?,
                "data" => sent.data = Some(members.next_value()?),
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(sent)
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Loose<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).map_or(Loose::Number(number as f64), Loose::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut texts, mut sound) = (Vec::new(), true);
        while let Some((name, value)) = members.next_entry::<Loose, Loose>()? {
            match (name, value) {
                (Loose::Text(name), Loose::Text(value)) if !value.is_empty() => {
                    texts.push((name, value));
                }
                _ => sound = false,
            }
        }
        Ok(if sound && !texts.is_empty() { Loose::Texts(texts) } else { Loose::Other })
    }
}
