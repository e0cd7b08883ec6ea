//! One attempt at a request: sending it, and reading what comes back.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};
use tracing::debug;
use url::Url;

use super::client::{Client, VERSION_HEADER};
use super::error_response::refusal;
use super::headers::Answer;
use super::json_stream::defect::decode;
use super::json_stream::page::{End, LARGEST_ITEM, PageReader};
use super::json_stream::receive::Receive;
use super::limiter::Turn;
use super::request::Request;
use super::retry::{Failure, Retries};
use crate::Error;
use crate::error::Kind;

/// An attempt whose turn it is.
pub(super) struct Attempt<'a> {
    client: &'a Client,
    request: &'a Request,
    turn: Turn<'a>,
    /// When its time is up; `None` where that is never.
    end: Option<Instant>,
}

/// A body as it arrives.
struct Body<'a> {
    client: &'a Client,
    request: &'a Request,
    response: Response,
    /// Bytes so far, decompressed.
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
        Attempt { client, request, turn, end }
    }

    /// Reads one object.
    pub async fn object<T: DeserializeOwned>(mut self) -> Result<T, Failure> {
        in_time(self.end, self.timed_out(), self.read_object()).await
    }

    /// Reads one page of a list.
    pub async fn list<T, R>(mut self, receiver: &mut R) -> Result<End<T>, Failure>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        in_time(self.end, self.timed_out(), self.read_list(receiver)).await
    }

    async fn read_object<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        let mut body = self.send(&self.url()?).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST_ITEM {
                let error = Error::unexpected(self.request.resource, "", "the body is too large");
                return Err(Failure::Permanent(error));
            }
        }
        let address = &self.client.address;
        decode(&bytes)
            .map_err(|defect| Failure::from_body(address, self.request, body.status(), &defect))
    }

    async fn read_list<T, R>(&mut self, receiver: &mut R) -> Result<End<T>, Failure>
    where
        T: DeserializeOwned + Send,
        R: Receive<T>,
    {
        let (request, url) = (self.request, self.url()?);
        let mut body = self.send(&url).await?;
        let status = body.status();
        let address = &self.client.address;
        let wrong = |defect| Failure::from_body(address, request, status, &defect);
        let refused = |error| Failure::from_receiver(request, error);
        let (mut reader, mut unfit) = (PageReader::new(), None);
        while let Some(chunk) = body.next().await? {
            let items = reader.push(&chunk).map_err(wrong)?;
            if !items.is_empty() && unfit.is_none() {
                match receiver.receive(items).await {
                    // The rest of the body tells whether this is an answer at all.
                    Err(error) if error.kind() == Kind::UnexpectedResponse => unfit = Some(error),
                    outcome => outcome.map_err(refused)?,
                }
            }
        }
        let mut end = reader.finish().map_err(wrong)?;
        if let Some(error) = unfit {
            return Err(refused(error));
        }
        self.client.check_link(request, end.next.as_deref()).map_err(Failure::Permanent)?;
        receiver.receive(std::mem::take(&mut end.items)).await.map_err(refused)?;
        Ok(end)
    }

    fn timed_out(&self) -> Failure {
        Failure::timed_out(&self.client.address, self.request)
    }

    fn url(&self) -> Result<Url, Failure> {
        self.request.url(&self.client.base_uri).map_err(Failure::Permanent)
    }

    async fn send(&mut self, url: &Url) -> Result<Body<'a>, Failure> {
        let (client, request) = (self.client, self.request);
        debug!(resource = request.resource, path = url.path(), query = url.query(), "Request.");
        let mut prepared = client.http.get(url.clone());
        if request.is_beta {
            prepared = prepared.header(VERSION_HEADER, "beta");
        }
        // As late as possible: another answer may have stopped all traffic meanwhile.
        self.turn.confirm().await;
        client.counters.requests.fetch_add(1, Ordering::Relaxed);
        request.count();
        let response = prepared.send().await;
        let response =
            response.map_err(|error| Failure::from_transport(&client.address, request, &error))?;
        let answer = Answer::read(response.status().as_u16(), response.headers());
        let told = self.turn.answered(&answer);
        match response.status() {
            StatusCode::OK => Ok(Body { client, request, response, received: 0 }),
            _ => Err(refusal(client, request, response, told).await),
        }
    }
}

async fn in_time<T>(
    end: Option<Instant>,
    timed_out: Failure,
    attempt: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match end {
        Some(end) => timeout_at(end, attempt).await.unwrap_or(Err(timed_out)),
        None => attempt.await,
    }
}

impl Body<'_> {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let chunk = self.response.chunk().await;
        let address = &self.client.address;
        let chunk =
            chunk.map_err(|error| Failure::from_transport(address, self.request, &error))?;
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
        Error::unexpected(self.request.resource, "", reason)
            .status(self.status())
            .hint("`--max-response-mb` allows larger ones, if this is what the account holds")
    }
}
