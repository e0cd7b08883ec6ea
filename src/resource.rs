//! What a resource is: one list endpoint of the API and the tables its items fill.

use serde::de::DeserializeOwned;

use crate::launchdarkly::page::{Defect, PageReader, decode};
use crate::table::{Sink, TableInfo};
use crate::{Error, Result};

/// What a list endpoint is nested in. LaunchDarkly nests no deeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Once for the account.
    Account,
    /// Once for each team.
    Team,
    /// Once for each project.
    Project,
    /// Once for each environment of each project.
    Environment,
}

/// In which runs a resource is read, unless it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// In every run: the rest hangs on them. A refusal ends the run.
    Core,
    /// In a run that names nothing.
    Default,
    /// Only where everything is asked for.
    All,
}

impl Group {
    /// The groups, each with those before it in it.
    pub const ALL: [Group; 3] = [Group::Core, Group::Default, Group::All];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Core => "core",
            Group::Default => "default",
            Group::All => "all",
        }
    }
}

/// How an endpoint's list is divided into answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// One answer holds the whole list.
    Whole,
    /// One answer is one item: an object that is no list.
    Object,
    /// By `limit` and `offset`, with the largest page to ask for.
    Offset(usize),
    /// Newest first, by `limit` and `before`, with the largest page to ask for.
    Before(usize),
}

impl Paging {
    /// The largest page to ask for; nothing where pages have no size.
    pub const fn limit(self) -> Option<usize> {
        match self {
            Paging::Whole | Paging::Object => None,
            Paging::Offset(limit) | Paging::Before(limit) => Some(limit),
        }
    }
}

/// Where a list was read: the object that it is nested in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The account.
    Account,
    /// The team with this key.
    Team(String),
    /// The project with this key.
    Project(String),
    /// An environment of a project.
    Environment {
        /// The project's key.
        project_key: String,
        /// The environment's key.
        environment_key: String,
    },
}

impl Scope {
    /// The scope of one team.
    pub fn team(team_key: impl Into<String>) -> Self {
        Scope::Team(team_key.into())
    }

    /// The scope of one project.
    pub fn project(project_key: impl Into<String>) -> Self {
        Scope::Project(project_key.into())
    }

    /// The scope of one environment.
    pub fn environment(project_key: impl Into<String>, environment_key: impl Into<String>) -> Self {
        Scope::Environment {
            project_key: project_key.into(),
            environment_key: environment_key.into(),
        }
    }

    /// The keys that fill the parameters of an endpoint's path, in order.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Scope::Account => Vec::new(),
            Scope::Team(key) | Scope::Project(key) => vec![key],
            Scope::Environment { project_key, environment_key } => {
                vec![project_key, environment_key]
            }
        }
    }

    /// Whether the scope is the project with this key, or one of its environments.
    pub fn is_in_project(&self, key: &str) -> bool {
        match self {
            Scope::Account | Scope::Team(_) => false,
            Scope::Project(project_key) | Scope::Environment { project_key, .. } => {
                project_key == key
            }
        }
    }

    /// The key of the team, as a cell of a row; empty in a scope that is no team, where no resource
    /// of teams is ever read.
    pub fn team_key(&self) -> &str {
        if let Scope::Team(key) = self { key } else { "" }
    }

    /// The key of the project, as a cell of a row; empty in a scope that is in no project.
    pub fn project_key(&self) -> &str {
        match self {
            Scope::Account | Scope::Team(_) => "",
            Scope::Project(project_key) | Scope::Environment { project_key, .. } => project_key,
        }
    }

    /// The key of the environment, as a cell of a row; empty in a scope that is no environment.
    pub fn environment_key(&self) -> &str {
        if let Scope::Environment { environment_key, .. } = self { environment_key } else { "" }
    }
}

impl std::fmt::Display for Scope {
    /// Empty for the account, the key of a team or project, or `project/environment`, as in
    /// `extraction_resources`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.keys().join("/"))
    }
}

/// A documented field of the API that has no column, and why.
#[derive(Clone, Copy, Debug)]
pub struct Dropped {
    /// `Schema.field`, as the API documents it.
    pub field: &'static str,
    /// Why it is not stored.
    pub reason: &'static str,
}

/// One list endpoint of the API.
pub trait Resource: Sync + 'static {
    /// What the list holds.
    type Item: DeserializeOwned + Send;

    /// The resource's name: on the command line, in errors and in `extraction_resources`.
    const NAME: &'static str;
    /// The endpoint, with its parameters in braces.
    const PATH: &'static str;
    /// What the endpoint is nested in.
    const LEVEL: Level;
    /// The action that a role must allow for the endpoint to answer; empty where none is documented.
    const PERMISSION: &'static str;
    /// What that action is allowed on: a resource specifier of a role's policy.
    const SPECIFIER: &'static str = "proj/*";
    /// In which runs it is read.
    const GROUP: Group = Group::Core;
    /// How the list is divided.
    const PAGING: Paging;
    /// Query parameters besides those of the page.
    const QUERY: &'static [(&'static str, &'static str)] = &[];
    /// Whether the endpoint is in beta: then it wants a header that says so.
    const BETA: bool = false;
    /// Which plans have it, where not all do.
    const PLAN: Option<&'static str> = None;
    /// How many requests it takes.
    const REQUESTS: &'static str;
    /// The resources that it cannot do without, besides projects and environments.
    const NEEDS: &'static [&'static str] = &[];
    /// The tables it fills, parents before children.
    const TABLES: &'static [fn() -> TableInfo];
    /// Documented fields that are not stored.
    const DROPPED: &'static [Dropped] = &[];

    /// Writes an item's rows. Everything but HTTP: a pure function of the item.
    ///
    /// # Errors
    /// When the sink refuses a row, or the item cannot be a row.
    fn write(scope: &Scope, item: &Self::Item, sink: &mut dyn Sink) -> Result<()>;
}

/// A resource that is read list by list, without knowing anything else of it.
///
/// Where the account or the token does not have it, the run goes on without.
pub trait ListResource: Resource {
    /// What tells an item from the others of its list.
    fn key(item: &Self::Item) -> &str;
}

/// A resource whose item type is erased, so that all of them can be listed.
#[expect(missing_docs, reason = "each method is the constant of the same name in `Resource`")]
pub trait AnyResource: Sync {
    fn name(&self) -> &'static str;
    fn path(&self) -> &'static str;
    fn level(&self) -> Level;
    fn permission(&self) -> &'static str;
    fn specifier(&self) -> &'static str;
    fn group(&self) -> Group;
    fn paging(&self) -> Paging;
    fn query(&self) -> &'static [(&'static str, &'static str)];
    fn is_beta(&self) -> bool;
    fn plan(&self) -> Option<&'static str>;
    fn requests(&self) -> &'static str;
    fn needs(&self) -> &'static [&'static str];
    fn tables(&self) -> Vec<TableInfo>;
    fn dropped(&self) -> &'static [Dropped];
    /// Plan and beta, for people.
    fn note(&self) -> String {
        let beta = self.is_beta().then_some("beta");
        self.plan().into_iter().chain(beta).collect::<Vec<_>>().join(", ")
    }
    /// Writes a page's rows to `sink`: the whole pipeline but for the network.
    ///
    /// # Errors
    /// When the page is not what the API documents, or the sink refuses a row.
    fn extract(&self, page: &[u8], scope: &Scope, sink: &mut dyn Sink) -> Result<()> {
        self.extract_pieces(&mut std::iter::once(page), scope, sink)
    }

    /// Like [`Self::extract`], of a page that arrives in pieces: the rows of an item are written
    /// as soon as it is there, before the rest of the page is known to be any good.
    ///
    /// # Errors
    /// When the page is not what the API documents, or the sink refuses a row.
    fn extract_pieces(
        &self,
        pieces: &mut dyn Iterator<Item = &[u8]>,
        scope: &Scope,
        sink: &mut dyn Sink,
    ) -> Result<()>;
}

impl<R: Resource> AnyResource for R {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn path(&self) -> &'static str {
        R::PATH
    }

    fn level(&self) -> Level {
        R::LEVEL
    }

    fn permission(&self) -> &'static str {
        R::PERMISSION
    }

    fn specifier(&self) -> &'static str {
        R::SPECIFIER
    }

    fn group(&self) -> Group {
        R::GROUP
    }

    fn paging(&self) -> Paging {
        R::PAGING
    }

    fn query(&self) -> &'static [(&'static str, &'static str)] {
        R::QUERY
    }

    fn is_beta(&self) -> bool {
        R::BETA
    }

    fn plan(&self) -> Option<&'static str> {
        R::PLAN
    }

    fn requests(&self) -> &'static str {
        R::REQUESTS
    }

    fn needs(&self) -> &'static [&'static str] {
        R::NEEDS
    }

    fn tables(&self) -> Vec<TableInfo> {
        R::TABLES.iter().map(|table| table()).collect()
    }

    fn dropped(&self) -> &'static [Dropped] {
        R::DROPPED
    }

    fn extract_pieces(
        &self,
        pieces: &mut dyn Iterator<Item = &[u8]>,
        scope: &Scope,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let wrong = |defect: Defect| Error::unexpected(R::NAME, &defect.path, &defect.reason);
        if R::PAGING == Paging::Object {
            let body = pieces.collect::<Vec<_>>().concat();
            return R::write(scope, &decode::<R::Item>(&body).map_err(wrong)?, sink);
        }
        let mut write =
            |items: &[R::Item]| items.iter().try_for_each(|item| R::write(scope, item, sink));
        let mut reader = PageReader::<R::Item>::new();
        for piece in pieces {
            write(&reader.push(piece).map_err(wrong)?)?;
        }
        write(&reader.finish().map_err(wrong)?.items)
    }
}
