//! Requests that change something, and the reads that they depend on. One file for each object.
//!
//! Each request says whether it may be repeated after an answer that never came. LaunchDarkly has
//! no conditional writes for most objects, so a caller reads again before it repeats a request that
//! is marked [`super::request::RetrySafety::Never`].

pub mod approvals;
pub mod events;
pub mod flags;
pub mod imports;
pub mod metrics;
pub mod places;
pub mod segments;
pub mod synced;

use serde_json::Value;

use super::request::{ContentType, Request};

/// A request with `value` as its JSON body.
fn json(request: Request, content_type: ContentType, value: &Value) -> Request {
    request.body(content_type, value.to_string())
}
