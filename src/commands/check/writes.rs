//! `flaglake check --writes`: what the token may write, as far as that can be told without writing.
//!
//! Two things are known without writing: the role of the token, if it may be read, and the actions
//! that LaunchDarkly lists as denied with an object. That an action is not listed proves nothing, and
//! what is denied in one place may be allowed in another.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::line::Line;
use super::token_role::{Token, Verdict, quoted};
use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::identity::CallerIdentity;
use crate::launchdarkly::writes::places::{self, Keyed};
use crate::launchdarkly::{Client, Endpoint, Pages, Request};
use crate::sync::permissions::{Writes, writes};

/// An object with the actions that are denied.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "_access", default)]
    access: Value,
}

/// What is known of a kind of write.
struct Known<'k> {
    /// The token's roles; `None` if they may not be read.
    token: Option<&'k Token>,
    /// Where an object was looked at.
    place: Option<&'k (String, String)>,
    /// The actions that are denied there.
    denied: BTreeSet<&'static str>,
    /// Whether the token may do no more than its owner.
    is_personal: bool,
}

/// Checks every kind of write.
pub(super) async fn check(client: &Arc<Client>, identity: &CallerIdentity) -> Vec<Line> {
    let role = role(client, identity).await;
    let place = place(client).await;
    let is_personal = identity.service_token != Some(true);
    let (token, place) = (role.as_ref(), place.as_ref());
    let mut lines = Vec::new();
    for write in writes() {
        let denied = match place {
            Some(place) => denied(client, write, place).await,
            None => BTreeSet::new(),
        };
        lines.push(line(write, &Known { token, place, denied, is_personal }));
    }
    lines
}

/// The token's roles; `None` if they may not be read.
pub(super) async fn role(client: &Client, identity: &CallerIdentity) -> Option<Token> {
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

fn line(write: &Writes, known: &Known<'_>) -> Line {
    if !known.denied.is_empty() {
        let denied: Vec<_> = known.denied.iter().copied().collect();
        let place = known.place.map(place_of).unwrap_or_default();
        let message = format!("LaunchDarkly denies the token {} in {place}", quoted(&denied));
        return Line::of(write.name, Err(refused(write, &denied, message)));
    }
    let Some(token) = known.token else {
        return Line::skipped(write.name, "cannot be told: the token may not read its own role");
    };
    match token.verdict(write) {
        Verdict::Refused => {
            let message = format!("the access token may not {}", write.what);
            Line::of(write.name, Err(refused(write, write.actions, message)))
        }
        Verdict::Allowed(text) if known.is_personal => {
            let text = format!("{text}, as far as the role of the token's owner does");
            Line::of(write.name, Ok(text))
        }
        Verdict::Allowed(text) => Line::of(write.name, Ok(text)),
        Verdict::Open(text) => Line::skipped(write.name, text),
    }
}

fn place_of((project, environment): &(String, String)) -> String {
    format!("`{project}/{environment}`")
}

fn refused(write: &Writes, actions: &[&str], message: String) -> Error {
    Error::new(Kind::InvalidPermissions, message).resource(write.name).hint(format!(
        "give the token's role {}; `--print-policy --writes` prints a policy",
        quoted(actions)
    ))
}
