//! Resources that are read list by list: page by page into the stage, whole or not at all.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use futures::future::{FutureExt, LocalBoxFuture};

use super::deleted::listed_now::is_team_listed;
use super::deleted::rows::forget_scope;
use super::deleted::{Deleted, is_not_found};
use super::fetch::{Fetch, request};
use super::join::try_join_all;
use super::limits::sized;
use super::list::{MOST_PASSES, Walk, never_settled};
use super::page::{Listed, items_received, require_items, with_offset};
use super::unavailable::Unavailable;
use super::walk::{Ask, OffsetPass, Step};
use crate::launchdarkly::Request;
use crate::model::resource::{AnyResource, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::record::Tally;
use crate::resources::teams::Teams;
use crate::stage::{Task, Writer, rows};
use crate::system::hash::hash;
use crate::{Error, Result, resources};

/// Parameters that a list can do without: the same items come, with less in each, or in another
/// order.
const DISPENSABLE: [&str; 2] = ["expand", "sort"];

/// What is recorded of a list that is read without them.
const PLAINLY: &str = "read without what the server refuses: expand or sort";

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
    /// The resources whose list the server refuses with `expand` or `sort`.
    without_query: Mutex<BTreeSet<&'static str>>,
}

impl<'a> ResourceLists<'a> {
    /// A reader that leaves out teams through `deleted`, and refused lists through `unavailable`.
    pub fn new(
        fetch: &'a Fetch<'a>,
        deleted: &'a Deleted<'a>,
        unavailable: &'a Unavailable<'a>,
    ) -> Self {
        ResourceLists { fetch, deleted, unavailable, without_query: Mutex::default() }
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
            read => self.unavailable.go_on_without::<R>(scope, tally, read).await,
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
        let request = self.list_request::<R>(scope).counted(&tally.requests);
        let ask = async {
            let _page = self.fetch.pages.acquire().await.ok();
            let item = self.fetch.client.object::<R::Item>(&request).await?;
            let write: Task = Box::new(rows::<R>(scope.clone(), vec![item]));
            Ok(((), Some(write)))
        };
        self.fetch.once(&request, ask).await?;
        items_received(tally, 1, None);
        Ok(())
    }

    /// Reads a list until every row that the server counts is there; see `read_all`.
    async fn read_list<R: ListResource>(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        let mut previous = None;
        for pass in 1..=MOST_PASSES {
            let walk = self.walk::<R>(scope, tally, pass).await?;
            tally.note(|facts| facts.reported_total = walk.total.or(facts.reported_total));
            let agreed = walk.total.is_none() && previous.as_ref() == Some(&walk.seen);
            if agreed || walk.is_whole(walk.seen.len()) {
                return Ok(());
            }
            if pass == MOST_PASSES {
                return never_settled(self.fetch, R::NAME, tally, walk.seen.len());
            }
            previous = Some(walk.seen);
        }
        Ok(())
    }

    /// Walks a list once. What an earlier walk left, and this one does not find, is deleted.
    async fn walk<R: ListResource>(&self, scope: &Scope, tally: &Tally, pass: i64) -> Result<Walk> {
        tally.note(|facts| facts.passes = facts.passes.max(pass));
        let mut walk = Walk::default();
        let (mut steps, mut ask) = (OffsetPass::default(), Ask::default());
        loop {
            let anew = pass > 1 && ask == Ask::default();
            let page = self.page_of::<R>(scope, tally, ask, anew).await?;
            items_received(tally, page.items.len(), None);
            walk.count(page.total);
            let before = walk.seen.len();
            walk.seen.extend(&page.items);
            walk.pages += usize::from(walk.seen.len() > before);
            match steps.step(&page.page(|key| (*key, 0))) {
                // A list that is documented whole may still come in pages.
                Step::Ask(next) if R::PAGING != Paging::Whole || page.next => ask = next,
                _ => return Ok(walk.unless(steps.has_shifted())),
            }
        }
    }

    /// Reads one page into the stage; keeps the hashes of its keys. `anew` drops what was there.
    async fn page_of<R: ListResource>(
        &self,
        scope: &Scope,
        tally: &Tally,
        ask: Ask,
        anew: bool,
    ) -> Result<Listed<u64>> {
        let is_plain = self.asks_plainly::<R>();
        let request = self.list_request::<R>(scope).counted(&tally.requests);
        let read = async |request: Request| {
            let _page = self.fetch.pages.acquire().await.ok();
            self.fetch.once(&request, self.staged_page::<R>(&request, scope, anew)).await
        };
        let ask = async |request: &Request| match R::PAGING {
            Paging::Whole => read(with_offset(request.clone(), ask.offset)).await,
            _ => sized(request, self.fetch.limits.of::<R>(), ask, read).await,
        };
        match ask(&request).await {
            // A server that refuses to expand or to sort still lists.
            Err(error) if error.http_status() == Some(400) && !is_plain => {
                self.ask_plainly::<R>();
                tally.remark(PLAINLY);
                ask(&self.list_request::<R>(scope).counted(&tally.requests)).await
            }
            outcome => {
                if self.is_query_refused::<R>() {
                    tally.remark(PLAINLY);
                }
                outcome
            }
        }
    }

    fn ask_plainly<R: ListResource>(&self) {
        self.without_query.lock().unwrap_or_else(PoisonError::into_inner).insert(R::NAME);
    }

    fn is_query_refused<R: ListResource>(&self) -> bool {
        self.without_query.lock().unwrap_or_else(PoisonError::into_inner).contains(R::NAME)
    }

    /// Whether there is nothing to do without, or the server refuses it.
    fn asks_plainly<R: ListResource>(&self) -> bool {
        let dispensable = R::QUERY.iter().any(|(name, _)| DISPENSABLE.contains(name));
        !dispensable || self.is_query_refused::<R>()
    }

    fn list_request<R: ListResource>(&self, scope: &Scope) -> Request {
        let plain = request::<R>(&scope.keys());
        let is_plain = self.asks_plainly::<R>();
        let query = R::QUERY.iter().filter(|(name, _)| !is_plain || !DISPENSABLE.contains(name));
        query.fold(plain, |all, (name, value)| all.with(*name, value))
    }

    async fn staged_page<R: ListResource>(
        &self,
        request: &Request,
        scope: &Scope,
        anew: bool,
    ) -> Result<(Listed<u64>, Option<Task>)> {
        let (items, end) = self.fetch.client.list(request, Vec::<R::Item>::new()).await?;
        // Go servers leave an empty list out; but a body with neither is no list.
        if !end.has_links {
            require_items(request, &end)?;
        }
        let keys = items.iter().map(|item| hash(R::key(item))).collect();
        let write = rows::<R>(scope.clone(), items);
        let scope = scope.clone();
        let task: Task = Box::new(move |writer| {
            if anew {
                forget_scope(writer, R::TABLES, R::LEVEL, &scope)?;
            }
            write(writer)
        });
        Ok((Listed::new(keys, &end), Some(task)))
    }
}

/// The keys of the teams that were read.
fn team_keys(writer: &mut Writer<'_>) -> Result<Vec<String>> {
    let mut statement = writer.connection.prepare("SELECT team_key FROM teams")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
