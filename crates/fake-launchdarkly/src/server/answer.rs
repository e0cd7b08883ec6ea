//! Answering one request: the log, the rate limits, the script, faults, the token, then its route.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use super::body::{Early, Manner};
use super::caller::{caller, name_of};
use super::log::Request;
use super::outcome::real;
use super::reply::Reply;
use super::shared::{InFlight, Shared, read, write};
use crate::ask::{Ask, LARGEST_BODY};
use crate::call::Query;
use crate::faults::Chosen;
use crate::rate_limit::Ruling;
use crate::{Answer, Behaviour, bomb, routes, script, writes};

/// The facts known about a request when it arrives.
struct Arrival<'a> {
    number: usize,
    in_flight: InFlight<'a>,
    latency: Duration,
    scripted: Option<Answer>,
    fault: Option<Chosen>,
    ruling: Ruling,
}

/// Answers one request, or says that its connection is to be closed, or reset.
pub(super) async fn answer(shared: &Shared, ask: &Ask) -> io::Result<Reply> {
    let arrival = arrived(shared, ask);
    pause(arrival.latency).await;
    let instead = arrival.scripted.or_else(|| Some(arrival.fault?.answer(now_ms())));
    let reply = match instead {
        Some(instead) => in_place(instead, shared, ask, arrival.ruling).await?,
        None => real(shared, ask, arrival.ruling)?,
    };
    // Must happen before the client can see the answer, so that its next request does not count
    // this one as still in flight.
    drop(arrival.in_flight);
    shared.log().answered(arrival.number, |request| {
        request.answered_ms = Some(now_ms());
        request.status = Some(reply.status);
        request.refused_until_ms = reply.refused_until_ms;
    });
    Ok(reply)
}

/// The scripted answer or fault that replaces the plain answer.
async fn in_place(answer: Answer, shared: &Shared, ask: &Ask, ruling: Ruling) -> io::Result<Reply> {
    match &answer {
        Answer::Close => return Err(io::Error::other("scripted to close")),
        Answer::Reset => return Err(io::ErrorKind::ConnectionReset.into()),
        Answer::Hang => hang(shared).await,
        Answer::Delay(delay) => pause(*delay).await,
        Answer::Change(change) => write(&shared.stored).change(|account| change.apply(account)),
        _ => {}
    }
    Ok(match answer {
        Answer::Raw { status, headers, body } => Reply::raw(status, headers, body),
        Answer::Bomb { bytes } => bomb(bytes),
        Answer::Cut(length) => real(shared, ask, ruling)?.cut(length),
        Answer::Lost => {
            real(shared, ask, ruling)?;
            return Err(io::Error::other("scripted to lose the answer"));
        }
        Answer::Hold => {
            real(shared, ask, ruling)?;
            hang(shared).await
        }
        other => real(shared, ask, ruling)?.sent(manner(&other)),
    })
}

/// Never answers.
async fn hang(shared: &Shared) -> ! {
    shared.hold();
    loop {
        std::future::pending::<()>().await;
    }
}

fn manner(answer: &Answer) -> Manner {
    match *answer {
        Answer::Truncate(sent) => Manner { early: Some((sent, Early::Breaks)), pieces: None },
        Answer::HangAfter(sent) => Manner { early: Some((sent, Early::FallsSilent)), pieces: None },
        Answer::Slow { chunk, pause } => Manner { pieces: Some((chunk, pause)), early: None },
        _ => Manner::default(),
    }
}

async fn pause(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

fn bomb(bytes: u64) -> Reply {
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Reply::raw(200, headers.into(), bomb::gzip(bytes))
}

fn arrived<'a>(shared: &'a Shared, ask: &Ask) -> Arrival<'a> {
    let arrived_ms = now_ms();
    let in_flight = shared.enter();
    let token = name_of(caller(&read(&shared.stored).account, ask));
    let route = pattern(ask);
    let (latency, ruling) = {
        let behaviour = read(&shared.behaviour);
        let mut budgets = shared.budgets();
        let ruling = budgets.spend(&behaviour.rate_limit, route, &token, arrived_ms);
        (latency(&behaviour, in_flight.count), ruling)
    };
    let scripted = scripted(shared, ask);
    let fault = if scripted.is_none() { fault(shared, ask) } else { None };
    let number = shared.log().arrived(Request {
        in_flight: in_flight.count,
        fault: fault.map(|chosen| chosen.fault),
        ..entry(ask, token, arrived_ms)
    });
    Arrival { number, in_flight, latency, scripted, fault, ruling }
}

/// The pattern of the route that is asked for, which selects the route's budget.
fn pattern(ask: &Ask) -> &'static str {
    let written = writes::find(&ask.method, &ask.path).map(|(route, _)| route.pattern);
    let read = || routes::find(&ask.path).map(|(route, _)| route.pattern);
    written.or_else(read).unwrap_or("")
}

/// The log entry of a request that is not answered yet.
fn entry(ask: &Ask, token: String, arrived_ms: i64) -> Request {
    Request {
        method: ask.method.clone(),
        path: ask.path.clone(),
        query: Query::parse(&ask.query).pairs,
        token: ask.token.as_ref().map(|_| token),
        api_version: ask.api_version.clone(),
        user_agent: ask.user_agent.clone(),
        body_bytes: ask.body.as_ref().map_or(LARGEST_BODY, Bytes::len),
        content_type: ask.content_type.clone(),
        payload_id: ask.payload_id.clone(),
        arrived_ms,
        in_flight: 1,
        answered_ms: None,
        fault: None,
        status: None,
        refused_until_ms: None,
    }
}

fn latency(behaviour: &Behaviour, in_flight: usize) -> Duration {
    match behaviour.capacity {
        Some(capacity) if in_flight > capacity => {
            behaviour.latency.mul_f64(in_flight as f64 / capacity.max(1) as f64)
        }
        _ => behaviour.latency,
    }
}

fn scripted(shared: &Shared, ask: &Ask) -> Option<Answer> {
    if read(&shared.behaviour).script.is_empty() {
        return None;
    }
    script::take(&mut write(&shared.behaviour).script, ask)
}

fn fault(shared: &Shared, ask: &Ask) -> Option<Chosen> {
    let behaviour = read(&shared.behaviour);
    shared.fates().choose(behaviour.faults.as_ref()?, &ask.path, &ask.query)
}

pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_rises_with_load_past_the_capacity() {
        let behaviour = |capacity| Behaviour {
            latency: Duration::from_millis(10),
            capacity,
            ..Behaviour::default()
        };
        let milliseconds = |capacity, load| latency(&behaviour(capacity), load).as_millis();
        assert_eq!([1, 4, 8, 20].map(|load| milliseconds(Some(4), load)), [10, 10, 20, 50]);
        assert_eq!(milliseconds(None, 1000), 10);
    }
}
