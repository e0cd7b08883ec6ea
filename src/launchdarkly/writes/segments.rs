//! Segments and their members: <https://launchdarkly.com/docs/api/segments>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::json as with_json;
use crate::launchdarkly::request::{ContentType, Endpoint, Request, RetrySafety};

/// The resource's name in errors.
pub const NAME: &str = "segments";

const LIST: &str = "/api/v2/segments/{project}/{environment}";
const ONE: &str = "/api/v2/segments/{project}/{environment}/{segment}";
const CONTEXTS: &str = "/api/v2/segments/{project}/{environment}/{segment}/contexts";

/// The action that changing members takes.
pub const UPDATE_INCLUDED: &str = "updateIncluded";

pub(super) const fn endpoint(permission: &'static str, route: &'static str) -> Endpoint {
    Endpoint { resource: NAME, permission, route, is_beta: false }
}

/// The place of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentPlace {
    /// The project's key.
    pub project: String,
    /// The environment's key.
    pub environment: String,
    /// The segment's key.
    pub segment: String,
}

impl SegmentPlace {
    pub(super) fn keys(&self) -> [&str; 3] {
        [&self.project, &self.environment, &self.segment]
    }
}

/// A segment as LaunchDarkly holds it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the API's field of the same name")]
pub struct Segment {
    pub key: String,
    pub version: i64,
    pub included: Option<Vec<String>>,
    pub excluded: Option<Vec<String>>,
    pub included_contexts: Option<Vec<ContextTargets>>,
    pub excluded_contexts: Option<Vec<ContextTargets>>,
    pub unbounded: Option<bool>,
    pub unbounded_context_kind: Option<String>,
    #[serde(rename = "_unboundedMetadata")]
    pub unbounded_metadata: Option<UnboundedMetadata>,
    #[serde(rename = "_external")]
    pub external: Option<String>,
    #[serde(rename = "_importInProgress")]
    pub import_in_progress: Option<bool>,
}

/// Keys of one context kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the API's field of the same name")]
pub struct ContextTargets {
    pub context_kind: Option<String>,
    pub values: Option<Vec<String>>,
}

/// The sizes of a big segment.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the API's field of the same name")]
pub struct UnboundedMetadata {
    pub included_count: Option<i64>,
}

impl Segment {
    /// The keys of `kind` that are included. LaunchDarkly holds those of users apart.
    pub fn included_of(&self, kind: &str) -> impl Iterator<Item = &str> {
        targets(self.included.as_deref(), self.included_contexts.as_deref(), kind)
    }

    /// The keys of `kind` that are excluded.
    pub fn excluded_of(&self, kind: &str) -> impl Iterator<Item = &str> {
        targets(self.excluded.as_deref(), self.excluded_contexts.as_deref(), kind)
    }

    /// The number of included keys of all context kinds.
    pub fn included_count(&self) -> i64 {
        let contexts = self.included_contexts.iter().flatten();
        let others = contexts.map(|one| one.values.as_ref().map_or(0, Vec::len));
        let count = self.included.as_ref().map_or(0, Vec::len) + others.sum::<usize>();
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

fn targets<'s>(
    users: Option<&'s [String]>,
    contexts: Option<&'s [ContextTargets]>,
    kind: &str,
) -> impl Iterator<Item = &'s str> + use<'s> {
    let users = users.filter(|_| kind == "user").into_iter().flatten();
    let kind = kind.to_owned();
    let of_kind = move |one: &&ContextTargets| one.context_kind.as_deref() == Some(&*kind);
    let others = contexts.into_iter().flatten().filter(of_kind);
    users.chain(others.flat_map(|one| one.values.iter().flatten())).map(String::as_str)
}

/// The request for one segment.
pub fn one(place: &SegmentPlace) -> Request {
    Request::get(endpoint("viewProject", ONE), &place.keys())
}

/// Creates a segment without members. A duplicate key is answered with 409 `key_exists`.
pub fn create(place: &SegmentPlace, name: &str, unbounded_kind: Option<&str>) -> Request {
    let mut body = json!({"key": place.segment, "name": name});
    if let Some(kind) = unbounded_kind {
        body["unbounded"] = Value::Bool(true);
        body["unboundedContextKind"] = kind.into();
    }
    let keys = [place.project.as_str(), place.environment.as_str()];
    with_json(Request::post(endpoint("createSegment", LIST), &keys), ContentType::Json, &body)
}

/// Members to add and to remove. No key is in both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// The keys to add.
    pub add: Vec<String>,
    /// The keys to remove.
    pub remove: Vec<String>,
}

impl MemberChange {
    /// The number of keys.
    pub fn len(&self) -> usize {
        self.add.len() + self.remove.len()
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Changes the members of a standard segment. The instructions are all carried out, or none.
pub fn change(
    place: &SegmentPlace,
    kind: &str,
    change: &MemberChange,
    comment: Option<&str>,
) -> Request {
    let instruction = |name: &str, values: &[String]| {
        (!values.is_empty()).then(|| json!({"kind": name, "contextKind": kind, "values": values}))
    };
    let removal = instruction("removeIncludedTargets", &change.remove);
    let addition = instruction("addIncludedTargets", &change.add);
    let instructions: Vec<_> = removal.into_iter().chain(addition).collect();
    let mut body = json!({"environmentKey": place.environment, "instructions": instructions});
    if let Some(comment) = comment {
        body["comment"] = comment.into();
    }
    let request = Request::patch(endpoint(UPDATE_INCLUDED, ONE), &place.keys());
    with_json(request, ContentType::SemanticPatch, &body)
}

/// Changes the members of a big segment. Adding a member, or removing another key, has no effect,
/// so the request may be repeated.
pub fn change_big(place: &SegmentPlace, change: &MemberChange) -> Request {
    let body = json!({"included": {"add": change.add, "remove": change.remove}});
    let request = Request::post(endpoint(UPDATE_INCLUDED, CONTEXTS), &place.keys());
    with_json(request, ContentType::Json, &body).retried(RetrySafety::Idempotent)
}
