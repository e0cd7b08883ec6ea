//! One walk over the flags of a project: what is asked, and what is made of each page.

use std::sync::atomic::Ordering::Relaxed;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::extract::journal::Listed;
use crate::extract::list::{require_items, with_offset};
use crate::extract::project::flags::{Found, Walks};
use crate::extract::request;
use crate::extract::walk::{Ask, Keyset, OffsetPass, Page, Step};
use crate::launchdarkly::Request;
use crate::model::scope::Scope;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, rows};
use crate::system::hash::hash;

/// Which flags a walk asks for. The list without a filter has live and deprecated flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum States {
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
    const fn admits(self, flag: &Sighting) -> bool {
        match self {
            States::Current => true,
            States::Deprecated => flag.deprecated,
            States::Archived | States::ArchivedByParameter => flag.archived,
        }
    }
}

/// What a walk goes by, once a flag's rows are in the stage.
#[derive(Debug, Serialize, Deserialize)]
struct Sighting {
    #[serde(rename = "k")]
    hash: u64,
    #[serde(rename = "c")]
    created: i64,
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    #[serde(rename = "a", default, skip_serializing_if = "std::ops::Not::not")]
    archived: bool,
}

impl Sighting {
    fn of(flag: &Flag) -> Self {
        let (hash, created) = (hash(&flag.key), flag.creation_date);
        Sighting { hash, created, deprecated: flag.deprecated, archived: flag.archived }
    }
}

impl Walks<'_> {
    /// Walks one list: by keyset, else twice by offset.
    pub(in crate::extract) async fn walk(
        &self,
        states: States,
        environments: &[String],
    ) -> Result<Found> {
        let mut found = Found { admitted: true, ..Found::default() };
        let mut keyset = Keyset::default();
        let honoured =
            self.pass(states, environments, &mut found, |page| keyset.step(page)).await?;
        found.see(keyset.into_seen());
        if honoured {
            found.weigh();
            return Ok(found);
        }
        self.tally.remark("walked by offset: the server did not sort or filter as asked");
        for _ in 0..2 {
            let mut pass = OffsetPass::default();
            self.pass(states, environments, &mut found, |page| pass.step(page)).await?;
            found.see(pass.into_seen());
        }
        found.weigh();
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
            let Some(page) = self.page(states, environments, ask).await? else {
                return Ok(false);
            };
            if ask == Ask::default() {
                found.total = page.total;
            }
            self.take(states, &page.items, found);
            match step(&page.page(|flag| (flag.hash, flag.created))) {
                _ if !found.admitted => return Ok(true),
                Step::Ask(next) => ask = next,
                Step::Done => return Ok(true),
                Step::NotHonoured => return Ok(false),
            }
        }
    }

    fn take(&self, states: States, flags: &[Sighting], found: &mut Found) {
        let count = i64::try_from(flags.len()).unwrap_or(i64::MAX);
        self.tally.note(|facts| facts.rows += count);
        found.deprecated |= flags.iter().any(|flag| flag.deprecated && !flag.archived);
        found.archived |= flags.iter().any(|flag| flag.archived);
        found.admitted &= flags.iter().all(|flag| states.admits(flag));
    }

    /// Reads one page; `None` where the server refuses to filter by date at all.
    async fn page(
        &self,
        states: States,
        environments: &[String],
        ask: Ask,
    ) -> Result<Option<Listed<Sighting>>> {
        let limit = self.extraction.limits.of::<Flags>();
        if ask.before.is_none() {
            return self.first_page(states, environments, ask).await.map(Some);
        }
        let request = self.request(states, environments, ask);
        // Only the first page finds out the page size: later, a 400 is about the filter.
        let size = limit.load(Relaxed);
        let request = with_offset(request, ask.offset).with("limit", size);
        match self.read(&request).await {
            Err(error) if error.http_status() == Some(400) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Reads the first page, which finds out what the server accepts.
    async fn first_page(
        &self,
        states: States,
        environments: &[String],
        ask: Ask,
    ) -> Result<Listed<Sighting>> {
        let expands = &self.extraction.expands_archive_checks;
        let limit = self.extraction.limits.of::<Flags>();
        let read = async |request: Request| self.read(&request).await;
        let expanded = expands.load(Relaxed);
        let request = self.request(states, environments, ask);
        match self.extraction.sized(&request, limit, ask, read).await {
            // Nothing documents it, so that a server may refuse it.
            Err(error) if error.http_status() == Some(400) && expanded => {
                expands.store(false, Relaxed);
                let request = self.request(states, environments, ask);
                self.extraction.sized(&request, limit, ask, read).await
            }
            outcome => outcome,
        }
    }

    /// How many flags the server counts now.
    pub(in crate::extract) async fn count(&self, states: States) -> Result<Option<i64>> {
        let request = self.request(states, &[], Ask::default()).with("limit", 1);
        let page = self.read(&request).await?;
        let received = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        self.tally.note(|facts| facts.rows += received);
        Ok(page.total)
    }

    /// Reads a page into the stage.
    async fn read(&self, request: &Request) -> Result<Listed<Sighting>> {
        let ask = async {
            let (flags, end) = self.extraction.client.list(request, Vec::<Flag>::new()).await?;
            require_items(request, &end)?;
            let page = Listed::new(flags.iter().map(Sighting::of).collect(), &end);
            let rows = rows::<Flags>(Scope::project(self.project_key), flags);
            Ok((page, Some(Box::new(rows) as Task)))
        };
        self.extraction.once(request, ask).await
    }

    fn parts(&self) -> &'static str {
        match self.extraction.expands_archive_checks.load(Relaxed) {
            true => "evaluation,migrationSettings,archiveChecks",
            false => "evaluation,migrationSettings",
        }
    }

    fn request(&self, states: States, environments: &[String], ask: Ask) -> Request {
        let mut request = request::<Flags>(&[self.project_key])
            .counted(&self.tally.requests)
            .with("summary", 0)
            .with("expand", self.parts())
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
}
