//! Teams, their maintainers and role attributes:
//! `GET /api/v2/teams?expand=members,maintainers,roleAttributes`,
//! <https://launchdarkly.com/docs/api/teams/get-teams>.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decode::{MemberSummary, Nested};
use crate::launchdarkly::lenient::bounded::or_default;
use crate::resources::prelude::*;

/// The account's teams. Needs an Enterprise plan.
pub struct Teams;

impl Resource for Teams {
    type Item = Team;
    const NAME: &'static str = "teams";
    const PATH: &'static str = "/api/v2/teams";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "viewTeam";
    const SPECIFIER: &'static str = "team/*";
    const PAGING: Paging = Paging::Offset(100);
    const REQUESTS: &'static str = "⌈teams / 100⌉";
    const PLAN: Option<&'static str> = Some("Enterprise");
    const TABLES: &'static [fn() -> TableInfo] = &[TeamTable::info, RoleAttributeTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("Team._access", "access detail"),
        dropped("Team._links", "link"),
        dropped("Team.roles", "not in the list; see `team_roles`"),
        dropped("Team.projects", "not in the list since API version 20240415"),
    ];

    fn write(_: &Scope, team: &Team, sink: &mut dyn Sink) -> Result<()> {
        if write_row::<TeamTable>(sink, &team)? != Written::Fresh {
            return Ok(());
        }
        let members = team.maintainers.iter().flat_map(|page| &page.items);
        let members = members.filter(|member| !member.id.is_empty());
        let row = |member| MaintainerRow { team_key: &team.key, member };
        write_rows::<MaintainerTable>(sink, members.map(row))?;
        write_rows::<RoleAttributeTable>(sink, role_attributes(team))
    }
}

/// Every field but the key is optional in the schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    #[serde(deserialize_with = "required_identifier")]
    pub(crate) key: String,
    name: Option<Lenient<String>>,
    description: Option<Lenient<String>>,
    #[serde(rename = "_creationDate")]
    creation_date: Option<Lenient<Moment>>,
    #[serde(rename = "_lastModified")]
    last_modified: Option<Lenient<Moment>>,
    #[serde(rename = "_version")]
    version: Option<Lenient<i64>>,
    #[serde(rename = "_idpSynced")]
    idp_synced: Option<Lenient<bool>>,
    #[serde(default, deserialize_with = "object")]
    members: Option<MemberCount>,
    /// The first page of them; completed before the team is written.
    pub(crate) maintainers: Option<Nested<MemberSummary>>,
    #[serde(default, deserialize_with = "or_default")]
    role_attributes: BTreeMap<String, Values>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(transparent)]
struct Values(#[serde(deserialize_with = "list")] Vec<String>);

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberCount {
    total_count: Option<Lenient<i64>>,
}

struct TeamTable;
type C = Column<TeamTable>;

impl Table for TeamTable {
    type Row<'a> = &'a Team;
    const NAME: &'static str = "teams";
    const DOC: &'static str = "One row per team.";
    const KEY: &'static [&'static str] = &["team_key"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::team(|row| &row.key),
        common::name("Team.name", |row| row.name.text()),
        common::description("Team.description", |row| row.description.text()),
        common::created_at("Team._creationDate", |row| row.creation_date.number()),
        common::last_modified_at("Team._lastModified", |row| row.last_modified.number()),
        common::version("Team._version", |row| row.version),
        C::lenient_bool(
            "idp_synced",
            "Team._idpSynced",
            "Whether an external identity provider synchronizes the team.",
            |row| row.idp_synced,
        ),
        C::lenient_int("member_count", "TeamMembers.totalCount", "Number of members.", |row| {
            row.members.as_ref().and_then(|members| members.total_count)
        }),
        C::int("maintainer_count", "TeamMaintainers.totalCount", "Number of maintainers.", |row| {
            row.maintainer_count()
        }),
    ];
}

impl Team {
    /// The number that the server reports, or the number that was read if that is higher.
    fn maintainer_count(&self) -> i64 {
        self.maintainers.as_ref().map_or(0, |page| {
            let seen = length(page.items.len());
            page.total_count.map_or(seen, |total| total.max(seen))
        })
    }
}

/// One maintainer of one team.
pub(super) struct MaintainerRow<'a> {
    pub(super) team_key: &'a str,
    pub(super) member: &'a MemberSummary,
}

/// The maintainers of teams.
pub(super) struct MaintainerTable;
type M = Column<MaintainerTable>;

impl Table for MaintainerTable {
    type Row<'a> = MaintainerRow<'a>;
    const NAME: &'static str = "team_maintainers";
    const DOC: &'static str = "One row per member who maintains a team.";
    const KEY: &'static [&'static str] = &["team_key", "member_id"];
    const PART_OF: Option<&'static str> = Some("teams");
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::team(|row| row.team_key),
        M::text("member_id", "MemberSummary._id", "ID of the member.", |row| &row.member.id),
        common::member_email("MemberSummary.email", |row| row.member.email.text()),
        common::member_first_name("MemberSummary.firstName", |row| row.member.first_name.text()),
        common::member_last_name("MemberSummary.lastName", |row| row.member.last_name.text()),
        common::member_role("MemberSummary.role", |row| row.member.role.text()),
    ];
}

fn role_attributes(team: &Team) -> impl Iterator<Item = RoleAttributeRow<'_>> {
    team.role_attributes.iter().flat_map(|(attribute, values)| {
        let values = (0..).zip(&values.0);
        values.map(|(index, value)| RoleAttributeRow { team, attribute, index, value })
    })
}

struct RoleAttributeRow<'a> {
    team: &'a Team,
    attribute: &'a str,
    index: i64,
    value: &'a str,
}

struct RoleAttributeTable;
type A = Column<RoleAttributeTable>;

impl Table for RoleAttributeTable {
    type Row<'a> = RoleAttributeRow<'a>;
    const NAME: &'static str = "team_role_attributes";
    const DOC: &'static str = "One row per value that a team assigns to a role attribute.";
    const KEY: &'static [&'static str] = &["team_key", "attribute_key", "value_index"];
    const PART_OF: Option<&'static str> = Some("teams");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::team(|row| &row.team.key),
        A::text(
            "attribute_key",
            "Team.roleAttributes",
            "Key of the attribute, as `${roleAttribute/key}` names it in a policy.",
            |row| row.attribute,
        ),
        A::int("value_index", "Team.roleAttributes", "Position of the value, from 0.", |row| {
            row.index
        }),
        A::text("value", "Team.roleAttributes", "The value, such as a project's key.", |row| {
            row.value
        }),
    ];
}
