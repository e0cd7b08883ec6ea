//! What a resource is: one list endpoint of the API and the tables its items fill.

use serde::de::DeserializeOwned;

use crate::launchdarkly::page::{Defect, PageReader};
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

/// The keys under which a page was fetched; empty where the level has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The project's key.
    pub project_key: String,
    /// The environment's key.
    pub environment_key: String,
}

impl Scope {
    /// The scope of one project.
    pub fn project(project_key: impl Into<String>) -> Self {
        Scope { project_key: project_key.into(), environment_key: String::new() }
    }

    /// The scope of one environment.
    pub fn environment(project_key: impl Into<String>, environment_key: impl Into<String>) -> Self {
        Scope { project_key: project_key.into(), environment_key: environment_key.into() }
    }
}

impl std::fmt::Display for Scope {
    /// `''`, the project's key, or `project/environment`, as in `extraction_resources`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.project_key)?;
        if self.environment_key.is_empty() {
            return Ok(());
        }
        write!(formatter, "/{}", self.environment_key)
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
    /// The action that a role must allow for the endpoint to answer.
    const PERMISSION: &'static str;
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

/// A resource whose item type is erased, so that all of them can be listed.
#[expect(missing_docs, reason = "each method is the constant of the same name in `Resource`")]
pub trait AnyResource: Sync {
    fn name(&self) -> &'static str;
    fn path(&self) -> &'static str;
    fn level(&self) -> Level;
    fn permission(&self) -> &'static str;
    fn tables(&self) -> Vec<TableInfo>;
    fn dropped(&self) -> &'static [Dropped];
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
        let mut write =
            |items: &[R::Item]| items.iter().try_for_each(|item| R::write(scope, item, sink));
        let mut reader = PageReader::<R::Item>::new();
        for piece in pieces {
            write(&reader.push(piece).map_err(wrong)?)?;
        }
        write(&reader.finish().map_err(wrong)?.items)
    }
}
