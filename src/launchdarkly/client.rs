//! The only place that speaks HTTP: authentication, the version header, retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode, redirect};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{debug, warn};
use url::Url;

use super::failure::{Failure, Retries, RetryPolicy, refused};
use super::headers::{rate_limits, retry_after, told_to_wait};
use super::identity::{self, CallerIdentity};
use super::instance::is_loopback;
use super::limiter::Limiter;
use super::page::{End, LARGEST_ITEM, PageReader, decode};
use super::receive::Receive;
use super::request::Request;
use super::token::Token;
use crate::error::Kind;
use crate::{Error, Result};

/// The API version every request asks for:
/// <https://launchdarkly.com/docs/guides/api/api-migration-guide>.
pub const API_VERSION: &str = "20240415";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For the first byte, and between bytes.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// Unpaged lists may take minutes.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(600);

/// An error body that is longer says nothing more.
const LARGEST_MESSAGE: usize = 65_536;

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
    http: reqwest::Client,
    base_uri: Url,
    token: Token,
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
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT);
        if is_loopback(&options.base_uri) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(Kind::Internal, format!("could not set up HTTPS: {error}"))
        })?;
        Ok(Client {
            http,
            base_uri: options.base_uri.clone(),
            token,
            retry: options.retry,
            limiter: Limiter::new(options.concurrency, options.rate_limit_share),
            counters: Arc::default(),
        })
    }

    /// Asks who the token belongs to: the first request of every run.
    ///
    /// # Errors
    /// `invalid_credentials` when the token is refused.
    pub async fn caller_identity(&self) -> Result<CallerIdentity> {
        let request = identity::request();
        let mut retries = Retries::new(&request, self.retry);
        loop {
            let failure = match self.in_time(&mut retries, self.object_once(&request)).await {
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

    /// Gets one object.
    ///
    /// # Errors
    /// By the table of codes; `http_status` tells a 404 from the rest.
    pub async fn object<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let mut retries = Retries::new(request, self.retry);
        loop {
            match self.in_time(&mut retries, self.object_once(request)).await {
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
            match self.in_time(&mut retries, self.list_once(request, &mut receiver)).await {
                Ok(end) => return Ok((receiver, end)),
                Err(failure) => self.recover(&mut retries, failure).await?,
            }
        }
    }

    /// One attempt: it waits for its turn, and is ended when its time is up.
    async fn in_time<T>(
        &self,
        retries: &mut Retries<'_>,
        attempt: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let _slot = self.limiter.enter(retries.request.route).await;
        let longest = Instant::now() + TOTAL_TIMEOUT;
        let end = retries.begin().map_or(longest, |end| end.min(longest));
        timeout_at(end, attempt).await.unwrap_or_else(|_| Err(Failure::timed_out(retries.request)))
    }

    async fn object_once<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Failure> {
        let mut response = self.send(request).await?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = next_chunk(request, &mut response).await? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ITEM {
                let error = Error::unexpected(request.resource, "", "the body is too large");
                return Err(Failure::Permanent(error));
            }
        }
        decode(&body).map_err(|defect| Failure::from_body(request, status, &defect))
    }

    async fn list_once<T, R>(&self, request: &Request, receiver: &mut R) -> Result<End<T>, Failure>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let mut response = self.send(request).await?;
        let status = response.status().as_u16();
        let wrong = |defect| Failure::from_body(request, status, &defect);
        let mut reader = PageReader::new();
        while let Some(chunk) = next_chunk(request, &mut response).await? {
            let items = reader.push(&chunk).map_err(wrong)?;
            if !items.is_empty() {
                receiver.receive(items).await.map_err(Failure::Permanent)?;
            }
        }
        let mut end = reader.finish().map_err(wrong)?;
        let rest = std::mem::take(&mut end.items);
        receiver.receive(rest).await.map_err(Failure::Permanent)?;
        Ok(end)
    }

    async fn send(&self, request: &Request) -> Result<Response, Failure> {
        let url = request.url(&self.base_uri).map_err(Failure::Permanent)?;
        debug!(resource = request.resource, path = url.path(), query = url.query(), "Request.");
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        request.count();
        let response = self.http.get(url).send().await;
        let response = response.map_err(|error| Failure::from_transport(request, &error))?;
        self.limiter.observe(request.route, &rate_limits(response.headers()));
        match response.status() {
            StatusCode::OK => Ok(response),
            status => Err(self.refusal(request, status, response).await),
        }
    }

    async fn refusal(&self, request: &Request, status: StatusCode, response: Response) -> Failure {
        match status.as_u16() {
            429 => Failure::RateLimited(told_to_wait(response.headers())),
            401 => Failure::Unauthorized,
            403 => Failure::Permanent(refused(request, 403)),
            status if status >= 500 => {
                let message = format!("LaunchDarkly answered {status} for {}", request.resource);
                let error = Error::new(Kind::Unavailable, message)
                    .resource(request.resource)
                    .status(status)
                    .hint("LaunchDarkly may be having trouble: https://status.launchdarkly.com");
                // The reset of a window comes with every answer; only this asks to wait.
                Failure::Transient { error, told: retry_after(response.headers()) }
            }
            status => Failure::Permanent(self.unexpected(request, status, response).await),
        }
    }

    async fn unexpected(&self, request: &Request, status: u16, response: Response) -> Error {
        let reason = if (300..400).contains(&status) {
            "a redirect, which is never followed: the token stays with the configured host".into()
        } else {
            self.message(response).await
        };
        Error::unexpected(request.resource, "", format!("status {status}{reason}")).status(status)
    }

    /// LaunchDarkly's own words about an error, if there are any.
    async fn message(&self, mut response: Response) -> String {
        #[derive(serde::Deserialize)]
        struct Body {
            message: String,
        }
        let mut body = Vec::new();
        while body.len() < LARGEST_MESSAGE
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk);
        }
        let message = serde_json::from_slice::<Body>(&body).map(|body| body.message);
        let short = |text: String| text.chars().take(200).collect::<String>();
        message.map(|text| format!(": {}", self.token.redact(&short(text)))).unwrap_or_default()
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
        let wait = retries.next_wait(failure)?;
        let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.counters.retries.fetch_add(1, Ordering::Relaxed);
        debug!(reason, milliseconds, "Retry.");
        if told {
            self.limiter.pause(wait);
            self.counters.rate_limited_ms.fetch_add(milliseconds, Ordering::Relaxed);
        }
        if limited {
            warn!(milliseconds, "LaunchDarkly is rate limiting; waiting.");
        }
        sleep(wait).await;
        Ok(())
    }
}

async fn next_chunk(request: &Request, response: &mut Response) -> Result<Option<Bytes>, Failure> {
    response.chunk().await.map_err(|error| Failure::from_transport(request, &error))
}

fn default_headers(token: &Token) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, token.header());
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers
        .insert(HeaderName::from_static("ld-api-version"), HeaderValue::from_static(API_VERSION));
    headers
}
