//! The headers of an answer that describe rate-limit budgets and waits.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

use super::limiter::server_clock::ServerClock;
use super::limiter::window::LONGEST_WINDOW;

/// The kind of budget that a header describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `X-Ratelimit-Global-*`: shared by the whole account.
    Global,
    /// `X-Ratelimit-Route-*`: shared by all requests to one endpoint.
    Route,
    /// `X-Ratelimit-Auth-Token-*`: shared by all requests with this access token.
    AuthToken,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::Global, Kind::Route, Kind::AuthToken];

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::Global => ("x-ratelimit-global-remaining", "x-ratelimit-reset"),
            Kind::Route => ("x-ratelimit-route-remaining", "x-ratelimit-reset"),
            Kind::AuthToken => ("x-ratelimit-auth-token-remaining", "x-ratelimit-auth-token-reset"),
        }
    }
}

/// Whether a header is present that only LaunchDarkly sends.
pub(super) fn are_launchdarkly_s(headers: &HeaderMap) -> bool {
    let budgets = ["x-ratelimit-global-", "x-ratelimit-route-", "x-ratelimit-auth-token-"];
    headers.keys().any(|name| budgets.iter().any(|start| name.as_str().starts_with(start)))
}

/// One budget, as an answer describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// The kind of budget.
    pub kind: Kind,
    /// The requests that remain in the current window.
    pub remaining: u64,
    /// When the window ends, by the server's clock.
    pub reset: Timestamp,
}

/// The parts of an answer from which the limiter learns.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The time by the server's clock, in whole seconds.
    pub date: Option<Timestamp>,
    /// The budgets that it describes. Any subset of the headers may be present, or none.
    pub limits: Vec<RateLimit>,
    resets: Vec<Timestamp>,
    retry_after: Option<RetryAfter>,
}

/// The header `Retry-After`: a number of seconds, or a date.
#[derive(Clone, Copy, Debug)]
enum RetryAfter {
    In(Duration),
    At(Timestamp),
}

impl Answer {
    /// Reads a response's status and headers.
    pub fn read(status: u16, headers: &HeaderMap) -> Self {
        let limit = |kind: Kind| {
            let (remaining, reset) = kind.names();
            let remaining = number(headers, remaining)?.max(0).unsigned_abs();
            Some(RateLimit { kind, remaining, reset: moment(headers, reset)? })
        };
        let reset = |kind: Kind| moment(headers, kind.names().1);
        Answer {
            status,
            date: headers.get(DATE).and_then(|date| date.to_str().ok()).and_then(date),
            limits: Kind::ALL.into_iter().filter_map(limit).collect(),
            resets: Kind::ALL.into_iter().filter_map(reset).collect(),
            retry_after: retry_after(headers),
        }
    }

    /// How long a refusal asks to wait: the longest wait in its headers, or `None` without any.
    pub fn told_to_wait(&self, clock: &ServerClock, now: Instant) -> Option<Duration> {
        let resets = self.resets.iter().map(|reset| clock.wait(*reset, now).min(LONGEST_WINDOW));
        resets.chain(self.retry_after(clock, now)).max()
    }

    /// How long `Retry-After` asks to wait, or `None` without that header.
    pub fn retry_after(&self, clock: &ServerClock, now: Instant) -> Option<Duration> {
        self.retry_after.map(|told| match told {
            RetryAfter::In(wait) => wait,
            RetryAfter::At(moment) => clock.wait(moment, now),
        })
    }
}

fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok().map(RetryAfter::In),
        Err(_) => date(text).map(RetryAfter::At),
    }
}

fn date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|date| date.timestamp())
}

fn moment(headers: &HeaderMap, name: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(number(headers, name)?).ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    // 1 700 000 000 s after 1970.
    const DATE_TEXT: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

    fn read(pairs: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        Answer::read(429, &pairs.iter().map(pair).collect())
    }

    /// The wait that a server asks for whose clock shows [`DATE_TEXT`].
    fn told(pairs: &[(&str, &str)]) -> Option<Duration> {
        let (now, answer) = (Instant::now(), read(pairs));
        let mut clock = ServerClock::new(now, Timestamp::UNIX_EPOCH);
        clock.observe(date(DATE_TEXT).unwrap(), now, now);
        answer.told_to_wait(&clock, now)
    }

    #[test]
    fn any_subset_of_the_headers_is_read() {
        let answer = read(&[
            ("date", DATE_TEXT),
            ("x-ratelimit-global-remaining", "7"),
            ("x-ratelimit-auth-token-remaining", "8"),
            ("x-ratelimit-reset", "1700000003500"),
        ]);
        let reset = Timestamp::from_millisecond(1_700_000_003_500).unwrap();
        assert_eq!(answer.limits, [RateLimit { kind: Kind::Global, remaining: 7, reset }]);
        assert_eq!(answer.date.map(|date| date.as_second()), Some(1_700_000_000));
        let none = read(&[]);
        assert!(none.limits.is_empty() && none.date.is_none());
    }

    #[test]
    fn reset_is_milliseconds_of_the_servers_clock() {
        let wait = told(&[("x-ratelimit-reset", "1700000003500")]);
        assert_eq!(wait, Some(Duration::from_millis(3500)));
    }

    #[test]
    fn a_reset_in_the_past_is_zero_and_a_far_one_is_cut() {
        assert_eq!(told(&[("x-ratelimit-reset", "1600000000000")]), Some(Duration::ZERO));
        let far = told(&[("x-ratelimit-auth-token-reset", "1800000000000")]);
        assert_eq!(far, Some(Duration::from_secs(15)));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_the_longest_counts() {
        let both = told(&[("retry-after", "40"), ("x-ratelimit-reset", "1700000001000")]);
        assert_eq!(both, Some(Duration::from_secs(40)));
        let date = told(&[("retry-after", "Tue, 14 Nov 2023 22:13:25 GMT")]);
        assert_eq!(date, Some(Duration::from_secs(5)));
        assert_eq!(told(&[("retry-after", "soon")]), None);
        assert_eq!(told(&[]), None);
    }
}
