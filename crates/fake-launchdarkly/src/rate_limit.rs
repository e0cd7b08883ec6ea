//! Rate limits in fixed windows, and their response headers.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

/// Rate limits. The default is generous and sends the headers of the global and the route limit.
///
/// Windows start at multiples of their length on the server's clock. A refused request costs
/// nothing.
#[derive(Clone, Debug)]
pub struct RateLimit {
    /// Length of a window.
    pub window: Duration,
    /// Requests of the whole account in a window.
    pub global: Option<u64>,
    /// Requests to one route in a window, of all tokens together.
    pub route: Option<u64>,
    /// Requests of one token in a window.
    pub token: Option<u64>,
    /// Whether `X-Ratelimit-…-Limit` is sent, which only the newest documentation has.
    pub limit_headers: bool,
    /// Whether `X-Ratelimit-…-Remaining` is sent.
    pub remaining_headers: bool,
    /// Whether `X-Ratelimit-Reset` is sent, and the token limit's own.
    pub reset_headers: bool,
    /// Whether a 429 carries `Retry-After`, in whole seconds.
    pub retry_after: bool,
    /// Offset added to the reset headers. A sufficiently negative value puts the reset in the past.
    pub reset_shift_ms: i64,
    /// How far the server's clock is ahead, in `Date` and in the reset headers.
    pub clock_skew_ms: i64,
}

impl Default for RateLimit {
    fn default() -> Self {
        RateLimit {
            window: Duration::from_secs(10),
            global: Some(1_000_000),
            route: Some(1_000_000),
            token: None,
            limit_headers: true,
            remaining_headers: true,
            reset_headers: true,
            retry_after: false,
            reset_shift_ms: 0,
            clock_skew_ms: 0,
        }
    }
}

impl RateLimit {
    /// These limits, without any header that tells of them.
    pub fn without_headers(self) -> Self {
        RateLimit {
            limit_headers: false,
            remaining_headers: false,
            reset_headers: false,
            retry_after: false,
            ..self
        }
    }
}

/// The result of the limits for one request.
pub(super) struct Ruling {
    /// When the client may ask again, on the true clock, if this request was refused.
    pub refused_until_ms: Option<i64>,
    /// Headers for the answer.
    pub headers: Vec<(&'static str, String)>,
}

/// Requests counted against each limit in the current window.
#[derive(Default)]
pub(super) struct Budgets {
    window: i64,
    spent: HashMap<String, u64>,
}

/// One limit as it bears on one request.
struct Limit {
    key: String,
    allowed: u64,
    names: [&'static str; 3],
}

const GLOBAL: [&str; 3] =
    ["x-ratelimit-global-limit", "x-ratelimit-global-remaining", "x-ratelimit-reset"];
const ROUTE: [&str; 3] =
    ["x-ratelimit-route-limit", "x-ratelimit-route-remaining", "x-ratelimit-reset"];
const TOKEN: [&str; 3] = [
    "x-ratelimit-auth-token-limit",
    "x-ratelimit-auth-token-remaining",
    "x-ratelimit-auth-token-reset",
];

impl Budgets {
    /// Counts one request, unless a limit refuses it.
    pub fn spend(&mut self, rules: &RateLimit, route: &str, token: &str, now_ms: i64) -> Ruling {
        let length = i64::try_from(rules.window.as_millis()).unwrap_or(i64::MAX).max(1);
        self.enter(now_ms.div_euclid(length));
        let limits = limits(rules, route, token);
        let refused = limits.iter().any(|limit| self.remaining(limit) == 0);
        if !refused {
            limits.iter().for_each(|limit| *self.spent.entry(limit.key.clone()).or_default() += 1);
        }
        let reset_ms = (self.window + 1).saturating_mul(length);
        let mut headers = self.headers(rules, &limits, reset_ms);
        if refused && rules.retry_after {
            headers.push(("retry-after", seconds_up(reset_ms - now_ms).to_string()));
        }
        Ruling { refused_until_ms: refused.then_some(reset_ms), headers }
    }

    fn enter(&mut self, window: i64) {
        if self.window != window {
            self.window = window;
            self.spent.clear();
        }
    }

    fn remaining(&self, limit: &Limit) -> u64 {
        limit.allowed.saturating_sub(self.spent.get(&limit.key).copied().unwrap_or(0))
    }

    fn headers(
        &self,
        rules: &RateLimit,
        limits: &[Limit],
        reset_ms: i64,
    ) -> Vec<(&'static str, String)> {
        let reset = reset_ms + rules.reset_shift_ms + rules.clock_skew_ms;
        let mut headers: Vec<(&'static str, String)> = Vec::new();
        for limit in limits {
            let [allowed, remaining, until] = limit.names;
            if rules.limit_headers {
                headers.push((allowed, limit.allowed.to_string()));
            }
            if rules.remaining_headers {
                headers.push((remaining, self.remaining(limit).to_string()));
            }
            if rules.reset_headers && !headers.iter().any(|(name, _)| *name == until) {
                headers.push((until, reset.to_string()));
            }
        }
        headers
    }
}

fn limits(rules: &RateLimit, route: &str, token: &str) -> Vec<Limit> {
    let limit = |allowed: Option<u64>, key: String, names| {
        allowed.map(|allowed| Limit { key, allowed, names })
    };
    let global = limit(rules.global, "global".to_owned(), GLOBAL);
    let route = limit(rules.route, format!("route {route}"), ROUTE);
    let token = limit(rules.token, format!("token {token}"), TOKEN);
    [global, route, token].into_iter().flatten().collect()
}

fn seconds_up(milliseconds: i64) -> i64 {
    milliseconds.max(0).saturating_add(999) / 1000
}

/// A moment as the `Date` header has it, in whole seconds.
pub(super) fn http_date(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
