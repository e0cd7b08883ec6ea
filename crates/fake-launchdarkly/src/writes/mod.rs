//! Requests that write: one file for each kind of object, and what they share.

mod approvals;
mod audit;
mod big;
mod call;
mod contexts;
mod counters;
mod csv;
mod event_json;
mod events;
mod flag_steps;
mod flags;
mod imports;
mod json_patch;
mod metric_rules;
mod metrics;
mod multipart;
mod objects;
mod pending;
mod refresh;
mod segment_patch;
mod segment_targets;
mod segments;
mod semantic;
mod state;
mod switches;
mod targets;
pub(super) mod watch;

use std::io;

use super::account::Token;
use super::ask::Ask;
use super::call::{Query, Refusal};
use super::fragments::Stored;
use super::{Behaviour, Family, routes};

pub(super) use approvals::approve;
pub(super) use call::{Done, WriteCall, WriteOutcome};
pub use events::ImportedEvent;
pub(super) use refresh::refresh;
pub(super) use state::Written;
pub use switches::{ForeignEdit, PayloadMemory, SizeCounted, TargetsCounted, Writes};
pub(super) use targets::members;

/// A method and a path, and how they are answered.
#[derive(Clone, Copy)]
pub(super) struct WriteRoute {
    /// The family whose permission and limits apply.
    pub family: Family,
    /// The method. It is `GET` where reading has an effect, such as the progress of an import.
    pub method: &'static str,
    /// The path with arguments in braces, without `/api/v2`, which only events lack.
    pub pattern: &'static str,
    /// Carries the request out.
    pub answer: fn(&mut WriteCall) -> WriteOutcome,
}

/// All routes that write.
const ROUTES: [&[WriteRoute]; 8] = [
    events::ROUTES,
    metrics::ROUTES,
    segments::ROUTES,
    contexts::ROUTES,
    imports::ROUTES,
    segment_targets::ROUTES,
    flags::ROUTES,
    approvals::ROUTES,
];

/// The route of a method and a path, with its decoded arguments.
pub(super) fn find(method: &str, path: &str) -> Option<(WriteRoute, Vec<String>)> {
    let fits = |route: &WriteRoute| {
        let path = routes::below(route.family, path)?;
        Some((*route, routes::arguments(route.pattern, path)?))
    };
    let routes = ROUTES.into_iter().flatten().filter(|route| route.method == method);
    routes.into_iter().find_map(fits)
}

/// Whether a path can be written to, by another method than it was asked for with.
pub(super) fn is_writable(path: &str) -> bool {
    ["POST", "PATCH", "DELETE"].into_iter().any(|method| find(method, path).is_some())
}

/// Carries out a write. The error says that the connection is to close without an answer.
pub(super) fn perform(
    stored: &mut Stored,
    behaviour: &Behaviour,
    token: &Token,
    ask: &Ask,
    (route, arguments): (&WriteRoute, &[String]),
) -> io::Result<WriteOutcome> {
    if let Err(refusal) = admitted(stored, behaviour, ask, route) {
        return Ok(Err(refusal));
    }
    let (family, query) = (route.family, &Query::parse(&ask.query));
    let outcome =
        (route.answer)(&mut WriteCall { family, stored, behaviour, token, ask, arguments, query });
    match outcome {
        Ok(done) if route.method != "GET" => {
            stored.written.counters.executed(&behaviour.writes, route.family, done)
        }
        other => Ok(other),
    }
}

/// Applies the refusals that do not depend on what is written.
fn admitted(
    stored: &mut Stored,
    behaviour: &Behaviour,
    ask: &Ask,
    route: &WriteRoute,
) -> Result<(), Refusal> {
    if ask.body.is_none() {
        return Err(Refusal::documented(413));
    }
    if let Some(status) = behaviour.refused.get(&route.family) {
        return Err(Refusal::documented(*status));
    }
    if route.method == "GET" {
        return Ok(());
    }
    stored.written.counters.arrived(&behaviour.writes, route.method)
}
