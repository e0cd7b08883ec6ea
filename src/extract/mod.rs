//! Which lists are read, in which order, and how each is walked.
//!
//! Tags, teams, projects and the other lists of the account at once; then every project on its
//! own: its environments, its flags, the statuses, and its flags once more, so that what is staged
//! of a flag is of one flag; last the other lists of the project.

mod audit_log;
mod deleted;
mod join;
mod journal;
mod list;
mod project;
mod teams;
mod unavailable;
pub mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use futures::future::{try_join, try_join3};
use futures::stream::{self, TryStreamExt};

use tokio::sync::Semaphore;

use self::join::try_join_all;
use crate::Result;
use crate::launchdarkly::{Client, Request};
use crate::model::resource::Resource;
use crate::model::scope::{Level, Scope};
use crate::record::NewestEntries;
use crate::record::{Outcome, Record, Tally};
use crate::resources::selection::Selection;
use crate::resources::{self, projects::Projects};
use crate::stage::Stage;

pub use list::resources::AnyList;
pub use project::ProjectPlan;
pub use project::hidden::no_project_seen;
pub use unavailable::{NO_TEAMS, is_refusal, without};

/// One run's reading: from the account into the stage.
pub struct Extraction<'a> {
    /// The account.
    pub client: &'a Arc<Client>,
    /// Where rows go.
    pub stage: &'a Stage,
    /// What is noted on the way.
    pub record: &'a Record,
    /// What is to be read.
    pub selection: &'a Selection,
    /// The largest pages that this server accepts.
    pub limits: Limits,
    /// How many projects are read side by side. Within one, requests follow each other; many
    /// at once keep every connection busy until the last project is done.
    pub projects_at_once: usize,
    /// How many pages may be in memory, so that it does not grow with the account.
    pub pages: Semaphore,
    /// Whether lists of flags are asked for LaunchDarkly's own verdict: until that is refused.
    pub expands_archive_checks: AtomicBool,
    /// The newest entries of the audit log that an earlier run has read.
    pub newest_entries: NewestEntries,
    /// The projects that the account's last extraction holds.
    pub known_projects: BTreeSet<String>,
    /// The lists whose query the server refuses.
    pub without_query: Mutex<BTreeSet<&'static str>>,
    /// Environments that were deleted meanwhile.
    pub left_out: Mutex<BTreeSet<Scope>>,
    /// The resources whose absence was warned of.
    pub warned: Mutex<BTreeSet<&'static str>>,
}

/// The page sizes in use: the largest that are known to be accepted, or less where the server
/// refuses that.
#[derive(Debug)]
pub struct Limits {
    sizes: BTreeMap<&'static str, AtomicUsize>,
    /// Of lists that are not divided: never asked for.
    none: AtomicUsize,
}

impl Default for Limits {
    fn default() -> Self {
        let limits = resources::ALL.iter().filter_map(|resource| {
            Some((resource.name(), AtomicUsize::new(resource.paging().limit()?)))
        });
        Limits { sizes: limits.collect(), none: AtomicUsize::new(1) }
    }
}

impl Limits {
    /// The page size of a resource's list.
    fn of<R: Resource>(&self) -> &AtomicUsize {
        self.sizes.get(R::NAME).unwrap_or(&self.none)
    }
}

impl Extraction<'_> {
    /// Reads everything that is selected.
    ///
    /// # Errors
    /// The first error that leaves something unread.
    pub async fn run(&self) -> Result<()> {
        self.note_skipped();
        let account = try_join(self.tags(), self.teams_and_theirs());
        let everywhere = Scope::Account;
        let others = try_join(self.lists(Level::Account, &everywhere), self.audit_log());
        let projects = async {
            let plans = self.projects().await?;
            let projects = stream::iter(plans.iter().map(|plan| Ok(self.whole_project(plan))));
            projects.try_buffer_unordered(self.projects_at_once).try_collect::<()>().await?;
            Ok(plans)
        };
        let (_, _, plans) = try_join3(account, others, projects).await?;
        self.leave_absent_out(&plans).await?;
        self.note_empty(&plans);
        self.require_no_hidden_project().await
    }

    /// Notes that the lists of projects, or of environments, were read whole where there is none of
    /// these to read them in: without that, they would count as not read.
    fn note_empty(&self, plans: &[ProjectPlan]) {
        let has_environment = plans.iter().any(|plan| !plan.environments.is_empty());
        for resource in self.selection.resources() {
            let is_empty = match resource.level() {
                Level::Account | Level::Team => false,
                Level::Project => plans.is_empty(),
                Level::Environment => !has_environment,
            };
            if is_empty {
                self.record.tally(resource.name(), &Scope::Account).complete();
            }
        }
    }

    async fn teams_and_theirs(&self) -> Result<()> {
        self.teams().await?;
        self.lists_of_teams().await
    }

    /// Reads everything of a project, unless it is deleted meanwhile.
    async fn whole_project(&self, plan: &ProjectPlan) -> Result<()> {
        let Some(plan) = self.project_unless_gone(plan).await? else { return Ok(()) };
        let scopes = plan.environments.iter().map(|one| Scope::environment(&plan.key, one));
        let scopes = scopes.filter(|scope| !self.is_left_out(scope));
        let environments = scopes.map(async |scope| self.lists(Level::Environment, &scope).await);
        let project = Scope::project(&plan.key);
        try_join(self.lists(Level::Project, &project), try_join_all(environments)).await.map(drop)
    }

    /// The tally of a resource in a scope.
    fn tally<R: Resource>(&self, scope: &Scope) -> Arc<Tally> {
        self.record.tally(R::NAME, scope)
    }

    fn note_skipped(&self) {
        let all = resources::ALL.iter().map(|resource| resource.name());
        for name in all.filter(|name| !self.selection.wants(name)) {
            let tally = self.record.tally(name, &Scope::Account);
            tally.note(|facts| facts.outcome = Outcome::Skipped);
        }
    }
}

/// A request for a resource's own endpoint.
pub fn request<R: Resource>(keys: &[&str]) -> Request {
    let request = Request::new(R::NAME, R::PERMISSION, R::PATH, keys);
    let request = if R::BETA { request.beta() } else { request };
    if resources::is_optional(R::NAME) { request } else { request.required() }
}

/// The projects of the account as the selection wants them, read but not extracted further.
impl Extraction<'_> {
    /// Reads projects and environments only: what `--plan` needs.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn plan(&self) -> Result<Vec<ProjectPlan>> {
        self.record.tally(Projects::NAME, &Scope::Account);
        self.projects().await
    }
}
