//! Imports of big segments from a CSV file:
//! <https://launchdarkly.com/docs/api/segments/create-big-segment-import>.

use serde::Deserialize;

use super::segments::{SegmentPlace, UPDATE_INCLUDED, endpoint};
use crate::launchdarkly::request::{FileBody, Request};

const LIST: &str = "/api/v2/segments/{project}/{environment}/{segment}/imports";
const ONE: &str = "/api/v2/segments/{project}/{environment}/{segment}/imports/{import}";

/// What an import does with members that its file does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// They stay.
    Merge,
    /// They are removed.
    Replace,
}

impl ImportMode {
    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            ImportMode::Merge => "merge",
            ImportMode::Replace => "replace",
        }
    }
}

/// An import as LaunchDarkly holds it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Import {
    /// `preparing`, `pending_approval`, `ready`, `in_progress`, `complete` or `stopped`.
    pub status: String,
}

/// Starts an import of `file`, whose lines are keys. The answer's `Location` ends in its ID. Only
/// one import of an environment runs at a time: a second one is answered with 409.
pub fn start(place: &SegmentPlace, mode: ImportMode, file: &FileBody) -> Request {
    let request = Request::post(endpoint(UPDATE_INCLUDED, LIST), &place.keys());
    request.form(&[("mode", mode.name())], file)
}

/// The request for an import.
pub fn one(place: &SegmentPlace, import: &str) -> Request {
    let [project, environment, segment] = place.keys();
    Request::get(endpoint("viewProject", ONE), &[project, environment, segment, import])
}
