//! The second sighting of a project's flags: whether they are the same, and how both lists are walked
//! again if not.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use futures::future::try_join;

use super::flag_pages::{Detail, Order};
use super::flags::FlagLists;
use super::found::Found;
use super::sighting::States;
use super::signs::Looks;
use crate::Result;

/// How often both lists are walked again while flags move between them.
const MOST_ROUNDS: usize = 6;

/// The flags that all walks have found.
pub(super) struct Seen {
    pub current: Found,
    pub archived: Found,
    /// Hashes of the keys of flags that an earlier walk had and the last walks lack.
    pub unlisted: HashSet<u64>,
}

impl Seen {
    /// The flags of `all` walks, of which the last ones found the `newest`.
    fn new((current, archived): (Found, Found), newest: &(Found, Found)) -> Self {
        let is_listed = |key: u64| newest.0.has(key) || newest.1.has(key);
        let keys = current.created.keys().chain(archived.created.keys()).copied();
        let unlisted = keys.filter(|key| !is_listed(*key)).collect();
        Seen { current, archived, unlisted }
    }
}

impl FlagLists<'_> {
    /// Whether no flag was created, deleted or moved since both lists were walked, by requests for
    /// the newest flags only.
    pub(super) async fn is_same(&self, first: &Found, archived: &Found) -> Result<bool> {
        let hides_deprecated = self.signs.hides_deprecated.load(Relaxed);
        let is_certain = first.is_sorted && first.total.is_some() && !hides_deprecated;
        if !is_certain || !is_apart(first, first, archived) {
            return Ok(false);
        }
        let list = self.list(States::Current, Detail::Key, Order::OneByOne);
        let (now, is_off) = try_join(list.newest(), self.is_count_off(first, archived)).await?;
        let is_known = |(key, created): (&u64, &i64)| first.created.get(key) == Some(created);
        Ok(!is_off && now.total == first.total && now.created.iter().all(is_known))
    }

    /// Sees the current flags once more, then walks both lists again until two rounds agree. A flag
    /// may move from one list to the other more than once during a run.
    pub(super) async fn until_stable(
        &self,
        first: Found,
        archived: Found,
        groups: &[&[String]],
    ) -> Result<Seen> {
        let group = groups.last().copied().unwrap_or_default();
        let mut newest = (self.see_again(groups).await?, archived);
        let mut is_moving = has_moved(&first, &newest.0, &newest.1);
        is_moving = is_moving || self.is_count_off(&first, &newest.1).await?;
        let mut all = (first, Found::default());
        for _ in 0..MOST_ROUNDS {
            all.0.merge(&newest.0);
            all.1.merge(&newest.1);
            if !is_moving {
                return Ok(Seen::new(all, &newest));
            }
            self.signs.note_move();
            let archived = self.archived(&all.0, Order::OneByOne).await?;
            let next = (self.current(Detail::Whole(group), Order::OneByOne).await?, archived);
            is_moving = !next.0.agrees(&newest.0) || !next.1.agrees(&newest.1);
            is_moving = is_moving || self.is_count_off(&next.0, &next.1).await?;
            newest = next;
        }
        all.0.merge(&newest.0);
        all.1.merge(&newest.1);
        self.tally.remark("flags kept moving between the lists while they were read");
        Ok(Seen::new(all, &newest))
    }

    /// Walks the current flags a second time: for the last of several groups of environments, which
    /// was not read yet; otherwise, their keys only.
    async fn see_again(&self, groups: &[&[String]]) -> Result<Found> {
        let detail = match groups {
            [_, .., last] => Detail::Whole(last),
            _ => Detail::Key,
        };
        self.current(detail, Order::AtOnce).await
    }

    /// Whether the server now counts more or fewer archived flags than were walked; one request. It
    /// is the only trace of a flag that was restored before the archived flags were walked, and
    /// archived again before the current flags were seen again.
    ///
    /// Where both lists fit a page, that would have to happen between a few requests in a row. Such
    /// a project is spared the request, unless a flag of the account was seen to move.
    async fn is_count_off(&self, current: &Found, archived: &Found) -> Result<bool> {
        let Some(total) = archived.total.filter(|_| archived.admitted) else { return Ok(false) };
        if is_spared(current, archived) && self.is_quiet().await? {
            return Ok(false);
        }
        let now = self.list(States::Archived, Detail::Key, Order::OneByOne).count().await?;
        Ok(now.is_some_and(|now| now != total))
    }

    /// Whether nothing was seen to move so far, and the requests for this project followed each other
    /// closely. A run that resumes keeps what it decided before it was interrupted.
    async fn is_quiet(&self) -> Result<bool> {
        let what = format!("spare the count of archived flags of {}", self.project_key);
        let is_resumed = self.fetch.stage.journal.is_resumed();
        let decide = || !is_resumed && !self.signs.has_moved(self.fetch);
        self.fetch.decide_once(what, decide).await
    }

    /// The looks that a project is spared, where `knows_deprecated` flags or not.
    pub(super) fn spared(&self, first: &Found, archived: &Found, knows_deprecated: bool) -> Looks {
        let is_short = is_spared(first, archived) && archived.admitted;
        Looks { archived: archived.total.filter(|_| is_short), deprecated: !knows_deprecated }
    }

    /// Whether the list of deprecated flags has one that is not in `walked`; one request. If so, all
    /// walks of current flags include that list from then on.
    pub(super) async fn hides_deprecated(&self, walked: &Found) -> Result<bool> {
        let list = self.list(States::Deprecated, Detail::Key, Order::OneByOne);
        let found = list.newest().await?;
        let hides = found.admitted && found.created.keys().any(|key| !walked.has(*key));
        self.signs.hides_deprecated.fetch_or(hides, Relaxed);
        Ok(hides)
    }

    /// Whether a look shows flags that were not read.
    pub(super) async fn shows_more(&self, looks: Looks) -> Result<bool> {
        let list = self.list(States::Archived, Detail::Key, Order::OneByOne);
        if let Some(known) = looks.archived
            && list.count().await?.is_some_and(|now| now != known)
        {
            return Ok(true);
        }
        Ok(looks.deprecated && self.hides_deprecated(&Found::default()).await?)
    }
}

/// Whether both lists fit a page, so that archived flags need not be counted again.
const fn is_spared(current: &Found, archived: &Found) -> bool {
    current.pages == 1 && archived.pages == 1
}

/// Whether flags were created, were deleted, or moved between the lists.
fn has_moved(first: &Found, last: &Found, archived: &Found) -> bool {
    !is_apart(first, last, archived) || first.created != last.created
}

/// Whether walks of both lists fit together: each found as many flags as the server counts, and no
/// flag is in both.
fn is_apart(first: &Found, last: &Found, archived: &Found) -> bool {
    // If the server lists archived flags among the current ones, a flag is in the list in any
    // state.
    let is_told_apart = !first.archived && archived.admitted;
    let is_in_both = is_told_apart && archived.created.keys().any(|key| last.has(*key));
    let is_uneven = [first, last, archived].into_iter().any(|found| found.uneven);
    !is_uneven && !is_in_both
}
