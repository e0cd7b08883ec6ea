//! Budgets against a simulated server.

use super::*;

const START: i64 = 1_700_000_000_000;

fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// A server with a budget for each window of `length` milliseconds. The first window starts at the
/// origin.
struct World {
    ours: WindowBudget,
    clock: ServerClock,
    origin: Instant,
    length: u64,
    budget: u64,
    share: u64,
    spent: Vec<u64>,
    /// The requests in flight, with the time at which each was sent.
    flying: Vec<(u64, Statement)>,
}

/// The number of requests at once.
const AT_ONCE: usize = 8;

impl World {
    fn new(length: u64, budget: u64, share: u64) -> Self {
        let origin = Instant::now();
        let clock = ServerClock::new(origin, Timestamp::from_millisecond(START).unwrap());
        let (ours, spent, flying) = (WindowBudget::default(), Vec::new(), Vec::new());
        World { ours, clock, origin, length, budget, share, spent, flying }
    }

    fn spend(&mut self, window: u64) -> u64 {
        let window = usize::try_from(window).unwrap();
        self.spent.resize(self.spent.len().max(window + 1), 0);
        self.spent[window] += 1;
        self.budget.saturating_sub(self.spent[window])
    }

    /// Sends a request, or returns until when it must wait, in milliseconds.
    fn send(&mut self, time: u64) -> Result<Statement, u64> {
        let now = self.origin + milliseconds(time);
        if let Some(until) = self.ours.wait(self.share, &self.clock, now) {
            return Err(u64::try_from((until - self.origin).as_micros().div_ceil(1000)).unwrap());
        }
        let (number, window) = (self.ours.take(now), time / self.length);
        let end = START + i64::try_from((window + 1) * self.length).unwrap();
        let reset = Timestamp::from_millisecond(end).unwrap();
        Ok(Statement { number, remaining: self.spend(window), reset })
    }

    fn answer(&mut self, statement: Statement, time: u64) {
        self.ours.learn(statement, &self.clock, self.origin + milliseconds(time));
    }

    /// Sends this many requests, each of which is answered after `latency`. No other request is
    /// sent before the first is answered. Returns when the last one is answered.
    fn run(&mut self, start: u64, requests: usize, latency: u64) -> u64 {
        let (mut time, mut sent, mut answered) = (start, 0, false);
        while sent < requests || !self.flying.is_empty() {
            for (_, statement) in self.flying.extract_if(.., |(at, _)| *at + latency <= time) {
                self.ours.learn(statement, &self.clock, self.origin + milliseconds(time));
                answered = true;
            }
            let at_once = if answered { AT_ONCE } else { 1 };
            while sent < requests
                && self.flying.len() < at_once
                && let Ok(statement) = self.send(time)
            {
                self.flying.push((time, statement));
                sent += 1;
            }
            time += 1;
        }
        time - 1
    }
}

#[test]
fn half_of_every_window_is_left_to_others() {
    for latency in [1, 30, 250] {
        let mut world = World::new(1000, 20, 50);
        world.run(300, 60, latency);
        assert!(world.spent.iter().all(|spent| *spent <= 10), "{latency}: {:?}", world.spent);
    }
}

#[test]
fn the_whole_share_of_every_window_is_used() {
    let mut world = World::new(1000, 20, 50);
    let last = world.run(0, 75, 20);
    assert!(world.spent[..7].iter().all(|spent| *spent == 10), "{:?}", world.spent);
    assert!(last <= 7500, "{last}");
}

#[test]
fn a_small_budget_is_spread_and_a_large_one_is_not() {
    let mut world = World::new(10_000, 20, 50);
    let first = world.send(0).unwrap();
    world.answer(first, 50);
    assert!(world.send(50).is_ok());
    let next = world.send(51).unwrap_err();
    assert!((600..800).contains(&next), "{next}");
    let mut generous = World::new(10_000, 1_000_000, 50);
    let last = generous.run(0, 1000, 5);
    assert!(last <= 5 * 127, "{last}: no slower than eight at once allow");
}

#[test]
fn an_unknown_window_is_assumed_to_be_like_the_last() {
    let mut world = World::new(1000, 8, 50);
    world.run(0, 4, 5);
    // No request of the new window is answered.
    let sent = (1000..1900).filter(|time| world.send(*time).is_ok()).count();
    assert!(sent <= 4, "{sent}");
}

#[test]
fn the_first_answer_replaces_what_was_assumed() {
    let mut world = World::new(1000, 4, 50);
    world.run(0, 2, 5);
    world.budget = 1000;
    world.run(1000, 400, 5);
    assert_eq!(world.spent, [2, 400]);
}

#[test]
fn requests_of_other_clients_are_counted() {
    let mut world = World::new(1000, 100, 100);
    let first = world.send(0).unwrap();
    world.answer(Statement { remaining: 3, ..first }, 1);
    let sent = (1..999).filter(|time| world.send(*time).is_ok()).count();
    assert_eq!(sent, 3);
}

#[test]
fn requests_in_flight_are_counted() {
    let mut world = World::new(1000, 10, 100);
    let statements: Vec<_> = (0..3).map(|_| world.send(0).unwrap()).collect();
    world.answer(statements[0], 5);
    let sent = (5..999).filter(|time| world.send(*time).is_ok()).count();
    assert_eq!(sent, 7, "nine were left after the first, and two of them were in flight");
}

#[test]
fn an_older_answer_tells_nothing_new() {
    let mut world = World::new(1000, 10, 100);
    let old = world.send(999).unwrap();
    let new = world.send(1000).unwrap();
    world.answer(new, 1001);
    world.answer(Statement { remaining: 0, ..old }, 1002);
    assert!(world.send(1500).is_ok());
}

#[test]
fn a_reset_in_the_past_is_no_reason_to_wait() {
    let mut world = World::new(1000, 10, 50);
    let statement = world.send(0).unwrap();
    world.answer(Statement { remaining: 0, ..statement }, 1000);
    assert!(world.send(1001).is_ok());
}

#[test]
fn a_budget_of_one_or_none_is_tried_once_a_window() {
    for budget in [0, 1] {
        let mut world = World::new(1000, budget, 50);
        world.run(0, 3, 5);
        assert_eq!(world.spent, [1, 1, 1], "{budget}");
    }
}

#[test]
fn a_budget_named_only_in_a_refusal_is_forgotten() {
    let world = World::new(1000, 1, 100);
    let mut ours = WindowBudget::default();
    let at = |time| world.origin + milliseconds(time);
    let number = ours.take(at(0));
    let reset = Timestamp::from_millisecond(START + 300).unwrap();
    ours.learn(Statement { number, remaining: 0, reset }, &world.clock, at(1));
    assert!(ours.wait(100, &world.clock, at(2)).is_some(), "nothing is left");
    assert!(ours.wait(100, &world.clock, at(400)).is_none());
    let probe = ours.take(at(400));
    assert!(ours.wait(100, &world.clock, at(401)).is_some(), "as little room as before is assumed");
    ours.pass_over(number);
    assert!(ours.wait(100, &world.clock, at(402)).is_some(), "an older answer changes nothing");
    ours.pass_over(probe);
    assert!(ours.wait(100, &world.clock, at(403)).is_none());
}
