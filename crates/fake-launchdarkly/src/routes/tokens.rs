//! `/tokens/{id}`

use serde_json::{Value, json};

use super::Route;
use crate::Family;
use crate::account::{EVERY_ACTION, Token, object_id};
use crate::call::{Call, Outcome, Refusal};
use crate::lists;

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::AccessTokens, pattern: "tokens/{id}", answer: one }];

/// Also found by the ID that `caller-identity` gives to one of the account's own tokens.
fn one(call: &Call) -> Outcome {
    let items = lists::shown(call, Family::AccessTokens, &[]);
    let id = call.argument(0);
    if let Some(position) = lists::by_id(&items, id) {
        return Ok(items[position].clone());
    }
    let named = |token: &&Token| object_id(&token.name) == id;
    let token = call.stored.account.tokens.iter().find(named);
    let token = token.ok_or_else(|| Refusal::documented(404))?;
    Ok(of_account(&items, token, id).to_string())
}

/// The list's item, with the role that fits what the token may write.
fn of_account(items: &[String], token: &Token, id: &str) -> Value {
    let parsed = items.iter().filter_map(|item| serde_json::from_str::<Value>(item).ok());
    let listed = parsed.into_iter().find(|item| item["name"] == token.name.as_str());
    let mut item =
        listed.unwrap_or_else(|| json!({"name": token.name, "ownerId": "", "memberId": ""}));
    item["_id"] = json!(id);
    item["role"] = json!(if token.profile.allows(EVERY_ACTION) { "writer" } else { "reader" });
    item
}
