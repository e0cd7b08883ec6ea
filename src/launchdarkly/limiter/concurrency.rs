//! The number of requests at once: few at first, more while answers stay fast, fewer when answers
//! become slow or requests are refused.
//!
//! It follows TCP's congestion control: the limit doubles with every round trip until the first
//! slow answer or refusal, and grows by one with every round trip after that. It falls at most once
//! in a round trip.

use std::collections::HashMap;

use tokio::time::Instant;

/// Requests at once at the start. With this many or fewer, this client is not the cause of slow
/// answers.
const START: f64 = 2.0;
/// The factor for the limit after a refusal.
const AFTER_REFUSAL: f64 = 0.5;
/// The factor for the limit after slow answers.
const AFTER_DELAY: f64 = 0.75;
/// Answers are slow when they take this many times their usual time.
const SLOW: f64 = 1.5;
/// Seconds added to every latency, so that noise does not count: that of a server nearby, and that
/// of this program's own work.
const SLACK: f64 = 0.025;
/// How much of the spread among the latest answers must be exceeded as well.
const SPREAD: f64 = 0.75;
/// The weight of an answer's latency in the moving average of the latest ones.
const LATEST: f64 = 1.0 / 16.0;

/// The limit of requests at once.
#[derive(Debug)]
pub struct Concurrency {
    most: f64,
    limit: f64,
    in_flight: usize,
    /// Whether no answer was slow and no request refused so far.
    doubling: bool,
    /// When the limit fell last. Answers to requests sent before say nothing about the new limit.
    fell: Option<Instant>,
    routes: HashMap<&'static str, Latency>,
}

/// How long one route's answers take, as logarithms of seconds, because latencies range from
/// milliseconds to minutes. A mixture of short and long lists must not look like a server that
/// slows down.
#[derive(Clone, Copy, Debug)]
struct Latency {
    usual: f64,
    latest: f64,
    /// The average distance of single answers from `latest`.
    spread: f64,
}

impl Concurrency {
    /// A limit that never exceeds `most`.
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

    /// Counts a request that is sent; returns whether the limit is in use. A limit that is not
    /// reached is not raised.
    pub fn enter(&mut self) -> bool {
        self.in_flight += 1;
        if self.doubling { 2.0 * self.in_flight as f64 > self.limit } else { !self.has_room() }
    }

    /// Counts a request that has ended.
    pub fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Learns that a request sent at `sent` was answered at `now`. `used` is the result of
    /// [`Self::enter`] for it.
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

    /// Learns that a request sent at `sent` was answered with 429.
    pub fn refused(&mut self, sent: Instant, now: Instant) {
        self.fall(AFTER_REFUSAL, 1.0, sent, now);
    }

    /// How much slower than usual the answers of all routes are, as a logarithm. The first answer
    /// of a new route is assumed to be slow to the same degree.
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

    /// Updates the averages. The usual latency adapts fast to faster answers and slowly to slower
    /// ones, unless this client cannot be the cause of the slowness.
    fn observe(&mut self, seconds: f64, alone: bool) {
        let seen = (seconds + SLACK).ln();
        let weight = if alone {
            1.0 / 8.0
        } else if seen > self.usual {
            1.0 / 1024.0
        } else {
            1.0 / 32.0
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
mod tests;
