//! Flags: `PATCH /flags/{project}/{flag}`, to turn them on and off, to archive and to restore them.

use super::audit::Deed;
use super::flag_steps::Step;
use super::semantic::Patch;
use super::{Done, WriteCall, WriteOutcome, WriteRoute, json_patch, pending};
use crate::Family;
use crate::account::Flag;
use crate::call::Refusal;
use crate::routes;

pub(super) const ROUTES: &[WriteRoute] = &[WriteRoute {
    family: Family::Flags,
    method: "PATCH",
    pattern: "flags/{project}/{flag}",
    answer: change,
}];

fn change(call: &mut WriteCall) -> WriteOutcome {
    let place = position(call)?;
    let (steps, comment) = steps(call, place)?;
    permitted(call, place.0, &steps)?;
    for step in
        steps.iter().filter(|step| step.changes(flag(call, place))).cloned().collect::<Vec<_>>()
    {
        pending::settle(call, &step)?;
    }
    let before = flag(call, place).clone();
    let changed = apply(call, place, &steps);
    let answer = routes::one_flag(&call.reading());
    if call.is_dry_run() {
        call.stored.change_flag(place.0, place.1, |flag| *flag = before);
    } else {
        changed.iter().for_each(|step| record(call, &before, step, comment.clone()));
    }
    answer.map(Done::ok)
}

/// The positions of the project and the flag that the path names.
pub(super) fn position(call: &WriteCall) -> Result<(usize, usize), Refusal> {
    let project = call.project()?;
    let flags = &call.account().projects[project].flags;
    let position = flags.iter().position(|flag| flag.key == call.argument(1));
    Ok((project, position.ok_or_else(|| Refusal::documented(404))?))
}

/// The flag at these positions.
pub(super) fn flag<'a>(call: &'a WriteCall, (project, flag): (usize, usize)) -> &'a Flag {
    &call.account().projects[project].flags[flag]
}

fn steps(call: &WriteCall, place: (usize, usize)) -> Result<(Vec<Step>, Option<String>), Refusal> {
    let body = call.json()?;
    if call.is_semantic() {
        let patch = Patch::parse(&body)?;
        let environment = patch.environment.as_deref();
        return Ok((Step::of_instructions(&patch.instructions, environment)?, patch.comment));
    }
    let (comment, operations) = json_patch::parse(body)?;
    Ok((Step::of_patch(&operations, flag(call, place))?, comment))
}

/// Refuses steps in unknown environments, and steps that the token may not make, or only with
/// approval.
fn permitted(call: &WriteCall, project: usize, steps: &[Step]) -> Result<(), Refusal> {
    let project = &call.account().projects[project];
    for step in steps {
        step.check(project)?;
        call.permit(step.action())?;
        let Step::Turn(key, _) = step else { continue };
        let environment = project.environment(key);
        let approval = environment.and_then(|environment| environment.approval.as_ref());
        let by_settings = || approval.is_some_and(|approval| approval.required);
        let is_required = call.behaviour.writes.flag_approvals.unwrap_or_else(by_settings);
        if is_required && !call.token.profile.bypasses_approvals {
            return Err(approval_required(step.action()));
        }
    }
    Ok(())
}

fn approval_required(action: &str) -> Refusal {
    let message =
        format!("Flag configuration updates require approval: action '{action}' not allowed");
    Refusal::new(405, "method_not_allowed", message)
}

/// Makes the steps, and returns those that changed the flag.
pub(super) fn apply(call: &mut WriteCall, place: (usize, usize), steps: &[Step]) -> Vec<Step> {
    let mut changed = Vec::new();
    for step in steps {
        if step.changes(flag(call, place)) {
            let now_ms = call.stamp();
            call.stored.change_flag(place.0, place.1, |flag| step.apply(flag, now_ms));
            changed.push(step.clone());
        }
    }
    changed
}

/// Adds an entry about a flag of the project that the path names to the audit log.
pub(super) fn record(call: &mut WriteCall, flag: &Flag, step: &Step, comment: Option<String>) {
    let resource = step.resource(call.argument(0), &flag.key);
    let (name, verb, actions) = (&*flag.name, step.verb(), &[step.action()][..]);
    call.record(Deed { kind: "flag", name, verb, actions, resource, comment });
}
