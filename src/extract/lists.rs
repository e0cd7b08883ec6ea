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
const SMALLER: [usize; 3] = [100, 50, 20];

/// A list to be read whole.
pub(super) struct List<'l> {
    /// The request without `limit` and `offset`.
    pub request: Request,
    /// The page size.
    pub limit: &'l AtomicUsize,
    /// How many items are at hand already: the first page came inside another object.
    pub at_hand: usize,
    /// How many items there are in all, if that is known.
    pub total: Option<i64>,
}

/// An item with a key of its own.
pub(super) trait Keyed {
    /// The item's key.
    fn key(&self) -> &str;
}

impl Extraction<'_> {
    /// Reads a list whole; adds what is missing to `items`.
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
        let mut seen: HashSet<u64> = items.iter().map(|item| hash(item.key())).collect();
        items_received(tally, items.len(), list.total);
        let mut start = list.at_hand;
        for _ in 0..MOST_PASSES {
            let total = self.pass(&list, start, tally, &mut seen, items).await?;
            tally.note(|facts| facts.reported_total = total.or(facts.reported_total));
            if total.is_none_or(|total| reached(seen.len(), total)) {
                return Ok(());
            }
            // The list changed while it was walked, or is sorted in another way than its start.
            start = 0;
        }
        self.short(list.request.resource, tally, seen.len())
    }

    /// Walks the list once from `start`; returns how many items the server counts.
    async fn pass<T>(
        &self,
        list: &List<'_>,
        start: usize,
        tally: &Tally,
        seen: &mut HashSet<u64>,
        items: &mut Vec<T>,
    ) -> Result<Option<i64>>
    where
        T: Keyed + DeserializeOwned + Send + 'static,
    {
        tally.note(|facts| facts.passes += 1);
        let mut pass = OffsetPass::starting_at(start);
        let (mut ask, mut total) = (Ask { before: None, offset: start }, list.total);
        loop {
            let (page, end) = self.page::<T>(&list.request, list.limit, ask).await?;
            total = end.total_count.or(total);
            items_received(tally, page.len(), None);
            let step = pass.step(&facts(&page, &end));
            items.extend(page.into_iter().filter(|item| seen.insert(hash(item.key()))));
            match step {
                Step::Ask(next) => ask = next,
                Step::Done | Step::NotHonoured => return Ok(total),
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
        loop {
            let size = limit.load(Ordering::Relaxed);
            let mut request = request.clone().with("limit", size);
            if ask.offset > 0 {
                request = request.with("offset", ask.offset);
            }
            let error = match self.client.list(&request, Vec::new()).await {
                Ok(page) => return require_items(&request, page),
                Err(error) => error,
            };
            let smaller = SMALLER.into_iter().find(|smaller| *smaller < size);
            match smaller.filter(|_| error.http_status() == Some(400)) {
                Some(smaller) => limit.fetch_min(smaller, Ordering::Relaxed),
                None => return Err(error),
            };
        }
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
