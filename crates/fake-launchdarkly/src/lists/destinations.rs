//! `/destinations`: targets of data export for each environment, credentials included.

use serde_json::json;

use super::{Account, Json, Listing, Total};
use crate::account::{Environment, Project, object_id};
use crate::call::escaped;
use crate::json::{self, Object};

const DAY_MS: i64 = 86_400_000;

pub(super) const LISTING: Listing =
    Listing { pattern: "destinations", pages: None, total: Total::None, is_beta: false, items };

/// The first environment of every other project.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let projects = (0..).zip(&account.projects).step_by(2);
    let places = projects
        .filter_map(|(number, project)| Some((number, project, project.environments.first()?)));
    places.map(|(number, project, place)| item(account, number, project, place)).collect()
}

fn item(account: &Account, number: i64, project: &Project, place: &Environment) -> Json {
    const KINDS: [&str; 4] = ["snowflake-v2", "kinesis", "segment", "redshift"];
    let kind = KINDS[position_of(number)];
    let id = object_id(&format!("destination {}", place.id));
    let (project_key, environment_key) = (escaped(&project.key), escaped(&place.key));
    let path = format!("/api/v2/destinations/{project_key}/{environment_key}/{id}");
    let parent = "/api/v2/destinations".to_owned();
    let config =
        json!({"host": "fake-secret-destination-host", "writeKey": "fake-secret-destination"});
    let artifacts =
        json!({"sqlSetupScript": "fake-secret-destination-script", "s3BucketName": "b"});
    Object::new()
        .text("_id", &id)
        .raw("_links", &json::links([("parent", parent), ("self", path)]))
        .text("name", &format!("{} events", project.name))
        .text("kind", kind)
        .raw("version", &number.max(1).to_string())
        .raw("config", &config.to_string())
        .boolean("on", number % 4 == 0)
        .integer("createdAt", account.now_ms - (100 + number) * DAY_MS)
        .text_if("maintainerId", account.members.first().map(|member| member.id.as_str()))
        .raw_if(
            "completedArtifacts",
            (kind == "redshift").then(|| artifacts.to_string()).as_deref(),
        )
        .close()
}

fn position_of(number: i64) -> usize {
    usize::try_from(number / 2 % 4).unwrap_or_default()
}
