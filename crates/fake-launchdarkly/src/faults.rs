//! Random but reproducible faults.

use std::collections::HashMap;
use std::time::Duration;

use super::Answer;
use super::account::mixed;
use super::rate_limit::http_date;

/// One kind of fault. Faults that ask the client to wait ask for one second at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// 429 with nothing but `Retry-After`, of 0 or 1.
    RetryAfter,
    /// 429 whose window ended an hour ago.
    ResetPast,
    /// 429 whose window ends in a few hundred milliseconds. It does not say which budget is spent,
    /// as other answers give that budget a window of their own.
    ResetSoon,
    /// As [`Fault::ResetSoon`], by a clock that is three hours ahead.
    ClockAhead,
    /// As [`Fault::ResetSoon`], by a clock that is three hours behind.
    ClockBehind,
    /// As [`Fault::ResetSoon`], for the access token's budget only, of which nothing remains.
    TokenBudget,
    /// 500 with a JSON body.
    ServerError,
    /// 502 with a page of HTML, as from a proxy.
    BadGateway,
    /// 503 with `Retry-After: 0`.
    Unavailable,
    /// The connection closes before an answer.
    Closed,
    /// The connection is reset before an answer.
    Reset,
    /// The connection closes inside the body.
    BrokenBody,
    /// JSON that ends too early, in a complete body.
    CutJson,
    /// 200 with a page of HTML.
    HtmlPage,
    /// 200 with an empty body.
    EmptyBody,
    /// 200 with bytes that are not text.
    BinaryBody,
    /// The correct answer, a few kilobytes at a time.
    SlowBody,
    /// No answer. Usable only with a client that has a short timeout.
    Hang,
}

impl Fault {
    /// All but [`Fault::Hang`].
    pub const ALL: [Fault; 17] = [
        Fault::RetryAfter,
        Fault::ResetPast,
        Fault::ResetSoon,
        Fault::ClockAhead,
        Fault::ClockBehind,
        Fault::TokenBudget,
        Fault::ServerError,
        Fault::BadGateway,
        Fault::Unavailable,
        Fault::Closed,
        Fault::Reset,
        Fault::BrokenBody,
        Fault::CutJson,
        Fault::HtmlPage,
        Fault::EmptyBody,
        Fault::BinaryBody,
        Fault::SlowBody,
    ];
}

/// How often answers go wrong, and how. What happens to a request depends on nothing but the seed,
/// its path and query, and how often the same was asked before.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Changes which requests fail, and how.
    pub seed: u64,
    /// How many of a hundred requests fail.
    pub percent: u8,
    /// How they fail; each is as likely as the others.
    pub kinds: Vec<Fault>,
    /// After this many faults in a row, the same path and query is answered, so that a client that
    /// retries as often always succeeds.
    pub most_in_a_row: usize,
}

impl Faults {
    /// Faults of every kind in [`Fault::ALL`], four in a row at most.
    pub fn all(seed: u64, percent: u8) -> Self {
        Faults { seed, percent, kinds: Fault::ALL.to_vec(), most_in_a_row: 4 }
    }

    /// Faults of one kind, four in a row at most.
    pub fn only(kind: Fault, seed: u64, percent: u8) -> Self {
        Faults { kinds: vec![kind], ..Faults::all(seed, percent) }
    }

    /// The faults with one more kind.
    pub fn with(mut self, kind: Fault) -> Self {
        self.kinds.push(kind);
        self
    }
}

/// The outcomes so far, by path and query.
#[derive(Default)]
pub(super) struct Fates(HashMap<String, Fate>);

#[derive(Default)]
struct Fate {
    asked: u64,
    failed_in_a_row: usize,
}

/// A fault that was chosen for one request.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    /// Which one.
    pub fault: Fault,
    /// Chooses among the fault's forms.
    roll: u64,
}

impl Fates {
    /// Decides whether, and how, this request fails.
    pub fn choose(&mut self, faults: &Faults, path: &str, query: &str) -> Option<Chosen> {
        let asked = format!("{path}?{query}");
        let fate = self.0.entry(asked.clone()).or_default();
        let roll = |stream| mixed(&format!("{} {} {asked}", faults.seed, fate.asked), stream);
        let fails = roll(10) % 100 < u64::from(faults.percent)
            && fate.failed_in_a_row < faults.most_in_a_row;
        let kind = roll(11) % faults.kinds.len().max(1) as u64;
        let (kind, roll) = (faults.kinds.get(kind as usize), roll(12));
        let chosen = kind.filter(|_| fails).map(|fault| Chosen { fault: *fault, roll });
        fate.asked += 1;
        fate.failed_in_a_row = if chosen.is_some() { fate.failed_in_a_row + 1 } else { 0 };
        chosen
    }
}

const HOUR_MS: i64 = 3_600_000;
const HTML: &str = "<!DOCTYPE html><html><head><title>Sorry</title></head><body></body></html>";

impl Chosen {
    /// The answer to the request at `now_ms`.
    pub fn answer(self, now_ms: i64) -> Answer {
        let soon = 200 + (self.roll % 200) as i64;
        match self.fault {
            Fault::RetryAfter => limited().with_header("retry-after", self.one_of(&["0", "1"])),
            Fault::ResetPast => window(now_ms, -HOUR_MS),
            Fault::ResetSoon => window(now_ms, soon),
            Fault::ClockAhead => window(now_ms + 3 * HOUR_MS, soon),
            Fault::ClockBehind => window(now_ms - 3 * HOUR_MS, soon),
            Fault::TokenBudget => token_window(now_ms, soon),
            Fault::Hang => Answer::Hang,
            _ => self.failure(),
        }
    }

    /// The answer for faults other than rate limits.
    fn failure(self) -> Answer {
        let bytes = (self.roll % 3000) as usize;
        match self.fault {
            Fault::ServerError => {
                let (code, message) = ("internal_server_error", "Internal server error");
                Answer::json(500, format!(r#"{{"code":"{code}","message":"{message}"}}"#))
            }
            Fault::BadGateway => Answer::raw(502, "text/html", HTML),
            Fault::Unavailable => Answer::json(503, "{}").with_header("retry-after", "0"),
            Fault::Closed => Answer::Close,
            Fault::Reset => Answer::Reset,
            Fault::BrokenBody => Answer::Truncate(bytes),
            Fault::CutJson => Answer::Cut(bytes),
            Fault::HtmlPage => Answer::raw(200, "text/html", HTML),
            Fault::EmptyBody => Answer::json(200, ""),
            Fault::BinaryBody => Answer::raw(200, "application/json", [0, 0xff, 0xfe, b'{', 0x80]),
            _ => Answer::Slow { chunk: 8192, pause: Duration::from_millis(10) },
        }
    }

    fn one_of<'a>(self, choices: &[&'a str]) -> &'a str {
        choices[(self.roll % choices.len() as u64) as usize]
    }
}

fn limited() -> Answer {
    Answer::json(429, r#"{"code":"rate_limited","message":"You've exceeded the API rate limit"}"#)
}

/// A 429 by a clock that shows `now_ms`, whose window ends `left` milliseconds later.
fn window(now_ms: i64, left: i64) -> Answer {
    limited()
        .with_header("date", &http_date(now_ms))
        .with_header("x-ratelimit-reset", &(now_ms + left).to_string())
}

fn token_window(now_ms: i64, left: i64) -> Answer {
    limited()
        .with_header("date", &http_date(now_ms))
        .with_header("x-ratelimit-auth-token-remaining", "0")
        .with_header("x-ratelimit-auth-token-reset", &(now_ms + left).to_string())
}
