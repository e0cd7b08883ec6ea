//! The flags of a project: current ones, archived ones, and current ones again, so that a flag that
//! changes its state during the run is in one of them. Statuses are read before current flags are
//! seen again, which shows which flags were deleted or created in between.

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use futures::future::try_join;

use super::completeness::matching::Before;
use super::flag_pages::{Detail, FlagWalk, Order};
use super::found::Found;
use super::sighting::States;
use crate::error::Kind;
use crate::extract::fetch::Fetch;
use crate::extract::join::try_join_all;
use crate::extract::list::short;
use crate::model::resource::Resource;
use crate::record::Tally;
use crate::resources::flags::Flags;
use crate::{Error, Result};

/// How often both lists are walked again while flags move between them.
const MOST_ROUNDS: usize = 6;

/// The list endpoint returns configurations for at most this many environments at a time.
const ENVIRONMENTS_A_REQUEST: usize = 3;

/// Reads the lists of one project's flags.
#[derive(Clone, Copy)]
pub(super) struct FlagLists<'p> {
    /// Access to the account and the stage.
    pub fetch: &'p Fetch<'p>,
    /// Whether requests expand `archiveChecks`, until the server refuses that.
    pub expands_archive_checks: &'p AtomicBool,
    /// The project's key.
    pub project_key: &'p str,
    /// Whether a flag of the account was seen to move, in any project.
    pub are_moving: &'p AtomicBool,
    /// The tally of the project's flags.
    pub tally: &'p Tally,
}

/// The result of the first half of the walks.
#[derive(Debug)]
pub(super) struct Begun {
    first: Found,
    archived: Found,
}

impl Begun {
    /// The facts with which statuses are compared.
    pub fn flags_before_statuses(&self) -> Before {
        let newest = self.first.created.values().copied().max().unwrap_or(0);
        Before { archived: self.archived.keys.clone(), newest }
    }
}

/// The environments in groups of at most [`ENVIRONMENTS_A_REQUEST`]; one empty group if there are
/// none.
fn groups(environments: &[String]) -> Vec<&[String]> {
    match environments {
        [] => vec![&[]],
        _ => environments.chunks(ENVIRONMENTS_A_REQUEST).collect(),
    }
}

impl FlagLists<'_> {
    /// Walks the current flags for the first time, and the archived ones. With several groups of
    /// environments, the walk of the last group follows in [`Self::complete`].
    pub async fn begin(&self, environments: &[String]) -> Result<Begun> {
        let groups = groups(environments);
        let first = match groups.split_last() {
            Some((_, first)) if !first.is_empty() => first,
            _ => &groups[..],
        };
        let first = self.all(States::Current, first).await?;
        let archived = self.archived(&first, Order::AtOnce).await?;
        Ok(Begun { first, archived })
    }

    /// Sees the current flags a second time, and walks both lists again if flags have moved.
    ///
    /// The second sighting of a flag in use is a status of it, where the list of every environment
    /// has the same flags as the first walk (`has_statuses`), so that only the newest flag must be
    /// seen again: a flag that was created since, perhaps with the key of a deleted one, is newer.
    /// Otherwise, it is the walk of the last group of environments, or of the flags' keys.
    ///
    /// # Errors
    /// When fewer flags were found than the server counts.
    pub async fn complete(
        &self,
        begun: Begun,
        environments: &[String],
        has_statuses: bool,
    ) -> Result<()> {
        let Begun { first, archived } = begun;
        let groups = groups(environments);
        let deprecated = if first.deprecated || has_statuses {
            Found::default()
        } else {
            self.deprecated(&groups).await?
        };
        let (current, archived) =
            if has_statuses && groups.len() == 1 && self.is_same(&first, &archived).await? {
                (first, archived)
            } else {
                self.until_stable(first, archived, &groups).await?
            };
        let totals = [current.total, archived.total, deprecated.total];
        let total = totals.into_iter().flatten().reduce(i64::saturating_add);
        self.tally.note(|facts| facts.reported_total = total);
        self.check(&current)?;
        self.check(&deprecated)?;
        self.check(&archived)
    }

    /// Walks the current flags once more for some environments; returns the hashes of their keys.
    pub async fn rewalk(&self, environments: &[String]) -> Result<HashSet<u64>> {
        Ok(self.all(States::Current, &groups(environments)).await?.keys)
    }

    /// Whether no flag was created, deleted or moved since both lists were walked, by requests for
    /// the newest flags only.
    async fn is_same(&self, first: &Found, archived: &Found) -> Result<bool> {
        if !first.is_sorted || first.total.is_none() || !is_apart(first, first, archived) {
            return Ok(false);
        }
        let list = self.list(States::Current, Detail::Key, Order::OneByOne);
        let (now, is_off) = try_join(list.newest(), self.is_count_off(first, archived)).await?;
        let is_known = |(key, created): (&u64, &i64)| first.created.get(key) == Some(created);
        Ok(!is_off && now.total == first.total && now.created.iter().all(is_known))
    }

    /// Sees the current flags once more, then walks both lists again until two rounds agree. A flag
    /// may move from one list to the other more than once during a run.
    async fn until_stable(
        &self,
        first: Found,
        archived: Found,
        groups: &[&[String]],
    ) -> Result<(Found, Found)> {
        let group = groups.last().copied().unwrap_or_default();
        let mut newest = (self.see_again(groups).await?, archived);
        let mut is_moving = has_moved(&first, &newest.0, &newest.1);
        is_moving = is_moving || self.is_count_off(&first, &newest.1).await?;
        let mut all = (first, Found::default());
        for _ in 0..MOST_ROUNDS {
            all.0.merge(&newest.0);
            all.1.merge(&newest.1);
            if !is_moving {
                return Ok(all);
            }
            self.are_moving.store(true, Relaxed);
            let archived = self.archived(&all.0, Order::OneByOne).await?;
            let next = (self.walk(States::Current, Detail::Whole(group)).await?, archived);
            is_moving = !next.0.agrees(&newest.0) || !next.1.agrees(&newest.1);
            is_moving = is_moving || self.is_count_off(&next.0, &next.1).await?;
            newest = next;
        }
        all.0.merge(&newest.0);
        all.1.merge(&newest.1);
        self.tally.remark("flags kept moving between the lists while they were read");
        Ok(all)
    }

    /// Walks the current flags a second time: for the last of several groups of environments, which
    /// was not read yet; otherwise, their keys only.
    async fn see_again(&self, groups: &[&[String]]) -> Result<Found> {
        let detail = match groups {
            [_, .., last] => Detail::Whole(last),
            _ => Detail::Key,
        };
        self.list(States::Current, detail, Order::AtOnce).walk().await
    }

    /// Whether the server now counts more or fewer archived flags than were walked; one request. It
    /// is the only trace of a flag that was restored before the archived flags were walked, and
    /// archived again before the current flags were seen again.
    ///
    /// Where both lists fit a page, that would have to happen twice between four requests in a row.
    /// The request is saved as long as no flag of the account was seen to move.
    async fn is_count_off(&self, current: &Found, archived: &Found) -> Result<bool> {
        let Some(total) = archived.total.filter(|_| archived.admitted) else { return Ok(false) };
        let is_short = current.pages == 1 && archived.pages == 1;
        if is_short && !self.are_moving.load(Relaxed) {
            return Ok(false);
        }
        let now = self.list(States::Archived, Detail::Key, Order::OneByOne).count().await?;
        Ok(now.is_some_and(|now| now != total))
    }

    fn list<'w>(&'w self, states: States, detail: Detail<'w>, order: Order) -> FlagWalk<'w> {
        FlagWalk { lists: *self, states, detail, order }
    }

    /// Walks a list page by page.
    async fn walk(&self, states: States, detail: Detail<'_>) -> Result<Found> {
        self.list(states, detail, Order::OneByOne).walk().await
    }

    /// Walks once for each group of environments, all at the same time.
    async fn all(&self, states: States, groups: &[&[String]]) -> Result<Found> {
        let walks = groups
            .iter()
            .map(async |group| self.list(states, Detail::Whole(group), Order::AtOnce).walk().await);
        let mut walks = try_join_all(walks).await?.into_iter();
        let mut found = walks.next().unwrap_or_default();
        walks.for_each(|walk| found.merge(&walk));
        Ok(found)
    }

    /// Walks archived flags. Their configurations are not read, as they are not evaluated.
    async fn archived(&self, current: &Found, order: Order) -> Result<Found> {
        let mut found = self.list(States::Archived, Detail::Whole(&[]), order).walk().await?;
        if !found.admitted {
            let list = self.list(States::ArchivedByParameter, Detail::Whole(&[]), order);
            found = list.walk().await?;
        }
        if !found.admitted && !current.archived {
            self.archived_not_listed()?;
        }
        // A server that ignores the filter ignores it in its count as well.
        if !found.admitted || (found.is_short() && found.total == current.total) {
            (found.total, found.uneven) = (None, false);
        }
        Ok(found)
    }

    /// Ends the run, unless unverified data is allowed: the server ignores the filter for archived
    /// flags in both of its forms.
    fn archived_not_listed(&self) -> Result<()> {
        let remark = "the server does not list archived flags";
        if self.fetch.selection.allow_unverified {
            self.tally.remark(remark);
            return Ok(());
        }
        let message = format!("flags of project `{}`: {remark}", self.project_key);
        Err(Error::new(Kind::UnexpectedResponse, message)
            .resource(Flags::NAME)
            .hint("`--allow-unverified` publishes without them"))
    }

    /// Walks deprecated flags, if the list without a filter had none: whether it includes them is
    /// not documented. Takes one request where there are none.
    async fn deprecated(&self, groups: &[&[String]]) -> Result<Found> {
        let Some((first, rest)) = groups.split_first() else { return Ok(Found::default()) };
        let mut found = self.walk(States::Deprecated, Detail::Whole(first)).await?;
        if !found.admitted || found.keys.is_empty() {
            return Ok(Found::default());
        }
        found.merge(&self.all(States::Deprecated, rest).await?);
        Ok(found)
    }

    fn check(&self, found: &Found) -> Result<()> {
        if !found.is_short() {
            return Ok(());
        }
        let distinct = found.keys.len();
        self.tally.note(|facts| facts.reported_total = found.total);
        short(self.fetch, Flags::NAME, self.tally, distinct)
    }
}

/// Whether flags were created, were deleted, or moved between the lists.
fn has_moved(first: &Found, last: &Found, archived: &Found) -> bool {
    !is_apart(first, last, archived) || !first.has_same_flags(last)
}

/// Whether walks of both lists fit together: each found as many flags as the server counts, and no
/// flag is in both.
fn is_apart(first: &Found, last: &Found, archived: &Found) -> bool {
    // If the server lists archived flags among the current ones, a flag is in the list in any
    // state.
    let is_told_apart = !first.archived && archived.admitted;
    let is_in_both = is_told_apart && !archived.keys.is_disjoint(&last.keys);
    let is_uneven = [first, last, archived].into_iter().any(|found| found.uneven);
    !is_uneven && !is_in_both
}
