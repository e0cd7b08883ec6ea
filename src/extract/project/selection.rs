//! Selects projects by key.

use std::collections::HashSet;

use crate::resources::projects::Project;
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
    let near = near(unknown, keys);
    if near.is_empty() {
        let count = keys.len();
        error.hint(format!("the access token sees {count} projects, none with a similar key"))
    } else {
        error.hint(format!("did you mean `{}`?", near.join("`, `")))
    }
}

/// Up to three keys similar to `unknown`, the most similar first.
fn near<'k>(unknown: &str, keys: &[&'k str]) -> Vec<&'k str> {
    let mut scored: Vec<_> = keys.iter().map(|key| (likeness(unknown, key), *key)).collect();
    scored.retain(|(score, _)| *score > 0.6);
    scored.sort_by(|(one, _), (next, _)| next.total_cmp(one));
    scored.into_iter().take(3).map(|(_, key)| key).collect()
}

/// The similarity of two keys, from 0 to 1: high for few edits, or if one contains the other.
fn likeness(unknown: &str, key: &str) -> f64 {
    let (unknown, key) = (unknown.to_lowercase(), key.to_lowercase());
    let inside = key.contains(&unknown) || unknown.contains(&key);
    let edits = strsim::normalized_damerau_levenshtein(&unknown, &key);
    if inside { edits.max(0.7) } else { edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_keys_are_suggested_best_first() {
        let keys = ["web", "mobile-app", "payments", "web-admin"];
        assert_eq!(near("wbe", &keys), ["web"]);
        assert_eq!(near("web-amdin", &keys), ["web-admin", "web"]);
        assert_eq!(near("mobile", &keys), ["mobile-app"]);
        assert_eq!(near("Payment", &keys), ["payments"]);
        assert!(near("zzz", &keys).is_empty());
    }
}
