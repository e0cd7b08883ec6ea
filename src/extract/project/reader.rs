//! Everything inside a project: its flags and their statuses, and at the same time its other lists.

use futures::future::try_join;

use super::completeness::configurations::Configurations;
use super::completeness::matching::Listed;
use super::completeness::one_flag::read_unlisted;
use super::completeness::statuses::Statuses;
use super::flags::FlagLists;
use super::plan::ProjectPlan;
use super::signs::{Open, Signs};
use super::statuses::StatusReader;
use crate::error::Kind;
use crate::extract::deleted::listed_now::is_project_listed;
use crate::extract::deleted::{Deleted, is_not_found, not_found};
use crate::extract::fetch::Fetch;
use crate::extract::join::try_join_all;
use crate::extract::resource_lists::ResourceLists;
use crate::model::resource::Resource;
use crate::model::scope::{Level, Scope};
use crate::record::Tally;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::resources::projects::Projects;
use crate::{Error, Result};

/// How often a project is started over because a part of it answers 404.
const MOST_STARTS: usize = 100;

/// Reads the contents of projects.
pub(in crate::extract) struct ProjectReader<'a> {
    fetch: &'a Fetch<'a>,
    deleted: &'a Deleted<'a>,
    lists: &'a ResourceLists<'a>,
    signs: Signs,
}

impl<'a> ProjectReader<'a> {
    /// A reader for all projects of a run.
    pub fn new(
        fetch: &'a Fetch<'a>,
        deleted: &'a Deleted<'a>,
        lists: &'a ResourceLists<'a>,
    ) -> Self {
        ProjectReader { fetch, deleted, lists, signs: Signs::default() }
    }

    /// Reads everything inside a project. A project that is deleted during the run is left out.
    pub async fn read(&self, plan: &ProjectPlan) -> Result<()> {
        let (flags, ()) = try_join(self.unless_deleted(plan), self.other_lists(plan)).await?;
        // The lists may have been written after the object that they are in was left out.
        if flags.is_none() || self.deleted.is_project_left_out(&plan.key) {
            return self.deleted.forget_project(&plan.key).await;
        }
        for environment in &plan.environments {
            let scope = Scope::environment(&plan.key, environment);
            if self.deleted.is_left_out(&scope) {
                self.deleted.forget_environment(&scope).await?;
            }
        }
        Ok(())
    }

    /// Takes the looks that projects were spared, and that are needed after all. Reads the flags of a
    /// project again where a look shows that some were not read. Call it when all projects are read.
    pub async fn look_again(&self) -> Result<()> {
        let open = self.signs.take_open(self.fetch);
        let looks = open.iter().map(async |open| self.look_at(open).await);
        try_join_all(looks).await.map(drop)
    }

    async fn look_at(&self, open: &Open) -> Result<()> {
        let plan = &open.plan;
        if self.deleted.is_project_left_out(&plan.key) {
            return Ok(());
        }
        let tally = self.fetch.tally::<Flags>(&Scope::project(&plan.key));
        let lists = self.flag_lists(plan, &tally);
        let shows_more = match lists.shows_more(open.looks).await {
            // The project was deleted in between, which reading its flags finds out.
            Err(error) if is_not_found(&error) => true,
            outcome => outcome?,
        };
        if !shows_more {
            return Ok(());
        }
        self.signs.note_move();
        if self.unless_deleted(plan).await?.is_none() {
            self.deleted.forget_project(&plan.key).await?;
        }
        Ok(())
    }

    /// Reads the lists that do not need the flags of the project.
    async fn other_lists(&self, plan: &ProjectPlan) -> Result<()> {
        let scopes = plan.environments.iter().map(|one| Scope::environment(&plan.key, one));
        let environments =
            scopes.map(async |scope| self.lists.of_scope(Level::Environment, &scope).await);
        let project = Scope::project(&plan.key);
        let lists = self.lists.of_scope(Level::Project, &project);
        try_join(lists, try_join_all(environments)).await.map(drop)
    }

    /// Reads the flags of a project. Starts over without the environments that are deleted in the
    /// process. Returns the plan of what was read, or `None` if the project itself is deleted.
    async fn unless_deleted(&self, plan: &ProjectPlan) -> Result<Option<ProjectPlan>> {
        let mut plan = plan.clone();
        for _ in 0..MOST_STARTS {
            let Some(error) = not_found(self.flags(&plan).await)? else { return Ok(Some(plan)) };
            if !is_project_listed(self.fetch, &plan.key).await? {
                return self.deleted.leave_project_out(&plan.key).await.map(|()| None);
            }
            match self.deleted.remaining_environments(&plan).await {
                // The project was deleted between the two requests, or one answer is outdated.
                Err(error) if is_not_found(&error) => {}
                Ok(remaining) if remaining == plan.environments => return Err(error),
                remaining => plan.environments = remaining?,
            }
        }
        let message = format!("project `{}` is listed, but cannot be read", plan.key);
        Err(Error::new(Kind::UnexpectedResponse, message).resource(Projects::NAME))
    }

    /// Reads the flags of a project, and their statuses if those are selected.
    ///
    /// Statuses are read after the first walks of the flags, so that a flag created in between does
    /// not look like one without a status. They are read before the last walk, which notices flags
    /// that were deleted, or deleted and created again, while statuses were read.
    async fn flags(&self, plan: &ProjectPlan) -> Result<()> {
        if !self.fetch.wants::<Flags>() {
            return Ok(());
        }
        let tally = self.fetch.tally::<Flags>(&Scope::project(&plan.key));
        self.complete_flags(self.flag_lists(plan, &tally), plan).await?;
        tally.complete();
        Ok(())
    }

    fn flag_lists<'p>(&'p self, plan: &'p ProjectPlan, tally: &'p Tally) -> FlagLists<'p> {
        FlagLists { fetch: self.fetch, signs: &self.signs, project_key: &plan.key, tally }
    }

    async fn complete_flags(&self, lists: FlagLists<'_>, plan: &ProjectPlan) -> Result<()> {
        let configurations = Configurations { lists, deleted: self.deleted };
        let reader = StatusReader { fetch: self.fetch, deleted: self.deleted };
        let statuses = Statuses { configurations, reader };
        let wants_statuses = self.fetch.wants::<FlagStatuses>();
        let mut begun = lists.begin(&plan.environments).await?;
        let before = begun.flags_before_statuses();
        let read = if wants_statuses { Some(statuses.read(plan).await?) } else { None };
        let plan = self.deleted.without_left_out(plan);
        let listed = match &read {
            Some(read) => statuses.compare(&plan, read, &before.archived).await?,
            None => Listed::No,
        };
        if lists.finds_hidden(&mut begun, listed).await? {
            // Walks of current flags include them from now on.
            return Box::pin(self.complete_flags(lists, &plan)).await;
        }
        let completed = lists.complete(begun, &plan.environments, listed).await?;
        self.signs.leave_open(&plan, completed.looks);
        read_unlisted(&lists, completed.unlisted).await?;
        let deleted = configurations.complete(&plan).await?;
        if let Some(read) = read {
            statuses.complete(&plan.without(&deleted), read, &before).await?;
        }
        Ok(())
    }
}
