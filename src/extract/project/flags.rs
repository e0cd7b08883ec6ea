//! The flags of a project: live, archived, live again, so that none slips through by changing
//! state; each walk by keyset, or by offset where the server does not honour the filter. Their
//! statuses are read before the last walk, which shows what was deleted or created since.

use std::collections::HashSet;

use crate::error::Kind;
use crate::extract::Extraction;
use crate::extract::join::try_join_all;
use crate::extract::list::reached;
use crate::extract::project::ENVIRONMENTS_A_REQUEST;
use crate::extract::project::flag_pages::States;
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::record::Tally;
use crate::resources::flags::Flags;
use crate::{Error, Result};

/// How often both lists are walked again while flags move between them.
const MOST_ROUNDS: usize = 6;

/// What one walk found.
#[derive(Debug, Default)]
pub(in crate::extract) struct Found {
    /// The flags' hashes.
    pub keys: HashSet<u64>,
    /// How many the server counts, by its first page.
    pub total: Option<i64>,
    /// Whether a deprecated flag was among them.
    pub deprecated: bool,
    /// Whether an archived flag was among them.
    pub archived: bool,
    /// Whether every row was one the walk had asked for.
    pub admitted: bool,
    /// Whether a walk found more or fewer than the server counted when it began.
    pub uneven: bool,
}

impl Found {
    /// Adds keys, without copying where there were none.
    pub fn see(&mut self, keys: HashSet<u64>) {
        match self.keys.is_empty() {
            true => self.keys = keys,
            false => self.keys.extend(keys),
        }
    }

    fn merge(&mut self, other: &Found) {
        self.keys.extend(&other.keys);
        self.total = other.total.or(self.total);
        self.deprecated |= other.deprecated;
        self.archived |= other.archived;
        self.uneven |= other.uneven;
    }

    /// Compares what a walk found with what the server counted.
    pub fn weigh(&mut self) {
        let count = i64::try_from(self.keys.len()).unwrap_or(i64::MAX);
        self.uneven = self.total.is_some_and(|total| total != count);
    }

    /// Whether another walk of the same list found the same.
    fn agrees(&self, other: &Found) -> bool {
        self.total == other.total && self.keys == other.keys
    }

    fn is_short(&self) -> bool {
        self.total.is_some_and(|total| !reached(self.keys.len(), total))
    }
}

/// One project's flags being read.
pub(in crate::extract) struct Walks<'w> {
    /// The run.
    pub extraction: &'w Extraction<'w>,
    /// The project.
    pub project_key: &'w str,
    /// What is noted on the way.
    pub tally: &'w Tally,
}

impl Extraction<'_> {
    /// Walks the current flags once more for some environments; returns the flags' hashes.
    pub(in crate::extract) async fn rewalk(
        &self,
        project_key: &str,
        environments: &[String],
        tally: &Tally,
    ) -> Result<HashSet<u64>> {
        let walks = Walks { extraction: self, project_key, tally };
        Ok(walks.all(States::Current, &groups(environments)).await?.keys)
    }
}

/// What the first half of the walks found.
#[derive(Debug)]
pub(in crate::extract) struct Begun {
    first: Found,
    /// The archived flags.
    pub archived: Found,
    deprecated: Found,
}

/// The environments, as many to a group as the list endpoint takes; one group without any where
/// there are none.
fn groups(environments: &[String]) -> Vec<&[String]> {
    match environments {
        [] => vec![&[]],
        _ => environments.chunks(ENVIRONMENTS_A_REQUEST).collect(),
    }
}

impl Walks<'_> {
    /// The first half: all lists, but for the last walk of the current flags.
    pub(in crate::extract) async fn begin(&self, environments: &[String]) -> Result<Begun> {
        let groups = groups(environments);
        // The last group's walk comes in the second half; a single group is walked twice.
        let first = match groups.split_last() {
            Some((_, first)) if !first.is_empty() => first,
            _ => &groups[..],
        };
        let first = self.all(States::Current, first).await?;
        let archived = self.archived(&first).await?;
        let deprecated =
            if first.deprecated { Found::default() } else { self.deprecated(&groups).await? };
        Ok(Begun { first, archived, deprecated })
    }

    /// The second half: the last walk of the current flags, and more where something has moved.
    pub(in crate::extract) async fn complete(
        &self,
        begun: Begun,
        environments: &[String],
    ) -> Result<()> {
        let Begun { first, archived, deprecated } = begun;
        let last = groups(environments).pop().unwrap_or_default();
        let (current, archived) = self.until_settled(first, archived, last).await?;
        let totals = [current.total, archived.total, deprecated.total];
        let total = totals.into_iter().flatten().reduce(i64::saturating_add);
        self.tally.note(|facts| facts.reported_total = total);
        self.check(&current)?;
        self.check(&deprecated)?;
        self.check(&archived)
    }

    /// Walks the current flags once more, and then both lists again, until a flag that moves from
    /// one to the other cannot have been overlooked: it may do so more than once in a run.
    async fn until_settled(
        &self,
        first: Found,
        archived: Found,
        group: &[String],
    ) -> Result<(Found, Found)> {
        let mut newest = (self.walk(States::Current, group).await?, archived);
        let mut moving = has_moved(&first, &newest.0, &newest.1);
        moving = moving || self.is_count_off(&newest.1).await?;
        let mut all = (first, Found::default());
        for _ in 0..MOST_ROUNDS {
            all.0.merge(&newest.0);
            all.1.merge(&newest.1);
            if !moving {
                return Ok(all);
            }
            let again = self.archived(&all.0).await?;
            let again = (self.walk(States::Current, group).await?, again);
            moving = !again.0.agrees(&newest.0) || !again.1.agrees(&newest.1);
            moving = moving || self.is_count_off(&again.1).await?;
            newest = again;
        }
        all.0.merge(&newest.0);
        all.1.merge(&newest.1);
        self.tally.remark("flags kept moving between the lists while they were read");
        Ok(all)
    }

    /// Whether there are more or fewer archived flags than when they were walked. A flag that was
    /// restored before that, and archived again before the last look at the others, leaves no
    /// other trace. One request.
    async fn is_count_off(&self, archived: &Found) -> Result<bool> {
        let Some(total) = archived.total.filter(|_| archived.admitted) else { return Ok(false) };
        let now = self.count(States::Archived).await?;
        Ok(now.is_some_and(|now| now != total))
    }

    /// One walk for each group of environments, at once.
    async fn all(&self, states: States, groups: &[&[String]]) -> Result<Found> {
        let walks = try_join_all(groups.iter().map(|group| self.walk(states, group))).await?;
        let mut found = Found::default();
        walks.iter().for_each(|walk| found.merge(walk));
        Ok(found)
    }

    /// Archived flags are read without their configuration: they serve nothing.
    async fn archived(&self, current: &Found) -> Result<Found> {
        let mut found = self.walk(States::Archived, &[]).await?;
        if !found.admitted {
            found = self.walk(States::ArchivedByParameter, &[]).await?;
        }
        if !found.admitted && !current.archived {
            self.archived_hidden()?;
        }
        // A server that does not filter does not count by the filter either.
        if !found.admitted || (found.is_short() && found.total == current.total) {
            (found.total, found.uneven) = (None, false);
        }
        Ok(found)
    }

    /// The server answers with other flags than archived ones, whichever way it is asked.
    fn archived_hidden(&self) -> Result<()> {
        let remark = "the server does not list archived flags";
        if self.extraction.selection.allow_unverified {
            self.tally.remark(remark);
            return Ok(());
        }
        let message = format!("flags of project `{}`: {remark}", self.project_key);
        Err(Error::new(Kind::UnexpectedResponse, message)
            .resource(Flags::NAME)
            .hint("`--allow-unverified` publishes without them"))
    }

    /// Whether the list without a filter has deprecated flags is not documented. If none was
    /// among them, they are asked for; one request where there are none.
    async fn deprecated(&self, groups: &[&[String]]) -> Result<Found> {
        let Some((first, rest)) = groups.split_first() else { return Ok(Found::default()) };
        let mut found = self.walk(States::Deprecated, first).await?;
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
        self.extraction.short(Flags::NAME, self.tally, distinct)
    }
}

/// Whether anything shows that flags came, went, or moved between the lists.
fn has_moved(first: &Found, last: &Found, archived: &Found) -> bool {
    // A server that lists archived flags among the others shows them wherever they are.
    let is_apart = !first.archived && archived.admitted;
    let crossed = is_apart && !archived.keys.is_disjoint(&last.keys);
    let uneven = [first, last, archived].into_iter().any(|found| found.uneven);
    uneven || crossed || first.keys != last.keys
}

/// A flag's own endpoint, for what the lists lack. It gives every environment at once.
pub(in crate::extract) fn one_flag(project_key: &str, flag_key: &str, tally: &Tally) -> Request {
    let route = "/api/v2/flags/{project}/{flag}";
    Request::new(Flags::NAME, Flags::PERMISSION, route, &[project_key, flag_key])
        .counted(&tally.requests)
        .with("expand", "evaluation,migrationSettings")
}

/// Turns a 404 into `None`: whatever was asked for has been deleted meanwhile.
pub(in crate::extract) fn unless_gone<T>(outcome: Result<T>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.http_status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}
