//! The flags of a project: current ones, archived ones, and current ones again, so that a flag that
//! changes its state during the run is in one of them. Statuses are read before current flags are
//! seen again, which shows which flags were deleted or created in between.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use futures::future::try_join;

use super::again::Seen;
use super::completeness::matching::{Before, Listed};
use super::flag_pages::{Detail, FlagWalk, Order};
use super::found::Found;
use super::sighting::States;
use super::signs::{Looks, Signs};
use crate::error::Kind;
use crate::extract::fetch::Fetch;
use crate::extract::join::try_join_all;
use crate::extract::list::short;
use crate::model::resource::Resource;
use crate::record::Tally;
use crate::resources::flags::Flags;
use crate::{Error, Result};

/// The list endpoint returns configurations for at most this many environments at a time.
const ENVIRONMENTS_A_REQUEST: usize = 3;

/// Reads the lists of one project's flags.
#[derive(Clone, Copy)]
pub(super) struct FlagLists<'p> {
    /// Access to the account and the stage.
    pub fetch: &'p Fetch<'p>,
    /// What other projects have shown.
    pub signs: &'p Signs,
    /// The project's key.
    pub project_key: &'p str,
    /// The tally of the project's flags.
    pub tally: &'p Tally,
}

/// The result of the first half of the walks.
#[derive(Debug)]
pub(super) struct Begun {
    first: Found,
    archived: Found,
    /// Whether it is known that the first walk has the deprecated flags.
    knows_deprecated: bool,
}

/// The result of the second half.
#[derive(Debug)]
pub(super) struct Completed {
    /// The looks that the project was spared.
    pub looks: Looks,
    /// Hashes of the keys of flags that an earlier walk had and the last walks lack.
    pub unlisted: HashSet<u64>,
}

impl Begun {
    /// The facts with which statuses are compared.
    pub fn flags_before_statuses(&self) -> Before {
        let newest = self.first.created.values().copied().max().unwrap_or(0);
        Before { archived: self.archived.keys(), newest }
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
        // Another project may find hidden flags while this one is read.
        let has_hidden = self.signs.hides_deprecated.load(Relaxed);
        let first = self.all(first, groups.len()).await?;
        let archived = self.archived(&first, Order::AtOnce).await?;
        let knows_deprecated = has_hidden || self.signs.lists_deprecated.load(Relaxed);
        Ok(Begun { first, archived, knows_deprecated })
    }

    /// Whether there are deprecated flags that the list without a filter lacks, which is not
    /// documented. They are looked for where statuses show flags that were not walked; otherwise the
    /// look is left for later, because another project may show that the list has them. From then
    /// on, all walks of current flags include them, and the project must be started over.
    pub async fn finds_hidden(&self, begun: &mut Begun, statuses: Listed) -> Result<bool> {
        if begun.knows_deprecated || statuses != Listed::Other {
            return Ok(false);
        }
        begun.knows_deprecated = true;
        self.hides_deprecated(&begun.first).await
    }

    /// Sees the current flags a second time, and walks both lists again if flags have moved.
    ///
    /// The second sighting of a flag in use is a status of it, where the list of every environment
    /// has the same flags as the first walk, so that only the newest flags must be seen again: a
    /// flag that was created since, perhaps with the key of a deleted one, is newer. Otherwise, it
    /// is the walk of the last group of environments, or of the flags' keys.
    ///
    /// # Errors
    /// When fewer flags were found than the server counts.
    pub async fn complete(
        &self,
        begun: Begun,
        environments: &[String],
        statuses: Listed,
    ) -> Result<Completed> {
        let groups = groups(environments);
        let looks = self.spared(&begun.first, &begun.archived, begun.knows_deprecated);
        let Begun { first, archived, .. } = begun;
        let is_seen = statuses == Listed::Same && groups.len() == 1;
        let seen = if is_seen && self.is_same(&first, &archived).await? {
            Seen { current: first, archived, unlisted: HashSet::new() }
        } else {
            self.until_stable(first, archived, &groups).await?
        };
        let totals = [seen.current.total, seen.archived.total];
        let total = totals.into_iter().flatten().reduce(i64::saturating_add);
        self.tally.note(|facts| facts.reported_total = total);
        self.check(&seen.current)?;
        self.check(&seen.archived)?;
        Ok(Completed { looks, unlisted: seen.unlisted })
    }

    /// Walks the current flags once more for some environments; returns the hashes of their keys.
    pub async fn rewalk(&self, environments: &[String]) -> Result<HashSet<u64>> {
        Ok(self.all(&groups(environments), 0).await?.keys())
    }

    pub(super) fn list<'w>(
        &'w self,
        states: States,
        detail: Detail<'w>,
        order: Order,
    ) -> FlagWalk<'w> {
        FlagWalk { lists: *self, states, detail, order, announces: 0 }
    }

    /// Walks the current flags, and the deprecated ones if they are a list of their own.
    pub(super) async fn current(&self, detail: Detail<'_>, order: Order) -> Result<Found> {
        self.current_of(detail, order, 0).await
    }

    /// The same, where the walk announces the pages of some walks.
    async fn current_of(
        &self,
        detail: Detail<'_>,
        order: Order,
        announces: usize,
    ) -> Result<Found> {
        let signs = self.signs;
        let live = async {
            let walk = FlagWalk { announces, ..self.list(States::Current, detail, order) };
            let found = walk.walk().await?;
            signs.lists_deprecated.fetch_or(found.deprecated, Relaxed);
            Ok(found)
        };
        if !signs.hides_deprecated.load(Relaxed) {
            return live.await;
        }
        let deprecated = self.list(States::Deprecated, detail, order);
        let (mut found, hidden) = try_join(live, deprecated.walk()).await?;
        if hidden.admitted {
            found.unite(&hidden);
        }
        Ok(found)
    }

    /// Walks once for each group of environments, all at the same time. The first walk announces
    /// the pages of some walks.
    async fn all(&self, groups: &[&[String]], announces: usize) -> Result<Found> {
        let walks = groups.iter().enumerate().map(async |(index, group)| {
            let announces = if index == 0 { announces } else { 0 };
            self.current_of(Detail::Whole(group), Order::AtOnce, announces).await
        });
        let mut walks = try_join_all(walks).await?.into_iter();
        let mut found = walks.next().unwrap_or_default();
        walks.for_each(|walk| found.merge(&walk));
        Ok(found)
    }

    /// Walks archived flags. Their configurations are not read, as they are not evaluated.
    pub(super) async fn archived(&self, current: &Found, order: Order) -> Result<Found> {
        let walk = self.list(States::Archived, Detail::Whole(&[]), order);
        let announces = usize::from(order == Order::AtOnce);
        let mut found = FlagWalk { announces, ..walk }.walk().await?;
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

    fn check(&self, found: &Found) -> Result<()> {
        if !found.is_short() {
            return Ok(());
        }
        let distinct = found.created.len();
        self.tally.note(|facts| facts.reported_total = found.total);
        short(self.fetch, Flags::NAME, self.tally, distinct)
    }
}
