//! Rate limits: a run stays within LaunchDarkly's limits and leaves part of them to the account's
//! other clients.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::Run;
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, RateLimit, Request};

/// A request that was on its way already when another was refused arrives within this, on a busy
/// machine too.
const ON_ITS_WAY_MS: i64 = 100;

fn size(projects: usize) -> Size {
    Size { projects, environments: 3, flags: 30, archived: 0, deprecated: 0, ..Size::default() }
}

/// A run of `extract` with these limits; returns what the server saw.
fn requests(projects: usize, latency: u64, limit: RateLimit, arguments: &[&str]) -> Vec<Request> {
    let latency = Duration::from_millis(latency);
    let behaviour = Behaviour { latency, rate_limit: limit, ..Behaviour::default() };
    let run = Run::new(generated::account(size(projects)), behaviour);
    run.extract(arguments);
    run.server.requests()
}

fn limit(seconds: u64, global: u64) -> RateLimit {
    RateLimit { window: Duration::from_secs(seconds), global: Some(global), ..RateLimit::default() }
}

/// How many requests arrived in each window.
fn by_window(requests: &[Request], seconds: i64) -> BTreeMap<i64, usize> {
    let mut windows = BTreeMap::new();
    for request in requests {
        *windows.entry(request.arrived_ms / (1000 * seconds)).or_default() += 1;
    }
    windows
}

fn refused(requests: &[Request]) -> usize {
    requests.iter().filter(|request| request.status == Some(429)).count()
}

/// Between the answer to a refused request and the end of the wait, nothing arrives.
#[track_caller]
fn assert_silent_while_told_to_wait(requests: &[Request], latency: i64) {
    for refusal in requests.iter().filter(|request| request.refused_until_ms.is_some()) {
        let told = refusal.arrived_ms + latency + ON_ITS_WAY_MS;
        let until = refusal.refused_until_ms.unwrap();
        let early = requests.iter().filter(|one| (told..until).contains(&one.arrived_ms));
        let early: Vec<_> = early.map(|one| (one.arrived_ms - told, until - told)).collect();
        assert!(early.is_empty(), "milliseconds after the 429, of a wait of: {early:?}");
    }
}

/// The most requests that were answered at the same time.
fn most_at_once(requests: &[Request], latency: i64) -> usize {
    let during = |one: &Request| {
        let flying = |other: &&Request| {
            other.arrived_ms <= one.arrived_ms && one.arrived_ms < other.arrived_ms + latency
        };
        requests.iter().filter(flying).count()
    };
    requests.iter().map(during).max().unwrap_or(0)
}

#[test]
fn nothing_is_sent_while_told_to_wait() {
    let unforeseen = RateLimit { remaining_headers: false, ..limit(1, 6) };
    let requests = requests(2, 20, unforeseen, &[]);
    assert!(refused(&requests) >= 2, "{}", refused(&requests));
    assert_silent_while_told_to_wait(&requests, 20);
}

#[test]
fn nothing_is_sent_while_retry_after_asks_to_wait() {
    let seconds = RateLimit { retry_after: true, ..limit(2, 12).without_headers() };
    let requests = requests(3, 20, seconds, &[]);
    assert!(refused(&requests) >= 1);
    assert_silent_while_told_to_wait(&requests, 20);
}

#[test]
fn a_clock_that_is_wrong_does_no_harm() {
    for clock_skew_ms in [-3_600_000, 3_600_000] {
        let unforeseen = RateLimit { remaining_headers: false, clock_skew_ms, ..limit(1, 6) };
        let requests = requests(2, 20, unforeseen, &[]);
        assert!(refused(&requests) >= 1);
        assert_silent_while_told_to_wait(&requests, 20);
    }
}

#[test]
fn half_of_every_window_is_left_to_other_programs() {
    let requests = requests(3, 20, limit(1, 24), &[]);
    assert_eq!(refused(&requests), 0);
    let windows = by_window(&requests, 1);
    assert!(windows.len() >= 3 && windows.values().all(|sent| *sent <= 12), "{windows:?}");
}

#[test]
fn the_share_is_that_which_was_asked_for() {
    let requests = requests(3, 20, limit(1, 20), &["--rate-limit-share", "80"]);
    assert_eq!(refused(&requests), 0);
    let windows = by_window(&requests, 1);
    assert!(windows.values().all(|sent| *sent <= 16), "{windows:?}");
}

#[test]
fn the_limit_of_a_route_is_kept_to() {
    let route = RateLimit { route: Some(4), ..limit(1, 1_000_000) };
    let requests = requests(2, 20, route, &[]);
    assert_eq!(refused(&requests), 0);
    let flags: Vec<_> =
        requests.iter().filter(|one| one.path.starts_with("/api/v2/flags/")).cloned().collect();
    let windows = by_window(&flags, 1);
    // Nothing was known of the first window when it began.
    assert!(windows.values().skip(1).all(|sent| *sent <= 2), "{windows:?}");
}

#[test]
fn a_reset_in_the_past_is_asked_again_less_and_less_often() {
    let past = RateLimit { reset_shift_ms: -60_000, ..limit(1, 6) };
    let requests = requests(2, 0, past, &[]);
    let refused = refused(&requests);
    // A run waits 200, 400 and 800 ms until the window ends, after a burst of two or three.
    let windows = by_window(&requests, 1).len();
    assert!((1..=6 * windows).contains(&refused), "{refused} in {windows} windows");
}

#[test]
fn few_requests_at_once_at_first_and_never_more_than_allowed() {
    let requests = requests(8, 100, RateLimit::default(), &["--concurrency", "6"]);
    assert!(most_at_once(&requests[..3], 100) <= 2);
    let most = most_at_once(&requests, 100);
    assert!((4..=6).contains(&most), "{most}");
}

#[test]
#[ignore = "long: it waits for a dozen windows, and measures how long that takes"]
fn a_run_takes_at_most_15_percent_longer_than_its_budget_allows() {
    for (seconds, projects, global) in [(1, 12, 24), (2, 12, 48), (2, 8, 30)] {
        let requests = requests(projects, 20, limit(seconds, global), &[]);
        let windows = by_window(&requests, i64::try_from(seconds).unwrap());
        assert_eq!(refused(&requests), 0, "{windows:?}");
        let budget = requests.len() as f64 / (global / 2) as f64 * seconds as f64;
        let took = requests.last().unwrap().arrived_ms - requests[0].arrived_ms;
        let took = took as f64 / 1000.0;
        eprintln!("{took} s for {} requests, {budget} s allowed: {windows:?}", requests.len());
        assert!(took <= 1.15 * budget, "{took} s instead of {budget}: {windows:?}");
    }
}
