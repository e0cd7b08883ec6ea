//! The places that rows are written to: projects, environments and context kinds.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::launchdarkly::{Client, Endpoint, Pages, Request};

/// The items of a page.
const PAGE: usize = 20;

/// The action that reading all of these takes.
const PERMISSION: &str = "viewProject";

const fn endpoint(resource: &'static str, route: &'static str) -> Endpoint {
    Endpoint { resource, permission: PERMISSION, route, is_beta: false }
}

/// An object with a key.
#[derive(Clone, Debug, Deserialize)]
pub struct Keyed {
    /// Its key.
    pub key: String,
}

/// An environment, as far as writing to it depends on it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvironmentRules {
    /// Its key.
    pub key: String,
    /// The client-side ID.
    #[serde(rename = "_id")]
    pub id: Option<String>,
    /// Whether LaunchDarkly's pages require a comment for each change.
    pub require_comments: bool,
    /// Whether the environment is critical.
    pub critical: bool,
    /// Whether LaunchDarkly's pages ask for the environment's key before each change.
    pub confirm_changes: bool,
    /// Whether changes of flags require an approval.
    pub approval_settings: Option<ApprovalRules>,
    /// Whether changes of a kind of resource require an approval, by the kind.
    pub resource_approval_settings: Option<Value>,
}

/// Which changes of flags require an approval.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApprovalRules {
    /// Whether those of all flags do.
    pub required: bool,
    /// The tags of the flags whose changes do.
    pub required_approval_tags: Option<Vec<String>>,
}

impl EnvironmentRules {
    /// Whether changes of a flag with these tags require an approval, as far as LaunchDarkly says
    /// so. A token may be allowed to bypass it.
    pub fn requires_flag_approval(&self, tags: &[String]) -> bool {
        let Some(rules) = &self.approval_settings else { return false };
        let mut required = rules.required_approval_tags.iter().flatten();
        rules.required || required.any(|tag| tags.contains(tag))
    }

    /// Whether changes of segments require an approval, as far as LaunchDarkly says so.
    pub fn requires_segment_approval(&self) -> bool {
        let settings = self.resource_approval_settings.as_ref();
        settings.and_then(|all| all["segment"]["required"].as_bool()).unwrap_or(false)
    }
}

/// The request for one project.
pub fn project(project: &str) -> Request {
    Request::get(endpoint("projects", "/api/v2/projects/{project}"), &[project])
}

/// The request for one environment.
pub fn environment(project: &str, environment: &str) -> Request {
    const ROUTE: &str = "/api/v2/projects/{project}/environments/{environment}";
    Request::get(endpoint("environments", ROUTE), &[project, environment])
}

/// The projects of the account.
pub fn projects(client: &Client) -> Pages<'_, Keyed> {
    Pages::new(client, Request::get(endpoint("projects", "/api/v2/projects"), &[]), Some(PAGE))
}

/// The environments of a project.
pub fn environments<'c, T>(client: &'c Client, project: &str) -> Pages<'c, T>
where
    T: DeserializeOwned + Send,
{
    const ROUTE: &str = "/api/v2/projects/{project}/environments";
    Pages::new(client, Request::get(endpoint("environments", ROUTE), &[project]), Some(PAGE))
}

/// The context kinds of a project: all of them are in one answer.
pub fn context_kinds<'c>(client: &'c Client, project: &str) -> Pages<'c, Keyed> {
    const ROUTE: &str = "/api/v2/projects/{project}/context-kinds";
    Pages::new(client, Request::get(endpoint("context_kinds", ROUTE), &[project]), None)
}
