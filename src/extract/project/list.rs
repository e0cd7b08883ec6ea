//! The list of projects, with the environments of each.

use super::hidden::HiddenProjects;
use super::plan::ProjectPlan;
use super::selection::select;
use crate::extract::deleted::listed_now::is_project_listed;
use crate::extract::deleted::{deleted_among, not_found, note_deleted};
use crate::extract::fetch::{Fetch, request};
use crate::extract::join::try_join_all;
use crate::extract::list::{Keyed, List};
use crate::launchdarkly::Request;
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::decode::Nested;
use crate::resources::environments::{Environment, Environments};
use crate::resources::projects::{Project, Projects};
use crate::{Error, Result};

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

/// Reads the list of projects.
pub(in crate::extract) struct ProjectList<'a> {
    /// Access to the account and the stage.
    pub fetch: &'a Fetch<'a>,
    /// Checks the list for projects that are missing from it.
    pub hidden: HiddenProjects<'a>,
}

impl ProjectList<'_> {
    /// Reads the selected projects with all their environments, and stages them.
    pub async fn read(&self) -> Result<Vec<ProjectPlan>> {
        let tally = self.fetch.tally::<Projects>(&Scope::Account);
        let request = request::<Projects>(&[]).counted(&tally.requests);
        let request = request.with("expand", "environments");
        let listed = self.projects(request.clone(), &tally).await?;
        self.hidden.require_projects(&listed).await?;
        let mut projects = select(listed, &self.fetch.selection.projects)?;
        let completed = projects.iter_mut().map(|project| self.complete(&request, project));
        let completed = try_join_all(completed.map(async |one| not_found(one.await))).await?;
        self.drop_deleted(&mut projects, completed).await?;
        let plans = projects.iter().map(ProjectPlan::of).collect();
        self.fetch.stage.jobs().write::<Projects>(Scope::Account, projects).await?;
        tally.complete();
        Ok(plans)
    }

    async fn projects(&self, request: Request, tally: &Tally) -> Result<Vec<Project>> {
        let mut projects = Vec::<Project>::new();
        let list = List::of::<Projects>(self.fetch, request);
        list.collect(self.fetch, tally, &mut projects).await?;
        Ok(projects)
    }

    /// Drops projects that were deleted while their environments were read.
    async fn drop_deleted(
        &self,
        projects: &mut Vec<Project>,
        outcomes: Vec<Option<Error>>,
    ) -> Result<()> {
        let keyed = projects.iter().map(|project| project.key.as_str()).zip(outcomes);
        let is_listed = async |key: &str| is_project_listed(self.fetch, key).await;
        let deleted = deleted_among(keyed, is_listed).await?;
        for key in &deleted {
            self.fetch.record.forget(|scope| scope.is_in_project(key));
            note_deleted::<Projects>(self.fetch, &Scope::Account, "project", key);
        }
        projects.retain(|project| !deleted.contains(&project.key));
        Ok(())
    }

    /// Reads the environments that the list of projects does not carry: it has the first few only.
    async fn complete(&self, list: &Request, project: &mut Project) -> Result<()> {
        let page = project.environments.get_or_insert_with(Nested::unknown);
        let tally = self.fetch.tally::<Environments>(&Scope::project(&project.key));
        if page.is_complete() {
            let (count, total) = (page.items.len(), page.total_count.unwrap_or_default());
            tally.note(|facts| facts.add(count, total));
            tally.complete();
            return Ok(());
        }
        let request = request::<Environments>(&[&project.key]).counted(&tally.requests);
        self.fetch.client.check_link(list, page.next())?;
        self.fetch.client.check_link(&request, page.next())?;
        let list = List::of::<Environments>(self.fetch, request);
        let list = List { total: page.total_count, ..list };
        list.collect(self.fetch, &tally, &mut page.items).await?;
        tally.complete();
        Ok(())
    }
}
