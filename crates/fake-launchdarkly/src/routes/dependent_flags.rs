//! `/flags/{project}/{environment}/{flag}/dependent-flags`

use serde_json::json;

use super::Route;
use crate::Family;
use crate::account::Flag;
use crate::call::{Call, Outcome, Refusal, escaped};
use crate::render;

pub(super) const ROUTES: &[Route] = &[Route {
    family: Family::DependentFlags,
    pattern: "flags/{project}/{environment}/{flag}/dependent-flags",
    answer: list,
}];

fn list(call: &Call) -> Outcome {
    let project = &call.stored.account.projects[call.project()?];
    let (environment, key) = (call.argument(1), call.argument(2));
    if project.environment(environment).and(project.flag(key)).is_none() {
        return Err(Refusal::documented(404));
    }
    let depends = |flag: &&Flag| {
        let state = flag.environment(environment);
        state.config.prerequisites.iter().any(|(required, _)| required == key)
    };
    let item = |flag: &Flag| {
        let path = render::flag::path(&project.key, &flag.key);
        let site = site(&project.key, environment, &flag.key);
        json!({
            "name": flag.name, "key": flag.key, "_site": {"href": site, "type": "text/html"},
            "_links": {"self": {"href": path, "type": "application/json"}},
        })
    };
    let items: Vec<_> = project.flags.iter().filter(depends).map(item).collect();
    Ok(json!({
        "items": items, "_links": {"self": {"href": call.path, "type": "application/json"}},
        "_site": {"href": site(&project.key, environment, key), "type": "text/html"},
    })
    .to_string())
}

fn site(project: &str, environment: &str, flag: &str) -> String {
    let [project, environment, flag] = [project, environment, flag].map(escaped);
    format!("/{project}/{environment}/features/{flag}")
}
