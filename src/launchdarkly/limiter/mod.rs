//! One limiter for the whole run: how many requests at once, and when none at all.
//!
//! LaunchDarkly's limits are shared by everything an account runs, in windows of 10 seconds:
//! <https://launchdarkly.com/docs/api#section/Overview/Rate-limiting>. The limiter learns from
//! the headers of every response, keeps a reserve for the account's other clients, and sends
//! nothing at all while told to wait.

mod concurrency;
pub(super) mod cooldown;
pub(super) mod server_clock;
pub(super) mod window;

use std::collections::HashMap;
use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use self::concurrency::Concurrency;
use self::cooldown::Stop;
use self::server_clock::ServerClock;
use self::window::{Ledger, Statement};
use super::headers::{Answer, Kind};

/// Those that wait for their turn, first come, first served. Only the first of a line asks.
type Line = Arc<tokio::sync::Mutex<()>>;

/// Whose a budget is: each route has its own of [`Kind::Route`].
type Budget = (Kind, &'static str);

#[derive(Debug)]
struct State {
    share: u64,
    clock: ServerClock,
    stop: Stop,
    ledgers: HashMap<Budget, Ledger>,
    concurrency: Concurrency,
    /// One for each route, as one route's limit is no reason for others to wait.
    lines: HashMap<&'static str, Line>,
}

/// The gate that every request passes.
#[derive(Debug)]
pub struct Limiter {
    state: Mutex<State>,
    /// Somebody may have to wait for less, or for more.
    changed: Notify,
}

/// Leave to send one request, and a slot that is held until this is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    limiter: &'a Limiter,
    route: &'static str,
    /// The request's number in each of [`Kind::ALL`].
    numbers: [u64; 3],
    used: bool,
    sent: Instant,
}

impl Limiter {
    /// At most `concurrency` requests at once; at most `share` percent of each window.
    pub fn new(concurrency: usize, share: u8) -> Self {
        let state = State {
            share: u64::from(share.clamp(1, 100)),
            clock: ServerClock::new(Instant::now(), Timestamp::now()),
            stop: Stop::default(),
            ledgers: HashMap::new(),
            concurrency: Concurrency::new(concurrency),
            lines: HashMap::new(),
        };
        Limiter { state: Mutex::new(state), changed: Notify::new() }
    }

    /// Waits until a request to `route` may be sent.
    pub async fn enter(&self, route: &'static str) -> Turn<'_> {
        let line = Arc::clone(self.state().lines.entry(route).or_default());
        let _first = line.lock().await;
        let (numbers, used, sent) = self.when(|state, now| state.enter(route, now)).await;
        Turn { limiter: self, route, numbers, used, sent }
    }

    /// Stops all traffic for `wait`.
    pub fn pause(&self, wait: Duration) {
        self.state().stop.extend(wait, Instant::now());
        self.changed.notify_waiters();
    }

    /// How long all traffic is stopped for, if it is.
    pub fn paused_for(&self) -> Option<Duration> {
        let now = Instant::now();
        self.state().stop.until(now).map(|until| until - now)
    }

    /// Tries until it works: when what was told to wait for is there, or something has changed.
    async fn when<T>(
        &self,
        mut attempt: impl FnMut(&mut State, Instant) -> Result<T, Option<Instant>>,
    ) -> T {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let outcome = attempt(&mut self.state(), Instant::now());
            match outcome {
                Ok(done) => return done,
                Err(until) => tokio::select! {
                    () = changed => {}
                    () = reached(until) => {}
                },
            }
        }
    }

    /// A thread that panicked while holding the lock cannot have left it half-written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn reached(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => pending().await,
    }
}

impl State {
    /// Takes a slot, and one request from every budget concerned; else says until when to wait,
    /// if time is what it takes.
    fn enter(
        &mut self,
        route: &'static str,
        now: Instant,
    ) -> Result<([u64; 3], bool, Instant), Option<Instant>> {
        if !self.concurrency.has_room() {
            return Err(None);
        }
        let numbers = self.spend(route, now)?;
        Ok((numbers, self.concurrency.enter(), now))
    }

    fn spend(&mut self, route: &'static str, now: Instant) -> Result<[u64; 3], Option<Instant>> {
        let (share, clock) = (self.share, &self.clock);
        let mut until = self.stop.until(now);
        for budget in budgets(route) {
            let ledger = self.ledgers.entry(budget).or_default();
            until = until.max(ledger.wait(share, clock, now));
        }
        match until {
            Some(_) => Err(until),
            None => Ok(budgets(route).map(|budget| self.ledger(budget).take(now))),
        }
    }

    fn ledger(&mut self, budget: Budget) -> &mut Ledger {
        self.ledgers.entry(budget).or_default()
    }

    /// Learns from the answer to `turn`; returns how long it asks to wait.
    fn learn(&mut self, turn: &Turn<'_>, answer: &Answer, now: Instant) -> Option<Duration> {
        if let Some(date) = answer.date {
            self.clock.observe(date, turn.sent, now);
        }
        for (kind, number) in Kind::ALL.into_iter().zip(turn.numbers) {
            let ledger = self.ledgers.entry(budget(kind, turn.route)).or_default();
            let limits = answer.limits.iter().filter(|limit| limit.kind == kind);
            for limit in limits.clone() {
                let (remaining, reset) = (limit.remaining, limit.reset);
                ledger.learn(Statement { number, remaining, reset }, &self.clock, now);
            }
            if limits.count() == 0 && answer.status == 200 {
                ledger.pass_over(number);
            }
        }
        self.judge(turn, answer, now)
    }

    fn judge(&mut self, turn: &Turn<'_>, answer: &Answer, now: Instant) -> Option<Duration> {
        match answer.status {
            429 => {
                let told = answer.told_to_wait(&self.clock, now);
                self.concurrency.refused(turn.sent, now);
                Some(self.stop.refuse(told, turn.sent, now))
            }
            500.. => {
                // The reset of a window comes with every answer; only this asks to wait.
                let told = answer.retry_after(&self.clock, now)?;
                self.stop.extend(told, now);
                Some(told)
            }
            _ => {
                self.stop.allow(turn.sent);
                self.concurrency.answered(turn.route, turn.used, turn.sent, now);
                None
            }
        }
    }
}

fn budgets(route: &'static str) -> [Budget; 3] {
    Kind::ALL.map(|kind| budget(kind, route))
}

fn budget(kind: Kind, route: &'static str) -> Budget {
    match kind {
        Kind::Route => (kind, route),
        Kind::Global | Kind::AuthToken => (kind, ""),
    }
}

impl Turn<'_> {
    /// Waits out what was told since the turn was given. To be called right before sending.
    pub async fn confirm(&mut self) {
        // The turn was paid for already: only the stop is waited out.
        self.limiter
            .when(|state, now| state.stop.until(now).map_or(Ok(()), |at| Err(Some(at))))
            .await;
        self.sent = Instant::now();
    }

    /// Learns from the answer; returns how long it asks to wait. Nothing else is sent before.
    pub fn answered(&self, answer: &Answer) -> Option<Duration> {
        let told = self.limiter.state().learn(self, answer, Instant::now());
        self.limiter.changed.notify_waiters();
        told
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.limiter.state().concurrency.leave();
        self.limiter.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests;
