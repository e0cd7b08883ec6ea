//! `/code-refs/statistics/{project}`: an object with one entry per flag, not a list.

use serde_json::{Map, Value, json};

use super::code_reference_repositories::{OLD, source_link};
use super::existing;
use crate::Family;
use crate::account::{Account, Flag, Json, Project, State, mixed};
use crate::call::{Call, Outcome, escaped};
use crate::routes::Route;

const PATTERN: &str = "code-refs/statistics/{project}";

pub(super) const ROUTE: Route = Route { family: Family::CodeReferences, pattern: PATTERN, answer };

const DAY_MS: i64 = 86_400_000;

/// The references that are set, or those derived from the account.
fn answer(call: &Call) -> Outcome {
    existing(call, PATTERN)?;
    let (account, project) = (&call.stored.account, call.project()?);
    let project = &account.projects[project];
    Ok(set(account, &project.key)
        .cloned()
        .unwrap_or_else(|| answered(&project.key, derived(account, project))))
}

/// The answer about a project with these references.
pub(crate) fn answered(project: &str, flags: Map<String, Value>) -> Json {
    let path = format!("/api/v2/code-refs/statistics/{}", escaped(project));
    let links = json!({"self": {"href": path, "type": "application/json"}});
    json!({"_links": links, "flags": flags}).to_string()
}

/// The answer about a project that is set in place of what follows from the account.
fn set<'a>(account: &'a Account, project: &str) -> Option<&'a Json> {
    account.lists.get(&(Family::CodeReferences, vec![project.to_owned()]))?.first()
}

/// The references to a project's flags.
pub(super) fn statistics(account: &Account, project: &Project) -> Map<String, Value> {
    let set = set(account, &project.key).and_then(|answer| serde_json::from_str(answer).ok());
    match set.map(|mut answer: Value| answer["flags"].take()) {
        Some(Value::Object(flags)) => flags,
        _ => derived(account, project),
    }
}

fn derived(account: &Account, project: &Project) -> Map<String, Value> {
    let found = |flag: &Flag| Some((flag.key.clone(), of_flag(account, project, flag)?));
    let flags = project.flags.iter().filter_map(found);
    flags.chain(of_deleted_flag(account, project)).collect()
}

/// A deleted flag that code still mentions, and where.
pub(crate) fn of_deleted_flag(account: &Account, project: &Project) -> Option<(String, Value)> {
    let flag = project.flags.first()?;
    let reference = reference(account, flag, &project.key);
    Some((format!("{}-before", flag.key), json!([reference])))
}

/// The references to a flag, if there are any. Code still mentions every third archived flag, and
/// does not mention some flags yet.
pub(crate) fn of_flag(account: &Account, project: &Project, flag: &Flag) -> Option<Value> {
    let chance = mixed(&flag.key, 11);
    let is_found = match flag.state() {
        State::Archived => chance.is_multiple_of(3),
        State::Live | State::Deprecated => !chance.is_multiple_of(8),
    };
    let is_old = is_found && chance % 16 == 1;
    let repositories = is_found.then_some(&*project.key).into_iter().chain(is_old.then_some(OLD));
    let references = repositories.map(|repository| reference(account, flag, repository));
    is_found.then(|| references.collect())
}

fn reference(account: &Account, flag: &Flag, repository: &str) -> Value {
    let chance = mixed(&format!("{} {repository}", flag.key), 12);
    let files = 1 + (chance % 5) as i64;
    let age = (chance % 90) as i64 * DAY_MS;
    json!({
        "name": repository,
        "type": if repository == OLD { "custom" } else { "gitlab" },
        "sourceLink": source_link(repository),
        "defaultBranch": if repository == OLD { "master" } else { "main" },
        "enabled": repository != OLD,
        "version": 1 + repository.len(),
        "fileCount": files,
        "hunkCount": files + (chance % 3) as i64,
        "latestCommitTime": (repository != OLD).then_some(account.now_ms - age),
        "_links": {"self": {"href": format!("/api/v2/code-refs/repositories/{repository}"), "type": "application/json"}},
    })
}
