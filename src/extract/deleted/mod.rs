//! Leaves out objects that are deleted during the run, together with everything inside them.
//!
//! An object that answers 404 may be deleted, or hidden from the token. The list that named it
//! decides: it is read again, and an object that it no longer has is deleted.

pub(super) mod listed_now;
pub(super) mod rows;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::info;

use self::listed_now::{environments_now, projects_now};
use self::rows::{forget_environment, forget_project, forget_team};
use super::fetch::Fetch;
use super::project::plan::ProjectPlan;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::resources::environments::Environments;
use crate::resources::projects::Projects;
use crate::resources::teams::Teams;
use crate::system::hash::hash;
use crate::{Error, Result};

/// Whether the status of an error is 404: the object may be deleted.
pub(super) fn is_not_found(error: &Error) -> bool {
    error.http_status() == Some(404)
}

/// Turns an error with status 404 into a value, so that only other errors end the run.
///
/// # Errors
/// Any other error.
pub(super) fn not_found(outcome: Result<()>) -> Result<Option<Error>> {
    match outcome {
        Err(error) if is_not_found(&error) => Ok(Some(error)),
        outcome => outcome.map(|()| None),
    }
}

/// Turns an error with status 404 into `None`: the object is deleted.
///
/// # Errors
/// Any other error.
pub(super) fn if_found<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The keys of objects that answered 404 and that `is_listed` no longer has.
///
/// # Errors
/// The error of an object that is still listed.
pub(super) async fn deleted_among<'k>(
    outcomes: impl Iterator<Item = (&'k str, Option<Error>)>,
    is_listed: impl AsyncFn(&str) -> Result<bool>,
) -> Result<BTreeSet<String>> {
    let mut deleted = BTreeSet::new();
    for (key, error) in outcomes {
        let Some(error) = error else { continue };
        if is_listed(key).await? {
            return Err(error);
        }
        deleted.insert(key.to_owned());
    }
    Ok(deleted)
}

/// Records that an object was left out.
pub(super) fn note_deleted<R: Resource>(fetch: &Fetch<'_>, scope: &Scope, what: &str, key: &str) {
    fetch.tally::<R>(scope).remark(&format!("{what} {key} was deleted during the run"));
}

/// Leaves out deleted objects, and knows which projects and environments were left out.
pub(super) struct Deleted<'a> {
    fetch: &'a Fetch<'a>,
    /// Projects and environments.
    scopes: Mutex<BTreeSet<Scope>>,
}

impl<'a> Deleted<'a> {
    /// Nothing is left out yet.
    pub fn new(fetch: &'a Fetch<'a>) -> Self {
        Deleted { fetch, scopes: Mutex::default() }
    }

    /// Leaves out a project and everything inside it.
    pub async fn leave_project_out(&self, key: &str) -> Result<()> {
        self.scopes().insert(Scope::project(key));
        info!(project = key, "The project was deleted during the run; leaving it out.");
        note_deleted::<Projects>(self.fetch, &Scope::Account, "project", key);
        self.forget_project(key).await
    }

    /// Forgets what was read of a project that was left out.
    pub async fn forget_project(&self, key: &str) -> Result<()> {
        self.fetch.record.forget(|scope| scope.is_in_project(key));
        let key = key.to_owned();
        self.fetch.stage.jobs().submit(move |writer| forget_project(writer, &key)).await
    }

    /// Leaves out a team: a team is published only if all of its lists could be read.
    pub async fn leave_team_out(&self, key: &str) -> Result<()> {
        info!(team = key, "The team was deleted during the run; leaving it out.");
        note_deleted::<Teams>(self.fetch, &Scope::Account, "team", key);
        let key = key.to_owned();
        self.fetch.stage.jobs().submit(move |writer| forget_team(writer, &key)).await
    }

    /// Leaves out an environment and everything inside it.
    pub async fn leave_environment_out(&self, scope: &Scope) -> Result<()> {
        self.scopes().insert(scope.clone());
        let name = scope.to_string();
        info!(scope = name, "The environment was deleted during the run; leaving it out.");
        let project = Scope::project(scope.project_key());
        let key = scope.environment_key();
        note_deleted::<Environments>(self.fetch, &project, "environment", key);
        self.forget_environment(scope).await
    }

    /// Forgets what was read of an environment that was left out.
    pub async fn forget_environment(&self, scope: &Scope) -> Result<()> {
        self.fetch.record.forget(|one| one == scope);
        let scope = scope.clone();
        self.fetch.stage.jobs().submit(move |writer| forget_environment(writer, &scope)).await
    }

    /// Whether an environment was left out.
    pub fn is_left_out(&self, scope: &Scope) -> bool {
        self.scopes().contains(scope)
    }

    /// Whether a project was left out.
    pub fn is_project_left_out(&self, key: &str) -> bool {
        self.scopes().contains(&Scope::project(key))
    }

    /// The plan without the environments that were left out.
    pub fn without_left_out(&self, plan: &ProjectPlan) -> ProjectPlan {
        let is_out = |key: &&String| self.is_left_out(&Scope::environment(&plan.key, *key));
        plan.without(&plan.environments.iter().filter(is_out).cloned().collect())
    }

    /// Lists the environments of a project again and leaves out those that are deleted. Returns
    /// those that remain.
    pub async fn remaining_environments(&self, plan: &ProjectPlan) -> Result<Vec<String>> {
        let listed = environments_now(self.fetch, &plan.key).await?;
        let (remaining, deleted): (Vec<_>, Vec<_>) =
            plan.environments.iter().cloned().partition(|key| listed.contains(&hash(key)));
        for environment in deleted {
            self.leave_environment_out(&Scope::environment(&plan.key, environment)).await?;
        }
        Ok(remaining)
    }

    /// Leaves out projects and environments some of whose lists answered 404 because they were
    /// deleted. Otherwise a 404 would be recorded as a list that the account's plan lacks.
    pub async fn leave_absent_out(&self, plans: &[ProjectPlan]) -> Result<()> {
        let record = self.fetch.record;
        let lacks =
            |plan: &&ProjectPlan| record.has_absence(|scope| scope.is_in_project(&plan.key));
        let absent: Vec<_> = plans.iter().filter(lacks).collect();
        if absent.is_empty() {
            return Ok(());
        }
        let listed = projects_now(self.fetch).await?;
        for plan in absent {
            self.leave_absent_part_out(plan, &listed).await?;
        }
        Ok(())
    }

    async fn leave_absent_part_out(
        &self,
        plan: &ProjectPlan,
        projects: &HashSet<u64>,
    ) -> Result<()> {
        let is_inside = |scope: &Scope| {
            scope.is_in_project(&plan.key) && matches!(scope, Scope::Environment { .. })
        };
        if !projects.contains(&hash(&plan.key)) {
            self.leave_project_out(&plan.key).await?;
        } else if self.fetch.record.has_absence(is_inside) {
            self.remaining_environments(plan).await?;
        }
        Ok(())
    }

    fn scopes(&self) -> MutexGuard<'_, BTreeSet<Scope>> {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
