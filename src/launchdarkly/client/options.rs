//! The options of a client, and the counts that it keeps.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use url::Url;

use crate::launchdarkly::retry::RetryPolicy;

/// The options of a client.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The address of the API.
    pub base_uri: Url,
    /// The address of the events host. Metric events cannot be sent without it.
    pub events_uri: Option<Url>,
    /// The largest number of requests at once.
    pub concurrency: usize,
    /// The percentage of a rate-limit window's remaining requests that may be used.
    pub rate_limit_share: u8,
    /// How often and how long requests are repeated.
    pub retry: RetryPolicy,
    /// The time limits of one attempt.
    pub timeouts: Timeouts,
    /// The largest body that is accepted, in bytes, decompressed.
    pub largest_response: u64,
}

/// The time limits of one attempt at a request.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For connecting.
    pub connect: Duration,
    /// For the first byte, and between bytes.
    pub read: Duration,
    /// For the whole attempt. Unpaged lists may take minutes.
    pub request: Duration,
}

/// Counts of what the client has done so far; shared with the progress display.
#[derive(Debug, Default)]
pub struct Counters {
    /// Requests sent, retries included.
    pub requests: AtomicU64,
    /// Requests of these that an earlier run sent, whose answers were kept.
    pub replayed: AtomicU64,
    /// Requests sent again after a failure.
    pub retries: AtomicU64,
    /// Milliseconds of waiting that LaunchDarkly asked for.
    pub rate_limited_ms: AtomicU64,
}

impl Counters {
    /// Requests, retries, and milliseconds of waiting, as a record of a run holds them.
    pub fn all(&self) -> [i64; 3] {
        [&self.requests, &self.retries, &self.rate_limited_ms]
            .map(|count| i64::try_from(count.load(Ordering::Relaxed)).unwrap_or(i64::MAX))
    }
}
