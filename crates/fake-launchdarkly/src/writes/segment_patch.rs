//! Changes of segments other than by instructions about their targets.

use serde_json::{Value, json};

use super::objects::{are_tags, require};
use super::segments::{Edit, approved};
use super::semantic::{kind, unknown};
use super::{WriteCall, imports, json_patch};
use crate::call::Refusal;

/// Applies an instruction that is not about targets, and returns the action that permits it.
pub(super) fn details(
    call: &mut WriteCall,
    segment: &mut Value,
    instruction: &Value,
) -> Result<&'static str, Refusal> {
    let action = match kind(instruction) {
        "updateName" => "updateName",
        "updateDescription" => "updateDescription",
        "addTags" | "removeTags" => "updateTags",
        "processBigSegmentImport" => "updateIncluded",
        _ => return Err(unknown(instruction)),
    };
    call.permit(action)?;
    match action {
        "updateName" => segment["name"] = text(instruction)?,
        "updateDescription" => segment["description"] = text(instruction)?,
        "updateTags" => tags(segment, instruction)?,
        _ => imports::process(call, instruction)?,
    }
    Ok(action)
}

fn text(instruction: &Value) -> Result<Value, Refusal> {
    let value = instruction["value"].as_str();
    value.map(|value| json!(value)).ok_or_else(|| Refusal::invalid("value is missing"))
}

fn tags(segment: &mut Value, instruction: &Value) -> Result<(), Refusal> {
    let named = &instruction["values"];
    require(are_tags(named), "invalid tags")?;
    let named = named.as_array().cloned().unwrap_or_default();
    let mut tags = segment["tags"].as_array().cloned().unwrap_or_default();
    tags.retain(|tag| !named.contains(tag));
    if kind(instruction) == "addTags" {
        tags.extend(named);
    }
    segment["tags"] = json!(tags);
    Ok(())
}

/// Fields that a JSON Patch can change, each with the action that permits it.
const PATHS: [(&str, &str); 8] = [
    ("name", "updateName"),
    ("description", "updateDescription"),
    ("tags", "updateTags"),
    ("included", "updateIncluded"),
    ("includedContexts", "updateIncluded"),
    ("excluded", "updateExcluded"),
    ("excludedContexts", "updateExcluded"),
    ("rules", "updateRules"),
];

/// Applies a JSON Patch to a segment.
pub(super) fn apply(call: &WriteCall, segment: &mut Value, body: Value) -> Result<Edit, Refusal> {
    let (comment, operations) = json_patch::parse(body)?;
    let before = segment.clone();
    let mut actions = Vec::new();
    for operation in &operations {
        let parts = operation.parts();
        let known = PATHS.iter().find(|(path, _)| parts.first().is_some_and(|part| part == path));
        if operation.kind != json_patch::Kind::Test {
            let message = format!("{} cannot be changed", operation.path);
            let (_, action) = known.ok_or(Refusal::new(400, "invalid_patch", message))?;
            call.permit(action)?;
            actions.push(*action);
        }
        operation.apply(segment)?;
    }
    if !actions.is_empty() {
        approved(call, call.behaviour.writes.segment_approvals)?;
    }
    Ok(Edit { changed: *segment != before, actions, comment })
}
