//! Synced segments: `POST /segment-targets/{integration}`, in the form with two lists of keys.

use serde_json::{Value, json};

use super::contexts::big;
use super::objects::require;
use super::segments::{new, record};
use super::{Done, WriteCall, WriteOutcome, WriteRoute};
use crate::Family;
use crate::call::Refusal;
use crate::lists;

pub(super) const ROUTES: &[WriteRoute] = &[WriteRoute {
    family: Family::SegmentTargets,
    method: "POST",
    pattern: "segment-targets/{integration}",
    answer: sync,
}];

fn sync(call: &mut WriteCall) -> WriteOutcome {
    call.permit("createSegment")?;
    call.permit("updateIncluded")?;
    let body = call.json()?;
    let (add, remove) = (ids(&body["listData"]["add"])?, ids(&body["listData"]["remove"])?);
    let place = place(call, body["environmentId"].as_str().unwrap_or_default())?;
    // From here on, the call is about the segment.
    let integration = call.argument(0).to_owned();
    let mut inner = call.about(Family::SegmentTargets, &place);
    inner.place()?;
    let segment = segment(&mut inner, &integration, &body)?;
    let at_ms = inner.stored.clock_ms();
    let members = big(&mut inner, &segment);
    for key in &remove {
        members.included.remove(key);
    }
    members.included.extend(add);
    members.changed(at_ms);
    record(&mut inner, &segment, ("synced the segment", &["updateIncluded"]), None);
    Ok(Done::empty())
}

fn ids(list: &Value) -> Result<Vec<String>, Refusal> {
    let entries = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<String> =
        entries.iter().filter_map(|entry| entry["id"].as_str()).map(str::to_owned).collect();
    require(ids.len() == entries.len(), "an entry has no id")?;
    Ok(ids)
}

/// The keys of the project and the environment with this client-side ID.
fn place(call: &WriteCall, client_side_id: &str) -> Result<[String; 2], Refusal> {
    let projects = call.account().projects.iter();
    let mut places = projects.flat_map(|project| {
        let environments = project.environments.iter();
        environments.map(move |environment| (project, environment))
    });
    let found = places.find(|(_, environment)| environment.id == client_side_id);
    let (project, environment) =
        found.ok_or_else(|| Refusal::invalid("environmentId is unknown"))?;
    Ok([project.key.clone(), environment.key.clone()])
}

/// The segment of a cohort, which its first sync creates.
fn segment(call: &mut WriteCall, integration: &str, body: &Value) -> Result<Value, Refusal> {
    let cohort = body["cohortId"].as_str().filter(|cohort| !cohort.is_empty());
    let cohort = cohort.ok_or_else(|| Refusal::invalid("cohortId is missing"))?;
    let key = format!("{integration}-{cohort}");
    let arguments = call.arguments;
    if lists::by_key(call.list(Family::Segments, arguments), &key).is_some() {
        return Ok(call.find(Family::Segments, arguments, &key)?.object);
    }
    let kind = body["contextKind"].as_str().unwrap_or("user");
    let described = json!({
        "key": key, "name": body["cohortName"].as_str().unwrap_or(&key), "unbounded": true,
        "unboundedContextKind": kind,
    });
    let mut segment = new(call, &described);
    segment["_external"] = json!(integration);
    call.add(Family::Segments, arguments, &segment)?;
    record(call, &segment, ("created the segment", &["createSegment"]), None);
    Ok(segment)
}
