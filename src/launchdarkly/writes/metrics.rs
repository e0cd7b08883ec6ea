//! Metrics: <https://launchdarkly.com/docs/api/metrics>.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::json;
use crate::launchdarkly::request::{ContentType, Endpoint, Request};
use crate::launchdarkly::{Client, Pages};

/// The resource's name in errors.
pub const NAME: &str = "metrics";

/// The largest page of the list.
const PAGE: usize = 50;

const fn endpoint(permission: &'static str, route: &'static str) -> Endpoint {
    Endpoint { resource: NAME, permission, route, is_beta: false }
}

const LIST: &str = "/api/v2/metrics/{project}";
const ONE: &str = "/api/v2/metrics/{project}/{metric}";

/// The count of experiments, which an answer has only if it is asked for.
const COUNT: &str = "experimentCount";

/// The metrics of a project.
pub fn list<'c, T: DeserializeOwned + Send>(client: &'c Client, project: &str) -> Pages<'c, T> {
    let request = Request::get(endpoint("viewProject", LIST), &[project]);
    Pages::new(client, request.with("expand", COUNT), Some(PAGE))
}

/// The request for one metric.
pub fn one(project: &str, metric: &str) -> Request {
    Request::get(endpoint("viewProject", ONE), &[project, metric]).with("expand", COUNT)
}

/// Creates a metric. A duplicate key is answered with 409.
pub fn create(project: &str, metric: &Value) -> Request {
    json(Request::post(endpoint("createMetric", LIST), &[project]), ContentType::Json, metric)
}

/// Changes a metric. `patch` is a JSON Patch, `action` what its operations take, if it is one action.
pub fn patch(project: &str, metric: &str, action: &'static str, patch: &Value) -> Request {
    json(Request::patch(endpoint(action, ONE), &[project, metric]), ContentType::Json, patch)
}
