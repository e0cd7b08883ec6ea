//! Times. A time of zero means "not set": LaunchDarkly sends `0` where it has none.

use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Shape;
use crate::model::table::Lenient;

/// The last millisecond of the year 9999: later times cannot be written in the usual form.
const LAST: i64 = 253_402_300_799_999;

/// A time in milliseconds since 1970. Zero and negative numbers mean "not set".
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

/// A time as text. The empty text and Go's zero time mean "not set".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TextMoment(pub i64);

impl Shape for TextMoment {
    fn text(text: String) -> Lenient<Self> {
        match parse_time(&text) {
            Some(None) => Lenient::Unset,
            Some(Some(milliseconds)) if milliseconds <= LAST => {
                Lenient::Value(TextMoment(milliseconds))
            }
            _ => Lenient::Unexpected,
        }
    }
}

/// Reads a strict time that may be missing. Zero and negative numbers mean "not set".
///
/// # Errors
/// If it is not a whole number.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.filter(|milliseconds| *milliseconds > 0))
}

/// Reads a strict time, which must be set.
///
/// # Errors
/// If it is not a whole number, or not set.
pub fn required_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let set = Some(i64::deserialize(deserializer)?).filter(|milliseconds| *milliseconds > 0);
    set.ok_or_else(|| D::Error::custom("the time is not set"))
}

/// Parses a time to milliseconds since 1970: `Some(None)` if it is not set, `None` if the text is
/// not a time.
pub fn parse_time(text: &str) -> Option<Option<i64>> {
    if text.is_empty() || text.starts_with("0001-01-01") {
        return Some(None);
    }
    let time: Timestamp = text.parse().ok()?;
    Some(Some(time.as_millisecond()))
}
