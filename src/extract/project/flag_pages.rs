//! One walk of one list of a project's flags: its requests, and how its pages are staged.

use std::sync::atomic::Ordering::Relaxed;

use super::flags::FlagLists;
use super::found::Found;
use super::sighting::{Sighting, States};
use crate::Result;
use crate::extract::fetch::request;
use crate::extract::join::try_join_all;
use crate::extract::limits::sized;
use crate::extract::page::{Listed, require_items, with_offset};
use crate::extract::walk::{Ask, Keyset, OffsetPass, Page, Rest, Step};
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, rows};

/// The part of each flag that a walk reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail<'w> {
    /// The flag with its configurations in these environments. Its rows are staged.
    Whole(&'w [String]),
    /// The flag's key, state and time of creation. Nothing is staged.
    Key,
}

/// How the pages of a walk follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// All pages at once after the first, and one after the other if the list has changed.
    AtOnce,
    /// One page after the other, so that no change of the list can lose a flag.
    OneByOne,
}

/// One walk of one list of a project's flags.
pub(super) struct FlagWalk<'w> {
    /// The project.
    pub lists: FlagLists<'w>,
    /// The states of the flags.
    pub states: States,
    /// The part of each flag that is read.
    pub detail: Detail<'w>,
    /// How pages follow each other.
    pub order: Order,
    /// How many walks this one announces the pages of, for progress: itself, and walks of the same
    /// flags for other environments.
    pub announces: usize,
}

impl FlagWalk<'_> {
    /// Walks the list: all pages at once where it does not change; otherwise by keyset, or twice by
    /// offset if the server does not sort or filter.
    pub async fn walk(&self) -> Result<Found> {
        self.lists.tally.note(|facts| facts.passes += 1);
        let mut found = Found { admitted: true, is_sorted: true, ..Found::default() };
        // A request that does not filter by date is not refused for its filter.
        let first = self.next(Ask::default(), &mut found).await?.unwrap_or_default();
        let is_at_once =
            self.order == Order::AtOnce && self.lists.signs.reads_at_once.load(Relaxed);
        let is_read =
            !found.admitted || (is_at_once && self.rest_at_once(&first, &mut found).await?);
        if !is_read {
            self.one_by_one(first, &mut found).await?;
        }
        found.compare_count();
        Ok(found)
    }

    /// Requests all pages behind the first at once; returns whether they are those of a list that
    /// did not change.
    async fn rest_at_once(&self, first: &Page, found: &mut Found) -> Result<bool> {
        let Some(rest) = Rest::after(first) else { return Ok(false) };
        let pages =
            rest.offsets().map(async |offset| self.page(Ask { before: None, offset }).await);
        let pages: Option<Vec<_>> = try_join_all(pages).await?.into_iter().collect();
        let Some(pages) = pages else {
            // The server refuses an offset.
            self.give_up_at_once();
            return Ok(false);
        };
        let pages: Vec<_> = pages.iter().map(|page| self.take(page, found)).collect();
        if rest.is_ignored(first, &pages) {
            self.give_up_at_once();
        }
        Ok(rest.is_whole(first, &pages))
    }

    /// Notes for all projects that pages cannot be requested at once.
    fn give_up_at_once(&self) {
        self.lists.signs.reads_at_once.store(false, Relaxed);
    }

    /// Requests one page after the other, after `first`.
    async fn one_by_one(&self, first: Page, found: &mut Found) -> Result<()> {
        let mut keyset = Keyset::default();
        let is_honoured = self.pass(Some(first), found, |page| keyset.step(page)).await?;
        if is_honoured {
            return Ok(());
        }
        found.is_sorted = false;
        self.lists.tally.remark("walked by offset: the server did not sort or filter as requested");
        for _ in 0..2 {
            self.lists.tally.note(|facts| facts.passes += 1);
            let mut pass = OffsetPass::default();
            self.pass(None, found, |page| pass.step(page)).await?;
        }
        Ok(())
    }

    /// Walks the list once, from its first page if that is read already; `step` decides what
    /// follows each page. Returns whether the server sorted and filtered as requested.
    async fn pass(
        &self,
        first: Option<Page>,
        found: &mut Found,
        mut step: impl FnMut(&Page) -> Step,
    ) -> Result<bool> {
        let mut read = first;
        let mut ask = Ask::default();
        loop {
            let page = match read.take() {
                Some(page) => Some(page),
                None => self.next(ask, found).await?,
            };
            let Some(page) = page else { return Ok(false) };
            match step(&page) {
                _ if !found.admitted => return Ok(true),
                Step::Ask(next) => ask = next,
                Step::Done => return Ok(true),
                Step::NotHonoured => return Ok(false),
            }
        }
    }

    /// Reads a page and adds it to `found`; `None` if the server refuses to filter by date.
    async fn next(&self, ask: Ask, found: &mut Found) -> Result<Option<Page>> {
        let Some(page) = self.page(ask).await? else { return Ok(None) };
        if ask == Ask::default() {
            found.total = page.total;
            self.announce(&page);
        }
        Ok(Some(self.take(&page, found)))
    }

    /// Notes, for progress, how many flags there are.
    fn announce(&self, first: &Listed<Sighting>) {
        let Some(total) = first.total.filter(|_| self.announces > 0) else { return };
        let page = first.items.len();
        self.lists.tally.announce(|announced| {
            announced.add(total, page, self.announces);
            // The list of archived flags follows that of the current ones.
            announced.is_whole |= self.states != States::Current;
        });
    }

    /// Adds a page to `found`.
    fn take(&self, page: &Listed<Sighting>, found: &mut Found) -> Page {
        let flags = &page.items;
        let count = i64::try_from(flags.len()).unwrap_or(i64::MAX);
        self.lists.tally.note(|facts| facts.rows += count);
        if self.order == Order::AtOnce && self.detail != Detail::Key {
            self.lists.tally.announce(|announced| announced.arrive(flags.len()));
        }
        found.pages += 1;
        found.created.extend(flags.iter().map(|flag| (flag.hash, flag.created)));
        found.deprecated |= flags.iter().any(|flag| flag.deprecated && !flag.archived);
        found.archived |= flags.iter().any(|flag| flag.archived);
        found.admitted &= flags.iter().all(|flag| self.states.admits(flag));
        page.page(|flag| (flag.hash, flag.created))
    }

    /// Reads one page; `None` if the server refuses to filter by date, or an offset.
    async fn page(&self, ask: Ask) -> Result<Option<Listed<Sighting>>> {
        let is_first = ask.offset == 0 || self.order == Order::OneByOne;
        if ask.before.is_none() && is_first {
            return self.unfiltered_page(ask).await.map(Some);
        }
        // The first page has found the page size. On later pages, a 400 refuses the filter or offset.
        let size = self.lists.fetch.limits.of::<Flags>().load(Relaxed);
        let request = with_offset(self.request(ask), ask.offset).with("limit", size);
        match self.read(&request).await {
            Err(error) if error.http_status() == Some(400) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Reads a page that does not filter by date, and finds out which page size and which expanded
    /// parts the server accepts.
    async fn unfiltered_page(&self, ask: Ask) -> Result<Listed<Sighting>> {
        let expands = &self.lists.signs.expands_archive_checks;
        let limit = self.lists.fetch.limits.of::<Flags>();
        let read = async |request: Request| self.read(&request).await;
        let expanded = expands.load(Relaxed) && self.detail != Detail::Key;
        match sized(&self.request(ask), limit, ask, read).await {
            // `archiveChecks` is not documented, so that a server may refuse it.
            Err(error) if error.http_status() == Some(400) && expanded => {
                expands.store(false, Relaxed);
                sized(&self.request(ask), limit, ask, read).await
            }
            outcome => outcome,
        }
    }

    /// Reads the first page of the list, which has its newest flags.
    pub async fn newest(&self) -> Result<Found> {
        let mut found = Found { admitted: true, ..Found::default() };
        self.next(Ask::default(), &mut found).await?;
        Ok(found)
    }

    /// The server's current count of the flags in this list.
    pub async fn count(&self) -> Result<Option<i64>> {
        let page = self.read(&self.request(Ask::default()).with("limit", 1)).await?;
        let received = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        self.lists.tally.note(|facts| facts.rows += received);
        Ok(page.total)
    }

    /// Reads a page as soon as there is memory for it, into the stage if flags are read whole.
    async fn read(&self, request: &Request) -> Result<Listed<Sighting>> {
        let mut memory = self.lists.fetch.memory.page(Flags::NAME).await;
        let ask = async {
            let (flags, end) = self.lists.fetch.client.list(request, Vec::<Flag>::new()).await?;
            memory.arrived(end.bytes);
            require_items(request, &end)?;
            let page = Listed::new(flags.iter().map(Sighting::of).collect(), &end);
            Ok((page, self.rows(flags)))
        };
        self.lists.fetch.once(request, ask).await
    }

    fn rows(&self, flags: Vec<Flag>) -> Option<Task> {
        if self.detail == Detail::Key {
            return None;
        }
        Some(Box::new(rows::<Flags>(Scope::project(self.lists.project_key), flags)))
    }

    fn parts(&self) -> &'static str {
        if self.lists.signs.expands_archive_checks.load(Relaxed) {
            "evaluation,migrationSettings,archiveChecks"
        } else {
            "evaluation,migrationSettings"
        }
    }

    fn request(&self, ask: Ask) -> Request {
        let mut request = request::<Flags>(&[self.lists.project_key])
            .counted(&self.lists.tally.requests)
            .with("sort", "-creationDate");
        let filters = self.filters(ask);
        if !filters.is_empty() {
            request = request.with("filter", filters.join(","));
        }
        if self.states == States::ArchivedByParameter {
            request = request.with("archived", true);
        }
        let Detail::Whole(environments) = self.detail else { return request };
        let whole = request.with("summary", 0).with("expand", self.parts());
        environments.iter().fold(whole, |request, environment| request.with("env", environment))
    }

    fn filters(&self, ask: Ask) -> Vec<String> {
        let older = ask.before.map(|before| format!("creationDate:{{\"before\":{before}}}"));
        self.states.filter().map(str::to_owned).into_iter().chain(older).collect()
    }
}
