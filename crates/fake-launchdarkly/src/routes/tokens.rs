//! `/tokens/{id}`

use serde_json::{Value, json};

use super::Route;
use crate::Family;
use crate::account::{EVERY_ACTION, Profile, Token, object_id};
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

/// The list's item, with the role or the policy that fits what the token may write.
fn of_account(items: &[String], token: &Token, id: &str) -> Value {
    let parsed = items.iter().filter_map(|item| serde_json::from_str::<Value>(item).ok());
    let listed = parsed.into_iter().find(|item| item["name"] == token.name.as_str());
    let mut item =
        listed.unwrap_or_else(|| json!({"name": token.name, "ownerId": "", "memberId": ""}));
    item["_id"] = json!(id);
    let profile = &token.profile;
    let is_limited = profile.allowed_actions.is_some() || !profile.denied_actions.is_empty();
    if profile.denied_actions.contains(EVERY_ACTION) {
        item["role"] = json!("reader");
    } else if is_limited {
        item["role"] = Value::Null;
        item["inlineRole"] = policy(profile);
    } else {
        item["role"] = json!("writer");
    }
    item
}

/// A policy with what the profile allows, and what it denies.
fn policy(profile: &Profile) -> Value {
    const RESOURCES: [&str; 5] = [
        "proj/*",
        "proj/*:metric/*",
        "proj/*:env/*",
        "proj/*:env/*:segment/*",
        "proj/*:env/*:flag/*",
    ];
    let statement = |effect: &str, actions: &[&str]| json!({"effect": effect, "actions": actions, "resources": RESOURCES});
    let allowed: Vec<_> = match &profile.allowed_actions {
        Some(actions) => actions.iter().map(String::as_str).collect(),
        None => vec![EVERY_ACTION],
    };
    let mut statements = vec![statement("allow", &allowed)];
    if !profile.denied_actions.is_empty() {
        let denied: Vec<_> = profile.denied_actions.iter().map(String::as_str).collect();
        statements.push(statement("deny", &denied));
    }
    Value::Array(statements)
}
