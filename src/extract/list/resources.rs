//! Resources that are read list by list: page by page into the stage, whole or not at all.

use std::sync::PoisonError;

use futures::future::{FutureExt, LocalBoxFuture};

use crate::extract::deleted::is_absence;
use crate::extract::join::try_join_all;
use crate::extract::journal::Listed;
use crate::extract::list::{MOST_PASSES, Walk, items_received, require_items, with_offset};
use crate::extract::project::completeness::queries::{forget_scope, teams};
use crate::extract::walk::{Ask, OffsetPass, Step};
use crate::extract::{Extraction, request};
use crate::launchdarkly::Request;
use crate::model::resource::{AnyResource, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::record::Tally;
use crate::resources::teams::Teams;
use crate::stage::{Task, rows};
use crate::system::hash::hash;
use crate::{Error, Result, resources};

/// Parameters that a list can do without: the same items come, with less in each, or in another
/// order.
const DISPENSABLE: [&str; 2] = ["expand", "sort"];

/// What is recorded of a list that is read without them.
const PLAINLY: &str = "read without what the server refuses: expand or sort";

/// A [`ListResource`] whose item type is erased.
pub trait AnyList: AnyResource {
    /// Reads the lists of one scope.
    fn read<'e>(
        &self,
        extraction: &'e Extraction<'e>,
        scope: Scope,
    ) -> LocalBoxFuture<'e, Result<()>>;
}

impl<R: ListResource> AnyList for R {
    fn read<'e>(
        &self,
        extraction: &'e Extraction<'e>,
        scope: Scope,
    ) -> LocalBoxFuture<'e, Result<()>> {
        extraction.list_resource::<R>(scope).boxed_local()
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

impl Extraction<'_> {
    /// Reads the wanted lists of a scope.
    pub(in crate::extract) async fn lists(&self, level: Level, scope: &Scope) -> Result<()> {
        let lists = LISTS.iter().filter(|list| list.level() == level);
        let wanted = lists.filter(|list| self.selection.wants(list.name()));
        try_join_all(wanted.map(|list| list.read(self, scope.clone()))).await.map(drop)
    }

    /// Reads the wanted lists of every team. Without teams, there are none of theirs.
    pub(in crate::extract) async fn lists_of_teams(&self) -> Result<()> {
        let lists = LISTS.iter().filter(|list| list.level() == Level::Team);
        let wanted: Vec<_> = lists.filter(|list| self.selection.wants(list.name())).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let found = self.tally::<Teams>(&Scope::Account).facts();
        for list in wanted {
            let tally = self.record.tally(list.name(), &Scope::Account);
            tally.note(|facts| {
                facts.passes = 1;
                (facts.outcome, facts.http_status) = (found.outcome, found.http_status);
            });
        }
        let teams = self.stage.ask(teams).await?;
        let scopes = teams.into_iter().map(Scope::Team);
        try_join_all(scopes.map(async |scope| self.lists(Level::Team, &scope).await))
            .await
            .map(drop)
    }

    /// Reads a resource in a scope. Where it is refused, the run goes on without.
    async fn list_resource<R: ListResource>(&self, scope: Scope) -> Result<()> {
        // A team's lists are counted together: there is one row for the account.
        let place = if R::LEVEL == Level::Team { Scope::Account } else { scope.clone() };
        let whole = self.tally::<R>(&place);
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
            Err(error) if R::LEVEL == Level::Team && is_absence(&error) => {
                self.unless_team_is_gone::<R>(scope, tally, error).await
            }
            read => self.unless_refused::<R>(scope, tally, read).await,
        }
    }

    /// A team that was deleted during the run is left out whole; others may be there.
    async fn unless_team_is_gone<R: Resource>(
        &self,
        scope: Scope,
        tally: &Tally,
        error: Error,
    ) -> Result<()> {
        match self.lists_team(scope.team_key()).await? {
            true => self.unless_refused::<R>(scope, tally, Err(error)).await,
            false => self.leave_team_out(scope.team_key()).await,
        }
    }

    async fn read_object<R: ListResource>(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes += 1);
        let request = self.list_request::<R>(scope).counted(&tally.requests);
        let ask = async {
            let _page = self.pages.acquire().await.ok();
            let item = self.client.object::<R::Item>(&request).await?;
            let write: Task = Box::new(rows::<R>(scope.clone(), vec![item]));
            Ok(((), Some(write)))
        };
        self.once(&request, ask).await?;
        items_received(tally, 1, None);
        Ok(())
    }

    /// Reads a list until every row that the server counts is there; see [`Extraction::read_all`].
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
                return self.never_settled(R::NAME, tally, walk.seen.len());
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
            let _page = self.pages.acquire().await.ok();
            self.once(&request, self.staged_page::<R>(&request, scope, anew)).await
        };
        let ask = async |request: &Request| match R::PAGING {
            Paging::Whole => read(with_offset(request.clone(), ask.offset)).await,
            _ => self.sized(request, self.limits.of::<R>(), ask, read).await,
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
        let (items, end) = self.client.list(request, Vec::<R::Item>::new()).await?;
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
