//! Why one attempt at a request failed, and whether another makes sense.

use std::error::Error as _;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use super::json_stream::defect::Defect;
use super::limiter::window::WINDOW;
use super::request::Request;
use crate::error::Kind;
use crate::{Error, Result};

/// Why one attempt failed.
#[derive(Debug)]
pub enum Failure {
    /// 429: wait this long.
    RateLimited(Duration),
    /// Nothing useful came back; it may next time.
    Transient {
        /// What to report should no attempt succeed.
        error: Error,
        /// How long the server asked to wait.
        told: Option<Duration>,
    },
    /// 401: the token or a permission, which only `GET /caller-identity` can tell apart.
    Unauthorized,
    /// Asking again would not help.
    Permanent(Error),
}

/// What to do where LaunchDarkly is not what answers.
pub(super) const ANOTHER_ANSWERS: &str = "does a proxy, a firewall or a login page answer in place of LaunchDarkly? Check the proxy \
     settings (`HTTPS_PROXY`, `NO_PROXY`) and `--base-uri`";

impl Failure {
    /// From a failure to send to `address`, or to receive the body.
    pub fn from_transport(address: &str, request: &Request, error: &reqwest::Error) -> Self {
        let reason = innermost(error);
        let report = |hint: &str| {
            let message = format!("could not reach LaunchDarkly at {address}: {reason}");
            Error::new(Kind::Unavailable, message).resource(request.resource).hint(hint)
        };
        if reason.contains("proxy auth") {
            return Failure::Permanent(report(
                "the proxy wants a user name and a password: give them in `HTTPS_PROXY`, or let \
                 `NO_PROXY` name LaunchDarkly's host",
            ));
        }
        if reason.contains("certificate") {
            return Failure::Permanent(report(
                "is there a proxy that replaces certificates? \
                `SSL_CERT_FILE` names a file of certificates to trust",
            ));
        }
        let hint = if error.is_timeout() {
            "check the network, or allow more with `--connect-timeout` or `--read-timeout`"
        } else {
            "check the network, the proxy settings and `--instance` or `--base-uri`"
        };
        Failure::Transient { error: report(hint), told: None }
    }

    /// From an attempt whose time was up.
    pub fn timed_out(address: &str, request: &Request) -> Self {
        let message = format!("{address} took too long to answer for {}", request.resource);
        let error = Error::new(Kind::Unavailable, message).resource(request.resource).hint(
            "`--request-timeout` bounds one attempt, `--max-wait` a request with its retries",
        );
        Failure::Transient { error, told: None }
    }

    /// From whoever takes a list's items.
    pub fn from_receiver(request: &Request, error: Error) -> Self {
        Failure::Permanent(match error.concerns() {
            Some(_) => error,
            None => error.resource(request.resource),
        })
    }

    /// From a body with status 200 that is not what was expected: JSON of another shape is an
    /// answer, anything else is none.
    pub fn from_body(address: &str, request: &Request, status: u16, defect: &Defect) -> Self {
        if defect.garbled {
            let message = format!(
                "{address} answered {status} for {} with a body that is no JSON: {}",
                request.resource, defect.reason
            );
            let error = Error::new(Kind::Unavailable, message).resource(request.resource);
            let error = error.status(status).hint(ANOTHER_ANSWERS);
            return Failure::Transient { error, told: None };
        }
        let error = Error::unexpected(request.resource, &defect.path, &defect.reason);
        let hint = "if it stays, please report it with the message above";
        Failure::Permanent(error.status(status).hint(hint))
    }
}

/// The message at the root of an error, without the request's address.
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

/// How persistent requests are.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Retries after failures other than 429.
    pub retries: usize,
    /// The longest one request may take, waits included.
    pub max_wait: Duration,
}

/// The retries of one request.
pub struct Retries<'a> {
    /// What is asked.
    pub(super) request: &'a Request,
    backoff: ExponentialBackoff,
    jitter: ExponentialBackoff,
    max_wait: Duration,
    /// When the request's time is up; unknown before its first turn, and where that is never.
    deadline: Option<Instant>,
    /// Attempts made so far.
    pub attempts: u32,
    /// Whether the attempt before was answered with 429.
    was_limited: bool,
}

/// A 429 storm ends by time; this only bounds a server that always says "now".
const MOST_RATE_LIMITED: usize = 1000;

impl<'a> Retries<'a> {
    /// The retries of `request`, from now on.
    pub fn new(request: &'a Request, policy: RetryPolicy) -> Self {
        let exponential = ExponentialBuilder::default().with_max_delay(WINDOW).with_jitter();
        let exponential = exponential.with_min_delay(Duration::from_millis(200));
        let jitter = ExponentialBuilder::default().with_max_delay(Duration::from_secs(1));
        let jitter = jitter.with_min_delay(Duration::from_millis(20)).with_jitter();
        Retries {
            request,
            backoff: exponential.with_max_times(policy.retries).build(),
            jitter: jitter.with_max_times(MOST_RATE_LIMITED).build(),
            max_wait: policy.max_wait,
            deadline: None,
            attempts: 1,
            was_limited: false,
        }
    }

    /// Starts the clock, at the first turn: waiting in line takes as long as it takes. Returns
    /// when the request's time is up.
    pub(super) fn begin(&mut self) -> Option<Instant> {
        self.deadline = self.deadline.or_else(|| Instant::now().checked_add(self.max_wait));
        self.deadline
    }

    /// Does not count time that was spent in line.
    pub(super) fn excuse(&mut self, waited: Duration) {
        self.deadline = self.deadline.and_then(|deadline| deadline.checked_add(waited));
    }

    /// How long to wait before the next attempt.
    ///
    /// # Errors
    /// The failure as an error, when there is no point in another attempt.
    pub fn next_wait(&mut self, failure: Failure) -> Result<Duration> {
        let is_limited = matches!(failure, Failure::RateLimited(_));
        let was_limited = std::mem::replace(&mut self.was_limited, is_limited);
        let (wait, error) = match failure {
            Failure::Permanent(error) => return Err(error),
            Failure::Unauthorized => return Err(refused(self.request, 401)),
            Failure::RateLimited(told) => {
                let wait = self.jitter.next().and_then(|jitter| told.checked_add(jitter));
                (wait, self.rate_limited())
            }
            // It is the rate limit that has taken the time.
            Failure::Transient { .. } if was_limited && self.is_over() => {
                return Err(self.rate_limited());
            }
            Failure::Transient { error, told } => {
                let delay = self.backoff.next();
                let wait = |delay| told.unwrap_or_default().checked_add(delay);
                (delay.and_then(wait), error)
            }
        };
        self.attempts += 1;
        let in_time = |wait: &Duration| {
            Instant::now()
                .checked_add(*wait)
                .is_some_and(|end| self.deadline.is_none_or(|deadline| end <= deadline))
        };
        wait.filter(in_time).ok_or(error)
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn rate_limited(&self) -> Error {
        let resource = self.request.resource;
        let message = format!(
            "LaunchDarkly kept rate limiting {resource}: {} attempts were answered with 429",
            self.attempts
        );
        Error::new(Kind::RateLimited, message).resource(resource).status(429).hint(
            "the limits are shared by the whole account: try again at a quieter time, with a \
             lower `--concurrency` or a longer `--max-wait`",
        )
    }
}

/// The access token is good, but `request` was refused.
pub fn refused(request: &Request, status: u16) -> Error {
    let (resource, permission) = (request.resource, request.permission);
    let way_on = match request.is_optional {
        true => format!(", or leave it out with `flaglake extract --skip {resource}`"),
        false => String::new(),
    };
    let (needs, give) = match permission {
        "" => ("".to_owned(), "use a token with the Reader role or more".to_owned()),
        action => (
            format!(": it needs the `{action}` permission"),
            format!("give the token's role the action `{action}` (the Reader role has it)"),
        ),
    };
    Error::new(Kind::InvalidPermissions, format!("the access token may not read {resource}{needs}"))
        .resource(resource)
        .status(status)
        .hint(format!("{give}{way_on}"))
}
