//! `/teams/{team}/roles`

use super::roles::{self, Role};
use super::{Account, Json, Listing, Total};
use crate::account::{Project, Team};
use crate::json::{self, Object};

pub(super) const LISTING: Listing = Listing {
    pattern: "teams/{team}/roles",
    pages: Some((20, 100)),
    total: Total::Camel,
    is_beta: false,
    items,
};

fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let team = arguments.first().and_then(|key| account.team(key));
    team.map(|team| items_of(account, team)).unwrap_or_default()
}

/// The roles of a team, with the fields that this list has.
pub(crate) fn items_of(account: &Account, team: &Team) -> Vec<Json> {
    roles::of_team(account, team).map(|role| item(account, team, role)).collect()
}

fn item(account: &Account, team: &Team, role: &Role) -> Json {
    let values = team.role_attributes.iter().flat_map(|(_, values)| values);
    let projects: Vec<Json> = values.filter_map(|key| account.project(key)).map(project).collect();
    let projects = Object::new()
        .integer("totalCount", projects.len() as i64)
        .raw("items", &json::array(projects));
    Object::new()
        .text("key", role.key)
        .text("name", role.name)
        .raw("projects", &projects.close())
        .integer_if("appliedOn", team.last_modified_ms)
        .close()
}

fn project(project: &Project) -> Json {
    Object::new()
        .text("_id", &project.id)
        .raw("_links", "{}")
        .text("key", &project.key)
        .text("name", &project.name)
        .close()
}
