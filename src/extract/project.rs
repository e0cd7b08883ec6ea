//! Projects and their environments, then everything inside a project.

use std::collections::BTreeSet;

use futures::future::try_join_all;

use super::gone::absence;
use super::lists::{Keyed, List};
use super::selection::select;
use super::{Extraction, request};
use crate::launchdarkly::Request;
use crate::resource::{Resource, Scope};
use crate::resources::decode::Nested;
use crate::resources::environments::{Environment, Environments};
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::resources::projects::{Project, Projects};
use crate::{Error, Result};

/// A project whose environments are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPlan {
    /// The project's key.
    pub key: String,
    /// The keys of its environments.
    pub environments: Vec<String>,
}

/// The list endpoint gives configurations for at most this many environments at a time.
pub(super) const ENVIRONMENTS_A_REQUEST: usize = 3;

impl Keyed for Project {
    fn key(&self) -> &str {
        &self.key
    }
}

impl Keyed for Environment {
    fn key(&self) -> &str {
        &self.key
    }
}

impl Extraction<'_> {
    /// Reads the selected projects with all their environments, and stages them.
    pub(super) async fn projects(&self) -> Result<Vec<ProjectPlan>> {
        let tally = self.tally::<Projects>(&Scope::Account);
        let request = request::<Projects>(&[]).counted(&tally.requests);
        let request = request.with("expand", "environments");
        let page = request.clone();
        let list = List { request, limit: self.limits.of::<Projects>(), total: None, now: false };
        let mut projects = Vec::<Project>::new();
        self.read_all(list, &tally, &mut projects).await?;
        self.require_projects(&projects).await?;
        let mut projects = select(projects, &self.selection.projects)?;
        let complete = projects.iter_mut().map(|project| self.complete_project(&page, project));
        let complete = complete.map(async |one| absence(one.await));
        let absences = try_join_all(complete).await?;
        self.drop_deleted(&mut projects, absences).await?;
        let plans = projects.iter().map(plan).collect();
        self.stage.jobs().write::<Projects>(Scope::Account, projects).await?;
        tally.complete();
        Ok(plans)
    }

    /// Drops projects that were deleted while their environments were read.
    async fn drop_deleted(
        &self,
        projects: &mut Vec<Project>,
        absences: Vec<Option<Error>>,
    ) -> Result<()> {
        let keyed = projects.iter().map(|project| project.key.as_str()).zip(absences);
        let lists = async |key: &str| self.lists_project(key).await;
        let gone = self.gone_among(keyed, lists).await?;
        for key in &gone {
            self.record.forget(|scope| scope.is_in_project(key));
            self.note_deleted::<Projects>(&Scope::Account, "project", key);
        }
        projects.retain(|project| !gone.contains(&project.key));
        Ok(())
    }

    /// The list carries a project's first environments only.
    async fn complete_project(&self, list: &Request, project: &mut Project) -> Result<()> {
        let page = project.environments.get_or_insert_with(Nested::unknown);
        let tally = self.tally::<Environments>(&Scope::project(&project.key));
        if page.is_complete() {
            let (count, total) = (page.items.len(), page.total_count.unwrap_or_default());
            tally.note(|facts| facts.add(count, total));
            tally.complete();
            return Ok(());
        }
        let request = request::<Environments>(&[&project.key]).counted(&tally.requests);
        self.client.check_link(list, page.next())?;
        self.client.check_link(&request, page.next())?;
        let limit = self.limits.of::<Environments>();
        let list = List { request, limit, total: page.total_count, now: false };
        self.read_all(list, &tally, &mut page.items).await?;
        tally.complete();
        Ok(())
    }

    /// Reads everything inside a project. Statuses come after flags, so that a flag created
    /// meanwhile is not taken for one without a status.
    pub(super) async fn project(&self, plan: &ProjectPlan) -> Result<()> {
        if !self.selection.wants(Flags::NAME) {
            return Ok(());
        }
        let gone = self.flags(plan).await?;
        match self.selection.wants(FlagStatuses::NAME) {
            true => self.project_statuses(&plan.without(&gone)).await,
            false => Ok(()),
        }
    }

    async fn project_statuses(&self, plan: &ProjectPlan) -> Result<()> {
        let environments = plan.environments.iter();
        let scopes = environments.map(|environment| Scope::environment(&plan.key, environment));
        let bulk = try_join_all(scopes.map(|scope| self.statuses(scope))).await?;
        let gone = self.adopt_strangers(plan).await?;
        let in_bulk = plan.environments.iter().zip(bulk).filter(|(_, bulk)| *bulk);
        let in_bulk = in_bulk.map(|(environment, _)| environment.clone());
        let left = in_bulk.filter(|environment| !gone.contains(environment)).collect();
        self.repair_statuses(&plan.key, left).await
    }
}

impl ProjectPlan {
    /// The plan without environments that are deleted.
    fn without(&self, gone: &BTreeSet<String>) -> Self {
        let left = self.environments.iter().filter(|environment| !gone.contains(*environment));
        ProjectPlan { key: self.key.clone(), environments: left.cloned().collect() }
    }
}

fn plan(project: &Project) -> ProjectPlan {
    let environments = project.environments.iter().flat_map(|page| &page.items);
    let environments = environments.map(|environment| environment.key.clone()).collect();
    ProjectPlan { key: project.key.clone(), environments }
}
