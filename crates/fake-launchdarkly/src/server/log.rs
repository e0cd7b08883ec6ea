//! The request log, which tests inspect.

use crate::Fault;

/// One request as it arrived. No credential is kept.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path as sent, percent-encoded.
    pub path: String,
    /// Query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Name of the access token; `unknown` for one that is not the account's, `None` where none was
    /// sent.
    pub token: Option<String>,
    /// `LD-API-Version`.
    pub api_version: Option<String>,
    /// `User-Agent`.
    pub user_agent: Option<String>,
    /// Size of the body as it was sent.
    pub body_bytes: usize,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `X-LaunchDarkly-Payload-ID`, which events have.
    pub payload_id: Option<String>,
    /// When it arrived, in epoch milliseconds of the true clock.
    pub arrived_ms: i64,
    /// Number of requests in flight when it arrived, including this one.
    pub in_flight: usize,
    /// When the answer was ready to be sent, by the same clock; `None` while it is not answered, or
    /// if the connection was closed instead.
    pub answered_ms: Option<i64>,
    /// The random fault that the request received.
    pub fault: Option<Fault>,
    /// The status it was answered with; `None` while it is not answered, or if the connection was
    /// closed instead.
    pub status: Option<u16>,
    /// Until when a rate limit refused more, in epoch milliseconds of the true clock.
    pub refused_until_ms: Option<i64>,
}

impl Request {
    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// The requests in order of arrival.
#[derive(Default)]
pub(super) struct Log {
    requests: Vec<Request>,
    forgotten: usize,
}

impl Log {
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    pub fn forget(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
    }

    /// Adds a request and returns its number.
    pub fn arrived(&mut self, request: Request) -> usize {
        self.requests.push(request);
        self.forgotten + self.requests.len() - 1
    }

    /// Notes how the request with this number was answered, unless it is forgotten.
    pub fn answered(&mut self, number: usize, note: impl FnOnce(&mut Request)) {
        let position = number.checked_sub(self.forgotten);
        if let Some(request) = position.and_then(|position| self.requests.get_mut(position)) {
            note(request);
        }
    }
}
