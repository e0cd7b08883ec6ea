//! The flags of a project: live, archived, live again, so that none slips through by changing
//! state; each walk by keyset, or by offset where the server does not honour the filter.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use futures::future::try_join_all;

use super::lists::{MOST_PASSES, reached, require_items, with_offset};
use super::project::{ENVIRONMENTS_A_REQUEST, ProjectPlan};
use super::walk::{Ask, Keyset, OffsetPass, Page, Step, hash};
use super::{Extraction, request};
use crate::error::Kind;
use crate::launchdarkly::Request;
use crate::launchdarkly::page::End;
use crate::record::Tally;
use crate::resource::{Resource, Scope};
use crate::resources::flags::{Flag, Flags};
use crate::{Error, Result};

/// Which flags a walk asks for. The list without a filter has live and deprecated flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum States {
    Current,
    Deprecated,
    Archived,
    /// Archived flags by the older parameter, for a server that ignores the filter.
    ArchivedByParameter,
}

impl States {
    const fn filter(self) -> Option<&'static str> {
        match self {
            States::Current | States::ArchivedByParameter => None,
            States::Deprecated => Some("state:deprecated"),
            States::Archived => Some("state:archived"),
        }
    }

    /// Whether `flag` belongs in such a list at all.
    const fn admits(self, flag: &Flag) -> bool {
        match self {
            States::Current => true,
            States::Deprecated => flag.deprecated,
            States::Archived | States::ArchivedByParameter => flag.archived,
        }
    }
}

/// What one walk found.
#[derive(Debug, Default)]
struct Found {
    keys: HashSet<u64>,
    /// How many the server counts, by its first page.
    total: Option<i64>,
    deprecated: bool,
    archived: bool,
    /// Whether every row was one the walk had asked for.
    admitted: bool,
}

impl Found {
    /// Adds keys, without copying where there were none.
    fn see(&mut self, keys: HashSet<u64>) {
        match self.keys.is_empty() {
            true => self.keys = keys,
            false => self.keys.extend(keys),
        }
    }

    fn merge(&mut self, other: Found) {
        self.see(other.keys);
        self.total = other.total.or(self.total);
        self.deprecated |= other.deprecated;
        self.archived |= other.archived;
    }

    fn is_short(&self) -> bool {
        self.total.is_some_and(|total| !reached(self.keys.len(), total))
    }
}

/// One project's flags being read.
struct Walks<'w> {
    extraction: &'w Extraction<'w>,
    project_key: &'w str,
    tally: &'w Tally,
}

impl Extraction<'_> {
    /// Reads the flags of a project into the stage.
    pub(super) async fn flags(&self, plan: &ProjectPlan) -> Result<()> {
        let tally = self.tally::<Flags>(&Scope::project(&plan.key));
        let walks = Walks { extraction: self, project_key: &plan.key, tally: &tally };
        walks.run(&plan.environments).await?;
        self.repair_flags(plan, &tally).await
    }

    /// Walks the current flags once more for some environments; returns the flags' hashes.
    pub(super) async fn rewalk(
        &self,
        project_key: &str,
        environments: &[String],
        tally: &Tally,
    ) -> Result<HashSet<u64>> {
        let walks = Walks { extraction: self, project_key, tally };
        let groups: Vec<_> = environments.chunks(ENVIRONMENTS_A_REQUEST).collect();
        Ok(walks.all(States::Current, &groups).await?.keys)
    }
}

impl Walks<'_> {
    async fn run(&self, environments: &[String]) -> Result<()> {
        let groups: Vec<&[String]> = match environments {
            [] => vec![&[]],
            _ => environments.chunks(ENVIRONMENTS_A_REQUEST).collect(),
        };
        // The last group's walk comes after the archived flags; a single group is walked twice.
        let (last, first) = groups.split_last().map_or((&[][..], &groups[..]), |(last, first)| {
            (*last, if first.is_empty() { &groups[..] } else { first })
        });
        let mut current = self.all(States::Current, first).await?;
        let mut archived = self.archived(&current).await?;
        let deprecated = match current.deprecated {
            true => Found::default(),
            false => self.deprecated(&groups).await?,
        };
        current.merge(self.walk(States::Current, last).await?);
        self.until_complete(&mut current, &mut archived, last).await?;
        let totals = [current.total, archived.total, deprecated.total];
        let total = totals.into_iter().flatten().reduce(|one, other| one + other);
        self.tally.note(|facts| facts.reported_total = total);
        self.check(&current)?;
        self.check(&deprecated)?;
        self.check(&archived)
    }

    /// One walk for each group of environments, at once.
    async fn all(&self, states: States, groups: &[&[String]]) -> Result<Found> {
        let walks = try_join_all(groups.iter().map(|group| self.walk(states, group))).await?;
        let mut found = Found::default();
        walks.into_iter().for_each(|walk| found.merge(walk));
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
            found.total = None;
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
        found.merge(self.all(States::Deprecated, rest).await?);
        Ok(found)
    }

    /// Walks again while fewer flags were found than the server counts.
    async fn until_complete(
        &self,
        current: &mut Found,
        archived: &mut Found,
        group: &[String],
    ) -> Result<()> {
        for _ in 0..MOST_PASSES {
            if archived.is_short() {
                // By the way that lists them: another's rows would make up the number.
                archived.merge(self.archived(current).await?);
            }
            if current.is_short() {
                current.merge(self.walk(States::Current, group).await?);
            }
        }
        Ok(())
    }

    fn check(&self, found: &Found) -> Result<()> {
        if !found.is_short() {
            return Ok(());
        }
        let distinct = found.keys.len();
        self.tally.note(|facts| facts.reported_total = found.total);
        self.extraction.short(Flags::NAME, self.tally, distinct)
    }

    /// Walks one list: by keyset, else twice by offset.
    async fn walk(&self, states: States, environments: &[String]) -> Result<Found> {
        let mut found = Found { admitted: true, ..Found::default() };
        let mut keyset = Keyset::default();
        let honoured =
            self.pass(states, environments, &mut found, |page| keyset.step(page)).await?;
        found.see(keyset.into_seen());
        if honoured {
            return Ok(found);
        }
        self.tally.remark("walked by offset: the server did not sort or filter as asked");
        for _ in 0..2 {
            let mut pass = OffsetPass::default();
            self.pass(states, environments, &mut found, |page| pass.step(page)).await?;
            found.see(pass.into_seen());
        }
        Ok(found)
    }

    /// Walks once as `step` says; returns whether the server did as it was asked.
    async fn pass(
        &self,
        states: States,
        environments: &[String],
        found: &mut Found,
        mut step: impl FnMut(&Page) -> Step,
    ) -> Result<bool> {
        self.tally.note(|facts| facts.passes += 1);
        let mut ask = Ask::default();
        loop {
            // Held until the stage has the page; it is never closed.
            let _page = self.extraction.pages.acquire().await.ok();
            let Some((flags, end)) = self.page(states, environments, ask).await? else {
                return Ok(false);
            };
            if ask == Ask::default() {
                found.total = end.total_count;
            }
            let page = facts(&flags, &end);
            found.deprecated |= flags.iter().any(|flag| flag.deprecated && !flag.archived);
            found.archived |= flags.iter().any(|flag| flag.archived);
            found.admitted &= flags.iter().all(|flag| states.admits(flag));
            self.hand_over(flags).await?;
            match step(&page) {
                _ if !found.admitted => return Ok(true),
                Step::Ask(next) => ask = next,
                Step::Done => return Ok(true),
                Step::NotHonoured => return Ok(false),
            }
        }
    }

    /// Reads one page; `None` where the server refuses to filter by date at all.
    async fn page(
        &self,
        states: States,
        environments: &[String],
        ask: Ask,
    ) -> Result<Option<(Vec<Flag>, End<Flag>)>> {
        let request = self.request(states, environments, ask);
        let limit = &self.extraction.limits.flags;
        if ask.before.is_none() {
            return self.extraction.page(&request, limit, ask).await.map(Some);
        }
        // Only the first page finds out the page size: later, a 400 is about the filter.
        let size = limit.load(Ordering::Relaxed);
        let request = with_offset(request, ask.offset).with("limit", size);
        match self.extraction.client.list(&request, Vec::new()).await {
            Err(error) if error.http_status() == Some(400) => Ok(None),
            outcome => require_items(&request, outcome?).map(Some),
        }
    }

    fn request(&self, states: States, environments: &[String], ask: Ask) -> Request {
        let mut request = request::<Flags>(&[self.project_key])
            .counted(&self.tally.requests)
            .with("summary", 0)
            .with("expand", "evaluation,migrationSettings")
            .with("sort", "-creationDate");
        let older = ask.before.map(|before| format!("creationDate:{{\"before\":{before}}}"));
        let filters: Vec<_> = states.filter().map(str::to_owned).into_iter().chain(older).collect();
        if !filters.is_empty() {
            request = request.with("filter", filters.join(","));
        }
        if states == States::ArchivedByParameter {
            request = request.with("archived", true);
        }
        environments.iter().fold(request, |request, environment| request.with("env", environment))
    }

    async fn hand_over(&self, flags: Vec<Flag>) -> Result<()> {
        let count = i64::try_from(flags.len()).unwrap_or(i64::MAX);
        self.tally.note(|facts| facts.rows += count);
        self.extraction.stage.jobs().write::<Flags>(Scope::project(self.project_key), flags).await
    }
}

fn facts(flags: &[Flag], end: &End<Flag>) -> Page {
    let rows = flags.iter().map(|flag| (hash(&flag.key), flag.creation_date)).collect();
    Page { rows, total: end.total_count, next: end.next.is_some() }
}

/// A flag's own endpoint, for what the lists lack. It gives every environment at once.
pub(super) fn one_flag(project_key: &str, flag_key: &str, tally: &Tally) -> Request {
    let route = "/api/v2/flags/{project}/{flag}";
    Request::new(Flags::NAME, Flags::PERMISSION, route, &[project_key, flag_key])
        .counted(&tally.requests)
        .with("expand", "evaluation,migrationSettings")
}

/// Turns a 404 into `None`: whatever was asked for has been deleted meanwhile.
pub(super) fn unless_gone<T>(outcome: Result<T>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.http_status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}
