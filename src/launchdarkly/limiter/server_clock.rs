//! An estimate of the server's clock, in terms of this machine's monotonic clock.
//!
//! Rate-limit resets are in milliseconds of the server's clock. The only other sign of that clock
//! is the header `Date`, in whole seconds. Each answer gives a lower and an upper bound for the
//! difference between the two clocks; several answers together narrow it to a fraction of a second.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// One second in microseconds. `Date` is rounded down to whole seconds, so the server's clock
/// showed up to this much more.
const SECOND: i64 = 1_000_000;
/// Two clocks drift apart by less than 1 / `DRIFT` of the time that passes.
const DRIFT: i64 = 2000;
/// The longest time, in microseconds, that is computed with: it keeps sums of times in range.
const FAR: i64 = 365 * 86_400 * SECOND;

/// An estimate of the server's clock.
#[derive(Clone, Debug)]
pub struct ServerClock {
    origin: Instant,
    /// The wall clock of this machine at `origin`, in microseconds since 1970.
    local: i64,
    shown: Option<Shown>,
}

/// Bounds of the server's clock at the origin, in microseconds since 1970.
#[derive(Clone, Copy, Debug)]
struct Shown {
    earliest: i64,
    latest: i64,
    /// When the bounds were computed, in microseconds since the origin.
    at: i64,
}

impl ServerClock {
    /// A clock without an observation. Until there is one, the server's clock is assumed to agree
    /// with that of this machine, which shows `local` at `now`.
    pub fn new(now: Instant, local: Timestamp) -> Self {
        ServerClock { origin: now, local: local.as_microsecond(), shown: None }
    }

    /// Learns from the `date` of an answer. The request was sent at `sent` and answered at
    /// `received`.
    pub fn observe(&mut self, date: Timestamp, sent: Instant, received: Instant) {
        let date = date.as_microsecond();
        let at = self.micros(received);
        let seen = Shown {
            earliest: date.saturating_sub(at),
            latest: date.saturating_add(SECOND).saturating_sub(self.micros(sent)),
            at,
        };
        self.shown = Some(self.shown.map_or(seen, |shown| shown.with(seen)));
    }

    /// By how much the server's clock is ahead of this machine's, at least and at most, in
    /// microseconds; `None` before the first answer.
    pub fn ahead(&self) -> Option<(i64, i64)> {
        let shown = self.shown?;
        let ahead = |bound: i64| bound.saturating_sub(self.local);
        Some((ahead(shown.earliest), ahead(shown.latest)))
    }

    /// The latest time at which the server's clock shows `moment`.
    pub fn reaches(&self, moment: Timestamp) -> Instant {
        let shown = self.shown.map_or(self.local, |shown| shown.earliest);
        let micros = moment.as_microsecond().saturating_sub(shown).clamp(0, FAR);
        self.origin + Duration::from_micros(micros.unsigned_abs())
    }

    /// The longest time until the server's clock shows `moment`; zero if it already does.
    pub fn wait(&self, moment: Timestamp, now: Instant) -> Duration {
        self.reaches(moment).saturating_duration_since(now)
    }

    fn micros(&self, at: Instant) -> i64 {
        let micros = at.saturating_duration_since(self.origin).as_micros();
        i64::try_from(micros).unwrap_or(FAR).min(FAR)
    }
}

impl Shown {
    /// The bounds that both allow. If they contradict each other, the newer ones alone: a clock was
    /// set, or several servers answer.
    fn with(self, newer: Shown) -> Shown {
        let drift = newer.at.saturating_sub(self.at).max(0) / DRIFT;
        let earliest = newer.earliest.max(self.earliest.saturating_sub(drift));
        let latest = newer.latest.min(self.latest.saturating_add(drift));
        if earliest <= latest {
            Shown { earliest, latest, at: newer.at.max(self.at) }
        } else {
            newer
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn milliseconds(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    /// A server whose clock shows `start` at the origin.
    struct World {
        origin: Instant,
        start: i64,
        clock: ServerClock,
    }

    impl World {
        fn new(start: i64) -> Self {
            let origin = Instant::now();
            World { origin, start, clock: ServerClock::new(origin, at(0)) }
        }

        /// A request sent `sent` milliseconds after the origin. It takes `there` milliseconds to
        /// arrive, and its answer takes `back`.
        fn answer(&mut self, sent: u64, there: u64, back: u64) {
            let shown = self.start + i64::try_from(sent + there).unwrap();
            let date = at(shown.div_euclid(1000) * 1000);
            let sent = self.origin + milliseconds(sent);
            self.clock.observe(date, sent, sent + milliseconds(there + back));
        }

        /// How far the estimate of when the server's clock shows `moment` is too late.
        fn late(&self, moment: i64) -> Duration {
            let truth = u64::try_from(moment - self.start).unwrap();
            self.clock.reaches(at(moment)).duration_since(self.origin) - milliseconds(truth)
        }
    }

    #[test]
    fn the_difference_of_the_clocks_is_known_to_a_second() {
        let mut world = World::new(90_000);
        assert_eq!(world.clock.ahead(), None);
        world.answer(0, 0, 0);
        assert_eq!(world.clock.ahead(), Some((90_000_000, 91_000_000)));
    }

    #[test]
    fn one_answer_is_exact_to_a_second() {
        let mut world = World::new(1_700_000_000_700);
        world.answer(0, 20, 30);
        assert_eq!(world.late(1_700_000_005_000), milliseconds(750));
    }

    #[test]
    fn an_answer_right_after_a_full_second_is_exact() {
        let mut world = World::new(1_700_000_000_700);
        world.answer(0, 20, 30);
        world.answer(290, 11, 9);
        world.answer(400, 20, 30);
        let late = world.late(1_700_000_005_000);
        assert!(late >= milliseconds(10) && late < milliseconds(12), "{late:?}");
    }

    #[test]
    fn a_clock_that_was_set_is_followed() {
        let mut world = World::new(1_700_000_000_000);
        world.answer(0, 0, 0);
        world.start -= 3_600_000;
        world.answer(100, 10, 10);
        assert_eq!(world.late(1_700_000_000_000), milliseconds(120));
    }

    #[test]
    fn without_a_date_the_clock_of_this_machine_counts() {
        let now = Instant::now();
        let clock = ServerClock::new(now, at(1_700_000_000_000));
        assert_eq!(clock.wait(at(1_700_000_000_250), now), milliseconds(250));
        assert_eq!(clock.wait(at(1_600_000_000_000), now), Duration::ZERO);
        assert_eq!(clock.wait(Timestamp::MAX, now), Duration::from_secs(365 * 86_400));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 256,
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_estimate_is_never_early_and_hardly_late(
            start in 1_600_000_000_000i64..1_800_000_000_000,
            answers in prop::collection::vec((0u64..700, 0u64..300, 0u64..300), 1..40),
        ) {
            let mut world = World::new(start);
            let mut sent = 0;
            for (pause, there, back) in answers {
                sent += pause;
                world.answer(sent, there, back);
                // `late` panics where the estimate is early.
                prop_assert!(world.late(start + 60_000) < milliseconds(1000 + there + back));
            }
        }
    }
}
