//! Custom roles of teams: `GET /api/v2/teams/{team}/roles`,
//! <https://launchdarkly.com/docs/api/teams/get-team-roles>.

use crate::resources::prelude::*;

/// The custom roles that a team gives its members.
pub struct TeamRoles;

impl Resource for TeamRoles {
    type Item = TeamRole;
    const NAME: &'static str = "team_roles";
    const PATH: &'static str = "/api/v2/teams/{team}/roles";
    const LEVEL: Level = Level::Team;
    const PERMISSION: &'static str = "viewTeam";
    const SPECIFIER: &'static str = "team/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "⌈roles / 100⌉, but at least 1, a team";
    const NEEDS: &'static [&'static str] = &["teams"];
    const TABLES: &'static [fn() -> TableInfo] = &[RoleTable::info];
    const DROPPED: &'static [Dropped] = &[dropped(
        "TeamProjects.items",
        "follows from the role's policy and the team's role attributes",
    )];

    /// The scope's first key is the team's.
    fn write(scope: &Scope, role: &TeamRole, sink: &mut dyn Sink) -> Result<()> {
        let row = RoleRow { team_key: scope.team_key(), role };
        write_row::<RoleTable>(sink, &row).map(drop)
    }
}

impl ListResource for TeamRoles {
    fn key(role: &TeamRole) -> &str {
        &role.key
    }
}

/// A role of a team. Every field but the key is optional in the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamRole {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    name: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "object")]
    projects: Option<Projects>,
    applied_on: Option<Lenient<Moment>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Projects {
    total_count: Option<Lenient<i64>>,
}

struct RoleRow<'a> {
    team_key: &'a str,
    role: &'a TeamRole,
}

struct RoleTable;
type C = Column<RoleTable>;

impl Table for RoleTable {
    type Row<'a> = RoleRow<'a>;
    const NAME: &'static str = "team_roles";
    const DOC: &'static str = "One row per custom role of each team.";
    const KEY: &'static [&'static str] = &["team_key", "custom_role_key"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::team(|row| row.team_key),
        C::text("custom_role_key", "TeamCustomRole.key", "Key, not ID, of the role.", |row| {
            &row.role.key
        }),
        common::name("TeamCustomRole.name", |row| row.role.name.text()),
        C::lenient_time(
            "applied_at",
            "TeamCustomRole.appliedOn",
            "When the role was assigned to the team.",
            |row| row.role.applied_on.number(),
        ),
        C::lenient_int(
            "project_count",
            "TeamProjects.totalCount",
            "Number of projects in which the role allows the team to change something.",
            |row| row.role.projects.as_ref()?.total_count,
        ),
    ];
}
