//! `/tokens`: the account's own tokens, and some of its members'.

use serde_json::json;

use super::roles::role_id;
use super::{Account, Json, Listing, Total};
use crate::account::{ApiVersion, Member, Token, TokenKind, object_id};
use crate::call::escaped;
use crate::json::{self, Object};
use crate::render::people::member_summary;

const DAY_MS: i64 = 86_400_000;
/// How many members have tokens of their own.
const PERSONAL: usize = 8;

pub(super) const LISTING: Listing = Listing {
    pattern: "tokens",
    pages: Some((25, 1000)),
    total: Total::Camel,
    is_beta: false,
    items,
};

fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let Some(owner) = account.members.first() else { return Vec::new() };
    let members = account.members.iter().filter(|member| !member.pending_invite);
    let personal = (0..).zip(members).take(PERSONAL);
    let personal = personal.map(|(number, member)| of_member(account, number, member));
    let own = account.tokens.iter().map(|token| of_account(account, owner, token));
    own.chain(personal).collect()
}

fn of_account(account: &Account, owner: &Member, token: &Token) -> Json {
    let version = match token.default_version {
        ApiVersion::V20220603 => 20_220_603,
        ApiVersion::V20240415 => 20_240_415,
    };
    let service = token.kind == TokenKind::Service;
    let created_ms = account.now_ms - 300 * DAY_MS;
    start(&token.name, &owner.id, created_ms)
        .text("memberId", if service { "" } else { &owner.id })
        .raw_if("_member", (!service).then(|| member_summary(owner)).as_deref())
        .boolean("serviceToken", service)
        .text("role", "reader")
        .integer("lastUsed", account.now_ms - 60_000)
        .integer("defaultApiVersion", version)
        .close()
}

/// Token names contain the names of people and their machines.
fn of_member(account: &Account, number: i64, member: &Member) -> Json {
    let first_name = member.first_name.as_deref().unwrap_or("Somebody");
    let created_ms = member.created_ms.midpoint(account.now_ms);
    let used_ms = if number % 4 == 3 { 0 } else { account.now_ms - number * 11 * DAY_MS };
    let token = start(&format!("{first_name}'s laptop"), &member.id, created_ms)
        .text("memberId", &member.id)
        .raw("_member", &member_summary(member))
        .text("description", &format!("Scripts; ask {} before it goes.", member.email))
        .boolean("serviceToken", false)
        .integer("lastUsed", used_ms)
        .integer("defaultApiVersion", 20_240_415);
    limited(token, number, member).close()
}

/// A base role, custom roles or a policy of its own: a token has one of the three.
fn limited(token: Object, number: i64, member: &Member) -> Object {
    let resource = format!("member/{}:token/*", member.email);
    let policy = json!([{"effect": "allow", "resources": [resource], "actions": ["*"]}]);
    match number % 3 {
        0 => token.text("role", &member.role).raw("customRoleIds", "[]"),
        1 => token.texts("customRoleIds", &[role_id("release-manager"), role_id("on-call")]),
        _ => token.raw("customRoleIds", "null").raw("inlineRole", &policy.to_string()),
    }
}

/// Lists show only the last characters of the token, which are still a secret.
fn start(name: &str, owner_id: &str, created_ms: i64) -> Object {
    let id = object_id(&format!("token {owner_id} {name}"));
    let path = format!("/api/v2/tokens/{}", escaped(&id));
    Object::new()
        .text("_id", &id)
        .raw("_links", &json::links([("parent", "/api/v2/tokens".to_owned()), ("self", path)]))
        .text("name", name)
        .text("ownerId", owner_id)
        .integer("creationDate", created_ms)
        .integer("lastModified", created_ms)
        .text("token", "fake-secret-token")
}
