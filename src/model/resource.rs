//! What a resource is: one list endpoint of the API and the tables its items fill.

use serde::de::DeserializeOwned;

use crate::Result;
use crate::model::scope::{Level, Scope};
use crate::model::table::{Sink, TableInfo};

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
}
