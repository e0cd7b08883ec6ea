//! One attempt at a request: sends it and reads the answer.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};
use tracing::debug;
use url::Url;

use super::client::{Client, VERSION_HEADER};
use super::error_response;
use super::headers::Answer;
use super::json_stream::defect::decode;
use super::json_stream::page::{End, LARGEST_ITEM, PageReader};
use super::json_stream::receive::Receive;
use super::limiter::Turn;
use super::reply::Reply;
use super::request::{Content, Host, Request};
use super::retry::{Failure, Retries};
use super::trouble::Trouble;
use crate::Error;
use crate::error::Kind;

/// An attempt that the limiter has given its turn.
pub(super) struct Attempt<'a> {
    client: &'a Client,
    request: &'a Request,
    turn: Turn<'a>,
    /// When the attempt must end; `None` if there is no limit.
    end: Option<Instant>,
    /// Whether sending has begun.
    is_sent: bool,
}

/// A body that is being received.
struct Body<'a> {
    client: &'a Client,
    request: &'a Request,
    response: Response,
    /// The bytes received so far, decompressed.
    received: u64,
}

impl<'a> Attempt<'a> {
    /// Waits for its turn.
    pub async fn begin(client: &'a Client, retries: &mut Retries<'a>) -> Self {
        let (request, arrived) = (retries.request, Instant::now());
        let turn = client.limiter.enter(request.route).await;
        retries.excuse(arrived.elapsed());
        let longest = Instant::now().checked_add(client.timeouts.request);
        let end = [retries.begin(), longest].into_iter().flatten().min();
        Attempt { client, request, turn, end, is_sent: false }
    }

    /// Reads one object.
    pub async fn object<T: DeserializeOwned>(mut self) -> Result<T, Failure> {
        let outcome = in_time(self.end, self.read_object()).await;
        outcome.unwrap_or_else(|| Err(self.timed_out()))
    }

    /// Reads one page of a list.
    pub async fn list<T, R>(mut self, receiver: &mut R) -> Result<End<T>, Failure>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let outcome = in_time(self.end, self.read_list(receiver)).await;
        outcome.unwrap_or_else(|| Err(self.timed_out()))
    }

    /// Reads a whole answer.
    pub async fn reply(mut self) -> Result<Reply, Failure> {
        let outcome = in_time(self.end, self.read_reply()).await;
        outcome.unwrap_or_else(|| Err(self.timed_out()))
    }

    async fn read_object<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        let reply = self.read_reply().await?;
        decode(&reply.body)
            .map_err(|defect| Failure::from_body(self.client, self.request, reply.status, &defect))
    }

    async fn read_reply(&mut self) -> Result<Reply, Failure> {
        let mut body = self.send(&self.url()?).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST_ITEM {
                let error = Error::unexpected(self.request.resource, "", "the body is too large");
                return Err(Failure::Permanent(error));
            }
        }
        Ok(Reply { status: body.status(), headers: body.take_headers(), body: bytes })
    }

    async fn read_list<T, R>(&mut self, receiver: &mut R) -> Result<End<T>, Failure>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let (client, request, url) = (self.client, self.request, self.url()?);
        let mut body = self.send(&url).await?;
        let status = body.status();
        let wrong = |defect| Failure::from_body(client, request, status, &defect);
        let refused = |error| Failure::from_receiver(request, error);
        let (mut reader, mut unfit) = (PageReader::new(), None);
        while let Some(chunk) = body.next().await? {
            let items = reader.push(&chunk).map_err(wrong)?;
            if !items.is_empty() && unfit.is_none() {
                match receiver.receive(items).await {
                    // The rest of the body shows whether this is JSON, and so LaunchDarkly's
                    // answer.
                    Err(error) if error.kind() == Kind::UnexpectedResponse => unfit = Some(error),
                    outcome => outcome.map_err(refused)?,
                }
            }
        }
        let mut end = reader.finish().map_err(wrong)?;
        if let Some(error) = unfit {
            return Err(refused(error));
        }
        client.check_link(request, end.next.as_deref()).map_err(Failure::Permanent)?;
        receiver.receive(std::mem::take(&mut end.items)).await.map_err(refused)?;
        Ok(end)
    }

    fn timed_out(&self) -> Failure {
        Failure::timed_out(self.client, self.request, self.is_sent)
    }

    fn url(&self) -> Result<Url, Failure> {
        let base = match self.request.host {
            Host::Api => &self.client.base_uri,
            Host::Events => self.client.events_uri.as_ref().ok_or_else(no_events_host)?,
        };
        self.request.url(base).map_err(Failure::Permanent)
    }

    async fn send(&mut self, url: &Url) -> Result<Body<'a>, Failure> {
        let (client, request) = (self.client, self.request);
        let (method, resource) = (request.method.as_str(), request.resource);
        let safety = request.safety.name();
        debug!(method, safety, resource, path = url.path(), query = url.query(), "Request.");
        let prepared = prepare(client, request, url);
        // As late as possible: another answer may have paused all traffic since.
        self.turn.confirm().await;
        client.counters.requests.fetch_add(1, Ordering::Relaxed);
        request.count();
        self.is_sent = true;
        let response = prepared.send().await;
        let response =
            response.map_err(|error| Failure::from_transport(client, request, &error))?;
        let answer = Answer::read(response.status().as_u16(), response.headers());
        let told = self.turn.answered(&answer);
        if request.is_success(answer.status) {
            Ok(Body { client, request, response, received: 0 })
        } else {
            Err(error_response::failure(client, request, response, told).await)
        }
    }
}

fn no_events_host() -> Failure {
    Failure::Permanent(Error::usage("the address of the events host is not known"))
}

fn prepare(client: &Client, request: &Request, url: &Url) -> RequestBuilder {
    let mut prepared = client.http.request(request.method.clone(), url.clone());
    if request.is_beta {
        prepared = prepared.header(VERSION_HEADER, "beta");
    }
    for (name, value) in &request.headers {
        prepared = prepared.header(name, value);
    }
    let Some(body) = &request.body else { return prepared };
    prepared = prepared.header(CONTENT_TYPE, &body.content_type);
    // The number of bytes is sent as `Content-Length`.
    match &body.content {
        // They are shared, not copied.
        Content::Bytes(bytes) => prepared.body(bytes.clone()),
        Content::Form(form) => prepared.body(reqwest::Body::wrap(form.sending())),
    }
}

/// Does `work`; returns `None` if it takes longer than until `end`.
async fn in_time<T>(end: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => timeout_at(end, work).await.ok(),
        None => Some(work.await),
    }
}

impl Body<'_> {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(self.response.headers_mut())
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let received = self.response.chunk().await;
        let chunk =
            received.map_err(|error| Failure::from_transport(self.client, self.request, &error))?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.received = self.received.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.received > self.client.largest_response {
            return Err(Failure::Permanent(self.too_large()));
        }
        Ok(chunk)
    }

    fn too_large(&self) -> Error {
        let reason =
            format!("the body is larger than {} MB", self.client.largest_response / 1_000_000);
        Error::unexpected(self.request.resource, "", reason).status(self.status()).hint((self
            .client
            .advise)(
            Trouble::TooLarge,
        ))
    }
}
