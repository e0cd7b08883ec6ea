//! Segments: `POST /segments/{project}/{environment}`, and `PATCH …/{segment}`.

use serde_json::{Value, json};

use super::audit::Deed;
use super::objects::{are_tags, is_key, links, require};
use super::semantic::Patch;
use super::targets::{self, Change};
use super::{Done, TargetsCounted, WriteCall, WriteOutcome, WriteRoute, segment_patch};
use crate::Family;
use crate::call::{Refusal, escaped};

pub(super) const ROUTES: &[WriteRoute] = &[
    WriteRoute {
        family: Family::Segments,
        method: "POST",
        pattern: "segments/{project}/{environment}",
        answer: create,
    },
    WriteRoute {
        family: Family::Segments,
        method: "PATCH",
        pattern: "segments/{project}/{environment}/{segment}",
        answer: change,
    },
];

/// Creation needs no approval, even where changes do.
fn create(call: &mut WriteCall) -> WriteOutcome {
    call.place()?;
    call.permit("createSegment")?;
    let body = call.json()?;
    require(body["key"].as_str().is_some_and(is_key), "invalid key")?;
    require(body["name"].as_str().is_some_and(|name| !name.is_empty()), "invalid name")?;
    require(body.get("tags").is_none_or(are_tags), "invalid tags")?;
    if let Some(status) = call.behaviour.writes.big_segments_refused
        && body["unbounded"] == true
    {
        return Err(Refusal::documented(status));
    }
    let segment = new(call, &body);
    let text = call.add(Family::Segments, call.arguments, &segment)?;
    record(call, &segment, ("created the segment", &["createSegment"]), None);
    Ok(Done::new(201, text))
}

/// The segment that a body describes, in the environment that the path names.
pub(super) fn new(call: &mut WriteCall, body: &Value) -> Value {
    let place = [call.argument(0), call.argument(1)].map(escaped).join("/");
    let now_ms = call.stamp();
    let key = body["key"].as_str().unwrap_or_default();
    let mut segment = json!({
        "key": key, "name": body["name"], "tags": [], "included": [], "excluded": [],
        "includedContexts": [], "excludedContexts": [], "rules": [], "version": 1, "generation": 1,
        "creationDate": now_ms, "lastModifiedDate": now_ms, "deleted": false,
        "_links": links(&format!("/api/v2/segments/{place}/{}", escaped(key))),
    });
    for name in ["description", "tags"] {
        if let Some(value) = body.get(name).filter(|value| !value.is_null()) {
            segment[name] = value.clone();
        }
    }
    if body["unbounded"] == true {
        unbound(&mut segment, &body["unboundedContextKind"], &place, now_ms);
    }
    segment
}

fn unbound(segment: &mut Value, kind: &Value, place: &str, now_ms: i64) {
    let id = format!("{}.g1", segment["key"].as_str().unwrap_or_default());
    segment["unbounded"] = json!(true);
    segment["unboundedContextKind"] = json!(kind.as_str().unwrap_or("user"));
    segment["_importInProgress"] = json!(false);
    segment["_unboundedMetadata"] = json!({
        "envId": place, "segmentId": id, "version": 1, "includedCount": 0, "excludedCount": 0,
        "lastModified": now_ms, "deleted": false,
    });
}

fn change(call: &mut WriteCall) -> WriteOutcome {
    call.place()?;
    let (place, key) = (&call.arguments[..2], call.argument(2).to_owned());
    let mut found = call.find(Family::Segments, place, &key)?;
    let body = call.json()?;
    let version = found.object["version"].clone();
    let edit = if call.is_semantic() {
        semantic(call, &mut found.object, &body)?
    } else {
        segment_patch::apply(call, &mut found.object, body)?
    };
    if !edit.changed {
        return Ok(Done::ok(found.object.to_string()));
    }
    found.object["version"] = json!(version.as_i64().unwrap_or(0) + 1);
    if call.is_dry_run() {
        return Ok(Done::ok(found.object.to_string()));
    }
    found.object["lastModifiedDate"] = json!(call.stamp());
    record(call, &found.object, ("updated the segment", &edit.actions), edit.comment);
    Ok(Done::ok(call.store(found)))
}

/// What a patch has changed.
pub(super) struct Edit {
    /// Whether it has changed anything.
    pub changed: bool,
    /// The actions that it needed.
    pub actions: Vec<&'static str>,
    /// The comment, for the audit log.
    pub comment: Option<String>,
}

fn semantic(call: &mut WriteCall, segment: &mut Value, body: &Value) -> Result<Edit, Refusal> {
    let patch = Patch::parse(body)?;
    let is_needed = call.behaviour.writes.require_environment_key;
    match &patch.environment {
        Some(key) => require(key == call.argument(1), "environmentKey is of another segment")?,
        None => require(!is_needed, "environmentKey is missing")?,
    }
    approved(call, call.behaviour.writes.segment_approvals)?;
    let edit = follow(call, segment, &patch.instructions)?;
    Ok(Edit { comment: patch.comment, ..edit })
}

/// Refuses a token that may not do without approval.
pub(super) fn approved(call: &WriteCall, required: bool) -> Result<(), Refusal> {
    if required && !call.token.profile.bypasses_approvals {
        return Err(Refusal::new(403, "forbidden", "approval is required"));
    }
    Ok(())
}

/// Applies instructions to a segment. After an error, some of them may have been applied.
pub(super) fn follow(
    call: &mut WriteCall,
    segment: &mut Value,
    instructions: &[Value],
) -> Result<Edit, Refusal> {
    let changes = instructions.iter().map(Change::parse).collect::<Result<Vec<_>, _>>()?;
    within_limits(call, &changes)?;
    let before = segment.clone();
    let mut actions = Vec::new();
    for (instruction, change) in instructions.iter().zip(changes) {
        let action = match change {
            Some(change) => {
                require(segment["unbounded"] != true, "a big segment has no targets")?;
                call.permit(change.action())?;
                change.apply(segment)?;
                change.action()
            }
            None => segment_patch::details(call, segment, instruction)?,
        };
        actions.push(action);
    }
    actions.dedup();
    let most = call.behaviour.writes.most_members.unwrap_or(usize::MAX);
    require(targets::count(segment) <= most, "the segment has too many targets")?;
    Ok(Edit { changed: *segment != before, actions, comment: None })
}

fn within_limits(call: &WriteCall, changes: &[Option<Change>]) -> Result<(), Refusal> {
    let counts = changes.iter().flatten().map(|change| change.values.len());
    let count = match call.behaviour.writes.targets_counted {
        TargetsCounted::PerRequest => counts.sum(),
        TargetsCounted::PerInstruction => counts.max().unwrap_or(0),
    };
    let most = call.behaviour.writes.most_targets;
    require(count <= most, &format!("more than {most} operations on targets"))
}

/// Applies the instructions of an approval request to the segment at this path.
pub(super) fn carry_out(
    call: &mut WriteCall,
    path: &[String; 3],
    instructions: &[Value],
    comment: Option<String>,
) -> Result<(), Refusal> {
    let mut call = call.about(Family::Segments, path);
    let mut found = call.find(Family::Segments, &path[..2], &path[2])?;
    let edit = follow(&mut call, &mut found.object, instructions)?;
    if edit.changed {
        found.object["version"] = json!(found.object["version"].as_i64().unwrap_or(0) + 1);
        found.object["lastModifiedDate"] = json!(call.stamp());
        record(&mut call, &found.object, ("updated the segment", &edit.actions), comment);
        call.store(found);
    }
    Ok(())
}

/// Adds an entry about a segment of the environment that the path names to the audit log.
pub(super) fn record(
    call: &mut WriteCall,
    segment: &Value,
    (verb, actions): (&str, &[&str]),
    comment: Option<String>,
) {
    let text = |name: &str| segment[name].as_str().unwrap_or_default().to_owned();
    let [project, environment] = [0, 1].map(|position| call.argument(position).to_owned());
    let resource = format!("proj/{project}:env/{environment}:segment/{}", text("key"));
    call.record(Deed { kind: "segment", name: &text("name"), verb, actions, resource, comment });
}
