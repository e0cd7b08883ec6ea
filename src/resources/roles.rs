//! Custom roles: `GET /api/v2/roles`,
//! <https://launchdarkly.com/docs/api/custom-roles/get-custom-roles>.

use serde::Deserializer;
use serde::de::Error;

use crate::resources::prelude::*;

/// The account's own roles and LaunchDarkly's presets; base roles are not among them.
pub struct Roles;

impl Resource for Roles {
    type Item = Role;
    const NAME: &'static str = "roles";
    const PATH: &'static str = "/api/v2/roles";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "role/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(1000);
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "⌈roles / 1000⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[RoleTable::info, PolicyTable::info];
    const DROPPED: &'static [Dropped] =
        &[dropped("CustomRole._links", "link"), dropped("CustomRole._access", "access detail")];

    fn write(_: &Scope, role: &Role, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<RoleTable, PolicyTable>(sink, &role, parts(role, &role.policy))
    }
}

impl ListResource for Roles {
    fn key(role: &Role) -> &str {
        &role.id
    }
}

/// A custom role: <https://launchdarkly.com/docs/api/custom-roles/get-custom-role>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(default)]
    key: Lenient<Identifier>,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    base_permissions: Option<Lenient<String>>,
    resource_category: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "object")]
    assigned_to: Option<Assigned>,
    #[serde(rename = "_presetBundleVersion")]
    preset_bundle_version: Option<Lenient<i64>>,
    #[serde(rename = "_presetStatements")]
    preset_statements: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "list")]
    policy: Vec<Statement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assigned {
    members_count: Option<Lenient<i64>>,
    teams_count: Option<Lenient<i64>>,
}

/// A policy statement as received, with its effect, which all statements have.
#[derive(Debug)]
struct Statement {
    text: Lenient<JsonObject>,
    effect: Option<Lenient<String>>,
}

#[derive(Deserialize)]
struct Effect {
    effect: Option<Lenient<String>>,
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Lenient::<JsonObject>::deserialize(deserializer)?;
        let json = text.value().map_or("false", |json| json.0.get());
        let part = object::<Effect, _>(&mut serde_json::Deserializer::from_str(json));
        let effect = part.map_err(D::Error::custom)?.and_then(|part| part.effect);
        Ok(Statement { text, effect })
    }
}

struct RoleTable;
type C = Column<RoleTable>;

impl Table for RoleTable {
    type Row<'a> = &'a Role;
    const NAME: &'static str = "custom_roles";
    const DOC: &'static str =
        "One row per custom role: LaunchDarkly's presets and the account's own.";
    const KEY: &'static [&'static str] = &["custom_role_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::custom_role(|row| &row.id),
        C::lenient_text("custom_role_key", "CustomRole.key", "Key of the role.", |row| {
            row.key.text()
        }),
        common::name("CustomRole.name", |row| row.name.text()),
        common::description("CustomRole.description", |row| row.description.text()),
        C::lenient_text(
            "base_permissions",
            "CustomRole.basePermissions",
            "Permissions that apply where no statement says otherwise: `reader` or `no_access`.",
            |row| row.base_permissions.text(),
        ),
        C::lenient_text(
            "resource_category",
            "CustomRole.resourceCategory",
            "Category of resources that the role is about: `organization`, `project` or `any`.",
            |row| row.resource_category.text(),
        ),
        C::lenient_int(
            "assigned_member_count",
            "AssignedToRep.membersCount",
            "Number of members who have the role directly, not through a team.",
            |row| row.assigned_to.as_ref()?.members_count,
        ),
        C::lenient_int(
            "assigned_team_count",
            "AssignedToRep.teamsCount",
            "Number of teams that have the role.",
            |row| row.assigned_to.as_ref()?.teams_count,
        ),
        C::lenient_int(
            "preset_bundle_version",
            "CustomRole._presetBundleVersion",
            "Version of the preset that the role was made from; NULL for the account's own.",
            |row| row.preset_bundle_version,
        ),
        C::lenient_json(
            "preset_statements",
            "CustomRole._presetStatements",
            "Statements that come from the preset and cannot be changed.",
            |row| row.preset_statements.json(),
        )
        .mentions_people(),
    ];
}

struct PolicyTable;
type P = Column<PolicyTable>;

impl Table for PolicyTable {
    type Row<'a> = Part<'a, &'a Role, Statement>;
    const NAME: &'static str = "custom_role_policies";
    const DOC: &'static str = "One row per statement of each custom role's policy.";
    const KEY: &'static [&'static str] = &["custom_role_id", "statement_index"];
    const PART_OF: Option<&'static str> = Some("custom_roles");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::custom_role(|row| &row.of.id),
        P::int("statement_index", "CustomRole.policy", "Position in the policy, from 0.", |row| {
            row.index
        }),
        P::lenient_text("effect", "Statement.effect", "`allow` or `deny`.", |row| {
            row.item.effect.text()
        }),
        P::lenient_json(
            "statement",
            "CustomRole.policy",
            "The whole statement: its effect, its resources and its actions.",
            |row| Some(row.item.text.map(|json| json.0.as_ref())),
        )
        .mentions_people(),
    ];
}
