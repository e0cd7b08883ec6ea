//! Short lists: read whole, by offset, until every row that the server counts is there.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::DeserializeOwned;

use super::walk::{Ask, OffsetPass, Page, Step, hash};
use super::{Extraction, walk};
use crate::error::Kind;
use crate::launchdarkly::Request;
use crate::launchdarkly::page::End;
use crate::record::Tally;
use crate::{Error, Result};

/// How often a list is walked before its count is believed to be wrong.
pub(super) const MOST_PASSES: i64 = 4;

/// Page sizes to try after one that the server refuses.
const SMALLER: [usize; 4] = [100, 50, 20, 10];

/// A list to be read whole.
pub(super) struct List<'l> {
    /// The request without `limit` and `offset`.
    pub request: Request,
    /// The page size.
    pub limit: &'l AtomicUsize,
    /// How many items there are in all, where the first page came inside another object.
    pub total: Option<i64>,
}

/// What one walk of a list found.
struct Walk {
    seen: HashSet<u64>,
    total: Option<i64>,
    /// Whether the server's count was the same on every page.
    stable: bool,
    /// How many pages brought items.
    pages: usize,
}

impl Walk {
    /// A walk that goes on from `items`, which are the list's first page.
    fn after<T: Keyed>(items: &[T], total: Option<i64>) -> Self {
        let seen: HashSet<_> = items.iter().map(|item| hash(item.key())).collect();
        let pages = usize::from(!seen.is_empty());
        let total = total.filter(|_| pages > 0);
        Walk { seen, total, stable: true, pages }
    }

    fn count(&mut self, total: Option<i64>) {
        self.stable &= self.total.is_none() || total.is_none() || self.total == total;
        self.total = total.or(self.total);
    }

    /// Whether `distinct` items are the whole list for sure. A single page cannot shift.
    fn is_whole(&self, distinct: usize) -> bool {
        match self.total {
            Some(total) => self.stable && reached(distinct, total),
            None => self.pages <= 1,
        }
    }
}

/// An item with a key of its own.
pub(super) trait Keyed {
    /// The item's key.
    fn key(&self) -> &str;
}

impl Extraction<'_> {
    /// Reads a list whole into `items`, which may hold its start already.
    ///
    /// An offset shifts when somebody deletes an item: a walk counts only if the server's count
    /// stayed the same all along, or, where it gives none, if the next walk finds the same.
    ///
    /// # Errors
    /// When fewer items come than the server counts.
    pub(super) async fn read_all<T>(
        &self,
        list: List<'_>,
        tally: &Tally,
        items: &mut Vec<T>,
    ) -> Result<()>
    where
        T: Keyed + DeserializeOwned + Send + 'static,
    {
        items_received(tally, items.len(), list.total);
        let mut previous = None;
        for pass in 1..=MOST_PASSES {
            let walk = self.pass(&list, tally, items).await?;
            tally.note(|facts| facts.reported_total = walk.total.or(facts.reported_total));
            let agreed = walk.total.is_none() && previous.as_ref() == Some(&walk.seen);
            if agreed || walk.is_whole(items.len()) {
                return Ok(());
            }
            // The next walk starts over: what it does not find has been deleted meanwhile.
            previous = Some(walk.seen);
            if pass < MOST_PASSES {
                items.clear();
            }
        }
        match tally.facts().reported_total {
            Some(total) if !reached(items.len(), total) => {
                self.short(list.request.resource, tally, items.len())
            }
            _ => {
                tally.remark("the list kept changing while it was read");
                Ok(())
            }
        }
    }

    /// Walks the list once, on from what `items` holds.
    async fn pass<T>(&self, list: &List<'_>, tally: &Tally, items: &mut Vec<T>) -> Result<Walk>
    where
        T: Keyed + DeserializeOwned + Send + 'static,
    {
        tally.note(|facts| facts.passes += 1);
        let mut walk = Walk::after(items, list.total);
        let mut steps = OffsetPass::starting_at(items.len());
        let mut ask = Ask { before: None, offset: items.len() };
        loop {
            let (page, end) = self.page::<T>(&list.request, list.limit, ask).await?;
            items_received(tally, page.len(), None);
            let step = steps.step(&facts(&page, &end));
            walk.count(end.total_count);
            let before = items.len();
            items.extend(page.into_iter().filter(|item| walk.seen.insert(hash(item.key()))));
            walk.pages += usize::from(items.len() > before);
            match step {
                Step::Ask(next) => ask = next,
                Step::Done | Step::NotHonoured => return Ok(walk),
            }
        }
    }

    /// Reads one page, with smaller ones where the server refuses the size.
    pub(super) async fn page<T>(
        &self,
        request: &Request,
        limit: &AtomicUsize,
        ask: Ask,
    ) -> Result<(Vec<T>, End<T>)>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let largest = limit.load(Ordering::Relaxed);
        let sizes = SMALLER.into_iter().filter(|size| *size < largest);
        let mut refusal = None;
        for size in std::iter::once(largest).chain(sizes) {
            let request = with_offset(request.clone(), ask.offset).with("limit", size);
            match self.client.list(&request, Vec::new()).await {
                Err(error) if error.http_status() == Some(400) => refusal = refusal.or(Some(error)),
                Err(error) => return Err(error),
                Ok(page) => {
                    // Only now is it known that the size was what was wrong.
                    limit.fetch_min(size, Ordering::Relaxed);
                    return require_items(&request, page);
                }
            }
        }
        Err(refusal.unwrap_or_else(|| Error::unexpected(request.resource, "", "status 400")))
    }

    /// Fewer items came than the server counts.
    pub(super) fn short(&self, resource: &str, tally: &Tally, distinct: usize) -> Result<()> {
        let facts = tally.facts();
        let reported = facts.reported_total.unwrap_or_default();
        let message = format!(
            "{resource}: LaunchDarkly reports {reported}, but {} walks found {distinct}",
            facts.passes
        );
        if self.selection.allow_unverified {
            tally.remark("fewer rows than reported: published unverified");
            return Ok(());
        }
        Err(Error::new(Kind::UnexpectedResponse, message).resource(resource).hint(
            "a role that hides some of them can cause this; `--allow-unverified` publishes what \
             there is",
        ))
    }
}

/// Whether `distinct` items are as many as the server counts.
pub(super) fn reached(distinct: usize, total: i64) -> bool {
    i64::try_from(distinct).is_ok_and(|distinct| distinct >= total)
}

/// A body without `items` is no list, whatever else it holds.
pub(super) fn require_items<T>(
    request: &Request,
    (page, end): (Vec<T>, End<T>),
) -> Result<(Vec<T>, End<T>)> {
    match end.has_items {
        true => Ok((page, end)),
        false => Err(Error::unexpected(request.resource, "items", "missing field `items`")),
    }
}

/// A page's offset; the first page has none.
pub(super) fn with_offset(request: Request, offset: usize) -> Request {
    match offset {
        0 => request,
        offset => request.with("offset", offset),
    }
}

fn items_received(tally: &Tally, count: usize, total: Option<i64>) {
    tally.note(|facts| {
        facts.rows += i64::try_from(count).unwrap_or(i64::MAX);
        facts.reported_total = total.or(facts.reported_total);
    });
}

fn facts<T: Keyed>(items: &[T], end: &End<T>) -> Page {
    let rows = items.iter().map(|item| (walk::hash(item.key()), 0)).collect();
    Page { rows, total: end.total_count, next: end.next.is_some() }
}
