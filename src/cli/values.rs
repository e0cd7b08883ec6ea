//! Values of arguments that several commands share: switches, paths and times.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{BoolishValueParser, NonEmptyStringValueParser, TypedValueParser};

use crate::terminal::values::{Trimmed, trim, trim_path};

/// `true` and `false`, or a synonym such as `yes`, `on` and `1`.
pub(super) fn boolish() -> Trimmed<BoolishValueParser> {
    Trimmed(BoolishValueParser::new())
}

/// A key or an ID. No address can have `.` or `..` as a part of its path.
pub(super) fn key() -> impl TypedValueParser<Value = String> {
    Trimmed(NonEmptyStringValueParser::new().try_map(|text| parse_key(&text)))
}

/// A key of a list.
pub(super) fn parse_key(text: &str) -> Result<String, String> {
    match text {
        "." | ".." => Err("no key is `.` or `..`".to_owned()),
        key => Ok(key.to_owned()),
    }
}

/// A comment; a blank one is none.
pub(super) fn comment(given: Option<&str>) -> Option<String> {
    given.filter(|comment| !trim(comment).is_empty()).map(str::to_owned)
}

pub(super) fn parse_path(text: &str) -> Result<PathBuf, String> {
    let path = trim_path(text);
    match path {
        "" => Err("it is empty".to_owned()),
        _ if path.starts_with("//") || path.contains("://") => {
            Err("it is an address, not a path".to_owned())
        }
        path => Ok(path.into()),
    }
}

pub(super) fn parse_time(text: &str) -> Result<Duration, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    if let Some(days) = days {
        return Ok(Duration::from_secs(u64::from(days) * 86_400));
    }
    let span: Result<jiff::SignedDuration, _> = text.parse();
    let seconds = text.parse().ok().map(Duration::from_secs);
    let span = span.ok().and_then(|span| Duration::try_from(span).ok());
    span.or(seconds).ok_or_else(|| "expected a time such as 90s, 15m, 6h or 90d".to_owned())
}

/// A number without a unit is rejected: users would mean days here, but it means seconds elsewhere.
pub(super) fn parse_age(text: &str) -> Result<Duration, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("expected a time with its unit, such as 12h or 90d".to_owned());
    }
    parse_time(text)
}

pub(super) fn parse_timeout(text: &str) -> Result<Duration, String> {
    let time = parse_time(text)?;
    (!time.is_zero()).then_some(time).ok_or_else(|| "a timeout must be longer than zero".to_owned())
}
