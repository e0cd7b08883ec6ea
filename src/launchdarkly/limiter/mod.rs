//! The rate limiter, one for the whole run. It decides when a request may be sent.
//!
//! All clients of an account share LaunchDarkly's limits, which apply to windows of 10 seconds:
//! <https://launchdarkly.com/docs/api#section/Overview/Rate-limiting>. The limiter learns from the
//! headers of every answer:
//!
//! * `window`: the budget of a window, of which a part is left to the account's other clients;
//! * `cooldown`: the pause after a refusal, during which nothing is sent;
//! * `concurrency`: the number of requests at once;
//! * `server_clock`: an estimate of the server's clock, by which windows end.

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
use self::cooldown::Cooldown;
use self::server_clock::ServerClock;
use self::window::{Statement, WindowBudget};
use super::headers::{Answer, Kind};

/// The requests that wait for their turn, in order of arrival. Only the first one competes for it.
type Line = Arc<tokio::sync::Mutex<()>>;

/// Identifies a budget. There is one of [`Kind::Route`] for each route.
type BudgetKey = (Kind, &'static str);

#[derive(Debug)]
struct State {
    share: u64,
    clock: ServerClock,
    cooldown: Cooldown,
    budgets: HashMap<BudgetKey, WindowBudget>,
    concurrency: Concurrency,
    /// One line for each route, because a route's limit does not concern other routes.
    lines: HashMap<&'static str, Line>,
}

/// Lets requests pass one by one, as the limits allow.
#[derive(Debug)]
pub struct Limiter {
    most_at_once: usize,
    state: Mutex<State>,
    /// Notified whenever a waiting request may have to wait for a shorter or longer time.
    changed: Notify,
}

/// Permission to send one request. It holds a slot until it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    limiter: &'a Limiter,
    route: &'static str,
    /// The request's number in the budget of each of [`Kind::ALL`].
    numbers: [u64; 3],
    /// Whether the limit of requests at once was in use.
    used: bool,
    sent: Instant,
}

impl Limiter {
    /// A limiter that allows at most `concurrency` requests at once and uses at most `share`
    /// percent of each window.
    pub fn new(concurrency: usize, share: u8) -> Self {
        let state = State {
            share: u64::from(share.clamp(1, 100)),
            clock: ServerClock::new(Instant::now(), Timestamp::now()),
            cooldown: Cooldown::default(),
            budgets: HashMap::new(),
            concurrency: Concurrency::new(concurrency),
            lines: HashMap::new(),
        };
        Limiter { most_at_once: concurrency, state: Mutex::new(state), changed: Notify::new() }
    }

    /// How many requests may be sent at once, at most.
    pub const fn most_at_once(&self) -> usize {
        self.most_at_once
    }

    /// By how much the server's clock is ahead of this machine's, at least and at most, in
    /// microseconds; `None` before the first answer.
    pub fn clock_ahead(&self) -> Option<(i64, i64)> {
        self.state().clock.ahead()
    }

    /// Waits until a request to `route` may be sent.
    pub async fn enter(&self, route: &'static str) -> Turn<'_> {
        let line = Arc::clone(self.state().lines.entry(route).or_default());
        let _first = line.lock().await;
        let (numbers, used, sent) = self.when(|state, now| state.enter(route, now)).await;
        Turn { limiter: self, route, numbers, used, sent }
    }

    /// Pauses all traffic for `wait`.
    pub fn pause(&self, wait: Duration) {
        self.state().cooldown.extend(wait, Instant::now());
        self.changed.notify_waiters();
    }

    /// How much longer all traffic is paused, or `None` if it is not.
    pub fn paused_for(&self) -> Option<Duration> {
        let now = Instant::now();
        self.state().cooldown.until(now).map(|until| until - now)
    }

    /// Repeats `attempt` until it succeeds: at the time that it returns, or when the state changes.
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

    /// The state. It is consistent even if a thread panicked while holding the lock.
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
    /// Takes a slot, and one request from each budget of the route. Otherwise returns until when to
    /// wait, or `None` if no time is known: a slot must become free.
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
        let mut until = self.cooldown.until(now);
        for key in budget_keys(route) {
            let budget = self.budgets.entry(key).or_default();
            until = until.max(budget.wait(share, clock, now));
        }
        match until {
            Some(_) => Err(until),
            None => Ok(budget_keys(route).map(|key| self.budget(key).take(now))),
        }
    }

    fn budget(&mut self, key: BudgetKey) -> &mut WindowBudget {
        self.budgets.entry(key).or_default()
    }

    /// Learns from the answer to `turn`; returns how long the answer asks to wait.
    fn learn(&mut self, turn: &Turn<'_>, answer: &Answer, now: Instant) -> Option<Duration> {
        if let Some(date) = answer.date {
            self.clock.observe(date, turn.sent, now);
        }
        for (kind, number) in Kind::ALL.into_iter().zip(turn.numbers) {
            let budget = self.budgets.entry(budget_key(kind, turn.route)).or_default();
            let limits = answer.limits.iter().filter(|limit| limit.kind == kind);
            for limit in limits.clone() {
                let (remaining, reset) = (limit.remaining, limit.reset);
                budget.learn(Statement { number, remaining, reset }, &self.clock, now);
            }
            if limits.count() == 0 && (200..300).contains(&answer.status) {
                budget.pass_over(number);
            }
        }
        self.apply_status(turn, answer, now)
    }

    fn apply_status(&mut self, turn: &Turn<'_>, answer: &Answer, now: Instant) -> Option<Duration> {
        match answer.status {
            429 => {
                let told = answer.told_to_wait(&self.clock, now);
                self.concurrency.refused(turn.sent, now);
                Some(self.cooldown.refuse(told, turn.sent, now))
            }
            500.. => {
                // Every answer has the reset of a window; only `Retry-After` asks to wait.
                let told = answer.retry_after(&self.clock, now)?;
                self.cooldown.extend(told, now);
                Some(told)
            }
            _ => {
                self.cooldown.allow(turn.sent);
                self.concurrency.answered(turn.route, turn.used, turn.sent, now);
                None
            }
        }
    }
}

fn budget_keys(route: &'static str) -> [BudgetKey; 3] {
    Kind::ALL.map(|kind| budget_key(kind, route))
}

fn budget_key(kind: Kind, route: &'static str) -> BudgetKey {
    match kind {
        Kind::Route => (kind, route),
        Kind::Global | Kind::AuthToken => (kind, ""),
    }
}

impl Turn<'_> {
    /// Waits until no pause is in force. Call it right before sending: another answer may have
    /// paused all traffic since the turn was given.
    pub async fn confirm(&mut self) {
        // The budgets have counted this request already, so only a pause matters.
        self.limiter
            .when(|state, now| state.cooldown.until(now).map_or(Ok(()), |at| Err(Some(at))))
            .await;
        self.sent = Instant::now();
    }

    /// Learns from the answer; returns how long it asks to wait. The next request is sent only
    /// after the limiter has learned from it.
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
