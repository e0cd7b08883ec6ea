//! An answer, independent of the connection.

use bytes::Bytes;
use hyper::Response;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};

use super::body::{Answered, Manner};
use crate::call::Refusal;
use crate::json::Object;
use crate::rate_limit::{Ruling, http_date};
use crate::writes::{Done, WriteOutcome};

/// An answer before it is sent.
pub(super) struct Reply {
    pub status: u16,
    pub refused_until_ms: Option<i64>,
    headers: Vec<(String, String)>,
    body: Bytes,
    manner: Manner,
}

impl Reply {
    /// An answer with exactly these headers.
    pub fn raw(status: u16, headers: Vec<(String, String)>, body: impl Into<Bytes>) -> Self {
        let (refused_until_ms, manner) = (None, Manner::default());
        Reply { status, refused_until_ms, headers, body: body.into(), manner }
    }

    /// An answer, in JSON unless it is empty, with the rate limits' headers.
    pub fn new(outcome: WriteOutcome, ruling: Ruling, now_ms: i64, clock_skew_ms: i64) -> Self {
        let Done { status, headers, body } = outcome.unwrap_or_else(|refusal| Done {
            status: refusal.status,
            headers: Vec::new(),
            body: error(&refusal),
        });
        let headers = ruling.headers.into_iter().chain(headers);
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        let mut headers: Vec<(String, String)> = headers.collect();
        if !body.is_empty() || status == 200 {
            headers.push((CONTENT_TYPE.to_string(), "application/json".to_owned()));
        }
        if clock_skew_ms != 0 {
            headers.push((DATE.to_string(), http_date(now_ms + clock_skew_ms)));
        }
        Reply { refused_until_ms: ruling.refused_until_ms, ..Reply::raw(status, headers, body) }
    }

    /// The answer, its body sent in this manner.
    pub fn sent(self, manner: Manner) -> Self {
        Reply { manner, ..self }
    }

    /// The answer with the first bytes of its body, at most this many and never all.
    pub fn cut(mut self, length: usize) -> Self {
        self.body.truncate(length.min(self.body.len().saturating_sub(1)));
        self
    }

    /// The answer as hyper sends it.
    pub fn into_response(self) -> Result<Response<Answered>, hyper::http::Error> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        if self.manner.early.is_some() {
            // For the others, hyper adds it.
            response = response.header(CONTENT_LENGTH, self.body.len());
        }
        response.body(Answered::new(self.body, self.manner))
    }
}

fn error(refusal: &Refusal) -> String {
    Object::new().text("code", refusal.code).text("message", &refusal.message).close()
}
