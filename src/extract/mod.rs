//! Which lists are read, in which order, and how each is walked.
//!
//! Tags, teams and projects at once; then every project on its own: its environments, its
//! flags, and only then the statuses, so that every flag found has had its chance of one.

mod account;
mod answers;
mod flag_pages;
mod flags;
mod gone;
mod lists;
mod project;
mod repair;
mod selection;
mod settle;
mod statuses;
pub mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use futures::future::try_join;
use futures::stream::{self, TryStreamExt};

use tokio::sync::Semaphore;

use crate::Result;
use crate::launchdarkly::{Client, Request};
use crate::record::{Outcome, Record, Tally};
use crate::resource::{AnyResource, Resource, Scope};
use crate::resources::{self, flag_environments::TARGET_VALUES, projects::Projects};
use crate::stage::Stage;
use crate::table::TableInfo;

pub use project::ProjectPlan;

/// How flag statuses are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FlagStatusMode {
    /// One request an environment, falling back to one a flag where that is refused.
    #[default]
    Bulk,
    /// One request a flag and environment.
    PerFlag,
}

/// What is to be read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Keys of the projects wanted; empty for all.
    pub projects: Vec<String>,
    /// Names of the resources to leave out.
    pub skip: BTreeSet<&'static str>,
    /// How flag statuses are asked for.
    pub flag_status: FlagStatusMode,
    /// Whether to keep the keys of individually targeted contexts: end users' identifiers.
    pub target_values: bool,
    /// Whether to publish although rows fall short of what the API reported.
    pub allow_unverified: bool,
}

impl Selection {
    /// Whether the resource called `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        !self.skip.contains(name)
    }

    /// What must be the same for one run to go on where another stopped.
    pub fn fingerprint(&self) -> String {
        let projects: BTreeSet<_> = self.projects.iter().collect();
        format!("{projects:?} {:?} {:?} {}", self.skip, self.flag_status, self.target_values)
    }

    /// The resources wanted.
    pub fn resources(&self) -> impl Iterator<Item = &'static dyn AnyResource> + '_ {
        resources::ALL.iter().copied().filter(|resource| self.wants(resource.name()))
    }

    /// The tables that the resources wanted fill.
    pub fn tables(&self) -> Vec<TableInfo> {
        let tables = self.resources().flat_map(|resource| resource.tables());
        tables.filter(|table| self.target_values || table.name != TARGET_VALUES).collect()
    }
}

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
    /// How many pages of flags may be in memory, so that it does not grow with the account.
    pub pages: Semaphore,
}

/// The page sizes in use: the largest documented, or less where the server refuses that.
#[derive(Debug)]
pub struct Limits {
    projects: AtomicUsize,
    environments: AtomicUsize,
    tags: AtomicUsize,
    teams: AtomicUsize,
    maintainers: AtomicUsize,
    flags: AtomicUsize,
}

impl Default for Limits {
    /// Flags and teams: 100; tags: 1000, by the API's documentation. It names no maximum for
    /// projects, environments and maintainers; the first two are known to go to 1000.
    fn default() -> Self {
        Limits {
            projects: 1000.into(),
            environments: 1000.into(),
            tags: 1000.into(),
            teams: 100.into(),
            maintainers: 100.into(),
            flags: 100.into(),
        }
    }
}

impl Extraction<'_> {
    /// Reads everything that is selected.
    ///
    /// # Errors
    /// The first error that leaves something unread.
    pub async fn run(&self) -> Result<()> {
        self.note_skipped();
        let account = try_join(self.tags(), self.teams());
        let projects = async {
            let plans = self.projects().await?;
            let projects =
                stream::iter(plans.iter().map(|plan| Ok(self.project_unless_gone(plan))));
            projects.try_buffer_unordered(self.projects_at_once).try_collect::<()>().await
        };
        try_join(account, projects).await.map(drop)
    }

    /// The tally of a resource in a scope.
    fn tally<R: Resource>(&self, scope: &Scope) -> Arc<Tally> {
        self.record.tally(R::NAME, scope)
    }

    fn note_skipped(&self) {
        for name in &self.selection.skip {
            let tally = self.record.tally(name, &Scope::default());
            tally.note(|facts| facts.outcome = Outcome::Skipped);
        }
    }
}

/// A request for a resource's own endpoint.
fn request<R: Resource>(keys: &[&str]) -> Request {
    Request::new(R::NAME, R::PERMISSION, R::PATH, keys)
}

/// The projects of the account as the selection wants them, read but not extracted further.
impl Extraction<'_> {
    /// Reads projects and environments only: what `--plan` needs.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn plan(&self) -> Result<Vec<ProjectPlan>> {
        self.record.tally(Projects::NAME, &Scope::default());
        self.projects().await
    }
}
