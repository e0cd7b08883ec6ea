//! `/projects/{project}/environments`

use super::Route;
use crate::Family;
use crate::account::Environment;
use crate::call::{Call, Outcome, Refusal};
use crate::filter::Filter;
use crate::paging::{List, page};
use crate::render::project;

pub(super) const ROUTES: &[Route] = &[
    Route {
        family: Family::Environments,
        pattern: "projects/{project}/environments",
        answer: list,
    },
    Route {
        family: Family::Environments,
        pattern: "projects/{project}/environments/{environment}",
        answer: one,
    },
];

fn list(call: &Call) -> Outcome {
    let owner = &call.stored.account.projects[call.project()?];
    let filter = Filter::parse(call)?.only(&["query", "tags"])?;
    let chosen =
        |one: &&Environment| filter.has_tags(&one.tags) && filter.has_words(&[&one.key, &one.name]);
    let items = sorted(call, owner.environments.iter().filter(chosen).collect())?;
    let parent = Some(project::path(&owner.key));
    let unfiltered = owner.environments.len();
    let list = List { unfiltered, parent, ..List::whole(items) };
    page(call, Family::Environments, list, |one, text| {
        text.push_str(&project::environment(owner, one));
    })
}

fn one(call: &Call) -> Outcome {
    let owner = &call.stored.account.projects[call.project()?];
    let found = owner.environment(call.argument(1));
    let found = found.ok_or_else(|| Refusal::documented(404))?;
    Ok(project::environment(owner, found))
}

/// Answers have no creation date of environments; the account's order is used in its place.
fn sorted<'a>(
    call: &Call,
    mut environments: Vec<&'a Environment>,
) -> Result<Vec<&'a Environment>, Refusal> {
    let sort = call.query.get("sort").filter(|_| !call.behaviour.ignore_sort);
    let Some(sort) = sort else { return Ok(environments) };
    match sort.trim_start_matches('-') {
        "name" => environments.sort_by(|left, right| left.name.cmp(&right.name)),
        "critical" => environments.sort_by_key(|environment| environment.critical),
        "createdOn" => {}
        other => return Err(Refusal::invalid(format!("cannot sort by {other}"))),
    }
    if sort.starts_with('-') {
        environments.reverse();
    }
    Ok(environments)
}
