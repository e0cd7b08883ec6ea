//! Selects projects by key.

use std::collections::HashSet;

use crate::resources::projects::Project;
use crate::terminal::counted;
use crate::terminal::suggest::similar;
use crate::{Error, Result};

/// The selected projects; all if none is named.
///
/// # Errors
/// `usage` for a key that no project has, with similar keys as a hint.
pub(in crate::extract) fn select(
    projects: Vec<Project>,
    wanted: &[String],
) -> Result<Vec<Project>> {
    if wanted.is_empty() {
        return Ok(projects);
    }
    let keys: Vec<&str> = projects.iter().map(|project| project.key.as_str()).collect();
    if let Some(unknown) = wanted.iter().find(|key| !keys.contains(&key.as_str())) {
        return Err(unknown_project(unknown, &keys));
    }
    let wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
    Ok(projects.into_iter().filter(|project| wanted.contains(project.key.as_str())).collect())
}

fn unknown_project(unknown: &str, keys: &[&str]) -> Error {
    let error = Error::usage(format!("there is no project `{unknown}`")).resource("projects");
    let near = similar(unknown, keys.iter().copied());
    if near.is_empty() {
        let projects = counted(keys.len(), "project");
        error.hint(format!("the access token sees {projects}, none with a similar key"))
    } else {
        error.hint(format!("did you mean `{}`?", near.join("`, `")))
    }
}
