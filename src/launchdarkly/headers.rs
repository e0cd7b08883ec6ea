//! What response headers say about waiting.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::limiter::Budget;

/// Which budget a rate-limit header speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `X-Ratelimit-Global-*`
    Global,
    /// `X-Ratelimit-Route-*`
    Route,
    /// `X-Ratelimit-Auth-Token-*`
    AuthToken,
}

/// What one response said about one budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Which budget.
    pub kind: Kind,
    /// Requests left in the current window.
    pub remaining: u64,
    /// When the window ends, from now on; zero when that is in the past.
    pub resets_in: Option<Duration>,
}

impl RateLimit {
    /// The budget concerned, for a request to `route`.
    pub const fn budget(&self, route: &'static str) -> Budget {
        match self.kind {
            Kind::Global => Budget::Global,
            Kind::Route => Budget::Route(route),
            Kind::AuthToken => Budget::AuthToken,
        }
    }
}

/// The budgets a response speaks of. Any subset of the headers may appear, or none.
pub fn rate_limits(headers: &HeaderMap) -> Vec<RateLimit> {
    let budgets = [
        (Kind::Global, "x-ratelimit-global-remaining", "x-ratelimit-reset"),
        (Kind::Route, "x-ratelimit-route-remaining", "x-ratelimit-reset"),
        (Kind::AuthToken, "x-ratelimit-auth-token-remaining", "x-ratelimit-auth-token-reset"),
    ];
    let read = |(kind, remaining, reset): (Kind, &str, &str)| {
        let remaining = number(headers, remaining)?.max(0).unsigned_abs();
        Some(RateLimit { kind, remaining, resets_in: until(headers, reset) })
    };
    budgets.into_iter().filter_map(read).collect()
}

/// How long a 429 asks to wait: the longest of what its headers say, if they say anything.
pub fn told_to_wait(headers: &HeaderMap) -> Option<Duration> {
    let longest = Duration::from_secs(15);
    let resets = ["x-ratelimit-reset", "x-ratelimit-auth-token-reset"]
        .into_iter()
        .filter_map(|name| until(headers, name))
        .map(|wait| wait.min(longest));
    resets.chain(retry_after(headers)).max()
}

/// `Retry-After` is in seconds, or a date.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => rfc2822::parse(text).ok().map(|date| since(date.timestamp(), now(headers))),
    }
}

/// The time until a reset header, which holds epoch milliseconds of the server's clock.
fn until(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let reset = Timestamp::from_millisecond(number(headers, name)?).ok()?;
    Some(since(reset, now(headers)))
}

/// The server's clock where it tells, so that a wrong clock here does no harm.
fn now(headers: &HeaderMap) -> Timestamp {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| rfc2822::parse(date).ok());
    date.map_or_else(Timestamp::now, |date| date.timestamp())
}

/// The time from `now` to `moment`; zero when it is past.
fn since(moment: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO)
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    // 1 700 000 000 s after 1970.
    const DATE_TEXT: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

    #[test]
    fn reset_is_milliseconds_of_the_servers_clock() {
        let headers = headers(&[
            ("date", DATE_TEXT),
            ("x-ratelimit-global-remaining", "7"),
            ("x-ratelimit-reset", "1700000003500"),
        ]);
        let wait = Some(Duration::from_millis(3500));
        let expected = RateLimit { kind: Kind::Global, remaining: 7, resets_in: wait };
        assert_eq!(rate_limits(&headers), [expected]);
        assert_eq!(told_to_wait(&headers), wait);
    }

    #[test]
    fn a_reset_in_the_past_is_zero_and_a_far_one_is_a_wrong_clock() {
        let past = headers(&[("date", DATE_TEXT), ("x-ratelimit-reset", "1600000000000")]);
        assert_eq!(told_to_wait(&past), Some(Duration::ZERO));
        let far = headers(&[("date", DATE_TEXT), ("x-ratelimit-reset", "1800000000000")]);
        assert_eq!(told_to_wait(&far), Some(Duration::from_secs(15)));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_the_longest_wait_wins() {
        let both = headers(&[
            ("date", DATE_TEXT),
            ("retry-after", "40"),
            ("x-ratelimit-reset", "1700000001000"),
        ]);
        assert_eq!(told_to_wait(&both), Some(Duration::from_secs(40)));
        let date =
            headers(&[("date", DATE_TEXT), ("retry-after", "Tue, 14 Nov 2023 22:13:25 GMT")]);
        assert_eq!(told_to_wait(&date), Some(Duration::from_secs(5)));
        assert_eq!(told_to_wait(&HeaderMap::new()), None);
    }
}
