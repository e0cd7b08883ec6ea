//! A moment of the company's story, before which some of it has happened.

use super::DAY_MS;

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub i64);

impl Moment {
    /// Whether something had happened by then.
    pub fn has_seen(self, time_ms: i64) -> bool {
        time_ms <= self.0
    }

    /// The time of something that happens once, if it had happened by then.
    pub fn once(self, time_ms: Option<i64>) -> Option<i64> {
        time_ms.filter(|time_ms| self.has_seen(*time_ms))
    }

    /// The last time by then of something that happens every day, and today for the last time at
    /// `last_ms`.
    pub fn daily(self, last_ms: i64) -> i64 {
        let later_ms = (last_ms - self.0).max(0);
        last_ms - (later_ms + DAY_MS - 1) / DAY_MS * DAY_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_daily_happened_a_day_before_at_most() {
        let moment = Moment(10 * DAY_MS);
        for (last_ms, expected_ms) in [
            (9 * DAY_MS, 9 * DAY_MS),
            (10 * DAY_MS, 10 * DAY_MS),
            (10 * DAY_MS + 1, 9 * DAY_MS + 1),
            (12 * DAY_MS, 10 * DAY_MS),
        ] {
            assert_eq!(moment.daily(last_ms), expected_ms);
        }
    }
}
