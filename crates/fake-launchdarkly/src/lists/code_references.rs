//! `/code-refs/statistics/{project}`: an object with one entry per flag, not a list.

use serde_json::{Map, Value, json};

use super::code_reference_repositories::{OLD, source_link};
use super::existing;
use crate::Family;
use crate::account::{Account, Flag, Project, State, mixed};
use crate::call::{Call, Outcome};
use crate::routes::Route;

const PATTERN: &str = "code-refs/statistics/{project}";

pub(super) const ROUTE: Route = Route { family: Family::CodeReferences, pattern: PATTERN, answer };

const DAY_MS: i64 = 86_400_000;

/// The items that a test has set, or those derived from the account.
fn answer(call: &Call) -> Outcome {
    existing(call, PATTERN)?;
    let account = &call.stored.account;
    let instead = account.lists.get(&(Family::CodeReferences, call.arguments.to_vec()));
    if let Some(body) = instead.and_then(|bodies| bodies.first()) {
        return Ok(body.clone());
    }
    let flags = statistics(account, &account.projects[call.project()?]);
    let links = json!({"self": {"href": call.path, "type": "application/json"}});
    Ok(json!({"_links": links, "flags": flags}).to_string())
}

pub(super) fn statistics(account: &Account, project: &Project) -> Map<String, Value> {
    let found = |flag: &Flag| {
        let references = references(account, project, flag);
        (!references.is_empty()).then(|| (flag.key.clone(), Value::from(references)))
    };
    let mut flags: Map<_, _> = project.flags.iter().filter_map(found).collect();
    if let Some(flag) = project.flags.first() {
        // A deleted flag that code still mentions.
        let deleted = reference(account, flag, &project.key);
        flags.insert(format!("{}-before", flag.key), json!([deleted]));
    }
    flags
}

/// Code still mentions every third archived flag, and does not mention some flags yet.
fn references(account: &Account, project: &Project, flag: &Flag) -> Vec<Value> {
    let chance = mixed(&flag.key, 11);
    let is_found = match flag.state() {
        State::Archived => chance.is_multiple_of(3),
        State::Live | State::Deprecated => !chance.is_multiple_of(8),
    };
    let is_old = is_found && chance % 16 == 1;
    let repositories = is_found.then_some(&*project.key).into_iter().chain(is_old.then_some(OLD));
    repositories.map(|repository| reference(account, flag, repository)).collect()
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
