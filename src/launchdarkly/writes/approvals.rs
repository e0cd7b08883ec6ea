//! Approval requests: <https://launchdarkly.com/docs/api/approvals>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::flags::FlagPlace;
use super::json as with_json;
use crate::launchdarkly::request::{ContentType, Endpoint, Request};

/// The resource's name in errors.
pub const NAME: &str = "approval_requests";

const ONE: &str = "/api/v2/approval-requests/{id}";
const APPLY: &str = "/api/v2/approval-requests/{id}/apply";
const OF_FLAG: &str =
    "/api/v2/projects/{project}/flags/{flag}/environments/{environment}/approval-requests";

const fn endpoint(permission: &'static str, route: &'static str) -> Endpoint {
    Endpoint { resource: NAME, permission, route, is_beta: false }
}

/// A request as LaunchDarkly holds it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the API's field of the same name")]
pub struct ApprovalRequest {
    #[serde(rename = "_id")]
    pub id: String,
    /// `pending`, `scheduled`, `completed` or `failed`.
    pub status: String,
    /// `pending`, `approved` or `declined`.
    pub review_status: String,
    pub description: Option<String>,
    pub resource_id: Option<String>,
    pub instructions: Vec<Value>,
    pub conflicts: Option<Vec<Value>>,
    pub execution_date: Option<Value>,
}

impl ApprovalRequest {
    /// Whether its change is still to be made.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "scheduled")
    }

    /// Whether its change was made.
    pub fn is_completed(&self) -> bool {
        self.status == "completed"
    }

    /// Whether LaunchDarkly will make its change at its time.
    pub fn is_scheduled(&self) -> bool {
        self.status == "scheduled"
    }

    /// Whether other changes are known to prevent its change.
    pub fn has_conflicts(&self) -> bool {
        self.conflicts.iter().flatten().next().is_some()
    }

    /// When its change is to be made, in milliseconds since 1970; `None` if at once.
    pub fn execution_ms(&self) -> Option<i64> {
        self.execution_date.as_ref()?.as_i64()
    }

    /// The kinds of its instructions.
    pub fn kinds(&self) -> Vec<&str> {
        kinds(&self.instructions)
    }
}

/// The kinds of instructions, such as `turnFlagOn`.
pub fn kinds(instructions: &[Value]) -> Vec<&str> {
    instructions.iter().map(|one| one["kind"].as_str().unwrap_or("unknown")).collect()
}

/// The request for the approval requests of a flag in an environment.
pub fn of_flag(place: &FlagPlace, environment: &str) -> Request {
    Request::get(endpoint("", OF_FLAG), &[&place.project, &place.flag, environment])
}

/// The request for one approval request.
pub fn one(id: &str) -> Request {
    Request::get(endpoint("", ONE), &[id])
}

/// Asks for the approval of a change of a flag. Asking twice makes two approval requests.
pub fn create(
    place: &FlagPlace,
    environment: &str,
    instructions: &Value,
    description: &str,
) -> Request {
    let body = json!({"description": description, "instructions": instructions});
    let keys = [place.project.as_str(), &place.flag, environment];
    let request = Request::post(endpoint("createApprovalRequest", OF_FLAG), &keys);
    with_json(request, ContentType::Json, &body)
}

/// Makes the change of an approved request.
pub fn apply(id: &str, comment: Option<&str>) -> Request {
    let body = comment.map_or_else(|| json!({}), |comment| json!({"comment": comment}));
    let request = Request::post(endpoint("applyApprovalRequest", APPLY), &[id]);
    with_json(request, ContentType::Json, &body)
}

/// Withdraws a request.
pub fn withdraw(id: &str) -> Request {
    Request::delete(endpoint("deleteApprovalRequest", ONE), &[id])
}
