//! The pause after a refusal, during which no request is sent.

use std::time::Duration;

use tokio::time::Instant;

use super::window::WINDOW;

/// The wait after a 429 whose own wait is already over. It doubles with each such 429 in a row, up
/// to the length of a window.
const SHORTEST: Duration = Duration::from_millis(200);

/// A pause of all traffic that LaunchDarkly asked for.
#[derive(Debug, Default)]
pub struct Cooldown {
    until: Option<Instant>,
    /// When the latest refusal arrived, without refusals of requests that were already in flight.
    refused: Option<Instant>,
    /// The number of refusals in a row.
    in_a_row: u32,
}

impl Cooldown {
    /// When the pause ends, or `None` if there is no pause at `now`.
    pub fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Pauses for `wait` from `now` on. A pause that ends later stays.
    pub fn extend(&mut self, wait: Duration, now: Instant) {
        self.until = self.until.max(now.checked_add(wait));
    }

    /// Learns that a request sent at `sent` was answered with 429, and that the answer asks to wait
    /// for `told`. Returns how long the pause lasts.
    pub fn refuse(&mut self, told: Option<Duration>, sent: Instant, now: Instant) -> Duration {
        if self.is_sent_after_refusal(sent) {
            self.in_a_row = self.in_a_row.saturating_add(1);
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

    /// Learns that a request sent at `sent` was not refused.
    pub fn allow(&mut self, sent: Instant) {
        if self.is_sent_after_refusal(sent) {
            self.in_a_row = 0;
        }
    }

    /// Whether a request was sent after the latest refusal had arrived.
    fn is_sent_after_refusal(&self, sent: Instant) -> bool {
        self.refused.is_none_or(|refused| sent > refused)
    }

    fn backoff(&self) -> Duration {
        let doublings = self.in_a_row.saturating_sub(1).min(10);
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
    fn the_wait_that_ends_last_counts() {
        let (mut cooldown, start) = (Cooldown::default(), Instant::now());
        cooldown.refuse(TOLD, start, start + seconds(1));
        cooldown.refuse(Some(seconds(1)), start, start + seconds(1));
        assert_eq!(cooldown.until(start + seconds(2)), Some(start + seconds(4)));
        assert_eq!(cooldown.until(start + seconds(4)), None);
    }

    #[test]
    fn a_refusal_without_a_wait_pauses_for_a_window() {
        let (mut cooldown, start) = (Cooldown::default(), Instant::now());
        assert_eq!(cooldown.refuse(None, start, start), WINDOW);
    }

    #[test]
    fn waits_already_over_double_until_an_answer_succeeds() {
        let (mut cooldown, mut now) = (Cooldown::default(), Instant::now());
        let mut refuse = |cooldown: &mut Cooldown| {
            now += seconds(60);
            cooldown.refuse(PAST, now, now).as_millis()
        };
        let waits: Vec<_> = (0..8).map(|_| refuse(&mut cooldown)).collect();
        assert_eq!(waits, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        cooldown.allow(Instant::now() + seconds(3600));
        assert_eq!(refuse(&mut cooldown), 200);
    }

    #[test]
    fn refusals_of_one_burst_count_once() {
        let (mut cooldown, start) = (Cooldown::default(), Instant::now());
        let waits: Vec<_> = (0..8)
            .map(|echo| cooldown.refuse(PAST, start, start + Duration::from_millis(1 + echo)))
            .collect();
        assert!(waits.iter().all(|wait| wait.as_millis() == 200), "{waits:?}");
        cooldown.allow(start);
        assert_eq!(cooldown.refuse(PAST, start + seconds(1), start + seconds(1)).as_millis(), 400);
    }
}
