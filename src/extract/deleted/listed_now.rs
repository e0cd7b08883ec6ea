//! Lists that are read again, to see whether an object still exists.
//!
//! These requests bypass the journal: an answer from before an interruption says nothing about now.

use std::collections::HashSet;
use std::marker::PhantomData;

use crate::Result;
use crate::extract::fetch::{Fetch, request};
use crate::extract::list::{Keyed, Keys, List};
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::environments::{Environment, Environments};
use crate::resources::projects::{Project, Projects};
use crate::resources::teams::{Team, Teams};
use crate::system::hash::hash;

/// Hashes of the keys of the account's projects.
pub(in crate::extract) async fn projects_now(fetch: &Fetch<'_>) -> Result<HashSet<u64>> {
    keys_now::<Projects, Project>(fetch, request::<Projects>(&[])).await
}

/// Hashes of the keys of a project's environments.
pub(in crate::extract) async fn environments_now(
    fetch: &Fetch<'_>,
    project_key: &str,
) -> Result<HashSet<u64>> {
    keys_now::<Environments, Environment>(fetch, request::<Environments>(&[project_key])).await
}

/// Whether the list of projects has this key.
pub(in crate::extract) async fn is_project_listed(fetch: &Fetch<'_>, key: &str) -> Result<bool> {
    Ok(projects_now(fetch).await?.contains(&hash(key)))
}

/// Whether the list of teams has this key.
pub(in crate::extract) async fn is_team_listed(fetch: &Fetch<'_>, key: &str) -> Result<bool> {
    let teams = keys_now::<Teams, Team>(fetch, request::<Teams>(&[])).await?;
    Ok(teams.contains(&hash(key)))
}

/// Whether the list of environments has lost this one.
pub(in crate::extract) async fn is_environment_deleted(
    fetch: &Fetch<'_>,
    scope: &Scope,
) -> Result<bool> {
    let listed = environments_now(fetch, scope.project_key()).await?;
    Ok(!listed.contains(&hash(scope.environment_key())))
}

async fn keys_now<R: Resource, T: Keyed>(
    fetch: &Fetch<'_>,
    request: Request,
) -> Result<HashSet<u64>> {
    let list = List { now: true, ..List::of::<R>(fetch, request) };
    list.read(fetch, &Tally::default(), &mut Keys::<T>(PhantomData)).await
}
