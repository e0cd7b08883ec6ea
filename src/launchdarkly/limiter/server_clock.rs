//! What the server's clock shows, by a clock of ours that never steps.
//!
//! Rate-limit resets are in milliseconds of the server's clock, which otherwise only shows in
//! `Date`, in whole seconds. Every answer bounds how far apart the two clocks are; together they
//! bound it to a fraction of a second.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// `Date` is cut to whole seconds: the clock showed up to this much more, in microseconds.
const SECOND: i64 = 1_000_000;
/// Clocks drift apart by less than one part in this many.
const DRIFT: i64 = 2000;
/// Nothing that a header says is further away: it keeps sums of times in range.
const FAR: i64 = 365 * 86_400 * SECOND;

/// An estimate of the server's clock.
#[derive(Clone, Debug)]
pub struct ServerClock {
    origin: Instant,
    /// What the clock of this machine showed at `origin`, in epoch microseconds.
    local: i64,
    shown: Option<Shown>,
}

/// What the server's clock showed at the origin, in epoch microseconds.
#[derive(Clone, Copy, Debug)]
struct Shown {
    earliest: i64,
    latest: i64,
    /// When that was known.
    at: i64,
}

impl ServerClock {
    /// No estimate yet: the server's clock is taken for that of this machine, which shows `local`
    /// at `now`.
    pub fn new(now: Instant, local: Timestamp) -> Self {
        ServerClock { origin: now, local: local.as_microsecond(), shown: None }
    }

    /// Learns from the `date` of an answer to a request that was sent and answered at these times.
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

    /// When, at the latest, the server's clock shows `moment`.
    pub fn reaches(&self, moment: Timestamp) -> Instant {
        let shown = self.shown.map_or(self.local, |shown| shown.earliest);
        let micros = moment.as_microsecond().saturating_sub(shown).clamp(0, FAR);
        self.origin + Duration::from_micros(micros.unsigned_abs())
    }

    /// How long it is, at the longest, until the server's clock shows `moment`; zero when it has.
    pub fn wait(&self, moment: Timestamp, now: Instant) -> Duration {
        self.reaches(moment).saturating_duration_since(now)
    }

    fn micros(&self, at: Instant) -> i64 {
        let micros = at.saturating_duration_since(self.origin).as_micros();
        i64::try_from(micros).unwrap_or(FAR).min(FAR)
    }
}

impl Shown {
    /// What both allow; the newer alone where they contradict each other, as after a clock was
    /// set or when several servers answer.
    fn with(self, newer: Shown) -> Shown {
        let drift = newer.at.saturating_sub(self.at).max(0) / DRIFT;
        let earliest = newer.earliest.max(self.earliest.saturating_sub(drift));
        let latest = newer.latest.min(self.latest.saturating_add(drift));
        match earliest <= latest {
            true => Shown { earliest, latest, at: newer.at.max(self.at) },
            false => newer,
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

    /// A server whose clock showed `start` at the origin.
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

        /// A request sent this long after the origin, on its way there and back this long.
        fn answer(&mut self, sent: u64, there: u64, back: u64) {
            let shown = self.start + i64::try_from(sent + there).unwrap();
            let date = at(shown.div_euclid(1000) * 1000);
            let sent = self.origin + milliseconds(sent);
            self.clock.observe(date, sent, sent + milliseconds(there + back));
        }

        /// How much later than it should the server's clock is expected to show `moment`.
        fn late(&self, moment: i64) -> Duration {
            let truth = u64::try_from(moment - self.start).unwrap();
            self.clock.reaches(at(moment)).duration_since(self.origin) - milliseconds(truth)
        }
    }

    #[test]
    fn one_answer_is_late_by_the_part_of_a_second_that_date_lacks() {
        let mut world = World::new(1_700_000_000_700);
        world.answer(0, 20, 30);
        assert_eq!(world.late(1_700_000_005_000), milliseconds(750));
    }

    #[test]
    fn an_answer_right_after_the_second_turns_tells_the_time() {
        let mut world = World::new(1_700_000_000_700);
        world.answer(0, 20, 30);
        world.answer(290, 11, 9);
        world.answer(400, 20, 30);
        let late = world.late(1_700_000_005_000);
        assert!(late >= milliseconds(10) && late < milliseconds(12), "{late:?}");
    }

    #[test]
    fn a_clock_that_was_set_is_believed_anew() {
        let mut world = World::new(1_700_000_000_000);
        world.answer(0, 0, 0);
        world.start -= 3_600_000;
        world.answer(100, 10, 10);
        assert_eq!(world.late(1_700_000_000_000), milliseconds(120));
    }

    #[test]
    fn without_date_the_clock_of_this_machine_counts() {
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
        fn the_estimate_is_never_early_and_never_a_second_and_a_round_trip_late(
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
