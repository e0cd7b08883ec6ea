//! `flaglake check --writes`: what the token may write, as far as that can be told without writing.
//!
//! Two things are known without writing: the role of the token, if it may be read, and the actions
//! that LaunchDarkly lists as denied with an object. That an action is not listed proves nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::line::Line;
use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::identity::CallerIdentity;
use crate::launchdarkly::writes::places::{self, Keyed};
use crate::launchdarkly::{Client, Endpoint, Pages, Request};
use crate::sync::permissions::{Writes, writes};

/// The token as the API shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Token {
    role: Option<String>,
    custom_role_ids: Option<Vec<String>>,
    inline_role: Option<Vec<Value>>,
}

/// An object with the actions that are denied.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "_access", default)]
    access: Value,
}

/// Checks every kind of write.
pub(super) async fn check(client: &Arc<Client>, identity: &CallerIdentity) -> Vec<Line> {
    let role = role(client, identity).await;
    let place = place(client).await;
    let mut lines = Vec::new();
    for write in writes() {
        let denied = match &place {
            Some(place) => denied(client, write, place).await,
            None => BTreeSet::new(),
        };
        lines.push(line(write, role.as_ref(), &denied));
    }
    lines
}

/// The token's roles; `None` if they may not be read.
async fn role(client: &Client, identity: &CallerIdentity) -> Option<Token> {
    const ENDPOINT: Endpoint = Endpoint {
        resource: "access_tokens",
        permission: "",
        route: "/api/v2/tokens/{token}",
        is_beta: false,
    };
    let id = identity.token_id.as_deref()?;
    client.object(&Request::get(ENDPOINT, &[id])).await.ok()
}

/// The first project and its first environment.
async fn place(client: &Client) -> Option<(String, String)> {
    let projects = places::projects(client).first(1).await.ok()?;
    let project = projects.into_iter().next()?.key;
    let environments = places::environments(client, &project).first(1).await.ok()?;
    let environment: Keyed = environments.into_iter().next()?;
    Some((project, environment.key))
}

/// The actions of a write that LaunchDarkly lists as denied with the first object of its list.
async fn denied(
    client: &Client,
    write: &Writes,
    (project, environment): &(String, String),
) -> BTreeSet<&'static str> {
    let keys = [project.as_str(), environment.as_str()];
    let endpoint = Endpoint {
        resource: write.name,
        permission: "viewProject",
        route: write.list,
        is_beta: false,
    };
    let list = Pages::<Object>::new(client, Request::get(endpoint, &keys), Some(1));
    let Ok(page) = list.first(1).await else { return BTreeSet::new() };
    let access = page.into_iter().next().map(|object| object.access).unwrap_or_default();
    let listed = access["denied"].as_array().into_iter().flatten();
    let listed: BTreeSet<_> = listed.filter_map(|one| one["action"].as_str()).collect();
    write.actions.iter().copied().filter(|action| listed.contains(action)).collect()
}

fn line(write: &Writes, role: Option<&Token>, denied: &BTreeSet<&'static str>) -> Line {
    if !denied.is_empty() {
        let denied: Vec<_> = denied.iter().copied().collect();
        return Line::of(write.name, Err(refused(write, &denied)));
    }
    let Some(token) = role else {
        return Line::skipped(write.name, "cannot be told: the token may not read its own role");
    };
    let is_custom = token.inline_role.as_ref().is_some_and(|role| !role.is_empty())
        || token.custom_role_ids.as_ref().is_some_and(|roles| !roles.is_empty());
    match token.role.as_deref() {
        Some("reader" | "no_access") if !is_custom => {
            Line::of(write.name, Err(refused(write, write.actions)))
        }
        Some(role @ ("writer" | "admin" | "owner")) if !is_custom => {
            Line::of(write.name, Ok(format!("the role `{role}` allows it")))
        }
        _ => {
            let text = format!(
                "cannot be told without writing: the token has a custom role, which needs {}",
                quoted(write.actions)
            );
            Line::skipped(write.name, text)
        }
    }
}

fn quoted(actions: &[&str]) -> String {
    actions.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ")
}

fn refused(write: &Writes, actions: &[&str]) -> Error {
    let message = format!("the access token may not {}", write.what);
    Error::new(Kind::InvalidPermissions, message).resource(write.name).hint(format!(
        "give the token's role {}; `--print-policy --writes` prints a policy",
        quoted(actions)
    ))
}
