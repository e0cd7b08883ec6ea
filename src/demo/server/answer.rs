//! What becomes of one request: the log, the rate limits, the script, the token, then its route.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::log::Request;
use super::reply::{Ask, Reply};
use super::shared::{Shared, read, write};
use crate::demo::account::{Account, ApiVersion, Environment, Project, Token};
use crate::demo::call::{Call, Outcome, Query, Refusal};
use crate::demo::fragments::Stored;
use crate::demo::rate_limit::Ruling;
use crate::demo::routes::{self, Route};
use crate::demo::{Answer, Behaviour, Family, script};

/// What is known about a request when it arrives.
struct Arrival {
    number: usize,
    latency: Duration,
    scripted: Option<Answer>,
    ruling: Ruling,
}

/// Whom a token belongs to.
enum Caller<'a> {
    Token(&'a Token),
    /// An SDK key, good for `caller-identity` only.
    Environment(&'a Project, &'a Environment),
    Unknown,
}

/// Answers one request, or says that its connection is to be closed.
pub(super) async fn answer(shared: &Shared, ask: &Ask) -> io::Result<Reply> {
    let arrival = arrived(shared, ask);
    pause(arrival.latency).await;
    let reply = match arrival.scripted {
        Some(Answer::Close) => return Err(io::Error::other("scripted to close")),
        Some(Answer::Raw { status, headers, body }) => Reply::raw(status, headers, body),
        Some(Answer::Truncate(sent)) => real(shared, ask, arrival.ruling).truncated(sent),
        Some(Answer::Delay(delay)) => {
            pause(delay).await;
            real(shared, ask, arrival.ruling)
        }
        Some(Answer::Change(change)) => {
            write(&shared.stored).change(|account| change.apply(account));
            real(shared, ask, arrival.ruling)
        }
        None => real(shared, ask, arrival.ruling),
    };
    shared.log().answered(arrival.number, reply.status, reply.refused_until_ms);
    Ok(reply)
}

async fn pause(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

fn arrived(shared: &Shared, ask: &Ask) -> Arrival {
    let arrived_ms = now_ms();
    let token = name_of(caller(&read(&shared.stored).account, ask));
    let route = routes::find(&ask.path).map_or("", |(route, _)| route.pattern);
    let (latency, ruling) = {
        let behaviour = read(&shared.behaviour);
        let mut budgets = shared.budgets();
        (behaviour.latency, budgets.spend(&behaviour.rate_limit, route, &token, arrived_ms))
    };
    let number = shared.log().arrived(Request {
        method: ask.method.clone(),
        path: ask.path.clone(),
        query: Query::parse(&ask.query).pairs,
        token: ask.token.as_ref().map(|_| token),
        api_version: ask.api_version.clone(),
        user_agent: ask.user_agent.clone(),
        arrived_ms,
        status: None,
        refused_until_ms: None,
    });
    Arrival { number, latency, scripted: scripted(shared, ask), ruling }
}

fn scripted(shared: &Shared, ask: &Ask) -> Option<Answer> {
    if read(&shared.behaviour).script.is_empty() {
        return None;
    }
    script::take(&mut write(&shared.behaviour).script, &ask.path, &ask.query)
}

fn real(shared: &Shared, ask: &Ask, ruling: Ruling) -> Reply {
    let stored = read(&shared.stored);
    let behaviour = read(&shared.behaviour);
    let outcome = match ruling.refused_until_ms {
        Some(_) => Err(Refusal::documented(429)),
        None => outcome(&stored, &behaviour, ask),
    };
    Reply::new(outcome, ruling, now_ms(), behaviour.rate_limit.clock_skew_ms)
}

fn outcome(stored: &Stored, behaviour: &Behaviour, ask: &Ask) -> Outcome {
    let caller = caller(&stored.account, ask);
    let (route, arguments) = match (routes::find(&ask.path), &caller) {
        (_, Caller::Unknown) => return Err(Refusal::documented(401)),
        (None, _) => return Err(Refusal::documented(404)),
        (Some(_), _) if ask.method != "GET" => return Err(Refusal::documented(405)),
        (Some(found), _) => found,
    };
    match caller {
        Caller::Token(token) => {
            permitted(behaviour, token, route)?;
            let version = ask.api_version.as_deref().map(ApiVersion::parse);
            let version = version.unwrap_or(token.default_version);
            let (path, arguments, query) = (&ask.path, &arguments, &Query::parse(&ask.query));
            (route.answer)(&Call { stored, behaviour, token, version, path, arguments, query })
        }
        Caller::Environment(project, environment) if route.family == Family::CallerIdentity => {
            Ok(routes::of_environment(&stored.account, project, environment))
        }
        _ => Err(Refusal::documented(401)),
    }
}

fn permitted(behaviour: &Behaviour, token: &Token, route: &Route) -> Result<(), Refusal> {
    let refused = token.profile.refused.get(&route.family);
    match refused.or(behaviour.refused.get(&route.family)) {
        Some(status) => Err(Refusal::documented(*status)),
        None => Ok(()),
    }
}

/// The token is the header's whole value: `Bearer` in front of it makes another token.
fn caller<'a>(account: &'a Account, ask: &Ask) -> Caller<'a> {
    let Some(value) = ask.token.as_deref() else { return Caller::Unknown };
    if let Some(token) = account.tokens.iter().find(|token| token.value == value) {
        return Caller::Token(token);
    }
    let of_project = |project: &'a Project| {
        let environment = project.environments.iter().find(|one| one.api_key == value)?;
        Some(Caller::Environment(project, environment))
    };
    account.projects.iter().find_map(of_project).unwrap_or(Caller::Unknown)
}

fn name_of(caller: Caller) -> String {
    match caller {
        Caller::Token(token) => token.name.clone(),
        Caller::Environment(..) | Caller::Unknown => "unknown".to_owned(),
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
