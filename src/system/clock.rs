//! The clock that tells when a run was.

use std::time::Instant;

use jiff::Timestamp;

/// The clock of a run. Waits, limits and locks go by the machine's clock, whatever it shows.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's.
    Machine,
    /// One that was set when the run began.
    Set {
        /// What it showed then, in milliseconds since 1970.
        start: i64,
        /// When that was.
        since: Instant,
    },
}

impl Clock {
    /// A clock that shows this time now, in milliseconds since 1970.
    pub fn showing(start: i64) -> Self {
        Clock::Set { start, since: Instant::now() }
    }

    /// The time, in milliseconds since 1970.
    pub fn now(self) -> i64 {
        match self {
            Clock::Machine => Timestamp::now().as_millisecond(),
            Clock::Set { start, since } => {
                let passed = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
                start.saturating_add(passed)
            }
        }
    }
}
