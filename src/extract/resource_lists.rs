//! Resources that are lists and nothing else: their pages are written to the stage as they come.

use futures::future::{FutureExt, LocalBoxFuture};

use super::deleted::listed_now::{is_environment_deleted, is_project_listed, is_team_listed};
use super::deleted::{Deleted, is_not_found};
use super::fetch::{Fetch, request};
use super::join::try_join_all;
use super::list::{List, Plain, RefusedQueries, StagedRows};
use super::page::items_received;
use super::unavailable::Unavailable;
use crate::launchdarkly::Request;
use crate::model::resource::{AnyResource, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::record::Tally;
use crate::resources::teams::Teams;
use crate::stage::{Task, Writer, rows};
use crate::{Error, Result, resources};

/// Optional parameters: without them the same items come, with fewer parts or in another order.
const OPTIONAL: [&str; 2] = ["expand", "sort"];

/// A [`ListResource`] whose item type is erased.
trait AnyList: AnyResource {
    /// Reads the lists of one scope.
    fn read<'e>(
        &self,
        lists: &'e ResourceLists<'e>,
        scope: Scope,
    ) -> LocalBoxFuture<'e, Result<()>>;
}

impl<R: ListResource> AnyList for R {
    fn read<'e>(
        &self,
        lists: &'e ResourceLists<'e>,
        scope: Scope,
    ) -> LocalBoxFuture<'e, Result<()>> {
        lists.resource::<R>(scope).boxed_local()
    }
}

macro_rules! readers {
    (
        own: $($own:ident::$resource:ident),* $(,)?;
        lists: $($module:ident::$list:ident),* $(,)?;
    ) => {
        /// The resources that are read list by list.
        const LISTS: &[&dyn AnyList] = &[$(&resources::$module::$list),*];
    };
}
resources::every_resource!(readers);

/// Reads the resources that are lists and nothing else.
pub(super) struct ResourceLists<'a> {
    fetch: &'a Fetch<'a>,
    deleted: &'a Deleted<'a>,
    unavailable: &'a Unavailable<'a>,
    refused_queries: RefusedQueries,
}

impl<'a> ResourceLists<'a> {
    /// A reader that leaves out teams through `deleted`, and refused lists through `unavailable`.
    pub fn new(
        fetch: &'a Fetch<'a>,
        deleted: &'a Deleted<'a>,
        unavailable: &'a Unavailable<'a>,
    ) -> Self {
        ResourceLists { fetch, deleted, unavailable, refused_queries: RefusedQueries::default() }
    }

    /// Reads the selected lists of a scope, which is of this level.
    pub async fn of_scope(&self, level: Level, scope: &Scope) -> Result<()> {
        let wanted = self.wanted(level);
        try_join_all(wanted.map(|list| list.read(self, scope.clone()))).await.map(drop)
    }

    /// Reads the selected lists of every team. An account without teams has none.
    pub async fn of_teams(&self) -> Result<()> {
        if self.wanted(Level::Team).next().is_none() {
            return Ok(());
        }
        self.note_outcome_of_teams();
        let teams = self.fetch.stage.ask(team_keys).await?;
        let scopes = teams.into_iter().map(Scope::Team);
        try_join_all(scopes.map(async |scope| self.of_scope(Level::Team, &scope).await))
            .await
            .map(drop)
    }

    /// Where the account has no teams, their lists are recorded with the same outcome.
    fn note_outcome_of_teams(&self) {
        let teams = self.fetch.tally::<Teams>(&Scope::Account).facts();
        for list in self.wanted(Level::Team) {
            let tally = self.fetch.record.tally(list.name(), &Scope::Account);
            tally.note(|facts| {
                facts.passes = 1;
                (facts.outcome, facts.http_status) = (teams.outcome, teams.http_status);
            });
        }
    }

    fn wanted(&self, level: Level) -> impl Iterator<Item = &'static dyn AnyList> {
        let lists = LISTS.iter().copied().filter(move |list| list.level() == level);
        lists.filter(|list| self.fetch.selection.wants(list.name()))
    }

    /// Reads a resource in a scope. If it is refused, the run goes on without it.
    async fn resource<R: ListResource>(&self, scope: Scope) -> Result<()> {
        // The lists of all teams share one tally, which is one row of `extraction_resources`.
        let place = if R::LEVEL == Level::Team { Scope::Account } else { scope.clone() };
        let whole = self.fetch.tally::<R>(&place);
        let tally = whole.part();
        let outcome = self.list_of_scope::<R>(scope, &tally).await;
        if outcome.is_ok() {
            tally.complete();
        }
        whole.absorb(&tally.facts());
        outcome
    }

    async fn list_of_scope<R: ListResource>(&self, scope: Scope, tally: &Tally) -> Result<()> {
        let read = match R::PAGING {
            Paging::Object => self.read_object::<R>(&scope, tally).await,
            _ => self.read_list::<R>(&scope, tally).await,
        };
        match read {
            Err(error) if R::LEVEL == Level::Team && is_not_found(&error) => {
                self.unless_team_is_deleted::<R>(scope, tally, error).await
            }
            // Without `--strict`, lists that answer 404 are looked at when everything is read.
            Err(error) if self.fetch.selection.strict && is_not_found(&error) => {
                let is_deleted = self.leave_out_if_deleted(&scope).await?;
                let read = if is_deleted { Ok(()) } else { Err(error) };
                self.unavailable.go_on_without::<R>(scope, tally, read).await
            }
            read => self.unavailable.go_on_without::<R>(scope, tally, read).await,
        }
    }

    /// Leaves out the project or the environment that a list is in, if it was deleted during the
    /// run. Returns whether it was.
    async fn leave_out_if_deleted(&self, scope: &Scope) -> Result<bool> {
        let project = scope.project_key();
        match scope {
            Scope::Account | Scope::Team(_) => Ok(false),
            _ if !is_project_listed(self.fetch, project).await? => {
                self.deleted.leave_project_out(project).await.map(|()| true)
            }
            Scope::Environment { .. } if is_environment_deleted(self.fetch, scope).await? => {
                self.deleted.leave_environment_out(scope).await.map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// Leaves a team out whole if it was deleted during the run. Otherwise only this list of it is
    /// not available.
    async fn unless_team_is_deleted<R: Resource>(
        &self,
        scope: Scope,
        tally: &Tally,
        error: Error,
    ) -> Result<()> {
        if is_team_listed(self.fetch, scope.team_key()).await? {
            self.unavailable.go_on_without::<R>(scope, tally, Err(error)).await
        } else {
            self.deleted.leave_team_out(scope.team_key()).await
        }
    }

    async fn read_object<R: ListResource>(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes += 1);
        let request = full_request::<R>(scope).counted(&tally.requests);
        let ask = async {
            let _memory = self.fetch.memory.page(R::NAME).await;
            let item = self.fetch.client.object::<R::Item>(&request).await?;
            let write: Task = Box::new(rows::<R>(scope.clone(), vec![item]));
            Ok(((), Some(write)))
        };
        self.fetch.once(&request, ask).await?;
        items_received(tally, 1, None);
        Ok(())
    }

    async fn read_list<R: ListResource>(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        let request = full_request::<R>(scope).counted(&tally.requests);
        let list = List {
            plain: self.plain::<R>(scope, tally),
            limit: R::PAGING.limit().map(|_| self.fetch.limits.of::<R>()),
            memory: Some(&self.fetch.memory),
            ..List::of::<R>(self.fetch, request)
        };
        list.read(self.fetch, tally, &mut StagedRows::<R>::new(scope.clone())).await.map(drop)
    }

    /// The request without optional parameters, if the resource has any.
    fn plain<R: ListResource>(&self, scope: &Scope, tally: &Tally) -> Option<Plain<'_>> {
        let is_optional = |(name, _): &&(&str, &str)| OPTIONAL.contains(name);
        R::QUERY.iter().find(is_optional)?;
        let required = R::QUERY.iter().filter(|one| !is_optional(one));
        let request = with_query(request::<R>(&scope.keys()), required).counted(&tally.requests);
        Some(Plain { request, resource: R::NAME, refused: &self.refused_queries })
    }
}

fn full_request<R: ListResource>(scope: &Scope) -> Request {
    with_query(request::<R>(&scope.keys()), R::QUERY.iter())
}

fn with_query<'q>(
    request: Request,
    query: impl Iterator<Item = &'q (&'static str, &'static str)>,
) -> Request {
    query.fold(request, |all, (name, value)| all.with(*name, value))
}

/// The keys of the teams that were read.
fn team_keys(writer: &mut Writer<'_>) -> Result<Vec<String>> {
    let mut statement = writer.outside_projects().prepare("SELECT team_key FROM teams")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
