//! Checks that the places to write to exist, as far as the token may see them.

use tracing::warn;

use crate::error::Kind;
use crate::launchdarkly::writes::places::{self, EnvironmentRules, Keyed};
use crate::launchdarkly::{Client, Pages};
use crate::terminal::suggest;
use crate::{Error, Result};

/// At most this many pages are read for a suggestion.
const MOST_PAGES: usize = 50;

/// The outcome of a read that a guard needs, and that the token may not be allowed to do.
#[derive(Clone, Debug)]
pub enum Checked<T> {
    /// What LaunchDarkly answered.
    Known(T),
    /// The token may not read it. That is no reason to stop: a token that may only write suffices.
    NotChecked,
}

impl<T> Checked<T> {
    /// What LaunchDarkly answered, if it did.
    pub fn known(self) -> Option<T> {
        match self {
            Checked::Known(value) => Some(value),
            Checked::NotChecked => None,
        }
    }
}

/// `outcome`, or a warning that `what` is not checked because the token may not read it.
///
/// # Errors
/// Any error but a missing permission.
pub fn if_permitted<T>(outcome: Result<T>, what: &str) -> Result<Checked<T>> {
    match outcome {
        Err(error) if error.kind() == Kind::InvalidPermissions => {
            warn!("{what} is not checked: {error}.");
            Ok(Checked::NotChecked)
        }
        outcome => outcome.map(Checked::Known),
    }
}

/// Checks that a project exists.
///
/// # Errors
/// `usage` if it does not.
pub async fn project(client: &Client, key: &str) -> Result<()> {
    let outcome = client.object::<Keyed>(&places::project(key)).await;
    let what = format!("The project `{key}`");
    match outcome {
        Err(error) if error.http_status() == Some(404) => {
            let keys = keys(places::projects(client)).await;
            known_in(&what, "project", key, keys)
        }
        outcome => if_permitted(outcome, &what).map(drop),
    }
}

/// Checks that an environment exists; returns its rules.
///
/// # Errors
/// `usage` if it or its project does not exist.
pub async fn environment(
    client: &Client,
    project_key: &str,
    key: &str,
) -> Result<Checked<EnvironmentRules>> {
    let outcome = client.object(&places::environment(project_key, key)).await;
    let what = format!("The environment `{project_key}/{key}`");
    match outcome {
        Err(error) if error.http_status() == Some(404) => {
            project(client, project_key).await?;
            let keys = keys(places::environments(client, project_key)).await;
            known_in(&what, "environment", key, keys)?;
            Ok(Checked::NotChecked)
        }
        outcome => if_permitted(outcome, &what),
    }
}

/// The keys of a project's context kinds.
///
/// # Errors
/// Any error but a missing permission.
pub async fn context_kinds(client: &Client, project_key: &str) -> Result<Checked<Vec<String>>> {
    match keys(places::context_kinds(client, project_key)).await {
        // Without context kinds in the plan, the list may not exist.
        Err(error) if error.http_status() == Some(404) => Ok(Checked::NotChecked),
        keys => if_permitted(keys, &format!("The context kinds of `{project_key}`")),
    }
}

/// Checks that a context kind exists. Every project has `user`.
///
/// # Errors
/// `usage` if it does not.
pub fn check_kind(kind: &str, kinds: &[String]) -> Result<()> {
    let mut names: Vec<_> = kinds.iter().map(String::as_str).chain(["user"]).collect();
    names.sort_unstable();
    names.dedup();
    if names.contains(&kind) {
        return Ok(());
    }
    Err(unknown("context kind", kind, names))
}

fn unknown<'n>(what: &str, key: &str, keys: impl IntoIterator<Item = &'n str>) -> Error {
    let hint = suggest::hint(key, keys);
    Error::usage(format!("there is no {what} `{key}`: {hint}"))
}

/// Refuses a key that a list does not have. Where the list cannot be read, the answer 404 to the
/// key itself decides.
fn known_in(what: &str, noun: &str, key: &str, keys: Result<Vec<String>>) -> Result<()> {
    match keys {
        Ok(keys) if keys.iter().any(|one| one == key) => {
            warn!("{what} is not checked: LaunchDarkly lists it, but does not show it.");
            Ok(())
        }
        Ok(keys) => Err(unknown(noun, key, keys.iter().map(String::as_str))),
        Err(_) => Err(Error::usage(format!("there is no {noun} `{key}`"))),
    }
}

/// The keys of a list, for a suggestion.
///
/// # Errors
/// By the table of codes.
pub async fn keys(list: Pages<'_, Keyed>) -> Result<Vec<String>> {
    let items = list.first(MOST_PAGES).await?;
    Ok(items.into_iter().map(|one| one.key).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_kind_is_named_once() {
        let kinds = ["user", "organization", "user"].map(str::to_owned);
        let error = check_kind("xyz", &kinds).unwrap_err().to_string();
        assert!(error.contains("there are: `organization`, `user`"), "{error}");
        assert!(check_kind("user", &[]).is_ok());
    }
}
