//! The real answer to a request: from its route, or from the rate limit that refuses it.

use std::io;

use super::answer::now_ms;
use super::caller::{Caller, caller};
use super::reply::Reply;
use super::shared::{Shared, read, write};
use crate::account::{ApiVersion, Token};
use crate::ask::Ask;
use crate::call::{Call, Outcome, Query, Refusal};
use crate::fragments::Stored;
use crate::rate_limit::Ruling;
use crate::routes::{self, Route};
use crate::writes::{self, Done, WriteOutcome, WriteRoute};
use crate::{Behaviour, Family};

/// The real answer, or an error where the connection is to close in its place.
pub(super) fn real(shared: &Shared, ask: &Ask, ruling: Ruling) -> io::Result<Reply> {
    let outcome = match ruling.refused_until_ms {
        Some(_) => Err(Refusal::documented(429)),
        None => asked(shared, ask)?,
    };
    let skew_ms = read(&shared.behaviour).rate_limit.clock_skew_ms;
    Ok(Reply::new(outcome, ruling, now_ms(), skew_ms))
}

fn asked(shared: &Shared, ask: &Ask) -> io::Result<WriteOutcome> {
    churn(shared, ask);
    if let Some((route, arguments)) = writes::find(&ask.method, &ask.path) {
        return written(shared, ask, &route, &arguments);
    }
    let outcome = outcome(&read(&shared.stored), &read(&shared.behaviour), ask).map(Done::ok);
    if let Some(segment) = writes::watch::segment(&ask.path).filter(|_| outcome.is_ok()) {
        let (mut stored, behaviour) = (write(&shared.stored), read(&shared.behaviour));
        writes::watch::after_read(&mut stored, &behaviour, segment);
    }
    Ok(outcome)
}

/// Performs a write. Its answer is lost where the switches say so.
fn written(
    shared: &Shared,
    ask: &Ask,
    route: &WriteRoute,
    arguments: &[String],
) -> io::Result<WriteOutcome> {
    let mut stored = write(&shared.stored);
    let behaviour = read(&shared.behaviour);
    let Caller::Token(token) = caller(&stored.account, ask) else {
        return Ok(Err(Refusal::documented(401)));
    };
    let token = token.clone();
    writes::perform(&mut stored, &behaviour, &token, ask, (route, arguments))
}

/// Applies churn to the account, if it is enabled.
fn churn(shared: &Shared, ask: &Ask) {
    let Some(churn) = read(&shared.behaviour).churn else { return };
    let mut stored = write(&shared.stored);
    shared.turmoil().stir(churn, &mut stored, &ask.path, &ask.query);
}

fn outcome(stored: &Stored, behaviour: &Behaviour, ask: &Ask) -> Outcome {
    let caller = caller(&stored.account, ask);
    let (route, arguments) = match (routes::find(&ask.path), &caller) {
        (_, Caller::Unknown) => return Err(Refusal::documented(401)),
        (None, _) if writes::is_writable(&ask.path) => return Err(Refusal::documented(405)),
        (None, _) => return Err(Refusal::documented(404)),
        (Some(_), _) if ask.method != "GET" => return Err(Refusal::documented(405)),
        (Some(found), _) => found,
    };
    match caller {
        Caller::Token(token) => {
            permitted(behaviour, token, &route)?;
            read_as(token, stored, behaviour, ask, (&route, &arguments))
        }
        Caller::Environment(project, environment) if route.family == Family::CallerIdentity => {
            Ok(routes::of_environment(&stored.account, project, environment))
        }
        _ => Err(Refusal::documented(401)),
    }
}

fn read_as(
    token: &Token,
    stored: &Stored,
    behaviour: &Behaviour,
    ask: &Ask,
    (route, arguments): (&Route, &[String]),
) -> Outcome {
    let family = route.family;
    if family.is_beta() && ask.api_version.as_deref() != Some("beta") {
        return Err(Refusal::documented(403));
    }
    let version = ask.api_version.as_deref().map(ApiVersion::parse);
    let version = version.unwrap_or(token.default_version);
    let (path, query) = (&*ask.path, &Query::parse(&ask.query));
    (route.answer)(&Call { family, stored, behaviour, token, version, path, arguments, query })
}

fn permitted(behaviour: &Behaviour, token: &Token, route: &Route) -> Result<(), Refusal> {
    let refused = token.profile.refused.get(&route.family);
    match refused.or(behaviour.refused.get(&route.family)) {
        Some(status) => Err(Refusal::documented(*status)),
        None => Ok(()),
    }
}
