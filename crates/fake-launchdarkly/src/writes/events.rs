//! `POST /v2/event-data-import/{project}/{environment}`, on the host for events.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::event_json::{self, Loose, Sent};
use super::{Done, PayloadMemory, SizeCounted, WriteCall, WriteOutcome, WriteRoute, Writes};
use crate::Family;
use crate::account::Json;
use crate::call::Refusal;

pub(super) const ROUTES: &[WriteRoute] = &[WriteRoute {
    family: Family::EventImport,
    method: "POST",
    pattern: "v2/event-data-import/{project}/{environment}",
    answer: import,
}];

/// 2000-01-01, before which seconds fall that were taken for milliseconds.
const EARLIEST_MS: i64 = 946_684_800_000;
/// 2100-01-01, after which microseconds fall.
const LATEST_MS: i64 = 4_102_444_800_000;

/// An event as the server has kept it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedEvent {
    /// Key of the project.
    pub project: String,
    /// Key of the environment.
    pub environment: String,
    /// `X-LaunchDarkly-Payload-ID` of the request.
    pub payload_id: Option<String>,
    /// The event key, which metrics refer to.
    pub key: String,
    /// When it happened, in epoch milliseconds.
    pub creation_date_ms: i64,
    /// Keys by context kind.
    pub context_keys: BTreeMap<String, String>,
    /// The value of a numeric metric.
    pub metric_value: Option<f64>,
    /// Other data, a JSON object.
    pub data: Option<Json>,
}

/// The events so far.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// Those that were kept.
    pub kept: Vec<ImportedEvent>,
    /// How many were accepted.
    pub accepted: usize,
    /// How many were dropped because they were malformed.
    pub dropped: usize,
    /// When each event key of each project arrived last.
    pub seen_ms: HashMap<String, HashMap<String, i64>>,
    payloads: HashMap<String, i64>,
}

/// The sound events of one payload.
#[derive(Default)]
struct Taken {
    kept: Vec<ImportedEvent>,
    accepted: usize,
    dropped: usize,
    keys: HashSet<String>,
}

fn import(call: &mut WriteCall) -> WriteOutcome {
    if !call.token.profile.allows("importEventData") {
        return Err(Refusal::documented(401));
    }
    call.place().map_err(|refusal| match refusal.status {
        403 => Refusal::documented(401),
        _ => refusal,
    })?;
    headers(call)?;
    let taken = read(call)?;
    let clock_ms = call.stored.clock_ms();
    let (project, payload) = (call.argument(0).to_owned(), call.ask.payload_id.as_deref());
    call.stored.written.events.add(taken, project, payload, (clock_ms, &call.behaviour.writes));
    Ok(Done::new(202, ""))
}

fn headers(call: &WriteCall) -> Result<(), Refusal> {
    let ask = call.ask;
    if ask.is_chunked {
        let status = call.behaviour.writes.chunked_status;
        return Err(Refusal::new(status, "length_required", "Content-Length is required"));
    }
    if ask.event_schema.as_deref() != Some("4") {
        return Err(Refusal::new(406, "not_acceptable", "X-LaunchDarkly-Event-Schema must be 4"));
    }
    if !ask.user_agent.as_deref().is_some_and(is_importer) {
        return Err(Refusal::invalid("User-Agent must be MetricImport-<company>-int/<version>"));
    }
    let kind = ask.content_type.as_deref().unwrap_or("");
    if kind.split(';').next().is_none_or(|kind| kind.trim() != "application/json") {
        return Err(Refusal::invalid("Content-Type must be application/json"));
    }
    Ok(())
}

/// Whether a user agent has the form `MetricImport-<company>-int/<version>`.
fn is_importer(agent: &str) -> bool {
    let parts = agent.strip_prefix("MetricImport-").and_then(|rest| rest.split_once("-int/"));
    parts.is_some_and(|(company, version)| !company.is_empty() && !version.is_empty())
}

fn read(call: &WriteCall) -> Result<Taken, Refusal> {
    let switches = &call.behaviour.writes;
    let body = call.body()?;
    let size = match switches.events_size {
        SizeCounted::Packed => call.ask.body.as_deref().map_or(0, <[u8]>::len),
        SizeCounted::Unpacked => body.len(),
    };
    if size > switches.events_limit {
        let message = format!("the payload has more than {} bytes", switches.events_limit);
        return Err(Refusal::new(switches.too_large_status, "payload_too_large", message));
    }
    let mut taken = Taken::default();
    event_json::read(&body, |sent| taken.take(call, sent))
        .map_err(|error| Refusal::invalid(format!("not an array of custom events: {error}")))?;
    Ok(taken)
}

impl Taken {
    fn take(&mut self, call: &WriteCall, sent: Sent) {
        let Some((key, created_ms)) = essentials(&sent) else {
            self.dropped += 1;
            return;
        };
        self.accepted += 1;
        if !self.keys.contains(key) {
            self.keys.insert(key.to_owned());
        }
        if call.behaviour.writes.keep_events {
            self.kept.push(kept(call, key, created_ms, &sent));
        }
    }
}

/// The key and the date of a sound event.
fn essentials<'a>(sent: &'a Sent) -> Option<(&'a str, i64)> {
    let Loose::Text(key) = &sent.key else { return None };
    let Loose::Integer(created_ms) = sent.creation_date else { return None };
    let value = matches!(sent.metric_value, Loose::Absent | Loose::Integer(_) | Loose::Number(_));
    let data = sent.data.is_none_or(|data| data.get().starts_with('{'));
    let sound = !key.is_empty()
        && (EARLIEST_MS..LATEST_MS).contains(&created_ms)
        && matches!(sent.context_keys, Loose::Texts(_))
        && value
        && data;
    sound.then_some((key, created_ms))
}

fn kept(call: &WriteCall, key: &str, creation_date_ms: i64, sent: &Sent) -> ImportedEvent {
    let contexts = match &sent.context_keys {
        Loose::Texts(texts) => texts.as_slice(),
        _ => &[],
    };
    ImportedEvent {
        project: call.argument(0).to_owned(),
        environment: call.argument(1).to_owned(),
        payload_id: call.ask.payload_id.clone(),
        key: key.to_owned(),
        creation_date_ms,
        context_keys: contexts.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        metric_value: match sent.metric_value {
            Loose::Integer(number) => Some(number as f64),
            Loose::Number(number) => Some(number),
            _ => None,
        },
        data: sent.data.map(|data| data.get().to_owned()),
    }
}

impl Events {
    /// Adds the events of a payload, unless it is a repetition.
    fn add(
        &mut self,
        taken: Taken,
        project: String,
        payload: Option<&str>,
        (clock_ms, switches): (i64, &Writes),
    ) {
        if let Some(payload) = payload {
            if self.knows(payload, clock_ms, switches.payload_memory) {
                return;
            }
            self.payloads.insert(payload.to_owned(), clock_ms);
        }
        self.accepted += taken.accepted;
        self.dropped += taken.dropped;
        self.kept.extend(taken.kept);
        let seen_ms = self.seen_ms.entry(project).or_default();
        seen_ms.extend(taken.keys.into_iter().map(|key| (key, clock_ms)));
    }

    fn knows(&self, payload: &str, clock_ms: i64, memory: PayloadMemory) -> bool {
        let Some(first_ms) = self.payloads.get(payload) else { return false };
        match memory {
            PayloadMemory::Forever => true,
            PayloadMemory::For(duration) => {
                u128::try_from(clock_ms - first_ms).is_ok_and(|age| age < duration.as_millis())
            }
            PayloadMemory::Never => false,
        }
    }
}
