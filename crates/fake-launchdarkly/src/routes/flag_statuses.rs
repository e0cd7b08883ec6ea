//! `/flag-statuses/{project}/{environment}` and `/flag-status/{project}/{flag}`

use super::Route;
use crate::Family;
use crate::account::{Environment, Flag, FlagStatus, Project, State};
use crate::call::{Call, Outcome, Refusal};
use crate::json::{self, Object};
use crate::render::status;

pub(super) const ROUTES: &[Route] = &[
    Route {
        family: Family::FlagStatuses,
        pattern: "flag-statuses/{project}/{environment}",
        answer: of_environment,
    },
    Route {
        family: Family::FlagStatus,
        pattern: "flag-statuses/{project}/{environment}/{flag}",
        answer: of_flag_in_environment,
    },
    Route { family: Family::FlagStatus, pattern: "flag-status/{project}/{flag}", answer: of_flag },
];

/// All statuses at once: this list has neither pages nor a total.
fn of_environment(call: &Call) -> Outcome {
    let project = project(call)?;
    let environment = environment(project, call.argument(1))?;
    let listed = project.flags.iter().filter(|flag| is_listed(call, flag));
    let rendered = listed.filter_map(|flag| {
        let status = flag.environment(&environment.key).status.clone()?;
        Some(linked(call, project, environment, flag, &status))
    });
    let items = match json::array(rendered) {
        empty if empty == "[]" && call.behaviour.empty_statuses_are_null => "null".to_owned(),
        items => items,
    };
    let links = json::links([("self", status::path(&project.key, &environment.key))]);
    Ok(Object::new().raw("_links", &links).raw("items", &items).close())
}

fn of_flag_in_environment(call: &Call) -> Outcome {
    let project = project(call)?;
    let environment = environment(project, call.argument(1))?;
    let flag = flag(project, call.argument(2))?;
    match &flag.environment(&environment.key).status {
        Some(status) => Ok(linked(call, project, environment, flag, status)),
        None => Err(Refusal::documented(404)),
    }
}

/// Here `env` chooses environments, and the flag's key is given.
fn of_flag(call: &Call) -> Outcome {
    let project = project(call)?;
    let flag = flag(project, call.argument(1))?;
    let asked: Vec<&str> = call.query.all("env").collect();
    let chosen = |one: &&Environment| asked.is_empty() || asked.contains(&one.key.as_str());
    let environments =
        project.environments.iter().filter(chosen).fold(Object::new(), |object, one| {
            match &flag.environment(&one.key).status {
                Some(status) => object.raw(&one.key, &status::plain(call.behaviour, status)),
                None => object,
            }
        });
    let links = json::links([("self", call.path.to_owned())]);
    Ok(Object::new()
        .raw("environments", &environments.close())
        .text("key", &flag.key)
        .raw("_links", &links)
        .close())
}

fn is_listed(call: &Call, flag: &Flag) -> bool {
    let archived = flag.state() == State::Archived;
    (!archived || call.behaviour.statuses_include_archived)
        && !call.behaviour.statuses_lack.contains(&flag.key)
}

fn linked(
    call: &Call,
    project: &Project,
    environment: &Environment,
    flag: &Flag,
    status: &FlagStatus,
) -> String {
    status::linked(call.behaviour, &project.key, &environment.key, &flag.key, status)
}

fn project<'a>(call: &Call<'a>) -> Result<&'a Project, Refusal> {
    Ok(&call.stored.account.projects[call.project()?])
}

fn environment<'a>(project: &'a Project, key: &str) -> Result<&'a Environment, Refusal> {
    project.environment(key).ok_or_else(|| Refusal::documented(404))
}

fn flag<'a>(project: &'a Project, key: &str) -> Result<&'a Flag, Refusal> {
    project.flag(key).ok_or_else(|| Refusal::documented(404))
}
