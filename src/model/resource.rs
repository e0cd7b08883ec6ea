//! A resource: one list endpoint of the API and the tables its items fill.

use serde::de::DeserializeOwned;

use crate::Result;
use crate::model::scope::{Level, Scope};
use crate::model::table::{Sink, TableInfo};

/// The runs in which a resource is read if `--resources` does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// In every run, because other resources depend on it. A refusal ends the run.
    Core,
    /// In a run without `--resources`.
    Default,
    /// Only in a run with `--resources all`.
    All,
}

impl Group {
    /// The groups; each contains those before it.
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

/// How an endpoint divides its list into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// One response holds the whole list.
    Whole,
    /// One response is one item: an object instead of a list.
    Object,
    /// By `limit` and `offset`; the value is the page size to request.
    Offset(usize),
    /// Newest first, by `limit` and `before`; the value is the page size to request.
    Before(usize),
}

impl Paging {
    /// The page size to request; `None` where the endpoint has no page size.
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

/// The field `field` (`Schema.field`), which is not stored for the `reason` given.
pub const fn dropped(field: &'static str, reason: &'static str) -> Dropped {
    Dropped { field, reason }
}

/// One list endpoint of the API.
pub trait Resource: Sync + 'static {
    /// The type of the list's items.
    type Item: DeserializeOwned + Send;

    /// The resource's name: on the command line, in errors and in `extraction_resources`.
    const NAME: &'static str;
    /// The endpoint, with its parameters in braces.
    const PATH: &'static str;
    /// The level that the endpoint is nested in.
    const LEVEL: Level;
    /// The action that a role must allow for the endpoint to answer; empty where none is documented.
    const PERMISSION: &'static str;
    /// The resource specifier, in a role's policy, on which that action must be allowed.
    const SPECIFIER: &'static str = "proj/*";
    /// The runs in which it is read.
    const GROUP: Group = Group::Core;
    /// How the list is divided into pages.
    const PAGING: Paging;
    /// Query parameters in addition to those of paging.
    const QUERY: &'static [(&'static str, &'static str)] = &[];
    /// The query parameter that limits the list to the project of its scope, for an endpoint whose
    /// path does not name the project.
    const PROJECT_QUERY: Option<&'static str> = None;
    /// Whether the endpoint is in beta: a beta endpoint requires a header.
    const BETA: bool = false;
    /// The plans that include it; `None` if all do.
    const PLAN: Option<&'static str> = None;
    /// The number of requests that reading it takes, as a formula for people.
    const REQUESTS: &'static str;
    /// The resources that it needs in addition to projects and environments.
    const NEEDS: &'static [&'static str] = &[];
    /// The tables it fills, parents before children.
    const TABLES: &'static [fn() -> TableInfo];
    /// Documented fields that are not stored.
    const DROPPED: &'static [Dropped] = &[];

    /// Writes an item's rows. The rows depend only on the scope and the item.
    ///
    /// # Errors
    /// When the sink refuses a row, or the item cannot be made a row.
    fn write(scope: &Scope, item: &Self::Item, sink: &mut dyn Sink) -> Result<()>;
}

/// A resource that the generic list reader reads.
///
/// If the account or the token has no access to it, the run continues without it.
pub trait ListResource: Resource {
    /// The text that identifies an item in its list.
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
    fn project_query(&self) -> Option<&'static str>;
    fn is_beta(&self) -> bool;
    fn plan(&self) -> Option<&'static str>;
    fn requests(&self) -> &'static str;
    fn needs(&self) -> &'static [&'static str];
    fn tables(&self) -> Vec<TableInfo>;
    fn dropped(&self) -> &'static [Dropped];
    /// The plan and the beta state, as text for people.
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

    fn project_query(&self) -> Option<&'static str> {
        R::PROJECT_QUERY
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
