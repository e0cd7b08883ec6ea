//! Times as text, such as `2026-11-20T02:00:00.000Z`: it sorts correctly, and SQLite, DuckDB and
//! pandas can read it.

use std::fmt::Write;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The start of 1970. A `DateTime` can be any time of the year 9999; a `Timestamp` cannot.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// 2000-01-01T00:00:00Z. Fewer milliseconds are most likely seconds, or no time at all.
pub const YEAR_2000_MS: i64 = 946_684_800_000;

/// Appends the text of a time, in milliseconds since 1970; `None` if its year has no four digits.
pub fn push(milliseconds: i64, text: &mut String) -> Option<()> {
    let time = EPOCH.checked_add(SignedDuration::from_millis(milliseconds)).ok()?;
    write!(text, "{time:.3}Z").ok()
}

/// The text of a time, in milliseconds since 1970. One that has no text counts as 1970.
pub fn text(milliseconds: i64) -> String {
    let mut text = String::new();
    if push(milliseconds, &mut text).is_none() {
        let _ = push(0, &mut text);
    }
    text
}

/// The milliseconds since 1970 of such a text.
pub fn milliseconds(text: &str) -> Option<i64> {
    let time: DateTime = text.strip_suffix('Z')?.parse().ok()?;
    i64::try_from(time.duration_since(EPOCH).as_millis()).ok()
}

/// The milliseconds since 1970 of ISO 8601 text. Without an offset, as databases write it, it is UTC.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    let time: DateTime = text.parse().ok()?;
    let time = TimeZone::UTC.to_timestamp(time).ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_are_read_back() {
        for (time, expected) in [
            (1_700_000_000_120, "2023-11-14T22:13:20.120Z"),
            (1_700_000_000_000, "2023-11-14T22:13:20.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(text(time), expected);
            assert_eq!(milliseconds(expected), Some(time));
        }
    }

    #[test]
    fn a_time_after_the_year_9999_has_no_text() {
        let mut out = String::new();
        assert_eq!(push(253_402_300_800_000, &mut out), None);
        assert_eq!(out, "");
        assert_eq!(text(i64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
