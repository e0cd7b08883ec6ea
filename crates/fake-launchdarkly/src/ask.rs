//! One request as it arrived, independent of the connection.

use bytes::Bytes;

/// The largest body that is read.
pub(super) const LARGEST_BODY: usize = 64 << 20;

/// The parts of a request that can affect the answer.
#[derive(Default)]
pub(super) struct Ask {
    pub method: String,
    pub path: String,
    pub query: String,
    pub token: Option<String>,
    pub api_version: Option<String>,
    pub user_agent: Option<String>,
    pub content_type: Option<String>,
    /// `Content-Encoding`.
    pub encoding: Option<String>,
    /// `X-LaunchDarkly-Event-Schema`
    pub event_schema: Option<String>,
    /// `X-LaunchDarkly-Payload-ID`
    pub payload_id: Option<String>,
    /// Whether the body came in chunks, without `Content-Length`.
    pub is_chunked: bool,
    /// The body as it was sent; `None` where it is larger than [`LARGEST_BODY`].
    pub body: Option<Bytes>,
}
