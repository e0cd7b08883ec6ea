//! `/code-refs/repositories`: one for each project with flags, and one that is no longer scanned.

use serde_json::json;

use super::{Listing, Total};
use crate::account::{Account, Json};

pub(super) const LISTING: Listing = Listing {
    pattern: "code-refs/repositories",
    pages: None,
    total: Total::None,
    is_beta: false,
    items,
};

/// The repository with old scripts.
pub(super) const OLD: &str = "old-scripts";

/// The URL of a repository. It contains credentials, as real ones sometimes do.
pub(super) fn source_link(repository: &str) -> String {
    format!(
        "https://flag-finder:fake-secret-source-link-user@git.harbourlane.example/{repository}?private_token=fake-secret-source-link-query"
    )
}

fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let projects = account.projects.iter().filter(|project| !project.flags.is_empty());
    let names: Vec<&str> = projects.map(|project| project.key.as_str()).collect();
    let old = (!names.is_empty()).then_some(OLD);
    names.into_iter().chain(old).map(repository).collect()
}

fn repository(name: &str) -> Json {
    let site = format!("https://fake-secret-template-user@git.harbourlane.example/{name}");
    let repository = json!({
        "name": name,
        "type": if name == OLD { "custom" } else { "gitlab" },
        "sourceLink": source_link(name),
        "commitUrlTemplate": format!("{site}/-/commit/${{sha}}?private_token=fake-secret-template-query"),
        "hunkUrlTemplate": format!("{site}/-/blob/${{sha}}/${{filePath}}#L${{lineNumber}}"),
        "defaultBranch": if name == OLD { "master" } else { "main" },
        "enabled": name != OLD,
        "version": 1 + name.len(),
        "_links": {"self": {"href": format!("/api/v2/code-refs/repositories/{name}"), "type": "application/json"}},
    });
    repository.to_string()
}
