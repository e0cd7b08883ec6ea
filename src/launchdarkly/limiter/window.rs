//! What one budget has room for: a reserve is kept, and what is small is spread over its window.
//!
//! Requests are numbered as they are sent. An answer that says how many are left after request
//! number n tells the number of the last request that the window has room for, whatever else is
//! on its way.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::server_clock::ServerClock;

/// LaunchDarkly's windows, and the wait after a 429 that says nothing about waiting.
pub const WINDOW: Duration = Duration::from_secs(10);
/// No window is longer than 10 s, so no computed wait is: a clock must be off.
pub const LONGEST_WINDOW: Duration = Duration::from_secs(15);
/// Resets closer together than this are those of one window.
const SAME_WINDOW: Duration = Duration::from_millis(500);
/// The part of a window over which its budget is spent. The rest makes up for waits that are
/// longer than needed, and the last window of a run is not sat out.
const SPREAD: f64 = 0.6;
/// Gaps below this are not worth a timer.
const SHORTEST_GAP: Duration = Duration::from_millis(1);

/// The books of one budget.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Requests sent so far, which is the number of the latest.
    sent: u64,
    window: Option<Window>,
}

/// What an answer said.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The number of the request.
    pub number: u64,
    /// How many more the window has room for.
    pub remaining: u64,
    /// When the window ends, by the server's clock.
    pub reset: Timestamp,
}

/// What is known of the current window, or assumed.
#[derive(Clone, Copy, Debug)]
struct Window {
    end: End,
    begins: Instant,
    /// Requests sent before it.
    before: u64,
    /// The number of the last request it has room for.
    room: u64,
    /// When its latest request was sent.
    latest: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
enum End {
    /// No answer has told of this window yet.
    Assumed(Instant),
    /// By the server's clock, but not after this.
    Told(Timestamp, Instant),
}

impl Ledger {
    /// Until when the next request has to wait, if it has to; `share` is the percentage of the
    /// budget that may be used.
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

    /// Enters a request that is sent; returns its number.
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

    /// The answer to request `number` was good, and did not speak of this budget: it may be spoken
    /// of in refusals only, and what was assumed of it is void.
    pub fn pass_over(&mut self, number: u64) {
        let asked = |window: &Window| number > window.before;
        self.window = self.window.filter(|window| !(window.is_assumed() && asked(window)));
    }

    /// A window nobody has told of yet is taken to have as much room as the last one: else all
    /// slots would burst into a window that may be tiny.
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
    /// A window of which only this is known.
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
            // Answers may overtake each other, and others spend as well.
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

    /// All that there was for us and those who have not spent yet; never nothing, or a window
    /// would never be looked at again.
    fn budget(&self) -> u64 {
        self.room.saturating_sub(self.before).max(1)
    }

    /// What is left to others, who never get all.
    fn reserve(&self, share: u64) -> u64 {
        let budget = self.budget();
        let theirs = budget.saturating_mul(100u64.saturating_sub(share)).div_ceil(100);
        theirs.min(budget - 1)
    }

    /// When the next of `usable` requests is due.
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
