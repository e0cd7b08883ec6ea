//! Reads a flag.

use super::detail::Detail;
use super::lists;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::{self, FlagPlace, FlagState};
use crate::model::scope::Scope;
use crate::resources::flags::Flags;
use crate::sync::places;
use crate::terminal::suggest;
use crate::{Error, Result};

/// Reads a flag in `environments` only, or else in all.
///
/// # Errors
/// `usage` if there is no such project or flag.
pub async fn read(client: &Client, place: &FlagPlace, environments: &[String]) -> Result<Detail> {
    let request = flags::one(place, environments);
    let scope = Scope::project(&place.project);
    let rows = match lists::one::<Flags>(client, &scope, &request).await {
        Err(error) if matches!(error.http_status(), Some(400 | 404)) => {
            return Err(unknown(client, place, environments, error).await);
        }
        rows => rows?,
    };
    let none = || Error::unexpected(flags::NAME, "", "the answer is not a flag");
    Detail::new(place.clone(), rows).ok_or_else(none)
}

/// Reads the part of a flag that tells whether a change was made.
///
/// # Errors
/// By the table of codes.
pub async fn state(client: &Client, place: &FlagPlace) -> Result<FlagState> {
    client.object(&flags::one(place, &[])).await
}

/// The error of a flag that LaunchDarkly does not know: the project or an environment may be unknown,
/// too.
async fn unknown(
    client: &Client,
    place: &FlagPlace,
    environments: &[String],
    error: Error,
) -> Error {
    if let Err(error) = places::project(client, &place.project).await {
        return error;
    }
    for key in environments {
        if let Err(error) = places::environment(client, &place.project, key).await {
            return error;
        }
    }
    if error.http_status() != Some(404) {
        return error;
    }
    let message = format!("there is no flag `{}` in project `{}`", place.flag, place.project);
    match keys(client, &place.project).await {
        Ok(keys) => {
            let hint = suggest::hint(&place.flag, keys.iter().map(String::as_str));
            Error::usage(format!("{message}: {hint}"))
        }
        Err(_) => Error::usage(message),
    }
}

/// The keys of a project's flags, the archived ones last.
async fn keys(client: &Client, project: &str) -> Result<Vec<String>> {
    let mut keys = places::keys(flags::keys(client, project, "")).await?;
    let archived = places::keys(flags::keys(client, project, "state:archived")).await;
    keys.extend(archived.unwrap_or_default());
    Ok(keys)
}
