//! The only place that speaks HTTP: authentication, the version header, retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{debug, warn};
use url::Url;

use super::attempt::Attempt;
use super::identity::{self, CallerIdentity};
use super::instance::is_loopback;
use super::json_stream::page::End;
use super::json_stream::receive::Receive;
use super::limiter::Limiter;
use super::links;
use super::request::Request;
use super::retry::{Failure, Retries, RetryPolicy, innermost};
use super::token::Token;
use crate::error::Kind;
use crate::{Error, Result};

/// The API version every request asks for:
/// <https://launchdarkly.com/docs/guides/api/api-migration-guide>.
pub const API_VERSION: &str = "20240415";

/// The header that names the version. Endpoints in beta want `beta` in place of a date.
pub(super) const VERSION_HEADER: HeaderName = HeaderName::from_static("ld-api-version");

/// What to do where HTTPS cannot be set up.
pub const NO_CERTIFICATES: &str = "this machine has no certificates to trust: install the package `ca-certificates`, or let \
     `SSL_CERT_FILE` name a file of them (PEM) that exists";

/// How the client behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Where the API is.
    pub base_uri: Url,
    /// At most this many requests at once.
    pub concurrency: usize,
    /// Percent of what is left of a rate-limit window that may be used.
    pub rate_limit_share: u8,
    /// How persistent requests are.
    pub retry: RetryPolicy,
    /// How long one attempt may take.
    pub timeouts: Timeouts,
    /// The largest body that is read, in bytes, decompressed.
    pub largest_response: u64,
}

/// How long one attempt at a request may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To connect.
    pub connect: Duration,
    /// For the first byte, and between bytes.
    pub read: Duration,
    /// In all: unpaged lists may take minutes.
    pub request: Duration,
}

/// What the client has done so far; shared with the progress display.
#[derive(Debug, Default)]
pub struct Counters {
    /// Requests sent, retries included.
    pub requests: AtomicU64,
    /// Requests sent again after a failure.
    pub retries: AtomicU64,
    /// Milliseconds spent waiting because LaunchDarkly said so.
    pub rate_limited_ms: AtomicU64,
}

/// A connection to one LaunchDarkly account.
#[derive(Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base_uri: Url,
    /// The base URI, as errors name it.
    pub(super) address: String,
    pub(super) token: Token,
    pub(super) timeouts: Timeouts,
    pub(super) largest_response: u64,
    retry: RetryPolicy,
    /// The gate that every request passes.
    pub limiter: Limiter,
    /// What has been done so far.
    pub counters: Arc<Counters>,
}

impl Client {
    /// A client for `options` that authenticates with `token`. Nothing is sent yet.
    ///
    /// # Errors
    /// When the TLS library or the proxy settings are unusable.
    pub fn new(options: &ClientOptions, token: Token) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("flaglake/", env!("CARGO_PKG_VERSION")))
            .default_headers(default_headers(&token))
            // The token goes to the configured host only.
            .redirect(redirect::Policy::none())
            .connect_timeout(options.timeouts.connect)
            .read_timeout(options.timeouts.read);
        if is_loopback(&options.base_uri) {
            builder = builder.no_proxy();
        }
        if options.base_uri.scheme() == "http" {
            // Certificates play no part, so a machine without any will do.
            builder = builder.tls_certs_only([]);
        }
        let http = builder.build().map_err(|error| no_https(&error))?;
        Ok(Client {
            http,
            base_uri: options.base_uri.clone(),
            address: options.base_uri.as_str().trim_end_matches('/').to_owned(),
            token,
            timeouts: options.timeouts,
            largest_response: options.largest_response,
            retry: options.retry,
            limiter: Limiter::new(options.concurrency, options.rate_limit_share),
            counters: Arc::default(),
        })
    }

    /// A number that tells the token from others; see [`Token::fingerprint`].
    pub fn token_fingerprint(&self) -> u64 {
        self.token.fingerprint()
    }

    /// Asks who the token belongs to: the first request of every run.
    ///
    /// # Errors
    /// `invalid_credentials` when the token is refused.
    pub async fn caller_identity(&self) -> Result<CallerIdentity> {
        let request = identity::request();
        let mut retries = Retries::new(&request, self.retry);
        loop {
            let outcome = Attempt::begin(self, &mut retries).await.object().await;
            let failure = match outcome {
                Ok(identity) => return Ok(identity),
                Err(Failure::Unauthorized) => return Err(identity::refused(401)),
                Err(Failure::Permanent(error)) if error.http_status() == Some(403) => {
                    return Err(identity::refused(403));
                }
                Err(failure) => failure,
            };
            self.pause(&mut retries, failure).await?;
        }
    }

    /// Looks at the link to the page after the one that `request` gets. Offsets are computed, so
    /// a link that leads astray does no harm; but a server that sends one is not to be trusted
    /// with the rest.
    ///
    /// # Errors
    /// `unexpected_response` when it leads to another host or scheme, or back to the same page.
    pub fn check_link(&self, request: &Request, next: Option<&str>) -> Result<()> {
        let Some(next) = next else { return Ok(()) };
        let defect = links::defect(&self.base_uri, &request.url(&self.base_uri)?, next);
        let error = |defect| Error::unexpected(request.resource, "_links.next", defect);
        let hint =
            "is there a proxy that changes answers? `--base-uri` must be the address of the API";
        defect.map_or(Ok(()), |defect| Err(error(defect).hint(hint)))
    }

    /// Gets one object.
    ///
    /// # Errors
    /// By the table of codes; `http_status` tells a 404 from the rest.
    pub async fn object<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let mut retries = Retries::new(request, self.retry);
        loop {
            let outcome = Attempt::begin(self, &mut retries).await.object().await;
            match outcome {
                Ok(object) => return Ok(object),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// Gets one page of a list, handing its items to `receiver` as they arrive.
    ///
    /// It runs as a task of its own, so that bodies are decoded side by side; the task ends when
    /// the caller is dropped.
    ///
    /// # Errors
    /// By the table of codes; `http_status` tells a 404 from the rest.
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

    async fn list_here<T, R>(&self, request: &Request, mut receiver: R) -> Result<(R, End<T>)>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let mut retries = Retries::new(request, self.retry);
        loop {
            receiver.restart();
            let outcome = Attempt::begin(self, &mut retries).await.list(&mut receiver).await;
            match outcome {
                Ok(end) => return Ok((receiver, end)),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// Like [`Self::pause`], after finding out what a 401 means.
    async fn recover(&self, retries: &mut Retries<'_>, failure: Failure) -> Result<()> {
        if matches!(failure, Failure::Unauthorized) {
            // The token may have been revoked since the run began.
            Box::pin(self.caller_identity()).await?;
        }
        self.pause(retries, failure).await
    }

    /// Waits before the next attempt, or gives up.
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
        // Once may be chance; a network that is gone takes minutes to be given up.
        if let Some(trouble) = trouble.filter(|_| retries.attempts == 3) {
            warn!(milliseconds, "{trouble}; trying again.");
        }
        if limited {
            warn!(milliseconds, "LaunchDarkly is rate limiting; waiting.");
        }
        sleep(wait).await;
        Ok(())
    }
}

/// Setting up a connection loads the certificates that the machine trusts, and little else.
fn no_https(error: &reqwest::Error) -> Error {
    let reason = innermost(error);
    Error::new(Kind::Unavailable, format!("could not set up HTTPS: {reason}")).hint(NO_CERTIFICATES)
}

fn default_headers(token: &Token) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, token.header());
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(VERSION_HEADER, HeaderValue::from_static(API_VERSION));
    headers
}
