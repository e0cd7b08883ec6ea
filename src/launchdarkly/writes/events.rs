//! Metric events: <https://launchdarkly.com/docs/home/metrics/import-events>.

use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue, USER_AGENT};

use crate::launchdarkly::request::{ContentType, Endpoint, Host, Request, RetrySafety};

/// The resource's name in errors.
pub const NAME: &str = "metric_events";

/// The action that importing takes.
pub const PERMISSION: &str = "importEventData";

const ENDPOINT: Endpoint = Endpoint {
    resource: NAME,
    permission: PERMISSION,
    route: "/v2/event-data-import/{project}/{environment}",
    is_beta: false,
};

const SCHEMA: HeaderName = HeaderName::from_static("x-launchdarkly-event-schema");
const PAYLOAD_ID: HeaderName = HeaderName::from_static("x-launchdarkly-payload-id");

/// The form of this header is prescribed.
const AGENT: &str = concat!("MetricImport-flaglake-int/", env!("CARGO_PKG_VERSION"));

/// The import of a batch of events, a JSON array.
///
/// LaunchDarkly processes a payload ID once, so the same bytes may be sent again with the same ID.
/// How long it remembers the IDs is not documented.
pub fn import(project: &str, environment: &str, payload_id: &str, batch: Bytes) -> Request {
    // A payload ID that is not a header's value cannot occur: it is a UUID.
    let id = HeaderValue::from_str(payload_id).unwrap_or_else(|_| HeaderValue::from_static(""));
    Request::post(ENDPOINT, &[project, environment])
        .to(Host::Events)
        .header(USER_AGENT, HeaderValue::from_static(AGENT))
        .header(SCHEMA, HeaderValue::from_static("4"))
        .header(PAYLOAD_ID, id)
        .body(ContentType::Json, batch)
        .retried(RetrySafety::Idempotent)
}
