//! Times as the stage writes them.

use jiff::civil::DateTime;

/// The start of 1970. A `DateTime` has a larger range than a `Timestamp`.
pub(super) const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The milliseconds since 1970 of a time in the stage, such as `2026-11-20T02:00:00.000Z`.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let time: DateTime = text.strip_suffix('Z')?.parse().ok()?;
    i64::try_from(time.duration_since(EPOCH).as_millis()).ok()
}
