//! One limiter for the whole run: how many requests at once, and when none at all.
//!
//! LaunchDarkly's limits are shared by everything an account runs, in windows of 10 seconds:
//! <https://launchdarkly.com/docs/api#section/Overview/Rate-limiting>. The limiter learns from
//! the headers of every response, keeps a reserve for the account's other clients, and sends
//! nothing at all while told to wait.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::headers::RateLimit;

/// No window is longer than 10 s, so no computed wait is: a clock must be off.
const LONGEST_WINDOW: Duration = Duration::from_secs(15);

/// Which of the account's budgets a header speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Shared by the whole account.
    Global,
    /// Shared by all requests with this access token.
    AuthToken,
    /// Shared by all requests to one endpoint.
    Route(&'static str),
}

/// What is known of one budget's current window.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The most that was ever left in this window: what the reserve is a share of.
    most: u64,
    /// What is left now, by the last answer less what was sent since.
    left: u64,
    ends: Instant,
}

#[derive(Debug, Default)]
struct State {
    not_before: Option<Instant>,
    windows: HashMap<Budget, Window>,
}

/// The gate that every request passes.
#[derive(Debug)]
pub struct Limiter {
    slots: Semaphore,
    /// Percent of what is left of a window that may be used.
    share: u64,
    state: Mutex<State>,
}

impl Limiter {
    /// At most `concurrency` requests at once; at most `share` percent of each window.
    pub fn new(concurrency: usize, share: u8) -> Self {
        let share = u64::from(share.clamp(1, 100));
        let slots = Semaphore::new(concurrency.max(1));
        Limiter { slots, share, state: Mutex::default() }
    }

    /// Waits until a request to `route` may be sent; holds a slot until dropped.
    pub async fn enter(&self, route: &'static str) -> Option<SemaphorePermit<'_>> {
        let permit = self.slots.acquire().await.ok();
        loop {
            let Some(until) = self.take(route, Instant::now()) else { return permit };
            sleep_until(until).await;
        }
    }

    /// Takes one request from every budget concerned, or says until when to wait.
    fn take(&self, route: &'static str, now: Instant) -> Option<Instant> {
        let mut state = self.state();
        let budgets = [Budget::Global, Budget::AuthToken, Budget::Route(route)];
        state.windows.retain(|_, window| window.ends > now);
        let told = state.not_before.filter(|until| *until > now);
        let used_up = budgets.iter().filter_map(|budget| {
            let window = state.windows.get(budget)?;
            let reserve = window.most * (100 - self.share) / 100;
            (window.left <= reserve).then_some(window.ends)
        });
        let until = used_up.chain(told).max();
        if until.is_none() {
            for budget in budgets {
                state.windows.entry(budget).and_modify(|window| window.left -= 1);
            }
        }
        until
    }

    /// Learns from a response's headers.
    pub fn observe(&self, route: &'static str, limits: &[RateLimit]) {
        let now = Instant::now();
        let mut state = self.state();
        for limit in limits {
            let Some(resets_in) = limit.resets_in.filter(|wait| !wait.is_zero()) else { continue };
            let ends = now + resets_in.min(LONGEST_WINDOW);
            let seen = Window { most: limit.remaining, left: limit.remaining, ends };
            state
                .windows
                .entry(limit.budget(route))
                .and_modify(|window| window.learn(seen, now))
                .or_insert(seen);
        }
    }

    /// Stops all traffic for `wait`.
    pub fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.not_before = state.not_before.max(Some(until));
    }

    /// How long all traffic is stopped for, if it is.
    pub fn paused_for(&self) -> Option<Duration> {
        let until = self.state().not_before?;
        Some(until.saturating_duration_since(Instant::now())).filter(|wait| !wait.is_zero())
    }

    /// A thread that panicked while holding the lock cannot have left it half-written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    /// An answer that names a later end speaks of a new window. `Date` has whole seconds, so
    /// ends within a second of each other are the same one.
    fn learn(&mut self, seen: Window, now: Instant) {
        if self.ends <= now || seen.ends > self.ends + Duration::from_millis(1500) {
            *self = seen;
        } else {
            self.left = self.left.min(seen.left);
            self.most = self.most.max(seen.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::headers::Kind;
    use super::*;

    fn limit(remaining: u64, seconds: u64) -> RateLimit {
        RateLimit { kind: Kind::Global, remaining, resets_in: Some(Duration::from_secs(seconds)) }
    }

    #[tokio::test]
    async fn half_of_a_window_is_left_to_others() {
        let limiter = Limiter::new(8, 50);
        limiter.observe("/a", &[limit(10, 9)]);
        let sent = (0..10).filter(|_| limiter.take("/a", Instant::now()).is_none()).count();
        assert_eq!(sent, 5);
    }

    #[tokio::test]
    async fn a_new_window_starts_afresh_and_an_old_answer_does_not() {
        let limiter = Limiter::new(8, 100);
        limiter.observe("/a", &[limit(1, 2)]);
        assert!(limiter.take("/a", Instant::now()).is_none());
        limiter.observe("/a", &[limit(5, 2)]);
        assert!(limiter.take("/a", Instant::now()).is_some(), "five left is older news");
        limiter.observe("/a", &[limit(5, 10)]);
        assert!(limiter.take("/a", Instant::now()).is_none());
    }

    #[tokio::test]
    async fn a_pause_stops_every_route_and_never_shrinks() {
        let limiter = Limiter::new(8, 50);
        limiter.pause(Duration::from_secs(10));
        limiter.pause(Duration::from_secs(1));
        assert!(limiter.paused_for() > Some(Duration::from_secs(9)));
        assert!(limiter.take("/a", Instant::now()).is_some());
    }

    #[tokio::test]
    async fn a_reset_in_the_past_or_unknown_is_no_reason_to_wait() {
        let limiter = Limiter::new(8, 50);
        let unknown = RateLimit { kind: Kind::Global, remaining: 0, resets_in: None };
        limiter.observe("/a", &[limit(0, 0), unknown]);
        assert!(limiter.take("/a", Instant::now()).is_none());
    }
}
