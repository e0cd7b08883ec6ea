//! Until when nothing at all is sent.

use std::time::Duration;

use tokio::time::Instant;

use super::window::WINDOW;

/// The first wait after a 429 whose wait is over already; it doubles up to a window.
const SHORTEST: Duration = Duration::from_millis(200);

/// The stop of all traffic that LaunchDarkly asked for.
#[derive(Debug, Default)]
pub struct Stop {
    until: Option<Instant>,
    /// When the latest refusal arrived that was no echo of the one before.
    refused: Option<Instant>,
    /// Refusals in a row.
    row: u32,
}

impl Stop {
    /// Until when traffic is stopped, if it is.
    pub fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Stops traffic for `wait`, or for longer where that was asked for.
    pub fn extend(&mut self, wait: Duration, now: Instant) {
        self.until = self.until.max(now.checked_add(wait));
    }

    /// A request sent at `sent` was answered with 429, which asks to wait for `told`. Returns how
    /// long traffic is stopped for.
    pub fn refuse(&mut self, told: Option<Duration>, sent: Instant, now: Instant) -> Duration {
        if self.is_news(sent) {
            self.row = self.row.saturating_add(1);
            self.refused = Some(now);
        }
        let wait = match told {
            None => WINDOW,
            Some(Duration::ZERO) => self.backoff(),
            Some(told) => told,
        };
        self.extend(wait, now);
        self.until(now).map_or(wait, |until| wait.max(until - now))
    }

    /// A request sent at `sent` was not refused.
    pub fn allow(&mut self, sent: Instant) {
        if self.is_news(sent) {
            self.row = 0;
        }
    }

    /// Whether a request was sent after the last refusal was known.
    fn is_news(&self, sent: Instant) -> bool {
        self.refused.is_none_or(|refused| sent > refused)
    }

    fn backoff(&self) -> Duration {
        let doublings = self.row.saturating_sub(1).min(10);
        SHORTEST.saturating_mul(1 << doublings).min(WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: Option<Duration> = Some(Duration::from_secs(3));
    const PAST: Option<Duration> = Some(Duration::ZERO);

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn the_latest_wait_of_several_refusals_counts() {
        let (mut stop, start) = (Stop::default(), Instant::now());
        stop.refuse(TOLD, start, start + seconds(1));
        stop.refuse(Some(seconds(1)), start, start + seconds(1));
        assert_eq!(stop.until(start + seconds(2)), Some(start + seconds(4)));
        assert_eq!(stop.until(start + seconds(4)), None);
    }

    #[test]
    fn a_refusal_that_says_nothing_costs_a_window() {
        let (mut stop, start) = (Stop::default(), Instant::now());
        assert_eq!(stop.refuse(None, start, start), WINDOW);
    }

    #[test]
    fn waits_that_are_over_already_double_until_something_is_allowed() {
        let (mut stop, mut now) = (Stop::default(), Instant::now());
        let mut refuse = |stop: &mut Stop| {
            now += seconds(60);
            stop.refuse(PAST, now, now).as_millis()
        };
        let waits: Vec<_> = (0..8).map(|_| refuse(&mut stop)).collect();
        assert_eq!(waits, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        stop.allow(Instant::now() + seconds(3600));
        assert_eq!(refuse(&mut stop), 200);
    }

    #[test]
    fn refusals_of_one_burst_count_once() {
        let (mut stop, start) = (Stop::default(), Instant::now());
        let waits: Vec<_> = (0..8)
            .map(|echo| stop.refuse(PAST, start, start + Duration::from_millis(1 + echo)))
            .collect();
        assert!(waits.iter().all(|wait| wait.as_millis() == 200), "{waits:?}");
        stop.allow(start);
        assert_eq!(stop.refuse(PAST, start + seconds(1), start + seconds(1)).as_millis(), 400);
    }
}
