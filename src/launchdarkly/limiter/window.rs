//! How many requests one rate-limit window still has room for.
//!
//! A part of every window is left to the account's other clients, and a small budget is spread over
//! its window.
//!
//! Requests are numbered in the order in which they are sent. If the answer to request n says that
//! r requests remain, then n + r is the number of the last request that the window has room for.
//! That holds however many other requests are in flight.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::server_clock::ServerClock;

/// The length of LaunchDarkly's windows. It is also the wait after a 429 without headers that say
/// how long to wait.
pub const WINDOW: Duration = Duration::from_secs(10);
/// The longest wait until the end of a window. Windows last 10 s: a longer wait means that a clock
/// is wrong.
pub const LONGEST_WINDOW: Duration = Duration::from_secs(15);
/// Two resets that are closer together than this belong to the same window.
const SAME_WINDOW: Duration = Duration::from_millis(500);
/// The part of a window over which its budget is spent. The rest of the window makes up for waits
/// that were longer than necessary, and a run need not wait for the end of its last window.
const SPREAD: f64 = 0.6;
/// Shorter gaps between requests are not worth a timer.
const SHORTEST_GAP: Duration = Duration::from_millis(1);

/// One budget: how much of its window has been used, and how much is left.
#[derive(Debug, Default)]
pub struct WindowBudget {
    /// The requests sent so far: the number of the latest one.
    sent: u64,
    window: Option<Window>,
}

/// The statement of an answer about the budget.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The number of the request.
    pub number: u64,
    /// How many more requests the window has room for.
    pub remaining: u64,
    /// When the window ends, by the server's clock.
    pub reset: Timestamp,
}

/// The current window, as far as it is known or assumed.
#[derive(Clone, Copy, Debug)]
struct Window {
    end: End,
    begins: Instant,
    /// The requests that were sent before the window began.
    before: u64,
    /// The number of the last request that the window has room for.
    room: u64,
    /// When the latest request in the window was sent.
    latest: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
enum End {
    /// No answer has described this window yet.
    Assumed(Instant),
    /// The end by the server's clock, and the latest moment that is accepted for it.
    Told(Timestamp, Instant),
}

impl WindowBudget {
    /// Returns until when the next request must wait, or `None` if it may be sent now. `share` is
    /// the percentage of the budget that may be used.
    pub fn wait(&mut self, share: u64, clock: &ServerClock, now: Instant) -> Option<Instant> {
        self.turn_over(clock, now);
        let window = self.window?;
        let left = window.room.saturating_sub(self.sent);
        let until = match left.saturating_sub(window.reserve(share)) {
            0 => window.ends(clock),
            usable => window.next(usable, clock),
        };
        Some(until).filter(|until| *until > now)
    }

    /// Counts a request that is sent; returns its number.
    pub fn take(&mut self, now: Instant) -> u64 {
        self.sent += 1;
        if let Some(window) = &mut self.window {
            window.latest = Some(now);
        }
        self.sent
    }

    /// Learns from an answer.
    pub fn learn(&mut self, statement: Statement, clock: &ServerClock, now: Instant) {
        let told = Window::told(statement, now);
        if told.ends(clock) <= now {
            return;
        }
        self.turn_over(clock, now);
        self.window = Some(match self.window {
            Some(window) => window.learn(told),
            None => told,
        });
    }

    /// Drops an assumed window, because the answer to request `number` succeeded without mentioning
    /// this budget. Some servers mention a budget only when it is exhausted.
    pub fn pass_over(&mut self, number: u64) {
        let asked = |window: &Window| number > window.before;
        self.window = self.window.filter(|window| !(window.is_assumed() && asked(window)));
    }

    /// Starts a new window if the known one is over. Until an answer describes the new window, it
    /// is assumed to have as much room as the last one: otherwise all slots would send at once into
    /// a window that may be tiny.
    fn turn_over(&mut self, clock: &ServerClock, now: Instant) {
        let Some(over) = self.window.filter(|window| window.ends(clock) <= now) else { return };
        self.window = Some(Window {
            end: End::Assumed(now + WINDOW),
            begins: now,
            before: self.sent,
            room: self.sent.saturating_add(over.budget()),
            latest: None,
        });
    }
}

impl Window {
    /// A window that is known from one answer only.
    fn told(statement: Statement, now: Instant) -> Self {
        Window {
            end: End::Told(statement.reset, now + LONGEST_WINDOW),
            begins: now,
            before: statement.number.saturating_sub(1),
            room: statement.number.saturating_add(statement.remaining),
            latest: None,
        }
    }

    fn learn(self, told: Window) -> Window {
        let (End::Told(known, _), End::Told(reset, _)) = (self.end, told.end) else {
            return Window { end: told.end, room: told.room, ..self };
        };
        let apart = Duration::try_from(reset.duration_since(known).abs()).unwrap_or_default();
        match (apart < SAME_WINDOW, reset > known) {
            // Answers may arrive out of order, and other clients use the budget as well.
            (true, _) => Window { room: self.room.min(told.room), ..self },
            (false, true) => told,
            (false, false) => self,
        }
    }

    const fn is_assumed(&self) -> bool {
        matches!(self.end, End::Assumed(_))
    }

    fn ends(&self, clock: &ServerClock) -> Instant {
        match self.end {
            End::Assumed(end) => end,
            End::Told(reset, latest) => clock.reaches(reset).min(latest),
        }
    }

    /// The room that the window had when it began, less what other clients had used. It is at least
    /// 1: otherwise no request would be sent in such a window, and nothing be learned of it.
    fn budget(&self) -> u64 {
        self.room.saturating_sub(self.before).max(1)
    }

    /// The part of the budget that is left to other clients. It is never the whole budget.
    fn reserve(&self, share: u64) -> u64 {
        let budget = self.budget();
        let theirs = budget.saturating_mul(100u64.saturating_sub(share)).div_ceil(100);
        theirs.min(budget - 1)
    }

    /// When the next request is due, if `usable` requests are left for the window.
    fn next(&self, usable: u64, clock: &ServerClock) -> Instant {
        let Some(latest) = self.latest else { return self.begins };
        let whole = self.ends(clock).saturating_duration_since(self.begins);
        let spent = self.begins + whole.mul_f64(SPREAD);
        let parts = u32::try_from(usable).unwrap_or(u32::MAX).saturating_add(1);
        let gap = spent.saturating_duration_since(latest) / parts;
        if gap < SHORTEST_GAP { latest } else { latest + gap }
    }
}

#[cfg(test)]
mod tests;
