//! Times of events: ISO 8601 text, or milliseconds since 1970.

use crate::model::time::{YEAR_2000_MS, parse};
use crate::sync::cell::Cell;
use crate::sync::reason::{Reason, Rejection};

/// How far ahead of the clock a time may be. A later one is most likely one in microseconds.
const AHEAD_MS: i64 = 86_400_000;

/// The time of an event in milliseconds since 1970.
///
/// # Errors
/// `bad_timestamp` if it cannot be read, or cannot be the time of an event.
pub(super) fn read(cell: Cell<'_>, now_ms: i64) -> Result<i64, Rejection> {
    let wrong = |message: &str| Rejection::new(Reason::BadTimestamp, message);
    let ms = match cell {
        Cell::Int(ms) | Cell::Time(ms) => Some(ms),
        Cell::Text(text) => parse(text),
        Cell::Untyped(text) => text.trim().parse().ok().or_else(|| parse(text)),
        _ => None,
    };
    let ms = ms.ok_or_else(|| wrong("expected ISO 8601 text, or whole milliseconds since 1970"))?;
    if ms < YEAR_2000_MS {
        return Err(wrong("it is before the year 2000: are these seconds, not milliseconds?"));
    }
    if ms > now_ms.saturating_add(AHEAD_MS) {
        return Err(wrong(
            "it is more than a day ahead: are these microseconds, not milliseconds?",
        ));
    }
    Ok(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    #[test]
    fn texts_and_milliseconds_are_times() {
        for (cell, expected) in [
            (Cell::Text("2023-11-14T22:13:20Z"), 1_700_000_000_000),
            (Cell::Text("2023-11-14T23:13:20.5+01:00"), 1_700_000_000_500),
            (Cell::Text("2023-11-14 22:13:20"), 1_700_000_000_000),
            (Cell::Untyped("1700000000000"), 1_700_000_000_000),
            (Cell::Int(1_700_000_000_000), 1_700_000_000_000),
            (Cell::Time(1_700_000_000_000), 1_700_000_000_000),
            (Cell::Text("2023-11-14"), 1_699_920_000_000),
        ] {
            assert_eq!(read(cell, NOW_MS), Ok(expected), "{cell:?}");
        }
    }

    #[test]
    fn seconds_microseconds_and_other_texts_are_refused() {
        for cell in [
            Cell::Int(1_700_000_000),
            Cell::Int(1_700_000_000_000_000),
            Cell::Int(NOW_MS + 86_400_001),
            Cell::Int(946_684_799_999),
            Cell::Text("yesterday"),
            Cell::Text("1700000000000"),
            Cell::Text("2023-13-01T00:00:00Z"),
            Cell::Real(1.7e12),
            Cell::Bool(true),
            Cell::Json("{}"),
        ] {
            assert_eq!(read(cell, NOW_MS).unwrap_err().reason, Reason::BadTimestamp, "{cell:?}");
        }
    }
}
