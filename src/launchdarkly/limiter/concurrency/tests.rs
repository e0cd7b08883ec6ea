//! The limit against a simulated server.

use std::time::Duration;

use super::*;

/// A server, and a client that always has another request to send.
struct World {
    concurrency: Concurrency,
    origin: Instant,
    millisecond: u64,
    /// The requests in flight: whether the limit was in use, when sent, when answered.
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

    /// Lets time pass. `latency` gives that of a request by its number and the requests in
    /// flight.
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
fn the_limit_starts_low_and_soon_reaches_the_maximum() {
    let mut world = World::new(8);
    assert_eq!(world.concurrency.limit, 2.0);
    world.run(201, |_, _| 50);
    assert_eq!(world.concurrency.limit, 8.0);
    world.run(5000, |_, _| 50);
    assert_eq!(world.concurrency.limit, 8.0, "never more");
}

#[test]
fn the_noise_of_a_server_nearby_is_ignored() {
    let mut world = World::new(8);
    world.run(5000, |number, _| 1 + (number as u64 * 7919) % 20);
    assert_eq!(world.concurrency.limit, 8.0);
}

#[test]
fn a_server_with_two_workers_gets_few_requests_more() {
    let mut world = World::new(64);
    world.run(10_000, |_, in_flight| 100 * in_flight.div_ceil(2) as u64);
    assert!(world.concurrency.limit < 16.0, "{}", world.concurrency.limit);
    assert!(world.answered > 180, "{} of at most 200", world.answered);
}

#[test]
fn a_new_route_of_a_slow_server_is_known_to_be_slow() {
    let mut world = World::new(32);
    let latency = |_, in_flight: usize| 40 * in_flight.div_ceil(4) as u64;
    world.run(1000, latency);
    world.route = "/other";
    world.run(5000, latency);
    assert!(world.concurrency.limit < 14.0, "{}", world.concurrency.limit);
}

#[test]
fn the_limit_falls_with_slow_answers_and_recovers() {
    let mut world = World::new(16);
    world.run(2000, |_, _| 50);
    assert_eq!(world.concurrency.limit, 16.0);
    world.run(5000, |_, in_flight| 50 * in_flight as u64);
    assert!(world.concurrency.limit <= 8.0, "{}", world.concurrency.limit);
    world.run(10_000, |_, _| 50);
    assert_eq!(world.concurrency.limit, 16.0);
}

#[test]
fn a_mixture_of_short_and_long_lists_is_not_slow() {
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
fn refusals_halve_the_limit_once_a_round_trip_down_to_1() {
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
