//! Walks a list until it is whole.
//!
//! An offset shifts when somebody deletes an item during a walk. A pass therefore counts only if
//! the server's count stayed the same on every page, or, where it gives none, if the next pass
//! finds the same items.

use std::collections::HashSet;

use super::pass::Pass;
use super::{Items, Keyed, List, Sink, reached, short};
use crate::Result;
use crate::extract::fetch::Fetch;
use crate::extract::limits::sized;
use crate::extract::page::{Listed, items_received, require_items, with_offset};
use crate::extract::walk::{Ask, OffsetPass, Step};
use crate::launchdarkly::Request;
use crate::record::{Announced, Tally};

/// How often a list is walked before the server's count is taken to be wrong.
const MOST_PASSES: usize = 4;

/// The remark for a list that is read without optional parameters.
const PLAINLY: &str = "read without parameters that the server refuses: expand or sort";

impl List<'_> {
    /// Reads the list whole into `sink`. Returns the hashes of the items' keys.
    ///
    /// # Errors
    /// When fewer items come than the server counts.
    pub async fn read<S: Sink>(
        self,
        fetch: &Fetch<'_>,
        tally: &Tally,
        sink: &mut S,
    ) -> Result<HashSet<u64>> {
        Walker { fetch, list: self, tally }.read(sink).await
    }

    /// Reads the list whole into `items`, which may hold its first page already.
    ///
    /// # Errors
    /// When fewer items come than the server counts.
    pub async fn collect<T: Keyed>(
        self,
        fetch: &Fetch<'_>,
        tally: &Tally,
        items: &mut Vec<T>,
    ) -> Result<()> {
        let mut sink = Items { items, privacy: &fetch.stage.privacy };
        self.read(fetch, tally, &mut sink).await.map(drop)
    }
}

/// Walks one list.
struct Walker<'w> {
    fetch: &'w Fetch<'w>,
    list: List<'w>,
    tally: &'w Tally,
}

impl Walker<'_> {
    async fn read<S: Sink>(&self, sink: &mut S) -> Result<HashSet<u64>> {
        items_received(self.tally, sink.held().0, self.list.total);
        let mut pass = self.pass(sink, false).await?;
        let mut is_whole = pass.is_whole();
        for _ in 1..MOST_PASSES {
            if is_whole {
                return Ok(pass.seen);
            }
            sink.restart();
            let next = self.pass(sink, true).await?;
            is_whole = next.is_whole() || (next.total.is_none() && next.seen == pass.seen);
            pass = next;
        }
        if !is_whole {
            self.kept_changing(pass.found)?;
        }
        Ok(pass.seen)
    }

    /// Records that no two passes agreed.
    ///
    /// # Errors
    /// When the last pass found fewer items than the server counts.
    fn kept_changing(&self, distinct: usize) -> Result<()> {
        let total = self.tally.facts().reported_total;
        if total.is_some_and(|total| !reached(distinct, total)) {
            return short(self.fetch, self.list.request.resource, self.tally, distinct);
        }
        self.tally.remark("the list kept changing while it was read");
        Ok(())
    }

    /// Walks the list once, after the items that `sink` holds. `replaces` says that this is not the
    /// first pass.
    async fn pass<S: Sink>(&self, sink: &mut S, mut replaces: bool) -> Result<Pass> {
        self.tally.note(|facts| facts.passes += 1);
        let (found, seen) = sink.held();
        let mut pass = Pass::after(seen, found, self.list.total);
        let mut steps = OffsetPass::starting_at(found);
        let mut ask = Ask { before: None, offset: found };
        loop {
            let page = self.page(sink, ask, replaces).await?;
            replaces = false;
            items_received(self.tally, page.items.len(), None);
            self.announce(&page);
            let step = steps.step(&page.page(|kept| (S::key(kept), 0)));
            pass.page(page.total, page.items, S::key, |kept| sink.take(kept));
            match step {
                // A list that is documented to come in one answer may still have pages.
                Step::Ask(next) if self.list.limit.is_some() || page.next => ask = next,
                _ => break,
            }
        }
        let total = pass.total;
        self.tally.note(|facts| facts.reported_total = total.or(facts.reported_total));
        Ok(pass.unless(steps.has_shifted()))
    }

    /// Notes, for progress, how many items there are, and that those of a page have come. Later
    /// passes bring the same items.
    fn announce<I>(&self, page: &Listed<I>) {
        let is_first_pass = self.tally.facts().passes <= 1;
        let Some(total) = page.total.filter(|_| is_first_pass) else { return };
        self.tally.announce(|announced| {
            if *announced == Announced::default() {
                announced.add(total, page.items.len(), 1);
                announced.is_whole = true;
            }
            announced.arrive(page.items.len());
        });
    }

    /// Reads one page, without optional parameters where the server refuses them.
    async fn page<S: Sink>(&self, sink: &S, ask: Ask, replaces: bool) -> Result<Listed<S::Kept>> {
        let request = &self.list.request;
        let Some(plain) = &self.list.plain else {
            return self.sized(request, sink, ask, replaces).await;
        };
        let is_plain = plain.is_needed();
        let request = if is_plain { &plain.request } else { request };
        let mut page = self.sized(request, sink, ask, replaces).await;
        let is_refused = page.as_ref().is_err_and(|error| error.http_status() == Some(400));
        if is_refused && !is_plain {
            plain.note_refused();
            page = self.sized(&plain.request, sink, ask, replaces).await;
        }
        if plain.is_needed() {
            self.tally.remark(PLAINLY);
        }
        page
    }

    /// Reads one page of a size that the server accepts.
    async fn sized<S: Sink>(
        &self,
        request: &Request,
        sink: &S,
        ask: Ask,
        replaces: bool,
    ) -> Result<Listed<S::Kept>> {
        let read = async |request: Request| self.read_page(&request, sink, replaces).await;
        match self.list.limit {
            Some(limit) => sized(request, limit, ask, read).await,
            None => read(with_offset(request.clone(), ask.offset)).await,
        }
    }

    async fn read_page<S: Sink>(
        &self,
        request: &Request,
        sink: &S,
        replaces: bool,
    ) -> Result<Listed<S::Kept>> {
        let mut memory = match self.list.memory {
            Some(memory) => Some(memory.page(request.resource).await),
            None => None,
        };
        let ask = async {
            let (items, end) = self.fetch.client.list(request, Vec::<S::Item>::new()).await?;
            memory.iter_mut().for_each(|memory| memory.arrived(end.bytes));
            if !S::MAY_OMIT_ITEMS || !end.has_links {
                require_items(request, &end)?;
            }
            let (kept, rows) = sink.keep(items, replaces);
            Ok((Listed::new(kept, &end), rows))
        };
        if self.list.now {
            ask.await.map(|(page, _)| page)
        } else {
            self.fetch.once(request, ask).await
        }
    }
}
