//! Members: `GET /api/v2/members?expand=customRoles,roleAttributes`,
//! <https://launchdarkly.com/docs/api/account-members/get-members>.

use crate::resources::prelude::*;

/// The members of the account.
pub struct Members;

impl Resource for Members {
    type Item = Member;
    const NAME: &'static str = "members";
    const PATH: &'static str = "/api/v2/members";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "member/*";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Offset(1000);
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("expand", "customRoles,roleAttributes")];
    const REQUESTS: &'static str = "⌈members / 1000⌉";
    const TABLES: &'static [fn() -> TableInfo] =
        &[MemberTable::info, TeamMemberTable::info, CustomRoleTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("Member._links", "link"),
        dropped("Member._pendingEmail", "personal, and not needed after verification"),
        dropped("Member.excludedDashboards", "a setting of the user interface"),
        dropped("Member._lastSeenMetadata", "the token that was used last"),
        dropped("Member._integrationMetadata", "an external provider's detail"),
        dropped("Member.permissionGrants", "access detail"),
        dropped("Member.oauthProviders", "sign-in detail"),
        dropped("MemberTeamSummaryRep._links", "link"),
        dropped("MemberTeamSummaryRep.name", "in `teams`"),
        dropped("MemberTeamSummaryRep.customRoleKeys", "in `team_roles`"),
    ];

    fn write(_: &Scope, member: &Member, sink: &mut dyn Sink) -> Result<()> {
        if write_row::<MemberTable>(sink, &member)? != Written::Fresh {
            return Ok(());
        }
        let teams = member.teams.iter().filter(|team| !team.key.is_empty());
        write_rows::<TeamMemberTable>(sink, parts(member, teams))?;
        write_rows::<CustomRoleTable>(sink, parts(member, &member.custom_roles))
    }
}

impl ListResource for Members {
    fn key(member: &Member) -> &str {
        &member.id
    }
}

/// A member: <https://launchdarkly.com/docs/api/account-members/get-member>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(default)]
    email: Lenient<Identifier>,
    first_name: Option<Lenient<String>>,
    last_name: Option<Lenient<String>>,
    #[serde(default)]
    role: Lenient<String>,
    mfa: Option<String>,
    #[serde(rename = "_verified")]
    verified: Option<bool>,
    #[serde(rename = "_pendingInvite")]
    pending_invite: bool,
    #[serde(default, deserialize_with = "time")]
    creation_date: Option<i64>,
    #[serde(rename = "_lastSeen", default, deserialize_with = "time")]
    last_seen: Option<i64>,
    has_password: Option<bool>,
    mfa_enforced: Option<Lenient<bool>>,
    mfa_grace_period_expires_at: Option<Lenient<Moment>>,
    version: Option<Lenient<i64>>,
    role_attributes: Option<Lenient<JsonObject>>,
    #[serde(default, deserialize_with = "identifiers")]
    custom_roles: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    teams: Vec<MemberTeam>,
}

#[derive(Debug, Deserialize)]
struct MemberTeam {
    /// An empty value counts as not set.
    key: String,
}

struct MemberTable;
type C = Column<MemberTable>;

impl Table for MemberTable {
    type Row<'a> = &'a Member;
    const NAME: &'static str = "members";
    const DOC: &'static str = "One row per member of the account.";
    const KEY: &'static [&'static str] = &["member_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::member(|row| &row.id),
        common::member_email("Member.email", |row| row.email.text()),
        common::member_first_name("Member.firstName", |row| row.first_name.text()),
        common::member_last_name("Member.lastName", |row| row.last_name.text()),
        common::member_role("Member.role", |row| row.role.text()),
        C::text_opt(
            "mfa",
            "Member.mfa",
            "State of multi-factor authentication, such as `enabled`.",
            |row| row.mfa.as_deref(),
        ),
        C::lenient_bool(
            "mfa_enforced",
            "Member.mfaEnforced",
            "Whether multi-factor authentication is required.",
            |row| row.mfa_enforced,
        ),
        C::lenient_time(
            "mfa_grace_period_expires_at",
            "Member.mfaGracePeriodExpiresAt",
            "Until when the member may sign in without multi-factor authentication.",
            |row| row.mfa_grace_period_expires_at.number(),
        ),
        C::bool_opt(
            "verified",
            "Member._verified",
            "Whether the email address was verified.",
            |row| row.verified,
        ),
        C::bool(
            "pending_invite",
            "Member._pendingInvite",
            "Whether the member has not accepted the invitation yet.",
            |row| row.pending_invite,
        ),
        C::bool_opt(
            "has_password",
            "Member.hasPassword",
            "Whether the member can sign in with a password.",
            |row| row.has_password,
        ),
        C::time_opt("created_at", "Member.creationDate", "When the member was invited.", |row| {
            row.creation_date
        }),
        C::time_opt(
            "last_seen_at",
            "Member._lastSeen",
            "When the member was last seen; NULL for never.",
            |row| row.last_seen.filter(|time| *time > 0),
        ),
        C::lenient_json(
            "role_attributes",
            "Member.roleAttributes",
            "Values for the attributes of the member's roles, by attribute.",
            |row| row.role_attributes.json(),
        ),
        common::version("Member.version", |row| row.version),
    ];
}

struct TeamMemberTable;
type T = Column<TeamMemberTable>;

impl Table for TeamMemberTable {
    type Row<'a> = Part<'a, &'a Member, MemberTeam>;
    const NAME: &'static str = "team_members";
    const DOC: &'static str = "One row per member of each team.";
    const KEY: &'static [&'static str] = &["team_key", "member_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        T::text("team_key", "MemberTeamSummaryRep.key", "Key of the team.", |row| &row.item.key),
        keys::member(|row| &row.of.id),
    ];
}

struct CustomRoleTable;

impl Table for CustomRoleTable {
    type Row<'a> = Part<'a, &'a Member, String>;
    const NAME: &'static str = "member_custom_roles";
    const DOC: &'static str = "One row per custom role of each member.";
    const KEY: &'static [&'static str] = &["member_id", "custom_role_id"];
    const PART_OF: Option<&'static str> = Some("members");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::member(|row| &row.of.id),
        common::custom_role_id("Member.customRoles", |row| row.item),
    ];
}
