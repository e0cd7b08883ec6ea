//! Teams and members.

use crate::Behaviour;
use crate::account::{Account, Member, Team};
use crate::call::escaped;
use crate::json::{self, Object};
use crate::{lists, paging};

/// Which parts of a team are asked for.
#[derive(Clone, Copy)]
pub(crate) struct TeamParts {
    /// The number of members.
    pub members: bool,
    /// The first page of maintainers.
    pub maintainers: bool,
    /// The first page of roles.
    pub roles: bool,
    /// The values for attributes of roles.
    pub role_attributes: bool,
}

/// A team.
pub(crate) fn team(
    account: &Account,
    behaviour: &Behaviour,
    team: &Team,
    parts: TeamParts,
) -> String {
    let path = team_path(&team.key);
    let members = Object::new().integer("totalCount", team.member_ids.len() as i64).close();
    let maintainers = parts.maintainers.then(|| first_maintainers(account, behaviour, team));
    let roles = parts.roles.then(|| {
        let items = lists::team_roles::items_of(account, team);
        paging::nested(behaviour, &format!("{path}/roles"), None, 25, items)
    });
    let role_attributes = parts.role_attributes.then(|| role_attributes(team));
    Object::new()
        .text_if("description", team.description.as_deref())
        .text("key", &team.key)
        .text_if("name", team.name.as_deref())
        .integer_if("_creationDate", team.created_ms)
        .raw("_links", &json::links([("parent", "/api/v2/teams".to_owned()), ("self", path)]))
        .integer_if("_lastModified", team.last_modified_ms)
        .integer_if("_version", team.version)
        .boolean_if("_idpSynced", team.idp_synced)
        .raw_if("members", parts.members.then_some(members.as_str()))
        .raw_if("maintainers", maintainers.as_deref())
        .raw_if("roles", roles.as_deref())
        .raw_if("roleAttributes", role_attributes.as_deref())
        .close()
}

fn role_attributes(team: &Team) -> String {
    let attributes = team.role_attributes.iter();
    attributes.fold(Object::new(), |object, (key, values)| object.texts(key, values)).close()
}

/// The team's maintainers who are members of the account.
pub(crate) fn maintainers<'a>(account: &'a Account, team: &Team) -> Vec<&'a Member> {
    team.maintainer_ids.iter().filter_map(|id| account.member(id)).collect()
}

/// The summary of a member that other objects contain.
pub(crate) fn member_summary(member: &Member) -> String {
    summary_fields(Object::new(), member).close()
}

/// A member, with the teams.
pub(crate) fn member(account: &Account, member: &Member) -> String {
    let teams = account.teams.iter().filter(|team| team.member_ids.contains(&member.id));
    summary_fields(Object::new(), member)
        .boolean("_pendingInvite", member.pending_invite)
        .boolean("_verified", member.verified)
        .texts("customRoles", &member.custom_roles)
        .text("mfa", &member.mfa)
        .integer("_lastSeen", member.last_seen_ms)
        .integer("creationDate", member.created_ms)
        .raw("teams", &json::array(teams.map(|team| team_of_member(account, team))))
        .close()
}

/// The path of a team.
pub(crate) fn team_path(team: &str) -> String {
    format!("/api/v2/teams/{}", escaped(team))
}

fn first_maintainers(account: &Account, behaviour: &Behaviour, team: &Team) -> String {
    let path = format!("{}/maintainers", team_path(&team.key));
    let items = maintainers(account, team).into_iter().map(member_summary).collect();
    paging::nested(behaviour, &path, None, behaviour.nested_maintainers, items)
}

fn summary_fields(object: Object, member: &Member) -> Object {
    let path = format!("/api/v2/members/{}", escaped(&member.id));
    object
        .raw("_links", &json::links([("self", path)]))
        .text("_id", &member.id)
        .text_if("firstName", member.first_name.as_deref())
        .text_if("lastName", member.last_name.as_deref())
        .text("role", &member.role)
        .text("email", &member.email)
}

/// A team, as members and other objects mention it.
pub(crate) fn team_of_member(account: &Account, team: &Team) -> String {
    let roles: Vec<String> =
        lists::roles::of_team(account, team).map(|role| role.key.to_owned()).collect();
    Object::new()
        .texts("customRoleKeys", &roles)
        .text("key", &team.key)
        .text_if("name", team.name.as_deref())
        .close()
}
