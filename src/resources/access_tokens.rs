//! Access tokens: `GET /api/v2/tokens?showAll=true`,
//! <https://launchdarkly.com/docs/api/access-tokens/get-tokens>.
//!
//! The API shows the last characters of each token. The item type has no field for them.

use super::decode::MemberMention;
use crate::resources::prelude::*;

/// The account's access tokens; only admins see those of other members.
pub struct AccessTokens;

impl Resource for AccessTokens {
    type Item = AccessToken;
    const NAME: &'static str = "access_tokens";
    const PATH: &'static str = "/api/v2/tokens";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "member/*:token/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(1000);
    const QUERY: &'static [(&'static str, &'static str)] = &[("showAll", "true")];
    const REQUESTS: &'static str = "⌈access tokens / 1000⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[TokenTable::info, CustomRoleTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("Token._links", "link"),
        dropped("Token.token", "secret: the token, or its last characters"),
    ];

    fn write(_: &Scope, token: &AccessToken, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<TokenTable, CustomRoleTable>(
            sink,
            &token,
            parts(token, &token.custom_role_ids),
        )
    }
}

impl ListResource for AccessTokens {
    fn key(token: &AccessToken) -> &str {
        &token.id
    }
}

/// An access token's description. The token itself is never read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessToken {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(default)]
    owner_id: Lenient<Identifier>,
    #[serde(default, deserialize_with = "identifier")]
    member_id: Option<String>,
    #[serde(rename = "_member", default, deserialize_with = "object")]
    member: Option<MemberMention>,
    name: Option<Lenient<String>>,
    description: Option<Lenient<String>>,
    #[serde(deserialize_with = "time")]
    creation_date: Option<i64>,
    last_modified: Option<Lenient<Moment>>,
    #[serde(default, deserialize_with = "time")]
    last_used: Option<i64>,
    role: Option<Lenient<String>>,
    inline_role: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "identifiers")]
    custom_role_ids: Vec<String>,
    service_token: Option<Lenient<bool>>,
    default_api_version: Option<Lenient<i64>>,
}

struct TokenTable;
type C = Column<TokenTable>;

impl Table for TokenTable {
    type Row<'a> = &'a AccessToken;
    const NAME: &'static str = "access_tokens";
    const DOC: &'static str = "One row per access token that is visible to the token of the run.";
    const KEY: &'static [&'static str] = &["access_token_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::access_token(|row| &row.id),
        common::name::<Self>("Token.name", |row| row.name.text()).personal(),
        common::description::<Self>("Token.description", |row| row.description.text()).personal(),
        C::lenient_text("owner_id", "Token.ownerId", "ID of the member who owns it.", |row| {
            row.owner_id.text()
        }),
        C::text_opt(
            "member_id",
            "Token.memberId",
            "ID of the member on whose behalf the token acts.",
            |row| row.member_id.as_deref().filter(|id| !id.is_empty()),
        ),
        C::lenient_text("member_email", "Token._member", "That member's email address.", |row| {
            row.member.as_ref()?.email.text()
        })
        .personal(),
        C::lenient_bool(
            "service_token",
            "Token.serviceToken",
            "Whether it is a service token, which stays valid after its member is deleted.",
            |row| row.service_token,
        ),
        C::lenient_text(
            "role",
            "Token.role",
            "The token's base role; NULL where custom roles or an inline role limit it.",
            |row| row.role.text(),
        ),
        C::lenient_json(
            "inline_role",
            "Token.inlineRole",
            "The statements of the token's inline policy.",
            |row| row.inline_role.json(),
        )
        .mentions_people(),
        C::lenient_int(
            "default_api_version",
            "Token.defaultApiVersion",
            "API version used for requests that do not name one, such as 20240415.",
            |row| row.default_api_version,
        ),
        C::time_opt("created_at", "Token.creationDate", "When the token was created.", |row| {
            row.creation_date
        }),
        common::last_modified_at("Token.lastModified", |row| row.last_modified.number()),
        C::time_opt(
            "last_used_at",
            "Token.lastUsed",
            "When the token was last used; NULL for never.",
            |row| row.last_used.filter(|time| *time > 0),
        ),
    ];
}

struct CustomRoleTable;

impl Table for CustomRoleTable {
    type Row<'a> = Part<'a, &'a AccessToken, String>;
    const NAME: &'static str = "access_token_custom_roles";
    const DOC: &'static str = "One row per custom role of each access token.";
    const KEY: &'static [&'static str] = &["access_token_id", "custom_role_id"];
    const PART_OF: Option<&'static str> = Some("access_tokens");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::access_token(|row| &row.of.id),
        common::custom_role_id("Token.customRoleIds", |row| row.item),
    ];
}
