//! Single approval requests, and the approval requests and scheduled changes of a flag.

use super::Route;
use crate::Family;
use crate::account::Json;
use crate::call::{Call, Outcome, Refusal};
use crate::json::{self, Object};
use crate::lists;

pub(super) const ROUTES: &[Route] = &[
    Route { family: Family::ApprovalRequests, pattern: "approval-requests/{id}", answer: one },
    Route {
        family: Family::ApprovalRequests,
        pattern: "projects/{project}/flags/{flag}/environments/{environment}/approval-requests",
        answer: of_flag,
    },
    Route {
        family: Family::ApprovalRequests,
        pattern: "projects/{project}/flags/{flag}/environments/{environment}/approval-requests/{id}",
        answer: one_of_flag,
    },
    Route {
        family: Family::ScheduledChanges,
        pattern: "projects/{project}/flags/{flag}/environments/{environment}/scheduled-changes",
        answer: scheduled,
    },
];

fn one(call: &Call) -> Outcome {
    named(call, &all(call), call.argument(0))
}

fn named(_: &Call, items: &[Json], id: &str) -> Outcome {
    let found = lists::by_id(items, id).map(|position| items[position].clone());
    found.ok_or_else(|| Refusal::documented(404))
}

fn all(call: &Call) -> Vec<Json> {
    lists::shown(call, Family::ApprovalRequests, &[])
}

fn of_flag(call: &Call) -> Outcome {
    Ok(whole(call, requests(call)?))
}

fn one_of_flag(call: &Call) -> Outcome {
    named(call, &requests(call)?, call.argument(3))
}

fn requests(call: &Call) -> Result<Vec<Json>, Refusal> {
    existing(call)?;
    let [project, flag, environment] = [0, 1, 2].map(|position| call.argument(position));
    let resource = format!("proj/{project}:env/{environment}:flag/{flag}");
    let mut items = all(call);
    items.retain(|item| lists::resource(item).as_deref() == Some(&resource));
    Ok(items)
}

/// A test can set the items of the family's list with the arguments in the path.
fn scheduled(call: &Call) -> Outcome {
    existing(call)?;
    let set = (Family::ScheduledChanges, call.arguments.to_vec());
    Ok(whole(call, call.stored.account.lists.get(&set).cloned().unwrap_or_default()))
}

fn existing(call: &Call) -> Result<(), Refusal> {
    let project = &call.stored.account.projects[call.project()?];
    let (flag, environment) = (project.flag(call.argument(1)), call.argument(2));
    flag.and(project.environment(environment)).map(drop).ok_or_else(|| Refusal::documented(404))
}

fn whole(call: &Call, items: Vec<Json>) -> String {
    let links = json::links([("self", call.path.to_owned())]);
    Object::new().raw("items", &json::array(items)).raw("_links", &links).close()
}
