//! Lists and maps. [`Count`] keeps only the length of a list.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, MapAccess, SeqAccess};
use serde::{Deserialize, Deserializer};

use super::{Shape, drain, object};
use crate::launchdarkly::lenient::bounded::{check_length, list};
use crate::model::table::Lenient;

/// The length of a list, without its elements.
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

/// Reads a list of identifiers, such as tags. An empty identifier means "not set" and is left out.
///
/// # Errors
/// If it is not a list of strings.
pub fn identifiers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut identifiers: Vec<String> = list(deserializer)?;
    identifiers.retain(|identifier| !identifier.is_empty());
    Ok(identifiers)
}

/// A list of objects; an element that is not an object counts as one with every field unexpected.
#[derive(Debug)]
pub struct Items<T>(pub Vec<T>);

impl<T: DeserializeOwned> Shape for Items<T> {
    fn list<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<Lenient<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(Element(item)) = elements.next_element()? {
            check_length(items.len())?;
            items.extend(item);
        }
        Ok(Lenient::Value(Items(items)))
    }
}

/// A map of objects; a value that is not an object counts as one with every field unexpected.
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

/// A list of lenient strings.
#[derive(Debug)]
pub struct Texts(pub Vec<Lenient<String>>);

impl Shape for Texts {
    fn list<'de, A: SeqAccess<'de>>(mut elements: A) -> Result<Lenient<Self>, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = elements.next_element()? {
            check_length(texts.len())?;
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
