//! How many requests at once: few at first, more while answers stay quick, fewer when they slow
//! down or are refused.
//!
//! As TCP does: it doubles in every round trip until something goes wrong for the first time,
//! and grows by one a round trip from then on. A round trip counts against it once at most.

use std::collections::HashMap;

use tokio::time::Instant;

/// Requests at once at the start. Down to this many, slow answers are not our doing.
const START: f64 = 2.0;
/// What remains after a refusal.
const AFTER_REFUSAL: f64 = 0.5;
/// What remains after answers slowed down.
const AFTER_DELAY: f64 = 0.75;
/// Answers have slowed down when they take this many times their usual time.
const SLOW: f64 = 1.5;
/// Seconds that make no difference: the noise of a server nearby, and of our own work.
const SLACK: f64 = 0.025;
/// How much of the spread among the latest answers is needed on top of that.
const SPREAD: f64 = 0.75;
/// How much of an answer's latency enters the average of the latest ones.
const LATEST: f64 = 1.0 / 16.0;

/// The number of requests at once.
#[derive(Debug)]
pub struct Concurrency {
    most: f64,
    limit: f64,
    in_flight: usize,
    /// Nothing has gone wrong yet.
    doubling: bool,
    /// When it fell last: answers to what was sent before tell nothing about the new limit.
    fell: Option<Instant>,
    routes: HashMap<&'static str, Latency>,
}

/// How long one route's answers take, as logarithms: they range from milliseconds to minutes, and
/// a mixture of short and long lists is not a server that slows down.
#[derive(Clone, Copy, Debug)]
struct Latency {
    usual: f64,
    latest: f64,
    /// How far single answers are from the latest average.
    spread: f64,
}

impl Concurrency {
    /// Never more than `most` at once.
    pub fn new(most: usize) -> Self {
        let most = most.clamp(1, 1 << 16) as f64;
        Concurrency {
            most,
            limit: START.min(most),
            in_flight: 0,
            doubling: true,
            fell: None,
            routes: HashMap::new(),
        }
    }

    /// Whether another request may be sent.
    pub fn has_room(&self) -> bool {
        (self.in_flight + 1) as f64 <= self.limit
    }

    /// One more is sent; returns whether the limit is used: one that nobody reaches is no reason
    /// to raise it.
    pub fn enter(&mut self) -> bool {
        self.in_flight += 1;
        match self.doubling {
            true => 2.0 * self.in_flight as f64 > self.limit,
            false => !self.has_room(),
        }
    }

    /// One has ended.
    pub fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// A request sent at `sent` was answered at `now`; `used` is what [`Self::enter`] said.
    pub fn answered(&mut self, route: &'static str, used: bool, sent: Instant, now: Instant) {
        let seconds = now.saturating_duration_since(sent).as_secs_f64();
        let alone = self.limit < START + 1.0;
        let slowness = self.slowness();
        let latency = self.routes.entry(route).or_insert_with(|| Latency::new(seconds, slowness));
        latency.observe(seconds, alone);
        if latency.is_slow() && !alone {
            self.fall(AFTER_DELAY, START, sent, now);
        } else if used {
            self.grow();
        }
    }

    /// A request sent at `sent` was refused: too many in too short a time.
    pub fn refused(&mut self, sent: Instant, now: Instant) {
        self.fall(AFTER_REFUSAL, 1.0, sent, now);
    }

    /// How much slower than usual answers are on the whole, as a logarithm. The first answer of a
    /// route is as slow as that already.
    fn slowness(&self) -> f64 {
        let each = self.routes.values().map(|latency| (latency.latest - latency.usual).max(0.0));
        each.sum::<f64>() / self.routes.len().max(1) as f64
    }

    fn grow(&mut self) {
        let step = if self.doubling { 1.0 } else { 1.0 / self.limit };
        self.limit = (self.limit + step).min(self.most);
    }

    fn fall(&mut self, factor: f64, least: f64, sent: Instant, now: Instant) {
        if self.fell.is_none_or(|fell| sent > fell) {
            self.limit = (self.limit * factor).max(least).min(self.most);
            self.doubling = false;
            self.fell = Some(now);
        }
    }
}

impl Latency {
    fn new(seconds: f64, slowness: f64) -> Self {
        let latest = (seconds + SLACK).ln();
        Latency { usual: latest - slowness, latest, spread: 0.0 }
    }

    /// What is usual follows quicker answers fast and slower ones slowly, unless the slowness
    /// cannot be our doing.
    fn observe(&mut self, seconds: f64, alone: bool) {
        let seen = (seconds + SLACK).ln();
        let weight = match seen > self.usual {
            _ if alone => 1.0 / 8.0,
            true => 1.0 / 1024.0,
            false => 1.0 / 32.0,
        };
        self.usual += (seen - self.usual) * weight;
        self.spread += ((seen - self.latest).abs() - self.spread) * LATEST;
        self.latest += (seen - self.latest) * LATEST;
    }

    fn is_slow(&self) -> bool {
        self.latest - self.usual > SLOW.ln() + SPREAD * self.spread
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A server, and a client that always has another request.
    struct World {
        concurrency: Concurrency,
        origin: Instant,
        millisecond: u64,
        /// Whether the limit was used, when it was sent and when it is answered.
        flying: Vec<(bool, u64, u64)>,
        answered: usize,
        route: &'static str,
    }

    impl World {
        fn new(most: usize) -> Self {
            World {
                concurrency: Concurrency::new(most),
                origin: Instant::now(),
                millisecond: 0,
                flying: Vec::new(),
                answered: 0,
                route: "/",
            }
        }

        fn at(&self, millisecond: u64) -> Instant {
            self.origin + Duration::from_millis(millisecond)
        }

        /// Lets time pass; `latency` is that of a request, by its number and those in flight.
        fn run(&mut self, milliseconds: u64, latency: impl Fn(usize, usize) -> u64) {
            for _ in 0..milliseconds {
                self.answer();
                while self.concurrency.has_room() {
                    let used = self.concurrency.enter();
                    let number = self.answered + self.flying.len();
                    let end = self.millisecond + latency(number, self.concurrency.in_flight);
                    self.flying.push((used, self.millisecond, end));
                }
                self.millisecond += 1;
            }
        }

        fn answer(&mut self) {
            let now = self.at(self.millisecond);
            let over: Vec<_> =
                self.flying.extract_if(.., |(.., end)| *end <= self.millisecond).collect();
            for (used, sent, _) in over {
                self.concurrency.answered(self.route, used, self.at(sent), now);
                self.concurrency.leave();
                self.answered += 1;
            }
        }
    }

    #[test]
    fn it_starts_low_and_reaches_the_most_in_a_few_round_trips() {
        let mut world = World::new(8);
        assert_eq!(world.concurrency.limit, 2.0);
        world.run(201, |_, _| 50);
        assert_eq!(world.concurrency.limit, 8.0);
        world.run(5000, |_, _| 50);
        assert_eq!(world.concurrency.limit, 8.0, "never more");
    }

    #[test]
    fn the_noise_of_a_server_nearby_does_not_matter() {
        let mut world = World::new(8);
        world.run(5000, |number, _| 1 + (number as u64 * 7919) % 20);
        assert_eq!(world.concurrency.limit, 8.0);
    }

    #[test]
    fn a_server_that_works_at_two_at_a_time_is_not_sent_many_more() {
        let mut world = World::new(64);
        world.run(10_000, |_, in_flight| 100 * in_flight.div_ceil(2) as u64);
        assert!(world.concurrency.limit < 16.0, "{}", world.concurrency.limit);
        assert!(world.answered > 180, "{} of at most 200", world.answered);
    }

    #[test]
    fn a_route_that_is_first_asked_of_a_slow_server_does_not_take_that_for_usual() {
        let mut world = World::new(32);
        let latency = |_, in_flight: usize| 40 * in_flight.div_ceil(4) as u64;
        world.run(1000, latency);
        world.route = "/other";
        world.run(5000, latency);
        assert!(world.concurrency.limit < 14.0, "{}", world.concurrency.limit);
    }

    #[test]
    fn it_falls_when_answers_slow_down_and_recovers_when_they_are_quick_again() {
        let mut world = World::new(16);
        world.run(2000, |_, _| 50);
        assert_eq!(world.concurrency.limit, 16.0);
        world.run(5000, |_, in_flight| 50 * in_flight as u64);
        assert!(world.concurrency.limit <= 8.0, "{}", world.concurrency.limit);
        world.run(10_000, |_, _| 50);
        assert_eq!(world.concurrency.limit, 16.0);
    }

    #[test]
    fn short_and_long_lists_side_by_side_are_not_a_server_that_slows_down() {
        let mut world = World::new(8);
        let mut limits = Vec::new();
        for _ in 0..600 {
            world.run(100, |number, _| if number * 7919 % 31 < 15 { 100 } else { 500 });
            limits.push(world.concurrency.limit);
        }
        let mean = limits.iter().sum::<f64>() / limits.len() as f64;
        assert!(mean > 7.0, "{mean}");
    }

    #[test]
    fn a_refusal_halves_it_once_a_round_trip_and_leaves_one() {
        let mut world = World::new(8);
        world.run(1000, |_, _| 50);
        let (sent, now) = (world.at(990), world.at(1000));
        (0..8).for_each(|_| world.concurrency.refused(sent, now));
        assert_eq!(world.concurrency.limit, 4.0, "all from one round trip");
        for later in [2000, 3000, 4000] {
            world.concurrency.refused(world.at(later), world.at(later + 1));
        }
        assert_eq!(world.concurrency.limit, 1.0);
        world.flying.clear();
        world.concurrency.in_flight = 0;
        world.millisecond = 5000;
        world.run(151, |_, _| 50);
        assert!(world.concurrency.limit <= 4.0, "by one a round trip: {}", world.concurrency.limit);
        world.run(5000, |_, _| 50);
        assert_eq!(world.concurrency.limit, 8.0);
    }

    #[test]
    fn a_limit_that_is_not_used_does_not_grow() {
        let mut concurrency = Concurrency::new(8);
        let now = Instant::now();
        for _ in 0..100 {
            let used = concurrency.enter();
            concurrency.answered("/", used, now, now + Duration::from_millis(50));
            concurrency.leave();
        }
        assert_eq!(concurrency.limit, 2.0);
    }
}
