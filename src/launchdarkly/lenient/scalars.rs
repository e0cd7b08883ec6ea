//! Strings, booleans and whole numbers. An empty identifier means "not set": LaunchDarkly sends
//! `""` where it has none.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use super::Shape;
use crate::model::table::Lenient;

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

/// An identifier, such as a key, an ID or an address. An empty one is not set.
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

/// A URL without the parts that may be credentials. Text that is not a URL is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareUrl(pub String);

impl Shape for BareUrl {
    fn text(text: String) -> Lenient<Self> {
        let bare = without_credentials(&text);
        bare.map_or(Lenient::Unset, |url| Lenient::Value(BareUrl(url)))
    }
}

impl AsRef<str> for BareUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A whole number in a field that is documented as any number, such as `5.0`.
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

/// Reads a strict identifier that may be missing. An empty one is not set.
///
/// # Errors
/// If it is not a string.
pub fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let identifier = Option::<String>::deserialize(deserializer)?;
    Ok(identifier.filter(|identifier| !identifier.is_empty()))
}

/// Reads a key, which must not be empty.
///
/// # Errors
/// If it is not a string, or is empty.
pub fn required_identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let key = String::deserialize(deserializer)?;
    if key.is_empty() { Err(D::Error::custom("it is empty")) } else { Ok(key) }
}

/// The URL in `text` without user information, query and fragment; `None` if it is not a URL.
pub fn without_credentials(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    // The parser has escaped the braces of placeholders such as `${sha}`.
    Some(String::from(url).replace("%7B", "{").replace("%7D", "}"))
}
