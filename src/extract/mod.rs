//! Reads the account into the stage: which lists are read, and in which order.
//!
//! Tags, teams, projects and the other lists of the account are read at the same time. Each project
//! is then read on its own: its flags, their statuses, and its flags once more, so that the rows of
//! a flag all belong to the same flag even if somebody deleted and created it again in between. The
//! other lists of the project are read at the same time.
//!
//! There is one reader for each kind of list. Readers borrow a [`Fetch`], and each owns the state
//! that only it changes.

mod audit_log;
mod deleted;
mod fetch;
mod join;
mod journal;
mod limits;
mod list;
mod memory;
mod page;
mod project;
mod resource_lists;
mod tags;
mod teams;
mod unavailable;
pub mod walk;

use std::collections::BTreeSet;

use futures::future::{try_join, try_join3};
use futures::stream::{self, TryStreamExt};

use self::audit_log::AuditLogReader;
use self::deleted::Deleted;
use self::project::hidden::HiddenProjects;
use self::project::list::ProjectList;
use self::project::reader::ProjectReader;
use self::resource_lists::ResourceLists;
use self::teams::TeamReader;
use self::unavailable::Unavailable;
use crate::Result;
use crate::model::resource::Resource;
use crate::model::scope::{Level, Scope};
use crate::record::{NewestEntries, Outcome};
use crate::resources;
use crate::resources::projects::Projects;

pub use fetch::{Fetch, request};
pub use project::hidden::no_project_seen;
pub use project::plan::ProjectPlan;
pub use unavailable::{NO_TEAMS, is_unavailable, without};

/// One run: reads the account into the stage.
pub struct Extraction<'a> {
    /// The parts that the readers share.
    pub fetch: Fetch<'a>,
    /// How many projects are read at the same time. The requests of one project follow each other,
    /// so that many projects at once keep every connection busy until the last project is done.
    pub projects_at_once: usize,
    /// The newest entries of the audit log that an earlier run has published.
    pub newest_entries: NewestEntries,
    /// The keys of the projects that the last extraction of this account holds.
    pub known_projects: BTreeSet<String>,
}

impl Extraction<'_> {
    /// Reads everything that is selected.
    ///
    /// # Errors
    /// The first error that leaves something unread.
    pub async fn run(&self) -> Result<()> {
        self.note_skipped();
        let fetch = &self.fetch;
        let (deleted, unavailable) = (Deleted::new(fetch), Unavailable::new(fetch));
        let lists = ResourceLists::new(fetch, &deleted, &unavailable);
        let teams = TeamReader { fetch };
        let audit_log = AuditLogReader { fetch, newest_entries: &self.newest_entries };
        let teams_and_their_lists = async {
            teams.read().await?;
            lists.of_teams().await
        };
        let account = try_join(tags::read(fetch), teams_and_their_lists);
        let scope = Scope::Account;
        let others = try_join(lists.of_scope(Level::Account, &scope), audit_log.read(&unavailable));
        let projects = self.projects(&deleted, &lists);
        let (_, _, plans) = try_join3(account, others, projects).await?;
        deleted.leave_absent_out(&plans).await?;
        self.note_empty(&plans);
        self.hidden_projects().require_none().await
    }

    /// Reads projects and environments only, as `--plan` needs.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn plan(&self) -> Result<Vec<ProjectPlan>> {
        self.fetch.record.tally(Projects::NAME, &Scope::Account);
        self.project_plans().await
    }

    async fn projects(
        &self,
        deleted: &Deleted<'_>,
        lists: &ResourceLists<'_>,
    ) -> Result<Vec<ProjectPlan>> {
        let plans = self.project_plans().await?;
        let sizes = plans.iter().map(|plan| (plan.key.clone(), plan.environments.len()));
        self.fetch.record.plan(sizes.collect());
        let reader = ProjectReader::new(&self.fetch, deleted, lists);
        let projects = stream::iter(plans.iter().map(|plan| Ok(reader.read(plan))));
        projects.try_buffer_unordered(self.projects_at_once).try_collect::<()>().await?;
        reader.look_again().await?;
        Ok(plans)
    }

    async fn project_plans(&self) -> Result<Vec<ProjectPlan>> {
        ProjectList { fetch: &self.fetch, hidden: self.hidden_projects() }.read().await
    }

    fn hidden_projects(&self) -> HiddenProjects<'_> {
        HiddenProjects { fetch: &self.fetch, known_projects: &self.known_projects }
    }

    /// Marks the lists of projects or environments complete where the account has no project or no
    /// environment. Without a tally, they would count as not read.
    fn note_empty(&self, plans: &[ProjectPlan]) {
        let has_environment = plans.iter().any(|plan| !plan.environments.is_empty());
        for resource in self.fetch.selection.resources() {
            let is_empty = match resource.level() {
                Level::Account | Level::Team => false,
                Level::Project => plans.is_empty(),
                Level::Environment => !has_environment,
            };
            if is_empty {
                self.fetch.record.tally(resource.name(), &Scope::Account).complete();
            }
        }
    }

    fn note_skipped(&self) {
        let all = resources::ALL.iter().map(|resource| resource.name());
        for name in all.filter(|name| !self.fetch.selection.wants(name)) {
            let tally = self.fetch.record.tally(name, &Scope::Account);
            tally.note(|facts| facts.outcome = Outcome::Skipped);
        }
    }
}
