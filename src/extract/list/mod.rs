//! Short lists: read whole, by offset, until every row that the server counts is there.

use std::collections::HashSet;
use std::sync::atomic::AtomicUsize;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Kind;
use crate::extract::fetch::Fetch;
use crate::extract::limits::sized;
use crate::extract::page::{Listed, items_received, require_items};
use crate::extract::walk::{Ask, OffsetPass, Step};
use crate::launchdarkly::Request;
use crate::model::privacy::Privacy;
use crate::record::Tally;
use crate::system::hash::hash;
use crate::{Error, Result};

/// How often a list is walked before its count is believed to be wrong.
pub(in crate::extract) const MOST_PASSES: i64 = 4;

/// A list to be read whole.
pub(in crate::extract) struct List<'l> {
    /// The request without `limit` and `offset`.
    pub request: Request,
    /// The page size.
    pub limit: &'l AtomicUsize,
    /// How many items there are in all, where the first page came inside another object.
    pub total: Option<i64>,
    /// Whether only an answer of this very moment will do: nothing is kept of it.
    pub now: bool,
}

/// What one walk of a list found.
pub(in crate::extract) struct Walk {
    /// Hashes of the keys.
    pub seen: HashSet<u64>,
    /// The server's last count.
    pub total: Option<i64>,
    /// Whether the server's count was the same on every page.
    stable: bool,
    /// How many pages brought items.
    pub pages: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Walk { seen: HashSet::new(), total: None, stable: true, pages: 0 }
    }
}

impl Walk {
    /// A walk that goes on from `items`, which are the list's first page.
    fn after<T: Keyed>(items: &[T], total: Option<i64>) -> Self {
        let seen: HashSet<_> = items.iter().map(|item| hash(item.key())).collect();
        let pages = usize::from(!seen.is_empty());
        let total = total.filter(|_| pages > 0);
        Walk { seen, total, stable: true, pages }
    }

    /// The walk, which counts for nothing where rows have shifted.
    pub fn unless(self, has_shifted: bool) -> Self {
        Walk { stable: self.stable && !has_shifted, ..self }
    }

    /// Takes in a page's count.
    pub fn count(&mut self, total: Option<i64>) {
        self.stable &= self.total.is_none() || total.is_none() || self.total == total;
        self.total = total.or(self.total);
    }

    /// Whether `distinct` items are the whole list for sure. A single page cannot shift.
    pub fn is_whole(&self, distinct: usize) -> bool {
        match self.total {
            Some(total) => self.stable && reached(distinct, total),
            None => self.pages <= 1,
        }
    }
}

/// An item with a key of its own, which can be kept while the rest of its list is read.
pub(in crate::extract) trait Keyed:
    Serialize + DeserializeOwned + Send + 'static
{
    /// The item's key.
    fn key(&self) -> &str;

    /// Treats names and addresses: the item is kept in the stage as it is.
    fn guard(&mut self, _: &Privacy) {}
}

/// Reads a list whole into `items`, which may hold its start already.
///
/// An offset shifts when somebody deletes an item: a walk counts only if the server's count
/// stayed the same all along, or, where it gives none, if the next walk finds the same.
///
/// # Errors
/// When fewer items come than the server counts.
pub(in crate::extract) async fn read_all<T>(
    fetch: &Fetch<'_>,
    list: List<'_>,
    tally: &Tally,
    items: &mut Vec<T>,
) -> Result<()>
where
    T: Keyed,
{
    items_received(tally, items.len(), list.total);
    let mut previous = None;
    for pass in 1..=MOST_PASSES {
        let walk = walk_once(fetch, &list, tally, items).await?;
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
    never_settled(fetch, list.request.resource, tally, items.len())
}

/// What to make of a list that was not the same twice.
pub(in crate::extract) fn never_settled(
    fetch: &Fetch<'_>,
    resource: &str,
    tally: &Tally,
    distinct: usize,
) -> Result<()> {
    if tally.facts().reported_total.is_some_and(|total| !reached(distinct, total)) {
        return short(fetch, resource, tally, distinct);
    }
    tally.remark("the list kept changing while it was read");
    Ok(())
}

/// Walks the list once, on from what `items` holds.
async fn walk_once<T>(
    fetch: &Fetch<'_>,
    list: &List<'_>,
    tally: &Tally,
    items: &mut Vec<T>,
) -> Result<Walk>
where
    T: Keyed,
{
    tally.note(|facts| facts.passes += 1);
    let mut walk = Walk::after(items, list.total);
    let mut steps = OffsetPass::starting_at(items.len());
    let mut ask = Ask { before: None, offset: items.len() };
    loop {
        let page = list_page::<T>(fetch, list, ask).await?;
        items_received(tally, page.items.len(), None);
        let step = steps.step(&page.page(|item| (hash(item.key()), 0)));
        walk.count(page.total);
        let before = items.len();
        let new = page.items.into_iter().filter(|item| walk.seen.insert(hash(item.key())));
        items.extend(new);
        walk.pages += usize::from(items.len() > before);
        match step {
            Step::Ask(next) => ask = next,
            Step::Done | Step::NotHonoured => return Ok(walk.unless(steps.has_shifted())),
        }
    }
}

/// Reads one page.
async fn list_page<T: Keyed>(fetch: &Fetch<'_>, list: &List<'_>, ask: Ask) -> Result<Listed<T>> {
    let read = async |request: Request| {
        let ask = async {
            let (mut items, end) = fetch.client.list(&request, Vec::<T>::new()).await?;
            require_items(&request, &end)?;
            items.iter_mut().for_each(|item| item.guard(&fetch.stage.privacy));
            Ok((Listed::new(items, &end), None))
        };
        match list.now {
            true => ask.await.map(|(page, _)| page),
            false => fetch.once(&request, ask).await,
        }
    };
    sized(&list.request, list.limit, ask, read).await
}

/// Fewer items came than the server counts.
pub(in crate::extract) fn short(
    fetch: &Fetch<'_>,
    resource: &str,
    tally: &Tally,
    distinct: usize,
) -> Result<()> {
    let facts = tally.facts();
    let reported = facts.reported_total.unwrap_or_default();
    let message = format!(
        "{resource}: LaunchDarkly reports {reported}, but {} walks found {distinct}",
        facts.passes
    );
    if fetch.selection.allow_unverified {
        tally.remark("fewer rows than reported: published unverified");
        return Ok(());
    }
    Err(Error::new(Kind::UnexpectedResponse, message).resource(resource).hint(
        "a role that hides some of them can cause this; `--allow-unverified` publishes what \
         there is",
    ))
}

/// Whether `distinct` items are as many as the server counts.
pub(in crate::extract) fn reached(distinct: usize, total: i64) -> bool {
    i64::try_from(distinct).is_ok_and(|distinct| distinct >= total)
}
