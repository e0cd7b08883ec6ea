//! `/projects/{project}/views`

use serde_json::{Value, json};

use super::{Listing, Total};
use crate::account::{Account, Flag, Json, Member, Project, Team, object_id};

const DAY_MS: i64 = 86_400_000;

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/views",
    pages: Some((20, 100)),
    total: Total::Camel,
    is_beta: true,
    items,
};

/// One for each team that maintains flags of the project, and an archived one.
fn items(account: &Account, arguments: &[String]) -> Vec<Json> {
    let project = arguments.first().and_then(|key| account.project(key));
    let Some(project) = project else { return Vec::new() };
    let teams = account.teams.iter().filter_map(|team| of_team(account, project, team));
    let owner = account.members.first().map(|owner| archived(account, project, owner));
    teams.take(5).chain(owner).map(|view| view.to_string()).collect()
}

fn of_team(account: &Account, project: &Project, team: &Team) -> Option<Value> {
    let theirs = |flag: &&Flag| flag.maintainer_team.as_ref() == Some(&team.key);
    let count = project.flags.iter().filter(theirs).count();
    let name = team.name.as_deref().unwrap_or(&team.key);
    let mut view = view(account, project, &team.key, name);
    view["maintainer"] = json!({
        "id": object_id(&team.key), "kind": "team",
        "maintainerTeam": {"id": object_id(&team.key), "key": team.key, "name": name},
    });
    view["resourceSummary"] = json!({"flagCount": count, "segmentCount": 0, "totalCount": count});
    (count > 0).then_some(view)
}

fn archived(account: &Account, project: &Project, owner: &Member) -> Value {
    let mut view = view(account, project, "migration", "Migration");
    view["archived"] = json!(true);
    view["archivedAt"] = json!(account.now_ms - 30 * DAY_MS);
    view["maintainer"] = json!({
        "id": owner.id, "kind": "member",
        "maintainerMember": {
            "id": owner.id, "email": owner.email, "role": owner.role,
            "firstName": owner.first_name, "lastName": owner.last_name,
        },
    });
    view
}

fn view(account: &Account, project: &Project, key: &str, name: &str) -> Value {
    json!({
        "_access": {"allowed": [], "denied": []}, "_links": {},
        "id": object_id(&format!("view {} {key}", project.key)), "accountId": account.account_id,
        "projectId": project.id, "projectKey": project.key, "key": key, "name": name,
        "description": format!("What {name} looks after."), "_affectsSdkPayload": false,
        "generateSdkKeys": false, "version": 2, "tags": ["team"], "archived": false, "deleted": false,
        "createdAt": account.now_ms - 150 * DAY_MS, "updatedAt": account.now_ms - 40 * DAY_MS,
    })
}
