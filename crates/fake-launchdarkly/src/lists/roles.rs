//! `/roles`: custom roles, which extend the base role.

use serde_json::{Value, json};

use super::{Account, Json, Listing, Total};
use crate::account::{Member, Team, object_id};
use crate::json::{self, Object};

pub(super) const LISTING: Listing = Listing {
    pattern: "roles",
    pages: Some((20, 1000)),
    total: Total::Camel,
    is_beta: false,
    items,
};

/// A custom role.
pub(crate) struct Role {
    /// Key.
    pub key: &'static str,
    /// Human-friendly name.
    pub name: &'static str,
    description: Option<&'static str>,
    base_permissions: Option<&'static str>,
    /// The bundle it came with, if it is one of LaunchDarkly's own.
    preset: Option<i64>,
    /// Whether a team has it.
    suits: fn(&Team) -> bool,
    policy: fn(&Account) -> Value,
}

const ROLES: [Role; 4] = [
    Role {
        key: "release-manager",
        name: "Release manager",
        description: Some("Turns flags on and off where customers are."),
        base_permissions: Some("reader"),
        preset: None,
        suits: |team| team.maintainer_ids.len() > 1,
        policy: releases,
    },
    Role {
        key: "project-developer",
        name: "Project developer",
        description: None,
        base_permissions: Some("no_access"),
        preset: Some(2),
        suits: |team| team.role_attributes.iter().any(|(key, _)| key == "project"),
        policy: |_| developing(),
    },
    Role {
        key: "on-call",
        name: "On call",
        description: Some("Everything but deleting, for the night."),
        base_permissions: None,
        preset: None,
        suits: |team| team.idp_synced == Some(true),
        policy: |_| json!([{"effect": "allow", "resources": ["proj/*:env/*:flag/*"], "notActions": ["deleteFlag"]}]),
    },
    Role {
        key: "member-steward",
        name: "Member steward",
        description: Some("Invites people and leaves the owner alone."),
        base_permissions: Some("no_access"),
        preset: None,
        suits: |_| false,
        policy: stewardship,
    },
];

/// The identifier of the role with this key.
pub(crate) fn role_id(key: &str) -> String {
    object_id(&format!("custom role {key}"))
}

/// The roles of a team.
pub(crate) fn of_team(account: &Account, team: &Team) -> impl Iterator<Item = &'static Role> {
    let all = all(account).iter();
    all.filter(|role| (role.suits)(team)).collect::<Vec<_>>().into_iter()
}

/// An account without members has no roles.
fn all(account: &Account) -> &'static [Role] {
    if account.members.is_empty() { &[] } else { &ROLES }
}

fn items(account: &Account, _: &[String]) -> Vec<Json> {
    all(account).iter().map(|role| item(account, role)).collect()
}

fn item(account: &Account, role: &Role) -> Json {
    let id = role_id(role.key);
    let has = |member: &&Member| member.custom_roles.contains(&id);
    let (members, teams) = (account.members.iter().filter(has), account.teams.iter());
    let assigned = Object::new()
        .integer("membersCount", members.count() as i64)
        .integer("teamsCount", teams.filter(|team| (role.suits)(team)).count() as i64);
    let path = format!("/api/v2/roles/{}", role.key);
    let preset = role.preset.map(|_| developing().to_string());
    Object::new()
        .text("_id", &id)
        .raw("_links", &json::links([("parent", "/api/v2/roles".to_owned()), ("self", path)]))
        .text_if("description", role.description)
        .text("key", role.key)
        .text("name", role.name)
        .raw("policy", &(role.policy)(account).to_string())
        .text_if("basePermissions", role.base_permissions)
        .text("resourceCategory", if role.preset.is_some() { "project" } else { "any" })
        .raw("assignedTo", &assigned.close())
        .integer_if("_presetBundleVersion", role.preset)
        .raw_if("_presetStatements", preset.as_deref())
        .close()
}

/// Denies changes in production of the last project.
fn releases(account: &Account) -> Value {
    let last = account.projects.last().map_or("*", |project| &project.key);
    json!([
        {"effect": "allow", "resources": ["proj/*:env/production:flag/*"], "actions": ["updateOn", "updateFallthrough"]},
        {"effect": "deny", "resources": [format!("proj/{last}:env/production:flag/*")], "actions": ["*"]},
    ])
}

fn developing() -> Value {
    let resource = "proj/${roleAttribute/project}:env/*:flag/*";
    json!([{"effect": "allow", "resources": [resource], "actions": ["*"]}])
}

/// Policies contain e-mail addresses of members.
fn stewardship(account: &Account) -> Value {
    let owner = account.members.first().map_or("*", |member| &member.email);
    json!([
        {"effect": "allow", "resources": ["member/*"], "actions": ["createMember", "updateRole"]},
        {"effect": "deny", "resources": [format!("member/{owner}")], "actions": ["*"]},
    ])
}
