//! `/applications`: the programs that ask for flags.

use super::{Account, Json, Listing, Total};
use crate::account::Project;
use crate::call::escaped;
use crate::json::{self, Object};
use crate::render::people::{member_summary, team_of_member};

const DAY_MS: i64 = 86_400_000;

pub(super) const LISTING: Listing = Listing {
    pattern: "applications",
    pages: Some((10, 100)),
    total: Total::Camel,
    is_beta: true,
    items,
};

/// Two per project: a client application and its server.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let projects = (0..).zip(&account.projects);
    projects
        .flat_map(|(number, project)| [client(account, number, project), server(project)])
        .collect()
}

fn client(account: &Account, number: i64, project: &Project) -> Json {
    let mobile = project.client_side.is_some_and(|side| side.using_mobile_key);
    start(project, if mobile { "mobile" } else { "browser" })
        .boolean("autoAdded", false)
        .text("description", &format!("What customers see of {}.", project.name))
        .integer("creationDate", account.now_ms - (400 - number) * DAY_MS)
        .integer("_version", 1 + number)
        .raw_if("_maintainer", maintainer(account, number).as_deref())
        .close()
}

/// LaunchDarkly detected the application automatically.
fn server(project: &Project) -> Json {
    start(project, "server").boolean("autoAdded", true).close()
}

/// The maintainer: alternately a member and a team.
fn maintainer(account: &Account, number: i64) -> Option<Json> {
    let position = usize::try_from(number).ok()?;
    let maintainer = match number % 2 {
        0 => ("member", member_summary(account.members.get(position)?)),
        _ => ("team", team_of_member(account, account.teams.get(position)?)),
    };
    Some(Object::new().raw(maintainer.0, &maintainer.1).close())
}

fn start(project: &Project, kind: &str) -> Object {
    let key = format!("{}-{kind}", project.key);
    let path = format!("/api/v2/applications/{}", escaped(&key));
    Object::new()
        .raw("_links", &json::links([("self", path)]))
        .text("key", &key)
        .text("kind", kind)
        .text("name", &format!("{} {kind}", project.name))
}
