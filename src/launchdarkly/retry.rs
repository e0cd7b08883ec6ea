//! Why one attempt at a request failed, and whether and when another attempt follows.

use std::error::Error as _;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use super::client::Client;
use super::error_response::not_permitted;
use super::json_stream::defect::Defect;
use super::limiter::window::WINDOW;
use super::request::{Request, RetrySafety};
use super::trouble::Trouble;
use crate::error::Kind;
use crate::terminal::counted;
use crate::{Error, Result};

/// Why one attempt failed.
#[derive(Debug)]
pub enum Failure {
    /// Status 429: wait this long. The request was not carried out.
    RateLimited(Duration),
    /// A failure that another attempt may not meet.
    Transient {
        /// The error to report if no attempt succeeds.
        error: Error,
        /// How long the server asked to wait.
        told: Option<Duration>,
        /// Whether the request may have been carried out, so that only its answer is missing.
        is_lost: bool,
    },
    /// Status 401: the token or a permission. Only `GET /caller-identity` can tell which.
    Unauthorized,
    /// A failure that every other attempt would meet.
    Permanent(Error),
}

impl Failure {
    /// From a failure to connect, to send, or to receive the body.
    pub fn from_transport(client: &Client, request: &Request, error: &reqwest::Error) -> Self {
        let reason = innermost(error);
        let report = |hint: String| {
            let message = format!("could not reach LaunchDarkly at {}: {reason}", client.address);
            Error::new(Kind::Unavailable, message).resource(request.resource).hint(hint)
        };
        if reason.contains("proxy auth") {
            return Failure::Permanent(report((client.advise)(Trouble::ProxyPassword)));
        }
        if reason.contains("certificate") {
            return Failure::Permanent(report(FOREIGN_CERTIFICATE.to_owned()));
        }
        let timed_out = error.is_timeout();
        let trouble = if timed_out { Trouble::NetworkTimeout } else { Trouble::Unreachable };
        let error_to_report = report((client.advise)(trouble));
        // Without a connection, nothing was sent.
        Failure::Transient { error: error_to_report, told: None, is_lost: !error.is_connect() }
    }

    /// From an attempt that took too long as a whole; `is_sent` says whether sending had begun.
    pub fn timed_out(client: &Client, request: &Request, is_sent: bool) -> Self {
        let resource = request.resource;
        let message = format!("{} took too long to answer for {resource}", client.address);
        let error = Error::new(Kind::Unavailable, message).resource(resource);
        let error = error.hint((client.advise)(Trouble::AttemptTimeout));
        Failure::Transient { error, told: None, is_lost: is_sent }
    }

    /// From the receiver of a list's items.
    pub fn from_receiver(request: &Request, error: Error) -> Self {
        Failure::Permanent(match error.concerns() {
            Some(_) => error,
            None => error.resource(request.resource),
        })
    }

    /// From the body of a successful answer that is not as expected. JSON of another shape is
    /// LaunchDarkly's answer, so the failure is permanent; anything else is not, so it is
    /// transient.
    pub fn from_body(client: &Client, request: &Request, status: u16, defect: &Defect) -> Self {
        let resource = request.resource;
        if defect.garbled {
            let message = format!(
                "{} answered {status} for {resource} with a body that is not JSON: {}",
                client.address, defect.reason
            );
            let error = Error::new(Kind::Unavailable, message).resource(resource).status(status);
            let error = error.hint((client.advise)(Trouble::AnotherAnswers));
            return Failure::Transient { error, told: None, is_lost: true };
        }
        let error = Error::unexpected(resource, &defect.path, &defect.reason);
        let hint = "if it happens again, please report it with the message above";
        Failure::Permanent(error.status(status).hint(hint))
    }

    const fn may_be_carried_out(&self) -> bool {
        matches!(self, Failure::Transient { is_lost: true, .. })
    }
}

const FOREIGN_CERTIFICATE: &str = "does a proxy replace certificates? \
                                   `SSL_CERT_FILE` names a file of certificates to trust";

/// The message of the root cause of an error, without the request's address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut source = error.source();
    let mut message = None;
    while let Some(cause) = source {
        message = Some(cause.to_string());
        source = cause.source();
    }
    let timeout = error.is_timeout().then(|| "timed out".to_owned());
    timeout.or(message).unwrap_or_else(|| "the connection failed".to_owned())
}

/// How often and how long requests are repeated.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The number of retries after failures other than 429.
    pub retries: usize,
    /// The longest time for one request, waits included.
    pub max_wait: Duration,
}

/// The retries of one request.
pub struct Retries<'a> {
    pub(super) client: &'a Client,
    pub(super) request: &'a Request,
    backoff: ExponentialBackoff,
    jitter: ExponentialBackoff,
    max_wait: Duration,
    /// When the request must end. `None` before its first turn, and if there is no limit.
    deadline: Option<Instant>,
    /// The number of attempts so far.
    pub attempts: u32,
    /// Whether the previous attempt was answered with 429.
    was_limited: bool,
    /// Whether an attempt may have been carried out although its answer is missing.
    is_lost: bool,
}

/// The number of 429 answers after which a request is given up. The deadline ends most series of
/// them; this number ends those of a server that never asks to wait.
const MOST_RATE_LIMITED: usize = 1000;

impl<'a> Retries<'a> {
    /// The retries of `request`, as `policy` allows.
    pub fn new(client: &'a Client, request: &'a Request, policy: RetryPolicy) -> Self {
        let exponential = ExponentialBuilder::default()
            .with_max_delay(WINDOW)
            .with_jitter()
            .with_min_delay(Duration::from_millis(200));
        let jitter = ExponentialBuilder::default()
            .with_max_delay(Duration::from_secs(1))
            .with_min_delay(Duration::from_millis(20))
            .with_jitter();
        Retries {
            client,
            request,
            backoff: exponential.with_max_times(policy.retries).build(),
            jitter: jitter.with_max_times(MOST_RATE_LIMITED).build(),
            max_wait: policy.max_wait,
            deadline: None,
            attempts: 1,
            was_limited: false,
            is_lost: false,
        }
    }

    /// Sets the deadline, at the first turn: the wait for it does not count. Returns the deadline.
    pub(super) fn begin(&mut self) -> Option<Instant> {
        self.deadline = self.deadline.or_else(|| Instant::now().checked_add(self.max_wait));
        self.deadline
    }

    /// Moves the deadline by a time that was spent waiting for a turn.
    pub(super) fn excuse(&mut self, waited: Duration) {
        self.deadline = self.deadline.and_then(|deadline| deadline.checked_add(waited));
    }

    /// Returns how long to wait before the next attempt.
    ///
    /// # Errors
    /// The failure as an error if there is no further attempt: because it would fail as well,
    /// because the retries or the time are used up, or because the request must not be repeated.
    pub fn next_wait(&mut self, failure: Failure) -> Result<Duration> {
        self.is_lost |= failure.may_be_carried_out();
        self.wait_after(failure).map_err(|error| self.report(error))
    }

    fn wait_after(&mut self, failure: Failure) -> Result<Duration> {
        let is_limited = matches!(failure, Failure::RateLimited(_));
        let was_limited = std::mem::replace(&mut self.was_limited, is_limited);
        let (wait, error) = match failure {
            Failure::Permanent(error) => return Err(error),
            Failure::Unauthorized => {
                return Err(not_permitted(self.client, self.request, 401, ""));
            }
            Failure::RateLimited(told) => {
                let wait = self.jitter.next().and_then(|jitter| told.checked_add(jitter));
                (wait, self.rate_limited())
            }
            Failure::Transient { error, .. } if self.must_not_repeat() => return Err(error),
            // The rate limit, not this failure, has used up the time.
            Failure::Transient { .. } if was_limited && self.is_over() => {
                return Err(self.rate_limited());
            }
            Failure::Transient { error, told, .. } => {
                let delay = self.backoff.next();
                let wait = |delay| told.unwrap_or_default().checked_add(delay);
                (delay.and_then(wait), error)
            }
        };
        self.attempts += 1;
        wait.filter(|wait| self.is_in_time(*wait)).ok_or(error)
    }

    /// Marks the error of a request that may have been carried out.
    pub(super) fn report(&self, error: Error) -> Error {
        let changes_nothing = self.request.safety == RetrySafety::Safe;
        if self.is_lost && !changes_nothing { error.unconfirmed() } else { error }
    }

    fn must_not_repeat(&self) -> bool {
        self.is_lost && self.request.safety == RetrySafety::Never
    }

    fn is_in_time(&self, wait: Duration) -> bool {
        let end = Instant::now().checked_add(wait);
        end.is_some_and(|end| self.deadline.is_none_or(|deadline| end <= deadline))
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn rate_limited(&self) -> Error {
        let resource = self.request.resource;
        let message = format!(
            "LaunchDarkly kept rate limiting {resource}: it answered {} with 429",
            counted(self.attempts, "attempt")
        );
        let error = Error::new(Kind::RateLimited, message).resource(resource).status(429);
        error.hint((self.client.advise)(Trouble::RateLimited))
    }
}
