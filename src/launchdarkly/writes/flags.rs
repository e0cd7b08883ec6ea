//! Flags: <https://launchdarkly.com/docs/api/feature-flags>.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::json as with_json;
use super::places::Keyed;
use crate::launchdarkly::request::{ContentType, Endpoint, Request};
use crate::launchdarkly::{Client, Pages};

/// The resource's name in errors.
pub const NAME: &str = "flags";

/// The flags of a page.
const PAGE: usize = 100;

const READ: &str = "viewProject";
const LIST: &str = "/api/v2/flags/{project}";
const ONE: &str = "/api/v2/flags/{project}/{flag}";
const STATUSES: &str = "/api/v2/flag-status/{project}/{flag}";
const DEPENDENTS: &str = "/api/v2/flags/{project}/{environment}/{flag}/dependent-flags";
const SCHEDULED: &str =
    "/api/v2/projects/{project}/flags/{flag}/environments/{environment}/scheduled-changes";

const fn endpoint(permission: &'static str, route: &'static str) -> Endpoint {
    Endpoint { resource: NAME, permission, route, is_beta: false }
}

/// A flag of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagPlace {
    /// The project's key.
    pub project: String,
    /// The flag's key.
    pub flag: String,
}

impl FlagPlace {
    fn keys(&self) -> [&str; 2] {
        [&self.project, &self.flag]
    }
}

/// A change of a flag as a whole, or in one environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagChange {
    /// Targeting in an environment is on from now on.
    TurnOn,
    /// Targeting in an environment is off from now on.
    TurnOff,
    /// The flag is archived.
    Archive,
    /// The flag is no longer archived.
    Restore,
}

impl FlagChange {
    /// The kind of its instruction in a semantic patch.
    pub const fn instruction(self) -> &'static str {
        match self {
            FlagChange::TurnOn => "turnFlagOn",
            FlagChange::TurnOff => "turnFlagOff",
            FlagChange::Archive => "archiveFlag",
            FlagChange::Restore => "restoreFlag",
        }
    }

    /// The action that it takes.
    pub const fn action(self) -> &'static str {
        match self {
            FlagChange::TurnOn | FlagChange::TurnOff => "updateOn",
            FlagChange::Archive | FlagChange::Restore => "updateGlobalArchived",
        }
    }

    /// Its instructions, for a semantic patch and for an approval request.
    pub fn instructions(self) -> Value {
        json!([{"kind": self.instruction()}])
    }
}

/// The part of a flag that tells whether a change was made.
#[derive(Clone, Debug, Deserialize)]
pub struct FlagState {
    /// Counts changes of the flag.
    #[serde(rename = "_version", default)]
    pub version: i64,
    /// Whether it is archived.
    pub archived: bool,
    /// Its environments, by key.
    #[serde(default)]
    pub environments: BTreeMap<String, EnvironmentState>,
}

/// The part of a flag's configuration that tells whether a change was made.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct EnvironmentState {
    /// Whether targeting is on.
    pub on: bool,
    /// Counts changes of the flag in this environment.
    pub version: i64,
}

/// The statuses of one flag, by environment.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Statuses {
    /// The environments that have a status.
    #[serde(default)]
    pub environments: BTreeMap<String, Status>,
}

/// A flag's status in one environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `new`, `active`, `launched` or `inactive`.
    pub name: String,
    /// When an SDK last requested the flag, as text.
    pub last_requested: Option<String>,
}

/// A change that LaunchDarkly will make at a time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScheduledChange {
    /// Its ID.
    #[serde(rename = "_id")]
    pub id: String,
    /// When it will be made, in milliseconds since 1970.
    pub execution_date: i64,
    /// What it will do.
    pub instructions: Vec<Value>,
}

/// The request for one flag, in `environments` only, or else in all.
pub fn one(place: &FlagPlace, environments: &[String]) -> Request {
    let request = Request::get(endpoint(READ, ONE), &place.keys());
    let request = request.with("expand", "evaluation,migrationSettings");
    environments.iter().fold(request, |request, key| request.with("env", key))
}

/// The keys of a project's flags that `filter` selects; without one, of those that are not archived.
pub fn keys<'c>(client: &'c Client, project: &str, filter: &str) -> Pages<'c, Keyed> {
    let mut request = Request::get(endpoint(READ, LIST), &[project]);
    if !filter.is_empty() {
        request = request.with("filter", filter);
    }
    Pages::new(client, request, Some(PAGE))
}

/// The request for a flag's statuses, in `environments` only, or else in all.
pub fn statuses(place: &FlagPlace, environments: &[String]) -> Request {
    let endpoint = Endpoint { resource: "flag_statuses", ..endpoint(READ, STATUSES) };
    let request = Request::get(endpoint, &place.keys());
    environments.iter().fold(request, |request, key| request.with("env", key))
}

/// The request for the flags that have this one as a prerequisite in an environment: in beta.
pub fn dependents(place: &FlagPlace, environment: &str) -> Request {
    let endpoint = endpoint(READ, DEPENDENTS);
    let endpoint = Endpoint { resource: "dependent_flags", is_beta: true, ..endpoint };
    Request::get(endpoint, &[&place.project, environment, &place.flag])
}

/// The request for the changes of a flag that are scheduled in an environment.
pub fn scheduled_changes(place: &FlagPlace, environment: &str) -> Request {
    let endpoint = Endpoint { resource: "scheduled_changes", ..endpoint(READ, SCHEDULED) };
    Request::get(endpoint, &[&place.project, &place.flag, environment])
}

/// Changes a flag. A flag that is already as wanted stays as it is, and so does its version.
/// Turning on and off is for one environment.
pub fn change(
    place: &FlagPlace,
    change: FlagChange,
    environment: Option<&str>,
    comment: Option<&str>,
) -> Request {
    let mut body = json!({"instructions": change.instructions()});
    if let Some(environment) = environment {
        body["environmentKey"] = environment.into();
    }
    if let Some(comment) = comment {
        body["comment"] = comment.into();
    }
    let request = Request::patch(endpoint(change.action(), ONE), &place.keys());
    with_json(request, ContentType::SemanticPatch, &body)
}
