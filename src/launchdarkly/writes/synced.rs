//! Members of synced segments, for those who have an integration of their own:
//! <https://launchdarkly.com/docs/integrations/partner-integrations/synced-segments>.

use serde_json::{Value, json};

use super::json as with_json;
use super::segments::{MemberChange, UPDATE_INCLUDED, endpoint};
use crate::launchdarkly::request::{ContentType, Request, RetrySafety};

const ROUTE: &str = "/api/v2/segment-targets/{integration}";

/// A cohort of an integration. LaunchDarkly makes a segment of it when members first arrive.
#[derive(Clone, Debug)]
pub struct Cohort<'c> {
    /// The integration's key.
    pub integration: &'c str,
    /// The environment's client-side ID.
    pub environment_id: &'c str,
    /// The cohort's ID.
    pub id: &'c str,
    /// The cohort's name.
    pub name: &'c str,
    /// The context kind of its members.
    pub context_kind: &'c str,
}

/// Changes the members of a cohort. Adding a member, or removing another key, has no effect, so the
/// request may be repeated.
pub fn change(cohort: &Cohort<'_>, change: &MemberChange) -> Request {
    let ids = |keys: &[String]| -> Value { keys.iter().map(|key| json!({"id": key})).collect() };
    let body = json!({
        "environmentId": cohort.environment_id,
        "cohortId": cohort.id,
        "cohortName": cohort.name,
        "contextKind": cohort.context_kind,
        "listData": {"add": ids(&change.add), "remove": ids(&change.remove)},
    });
    let request = Request::post(endpoint(UPDATE_INCLUDED, ROUTE), &[cohort.integration]);
    with_json(request, ContentType::Json, &body).retried(RetrySafety::Idempotent)
}
