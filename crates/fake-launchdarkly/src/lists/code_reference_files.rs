//! The branches of repositories, with the places that mention flags: as many files and places as
//! `code_references` counts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::code_references::statistics;
use crate::account::{Account, Project, mixed, object_id};
use crate::call::Query;

/// The files of a repository. Several flags share one.
const PATHS: [&str; 8] = [
    "src/app.ts",
    "src/checkout/basket.ts",
    "src/checkout/payment form.ts",
    "src/flags.ts",
    "src/legacy/helpers.js",
    "src/search/results.ts",
    "src/theme/colours.ts",
    "test/flags.test.ts",
];

/// Adds the branches to a repository, if the query asks for references.
pub(super) fn expand(account: &Account, query: &Query, repository: &str) -> String {
    let is_asked = query.get("withReferencesForDefaultBranch").is_some();
    let item = is_asked.then(|| serde_json::from_str::<Value>(repository).ok()).flatten();
    let Some(mut item) = item.filter(|item| item.get("branches").is_none()) else {
        return repository.to_owned();
    };
    let name = item["name"].as_str().unwrap_or_default().to_owned();
    item["branches"] = branches(account, query, &name, &item["defaultBranch"]);
    item.to_string()
}

/// The default branch with its references, and a branch without any.
fn branches(account: &Account, query: &Query, repository: &str, default: &Value) -> Value {
    let head = object_id(&format!("head of {repository}"));
    json!([
        {
            "name": default, "head": head, "syncTime": account.now_ms - 3_600_000,
            "updateSequenceId": 7, "references": references(account, query, repository), "_links": {},
        },
        {
            "name": "feature/autumn", "head": object_id(&head), "syncTime": account.now_ms - 7_200_000,
            "_links": {},
        },
    ])
}

fn references(account: &Account, query: &Query, repository: &str) -> Vec<Value> {
    let is_asked = |one: &&Project| query.get("projKey").is_none_or(|key| key == one.key);
    let mut files = BTreeMap::<&str, Vec<Value>>::new();
    for project in account.projects.iter().filter(is_asked) {
        for (flag, counts) in statistics(account, project) {
            let of_repository = |one: &&Value| one["name"] == repository;
            for count in counts.as_array().into_iter().flatten().filter(of_repository) {
                add(&mut files, &project.key, &flag, count);
            }
        }
    }
    let hint = |path: &str| if path.ends_with("js") { "javascript" } else { "typescript" };
    let reference =
        |(path, hunks)| json!({"path": path, "hint": hint(path), "hunks": Value::Array(hunks)});
    files.into_iter().map(reference).collect()
}

/// Adds the places of a flag: one in each of its files, and all others in the last one.
fn add(files: &mut BTreeMap<&str, Vec<Value>>, project: &str, flag: &str, count: &Value) {
    let chance = mixed(flag, 13);
    let number = |field: &str| count[field].as_u64().unwrap_or_default();
    for place in 0..number("hunkCount") {
        let file = place.min(number("fileCount").saturating_sub(1));
        let path = PATHS[((chance + file) % PATHS.len() as u64) as usize];
        files.entry(path).or_default().push(hunk(project, flag, 10 + chance % 400 + 20 * place));
    }
}

fn hunk(project: &str, flag: &str, line: u64) -> Value {
    let alias = flag.replace('-', "_").to_uppercase();
    json!({
        "startingLineNumber": line, "projKey": project, "flagKey": flag, "aliases": [alias],
        "lines": format!("// fake-secret-source-code\nif (flags.isOn({alias})) {{\n"),
    })
}
