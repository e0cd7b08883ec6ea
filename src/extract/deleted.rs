//! What is deleted while it is read: it is left out, with everything inside it, and recorded.

use std::collections::{BTreeSet, HashSet};
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;

use tracing::info;

use super::list::{Keyed, List};
use super::project::ProjectPlan;
use super::{Extraction, request};
use crate::error::Kind;
use crate::extract::project::completeness::queries::{
    forget_environment, forget_project, forget_team,
};
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::environments::{Environment, Environments};
use crate::resources::projects::{Project, Projects};
use crate::resources::teams::{Team, Teams};
use crate::system::hash::hash;
use crate::{Error, Result};

/// How often a project is begun again because something in it is gone.
const MOST_BEGINNINGS: usize = 100;

/// Whether an error may mean that what was asked for has been deleted. Only the list that named
/// it can tell; a permission that was taken away is no deletion.
pub(super) fn is_absence(error: &Error) -> bool {
    error.http_status() == Some(404)
}

/// Turns an error that may mean a deletion into a value, so that any other ends everything.
pub(super) fn absence(outcome: Result<()>) -> Result<Option<Error>> {
    match outcome {
        Err(error) if is_absence(&error) => Ok(Some(error)),
        outcome => outcome.map(|()| None),
    }
}

impl Extraction<'_> {
    /// Reads a project. If it is deleted meanwhile, it is left out; so are its environments.
    /// Returns what there is of it.
    pub(super) async fn project_unless_gone(
        &self,
        plan: &ProjectPlan,
    ) -> Result<Option<ProjectPlan>> {
        let mut plan = plan.clone();
        for _ in 0..MOST_BEGINNINGS {
            let Some(error) = absence(self.project(&plan).await)? else { return Ok(Some(plan)) };
            if !self.lists_project(&plan.key).await? {
                return self.leave_project_out(&plan.key).await.map(|()| None);
            }
            match self.left_of(&plan).await {
                // It went between the two looks, or one of them lags behind.
                Err(error) if is_absence(&error) => {}
                Ok(left) if left == plan.environments => return Err(error),
                left => plan.environments = left?,
            }
        }
        let message = format!("project `{}` is listed, but cannot be read", plan.key);
        Err(Error::new(Kind::UnexpectedResponse, message).resource(Projects::NAME))
    }

    /// The environments that are still there; the others are left out.
    pub(super) async fn left_of(&self, plan: &ProjectPlan) -> Result<Vec<String>> {
        let listed = self.environments_now(&plan.key).await?;
        let (left, gone): (Vec<_>, Vec<_>) =
            plan.environments.iter().cloned().partition(|key| listed.contains(&hash(key)));
        for environment in gone {
            self.leave_environment_out(&Scope::environment(&plan.key, environment)).await?;
        }
        Ok(left)
    }

    async fn environments_now(&self, project_key: &str) -> Result<HashSet<u64>> {
        let request = request::<Environments>(&[project_key]);
        self.keys_now::<Environment>(request, self.limits.of::<Environments>()).await
    }

    /// Whether an environment has been deleted since it was listed.
    pub(super) async fn is_gone(&self, scope: &Scope) -> Result<bool> {
        let listed = self.environments_now(scope.project_key()).await?;
        Ok(!listed.contains(&hash(scope.environment_key())))
    }

    /// Whether the account has a project, as of now.
    pub(super) async fn lists_project(&self, key: &str) -> Result<bool> {
        self.is_listed::<Projects, Project>(key, self.limits.of::<Projects>()).await
    }

    /// Whether the account has a team, as of now.
    pub(super) async fn lists_team(&self, key: &str) -> Result<bool> {
        self.is_listed::<Teams, Team>(key, self.limits.of::<Teams>()).await
    }

    async fn is_listed<R: Resource, T: Keyed>(
        &self,
        key: &str,
        limit: &AtomicUsize,
    ) -> Result<bool> {
        Ok(self.keys_now::<T>(request::<R>(&[]), limit).await?.contains(&hash(key)))
    }

    /// The keys of a list as of now, whatever it was when the run was stopped.
    async fn keys_now<T: Keyed>(
        &self,
        request: Request,
        limit: &AtomicUsize,
    ) -> Result<HashSet<u64>> {
        let list = List { request, limit, total: None, now: true };
        let mut items = Vec::<T>::new();
        self.read_all(list, &Tally::default(), &mut items).await?;
        Ok(items.iter().map(|item| hash(item.key())).collect())
    }

    async fn leave_project_out(&self, key: &str) -> Result<()> {
        info!(project = key, "The project was deleted meanwhile; leaving it out.");
        self.record.forget(|scope| scope.is_in_project(key));
        self.note_deleted::<Projects>(&Scope::Account, "project", key);
        let key = key.to_owned();
        self.stage.jobs().submit(move |writer| forget_project(writer, &key)).await
    }

    /// Leaves out what was deleted while its lists were read: they are not there, whatever the
    /// account's plan has.
    pub(super) async fn leave_absent_out(&self, plans: &[ProjectPlan]) -> Result<()> {
        let lacks =
            |plan: &&ProjectPlan| self.record.has_absence(|scope| scope.is_in_project(&plan.key));
        let absent = plans.iter().filter(lacks);
        let absent: Vec<_> = absent.collect();
        if absent.is_empty() {
            return Ok(());
        }
        let limit = self.limits.of::<Projects>();
        let listed = self.keys_now::<Project>(request::<Projects>(&[]), limit).await?;
        for plan in absent {
            let inside = |scope: &Scope| {
                scope.is_in_project(&plan.key) && matches!(scope, Scope::Environment { .. })
            };
            if !listed.contains(&hash(&plan.key)) {
                self.leave_project_out(&plan.key).await?;
            } else if self.record.has_absence(inside) {
                self.left_of(plan).await?;
            }
        }
        Ok(())
    }

    /// Leaves a team out: a team without its lists never existed.
    pub(super) async fn leave_team_out(&self, key: &str) -> Result<()> {
        info!(team = key, "The team was deleted during the run; leaving it out.");
        self.note_deleted::<Teams>(&Scope::Account, "team", key);
        let key = key.to_owned();
        self.stage.jobs().submit(move |writer| forget_team(writer, &key)).await
    }

    /// Whether an environment was left out.
    pub(super) fn is_left_out(&self, scope: &Scope) -> bool {
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).contains(scope)
    }

    pub(super) async fn leave_environment_out(&self, scope: &Scope) -> Result<()> {
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.clone());
        info!(scope = scope.to_string(), "The environment was deleted meanwhile; leaving it out.");
        self.record.forget(|one| one == scope);
        let project = Scope::project(scope.project_key());
        self.note_deleted::<Environments>(&project, "environment", scope.environment_key());
        let scope = scope.clone();
        self.stage.jobs().submit(move |writer| forget_environment(writer, &scope)).await
    }

    /// Records that something was left out.
    pub(super) fn note_deleted<R: Resource>(&self, scope: &Scope, what: &str, key: &str) {
        self.tally::<R>(scope).remark(&format!("{what} {key} was deleted during the run"));
    }

    /// Those of the keys whose reading failed because they are gone.
    pub(super) async fn gone_among<'k>(
        &self,
        absences: impl Iterator<Item = (&'k str, Option<Error>)>,
        lists: impl AsyncFn(&str) -> Result<bool>,
    ) -> Result<BTreeSet<String>> {
        let mut gone = BTreeSet::new();
        for (key, error) in absences {
            let Some(error) = error else { continue };
            if lists(key).await? {
                return Err(error);
            }
            gone.insert(key.to_owned());
        }
        Ok(gone)
    }
}
