//! The HTTP client of the API: authentication, the version header, retries.

mod connection;
mod options;

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderName;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{debug, warn};
use url::Url;

use self::connection::http;
pub use self::options::{ClientOptions, Counters, Timeouts};
use super::attempt::Attempt;
use super::identity::{self, CallerIdentity};
use super::json_stream::page::End;
use super::json_stream::receive::Receive;
use super::limiter::Limiter;
use super::reply::Reply;
use super::request::Request;
use super::retry::{Failure, Retries, RetryPolicy};
use super::token::Token;
use super::trouble::{Advise, Trouble};
use super::{error_response, links};
use crate::error::Kind;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// The API version that every request asks for:
/// <https://launchdarkly.com/docs/guides/api/api-migration-guide>.
pub const API_VERSION: &str = "20240415";

/// The header with the API version. Endpoints in beta require `beta` in place of a date.
pub(super) const VERSION_HEADER: HeaderName = HeaderName::from_static("ld-api-version");

/// The advice where HTTPS cannot be set up.
pub const NO_CERTIFICATES: &str = "this machine has no certificates to trust: install the \
                                   package `ca-certificates`, or let `SSL_CERT_FILE` name an \
                                   existing file of certificates (PEM)";

/// A client of one LaunchDarkly account.
#[derive(Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base_uri: Url,
    pub(super) events_uri: Option<Url>,
    /// The base URI, as errors show it.
    pub(super) address: String,
    pub(super) token: Token,
    pub(super) timeouts: Timeouts,
    pub(super) largest_response: u64,
    pub(super) advise: Advise,
    retry: RetryPolicy,
    interrupt: OnceLock<Interrupt>,
    /// The limiter that every request passes.
    pub limiter: Limiter,
    /// Counts of what has been done so far.
    pub counters: Arc<Counters>,
}

impl Client {
    /// A client that authenticates with `token`. `advise` supplies the hints of its errors. Nothing
    /// is sent yet.
    ///
    /// # Errors
    /// `unavailable` if the TLS library or the proxy settings are unusable.
    pub fn new(options: &ClientOptions, token: Token, advise: Advise) -> Result<Self> {
        Ok(Client {
            http: http(options, &token)?,
            base_uri: options.base_uri.clone(),
            events_uri: options.events_uri.clone(),
            address: options.base_uri.as_str().trim_end_matches('/').to_owned(),
            token,
            timeouts: options.timeouts,
            largest_response: options.largest_response,
            advise,
            retry: options.retry,
            interrupt: OnceLock::new(),
            limiter: Limiter::new(options.concurrency, options.rate_limit_share),
            counters: Arc::default(),
        })
    }

    /// A number that identifies the token; see [`Token::fingerprint`].
    pub fn token_fingerprint(&self) -> u64 {
        self.token.fingerprint()
    }

    /// Gets the owner of the token: the first request of every run.
    ///
    /// # Errors
    /// `invalid_credentials` if LaunchDarkly does not accept the token.
    pub async fn caller_identity(&self) -> Result<CallerIdentity> {
        let request = identity::request();
        let mut retries = Retries::new(self, &request, self.retry);
        loop {
            let outcome = Attempt::begin(self, &mut retries).await.object().await;
            let failure = match outcome {
                Ok(identity) => return Ok(identity),
                Err(Failure::Unauthorized) => return Err(identity::refused(self.advise, 401)),
                Err(Failure::Permanent(error)) if error.http_status() == Some(403) => {
                    return Err(identity::refused(self.advise, 403));
                }
                Err(failure) => failure,
            };
            self.pause(&mut retries, failure).await?;
        }
    }

    /// Checks the link to the page after the one that `request` gets. The link is not followed,
    /// since offsets are computed. But a server that sends a wrong link may send other wrong data.
    ///
    /// # Errors
    /// `unexpected_response` if it leads to another host or scheme, or back to the same page.
    pub fn check_link(&self, request: &Request, next: Option<&str>) -> Result<()> {
        let Some(next) = next else { return Ok(()) };
        let defect = links::defect(&self.base_uri, &request.url(&self.base_uri)?, next);
        let error = |defect| Error::unexpected(request.resource, "_links.next", defect);
        let hint = || (self.advise)(Trouble::WrongLink);
        defect.map_or(Ok(()), |defect| Err(error(defect).hint(hint())))
    }

    /// The error of `request`, which LaunchDarkly has refused with 401 or 403 in an earlier run.
    pub fn not_permitted(&self, request: &Request, status: u16) -> Error {
        error_response::not_permitted(self, request, status, "")
    }

    /// Lets a signal end waits from here on. A request that is being sent is not ended: whether it
    /// was carried out must be told.
    pub fn end_waits_on(&self, interrupt: &Interrupt) {
        // A second one would be the same: a process has one.
        let _ = self.interrupt.set(interrupt.clone());
    }

    /// Waits before something is sent again.
    ///
    /// # Errors
    /// `interrupted` after [`Self::end_waits_on`].
    pub async fn wait(&self, time: Duration) -> Result<()> {
        self.unless_interrupted(sleep(time)).await
    }

    async fn unless_interrupted<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        match self.interrupt.get() {
            Some(interrupt) => interrupt.or(async { Ok(work.await) }).await,
            None => Ok(work.await),
        }
    }

    /// Sends a request of any method and returns the whole answer.
    ///
    /// # Errors
    /// By the table of codes; `http_status` is the status that LaunchDarkly sent. The error is
    /// [unconfirmed](Error::is_unconfirmed) if the request may have been carried out all the same.
    pub async fn send(&self, request: &Request) -> Result<Reply> {
        let mut retries = Retries::new(self, request, self.retry);
        loop {
            let turn = self.unless_interrupted(Attempt::begin(self, &mut retries)).await?;
            let outcome = turn.reply().await;
            match outcome {
                Ok(reply) => return Ok(reply),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// Gets one object.
    ///
    /// # Errors
    /// By the table of codes; `http_status` is the status that LaunchDarkly sent, such as 404.
    pub async fn object<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let mut retries = Retries::new(self, request, self.retry);
        loop {
            let outcome = Attempt::begin(self, &mut retries).await.object().await;
            match outcome {
                Ok(object) => return Ok(object),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// Gets one page of a list and gives its items to `receiver` as they arrive.
    ///
    /// It runs as a task of its own, so that several bodies are decoded at the same time. The task
    /// is cancelled when the returned future is dropped.
    ///
    /// # Errors
    /// By the table of codes; `http_status` is the status that LaunchDarkly sent, such as 404.
    pub async fn list<T, R>(self: &Arc<Self>, request: &Request, receiver: R) -> Result<(R, End<T>)>
    where
        T: DeserializeOwned + Send + 'static,
        R: Receive<T> + 'static,
    {
        let (client, request) = (Arc::clone(self), request.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { client.list_here(&request, receiver).await });
        let ended = tasks.join_next().await;
        let bug = || Error::new(Kind::Internal, "a request stopped working");
        ended.and_then(Result::ok).unwrap_or_else(|| Err(bug()))
    }

    /// Like [`Self::list`], in the task that awaits it.
    pub(super) async fn list_here<T, R>(
        &self,
        request: &Request,
        mut receiver: R,
    ) -> Result<(R, End<T>)>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let mut retries = Retries::new(self, request, self.retry);
        loop {
            receiver.restart();
            let outcome = Attempt::begin(self, &mut retries).await.list(&mut receiver).await;
            match outcome {
                Ok(end) => return Ok((receiver, end)),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// Like [`Self::pause`], but first determines the meaning of a 401.
    async fn recover(&self, retries: &mut Retries<'_>, failure: Failure) -> Result<()> {
        if matches!(failure, Failure::Unauthorized) {
            // The token may have been revoked since the run began.
            let known = Box::pin(self.caller_identity()).await;
            known.map_err(|error| retries.report(error))?;
        }
        self.pause(retries, failure).await
    }

    /// Waits before the next attempt, or returns the failure as an error if there is none.
    async fn pause(&self, retries: &mut Retries<'_>, failure: Failure) -> Result<()> {
        let limited = matches!(failure, Failure::RateLimited(_));
        let told = limited || matches!(failure, Failure::Transient { told: Some(_), .. });
        let reason = format!("{failure:?}");
        let trouble = match &failure {
            Failure::Transient { error, .. } => Some(error.to_string()),
            _ => None,
        };
        let wait = retries.next_wait(failure)?;
        let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.counters.retries.fetch_add(1, Ordering::Relaxed);
        debug!(reason, milliseconds, "Retry.");
        if told {
            self.limiter.pause(wait);
            self.counters.rate_limited_ms.fetch_add(milliseconds, Ordering::Relaxed);
        }
        // One failure may be chance; a run may take minutes to give up on a broken network.
        if let Some(trouble) = trouble.filter(|_| retries.attempts == 3) {
            warn!(milliseconds, "{trouble}; trying again.");
        }
        if limited {
            warn!(milliseconds, "LaunchDarkly is rate limiting; waiting.");
        }
        self.wait(wait).await
    }
}

#[cfg(test)]
mod tests;
