//! Projects and their environments, then everything inside a project.

pub(super) mod completeness;
pub(super) mod flag_pages;
pub(super) mod flags;
pub(super) mod hidden;
pub(super) mod selection;
pub(super) mod statuses;

use std::collections::BTreeSet;

use crate::extract::deleted::absence;
use crate::extract::join::try_join_all;
use crate::extract::list::{Keyed, List};
use crate::extract::project::completeness::statuses::ProjectStatuses;
use crate::extract::project::flags::Walks;
use crate::extract::project::selection::select;
use crate::extract::{Extraction, request};
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
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
pub(in crate::extract) const ENVIRONMENTS_A_REQUEST: usize = 3;

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
    pub(in crate::extract) async fn projects(&self) -> Result<Vec<ProjectPlan>> {
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

    /// Reads the flags of a project, and their statuses if those are wanted.
    ///
    /// Statuses come after the first walks, so that a flag created since is not taken for one
    /// without a status, and before the last walk: a flag that was deleted, or deleted and created
    /// again under its key, while statuses were read is noticed there.
    pub(in crate::extract) async fn project(&self, plan: &ProjectPlan) -> Result<()> {
        if !self.selection.wants(Flags::NAME) {
            return Ok(());
        }
        let tally = self.tally::<Flags>(&Scope::project(&plan.key));
        let walks = Walks { extraction: self, project_key: &plan.key, tally: &tally };
        let begun = walks.begin(&plan.environments).await?;
        let archived = begun.archived.keys.clone();
        let statuses = if self.selection.wants(FlagStatuses::NAME) {
            self.project_statuses(plan).await?
        } else {
            ProjectStatuses::default()
        };
        let plan = self.left(plan);
        walks.complete(begun, &plan.environments).await?;
        let gone = self.repair_flags(&plan, &tally).await?;
        if self.selection.wants(FlagStatuses::NAME) {
            self.match_statuses(&plan.without(&gone), statuses, &archived).await?;
        }
        tally.complete();
        Ok(())
    }

    /// The plan without environments that were left out because they are deleted.
    pub(in crate::extract) fn left(&self, plan: &ProjectPlan) -> ProjectPlan {
        let is_out = |key: &&String| self.is_left_out(&Scope::environment(&plan.key, *key));
        plan.without(&plan.environments.iter().filter(is_out).cloned().collect())
    }
}

impl ProjectPlan {
    /// The plan without environments that are deleted.
    pub(in crate::extract) fn without(&self, gone: &BTreeSet<String>) -> Self {
        let left = self.environments.iter().filter(|environment| !gone.contains(*environment));
        ProjectPlan { key: self.key.clone(), environments: left.cloned().collect() }
    }
}

fn plan(project: &Project) -> ProjectPlan {
    let environments = project.environments.iter().flat_map(|page| &page.items);
    let environments = environments.map(|environment| environment.key.clone()).collect();
    ProjectPlan { key: project.key.clone(), environments }
}
