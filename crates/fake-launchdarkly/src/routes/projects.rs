//! `/projects`

use super::Route;
use crate::Family;
use crate::account::Project;
use crate::call::{Call, Outcome, Refusal};
use crate::filter::Filter;
use crate::paging::{List, page};
use crate::render::project;

pub(super) const ROUTES: &[Route] = &[
    Route { family: Family::Projects, pattern: "projects", answer: list },
    Route { family: Family::Projects, pattern: "projects/{project}", answer: one },
];

fn list(call: &Call) -> Outcome {
    let filter = Filter::parse(call)?.only(&["query", "tags", "keys"])?;
    let hidden = &call.token.profile.hidden_projects;
    let projects = call.stored.account.projects.iter();
    let visible: Vec<&Project> = projects.filter(|one| !hidden.contains(&one.key)).collect();
    let unfiltered = visible.len();
    let chosen = |project: &&Project| {
        filter.has_one("keys", &project.key)
            && filter.has_tags(&project.tags)
            && filter.has_words(&[&project.key, &project.name])
    };
    let items = sorted(call, visible.into_iter().filter(chosen).collect())?;
    let expanded = call.expands("environments");
    page(call, Family::Projects, List { unfiltered, ..List::whole(items) }, |one, text| {
        text.push_str(&project::project(call.behaviour, one, expanded));
    })
}

fn one(call: &Call) -> Outcome {
    let found = &call.stored.account.projects[call.project()?];
    Ok(project::project(call.behaviour, found, call.expands("environments")))
}

/// Answers have no creation date of projects; the account's order is used in its place.
fn sorted<'a>(call: &Call, mut projects: Vec<&'a Project>) -> Result<Vec<&'a Project>, Refusal> {
    let sort = call.query.get("sort").filter(|_| !call.behaviour.ignore_sort);
    let Some(sort) = sort else { return Ok(projects) };
    match sort.trim_start_matches('-') {
        "name" => projects.sort_by(|left, right| left.name.cmp(&right.name)),
        "createdOn" => {}
        other => return Err(Refusal::invalid(format!("cannot sort by {other}"))),
    }
    if sort.starts_with('-') {
        projects.reverse();
    }
    Ok(projects)
}
