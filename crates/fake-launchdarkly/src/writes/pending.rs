//! Approval requests and scheduled changes that are still to be carried out.

use serde_json::{Value, json};

use super::WriteCall;
use super::flag_steps::Step;
use super::objects::list;
use super::semantic::kind;
use crate::Family;
use crate::account::Json;
use crate::call::Refusal;

/// Refuses a step that conflicts with a pending change. Where the request says that conflicts are
/// to be ignored, the pending approval requests fail once they are applied.
pub(super) fn settle(call: &mut WriteCall, step: &Step) -> Result<(), Refusal> {
    let Step::Turn(environment, _) = step else { return Ok(()) };
    if !call.behaviour.writes.pending_conflicts {
        return Ok(());
    }
    let resource = step.resource(call.argument(0), call.argument(1));
    let is_ignored = call.query.get("ignoreConflicts") == Some("true");
    if is_ignored {
        if !call.is_dry_run() {
            break_requests(call, &resource);
        }
        return Ok(());
    }
    if is_requested(call, &resource) || is_scheduled(call, environment) {
        let message = "the change conflicts with pending approval requests or scheduled changes";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

fn is_requested(call: &mut WriteCall, resource: &str) -> bool {
    call.list(Family::ApprovalRequests, &[]).iter().any(|item| {
        item.contains(resource) && parsed(item).is_some_and(|one| is_pending(&one, resource))
    })
}

fn is_scheduled(call: &WriteCall, environment: &str) -> bool {
    let path = [call.argument(0), call.argument(1), environment].map(str::to_owned);
    let scheduled = call.account().lists.get(&(Family::ScheduledChanges, path.to_vec()));
    let turns = |item: &Json| parsed(item).is_some_and(|one| turns(&one));
    scheduled.is_some_and(|items| items.iter().any(turns))
}

fn break_requests(call: &mut WriteCall, resource: &str) {
    for item in list(&mut call.stored.account, Family::ApprovalRequests, &[]) {
        let Some(mut request) = parsed(item).filter(|one| is_pending(one, resource)) else {
            continue;
        };
        request["conflicts"] = conflict(&request);
        *item = request.to_string();
    }
}

/// The conflicts of a request whose first instruction no longer applies.
pub(super) fn conflict(request: &Value) -> Value {
    json!([{
        "instruction": request["instructions"][0],
        "reason": "The target has been changed since the request was made.",
    }])
}

fn is_pending(request: &Value, resource: &str) -> bool {
    let status = request["status"].as_str().unwrap_or_default();
    request["resourceId"] == resource && matches!(status, "pending" | "scheduled") && turns(request)
}

fn turns(request: &Value) -> bool {
    let instructions = request["instructions"].as_array();
    let is_turn = |one: &Value| matches!(kind(one), "turnFlagOn" | "turnFlagOff");
    instructions.is_some_and(|instructions| instructions.iter().any(is_turn))
}

fn parsed(item: &str) -> Option<Value> {
    serde_json::from_str(item).ok()
}
