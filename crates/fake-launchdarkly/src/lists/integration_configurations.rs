//! `/integration-capabilities/featureStore`: where flags are copied to, credentials included.

use serde_json::json;

use super::{Account, Json, Listing, Total};
use crate::account::{Environment, Project, object_id};
use crate::call::escaped;
use crate::json::{self, Object};

pub(super) const LISTING: Listing = Listing {
    pattern: "integration-capabilities/featureStore",
    pages: None,
    total: Total::None,
    is_beta: true,
    items,
};

/// The first environment of the first projects.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let stores = ["cloudflare", "fastly", "vercel-edge-config"];
    let places = account.projects.iter().zip(stores).filter_map(|(project, integration)| {
        Some((project, project.environments.first()?, integration))
    });
    let store =
        |(project, place, integration)| start("featureStore", project, place, integration).close();
    places.map(store).collect()
}

/// A configuration, but for what only one capability has.
pub(super) fn start(
    capability: &str,
    project: &Project,
    place: &Environment,
    integration: &str,
) -> Object {
    let id = object_id(&format!("{capability} {} {integration}", place.id));
    let parent = format!("/api/v2/integration-capabilities/{capability}");
    let (project_key, environment_key) = (escaped(&project.key), escaped(&place.key));
    let path = format!("{parent}/{project_key}/{environment_key}/{integration}/{id}");
    let config = json!({
        "uri": "redis://fake-secret-integration-user@store.example",
        "apiToken": "fake-secret-integration",
    });
    Object::new()
        .raw("_links", &json::links([("self", path), ("parent", parent)]))
        .text("_id", &id)
        .text("integrationKey", integration)
        .text("projectKey", &project.key)
        .text("environmentKey", &place.key)
        .raw("config", &config.to_string())
        .boolean("on", place.critical)
        .texts("tags", &project.tags)
        .text("name", &format!("{} in {}", project.name, place.name))
        .integer("version", 3)
}
