//! Lists inside an item: their length is limited, and `null` is an empty list.

use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// Reads a value; `null` is the default, because servers written in Go send it for an empty map.
pub fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The longest list inside an item. In memory, an element `{}` may take fifty times its two bytes.
pub(crate) const LONGEST_LIST: usize = 100_000;

/// Reads a list; `null` is an empty one.
pub fn list<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_option(ListVisitor(PhantomData))
}

/// Checks that a list of `length` elements may have another one.
pub(crate) fn check_length<E: Error>(length: usize) -> Result<(), E> {
    if length < LONGEST_LIST {
        return Ok(());
    }
    Err(E::custom(format!("more than {LONGEST_LIST} elements")))
}

/// A list of limited length. As an `Option`, it is `None` for `null`: nothing is known about it.
#[derive(Debug)]
pub struct Bounded<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list(deserializer).map(Bounded)
    }
}

/// Reads a list in a field that may be missing: `null` is an empty list, not a missing one.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    list(deserializer).map(Some)
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            check_length(list.len())?;
            list.push(element);
        }
        Ok(list)
    }
}
