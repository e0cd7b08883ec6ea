//! A request: its method, address, headers and body, and whether it may be sent again.

mod endpoint;
mod file_body;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use url::{Position, Url};

pub use self::endpoint::Endpoint;
pub use self::file_body::FileBody;
use self::file_body::{BOUNDARY, Form};
use crate::{Error, Result};

/// The characters that are percent-encoded in a key that is a segment of a path. Tabs and line ends
/// are among them: the URL parser would remove them.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b':')
    .remove(b'@');

/// Whether a request may be sent again after an attempt whose outcome is unknown: a timeout, a
/// connection that broke after sending, or a status such as 500.
///
/// An attempt that LaunchDarkly certainly did not carry out is repeated in every case: status 429,
/// or a connection that was never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetrySafety {
    /// The request changes nothing, so it may be repeated. A conflict (409) is temporary.
    Safe,
    /// The request has the same effect whether it is carried out once or several times.
    Idempotent,
    /// A repetition could have an effect of its own, so an unknown outcome ends the request.
    Never,
}

impl RetrySafety {
    /// The name, for logs.
    pub const fn name(self) -> &'static str {
        match self {
            RetrySafety::Safe => "safe",
            RetrySafety::Idempotent => "idempotent",
            RetrySafety::Never => "never",
        }
    }
}

/// How a body is to be read: <https://launchdarkly.com/docs/api#section/Overview/Updates>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// An object, a JSON Patch or a JSON merge patch.
    Json,
    /// A semantic patch: a list of instructions.
    SemanticPatch,
}

impl ContentType {
    /// The value of the header `Content-Type`.
    pub const fn value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            ContentType::Json => "application/json",
            ContentType::SemanticPatch => {
                "application/json; domain-model=launchdarkly.semanticpatch"
            }
        })
    }
}

/// The host that a request is sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Host {
    /// The REST API.
    #[default]
    Api,
    /// The events host, which takes metric events.
    Events,
}

/// The body of a request. It is prepared once, so every attempt sends the same bytes.
#[derive(Clone)]
pub(super) struct Body {
    pub content_type: HeaderValue,
    pub content: Content,
}

/// The bytes of a body.
#[derive(Clone)]
pub(super) enum Content {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A form with a file.
    Form(Form),
}

impl fmt::Debug for Body {
    /// Without the bytes, which may be personal data.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Form(form) => form.len(),
        };
        write!(formatter, "{:?}, {length} bytes", self.content_type)
    }
}

/// A request to the API.
#[derive(Clone, Debug)]
pub struct Request {
    /// The resource that it concerns, as errors name it.
    pub resource: &'static str,
    pub(super) permission: &'static str,
    pub(super) route: &'static str,
    pub(super) is_beta: bool,
    pub(super) method: Method,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Body>,
    pub(super) safety: RetrySafety,
    pub(super) host: Host,
    segments: Vec<String>,
    query: Vec<(Cow<'static, str>, String)>,
    counter: Option<Arc<AtomicU64>>,
}

impl Request {
    /// A request that reads from `endpoint`, whose parameters are filled with `keys` in order.
    pub fn get(endpoint: Endpoint, keys: &[&str]) -> Self {
        Request::new(Method::GET, RetrySafety::Safe, endpoint, keys)
    }

    /// A request that creates something. It is never repeated unless [`Self::retried`] allows it.
    pub fn post(endpoint: Endpoint, keys: &[&str]) -> Self {
        Request::new(Method::POST, RetrySafety::Never, endpoint, keys)
    }

    /// A request that changes something. It is never repeated unless [`Self::retried`] allows it.
    pub fn patch(endpoint: Endpoint, keys: &[&str]) -> Self {
        Request::new(Method::PATCH, RetrySafety::Never, endpoint, keys)
    }

    /// A request that deletes something. It is never repeated unless [`Self::retried`] allows it.
    pub fn delete(endpoint: Endpoint, keys: &[&str]) -> Self {
        Request::new(Method::DELETE, RetrySafety::Never, endpoint, keys)
    }

    fn new(method: Method, safety: RetrySafety, endpoint: Endpoint, keys: &[&str]) -> Self {
        let Endpoint { resource, permission, route, is_beta } = endpoint;
        Request {
            resource,
            permission,
            route,
            is_beta,
            method,
            headers: Vec::new(),
            body: None,
            safety,
            host: Host::Api,
            segments: endpoint.segments(keys),
            query: Vec::new(),
            counter: None,
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds the query parameter that limits a list to the project whose key is the first of `keys`,
    /// if its endpoint has such a `parameter`.
    #[must_use]
    pub fn of_project(self, parameter: Option<&'static str>, keys: &[&str]) -> Self {
        match (parameter, keys.first()) {
            (Some(parameter), Some(key)) => self.with(parameter, key),
            _ => self,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, content_type: ContentType, bytes: impl Into<Bytes>) -> Self {
        let content = Content::Bytes(bytes.into());
        self.body = Some(Body { content_type: content_type.value(), content });
        self
    }

    /// Sets the body to a form of text `fields` and a file.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)], file: &FileBody) -> Self {
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let content_type = HeaderValue::from_str(&content_type);
        self.body = content_type.ok().map(|content_type| {
            let content = Content::Form(Form::new(fields, file));
            Body { content_type, content }
        });
        self
    }

    /// Sets whether the request may be sent again after an attempt whose outcome is unknown.
    #[must_use]
    pub fn retried(mut self, safety: RetrySafety) -> Self {
        self.safety = safety;
        self
    }

    /// Sends the request to another host than the REST API's.
    #[must_use]
    pub fn to(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Counts every attempt at this request in `counter`.
    #[must_use]
    pub fn counted(mut self, counter: &Arc<AtomicU64>) -> Self {
        self.counter = Some(Arc::clone(counter));
        self
    }

    /// Whether the request only reads.
    pub(super) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// Whether an answer with this status says that the request succeeded.
    pub(super) fn is_success(&self, status: u16) -> bool {
        if self.is_get() { status == 200 } else { (200..300).contains(&status) }
    }

    /// The path and the query. Two GET requests with the same target are the same request.
    ///
    /// # Errors
    /// As [`Self::url`].
    pub fn target(&self) -> Result<String> {
        let nowhere = Url::parse("http://localhost")
            .map_err(|error| Error::unexpected(self.resource, "", error))?;
        let url = self.url(&nowhere)?;
        Ok(url[Position::BeforePath..].to_owned())
    }

    /// Counts one attempt.
    pub fn count(&self) {
        if let Some(counter) = &self.counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The whole address below `base`. Every key is percent-encoded.
    ///
    /// # Errors
    /// `unexpected_response` if a key is `.` or `..`, which no URL can have as a segment.
    pub fn url(&self, base: &Url) -> Result<Url> {
        if let Some(dots) = self.segments.iter().find(|part| matches!(part.as_str(), "." | "..")) {
            return Err(Error::unexpected(self.resource, "key", format!("a key is `{dots}`")));
        }
        let mut url = base.clone();
        let encoded =
            self.segments.iter().map(|part| utf8_percent_encode(part, SEGMENT).to_string());
        let path = encoded.collect::<Vec<_>>().join("/");
        url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests;
