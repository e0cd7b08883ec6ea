//! One walk of one list of a project's flags: its requests, and how its pages are staged.

use std::sync::atomic::Ordering::Relaxed;

use serde::{Deserialize, Serialize};

use super::flags::FlagLists;
use super::found::Found;
use crate::Result;
use crate::extract::fetch::request;
use crate::extract::limits::sized;
use crate::extract::page::{Listed, require_items, with_offset};
use crate::extract::walk::{Ask, Keyset, OffsetPass, Page, Step};
use crate::launchdarkly::Request;
use crate::model::scope::Scope;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, rows};
use crate::system::hash::hash;

/// The states of the flags that a walk asks for. The list without a filter has live and deprecated
/// flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum States {
    Current,
    Deprecated,
    Archived,
    /// Archived flags, by the older parameter `archived`, for a server that ignores the filter.
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

    /// Whether `flag` has one of these states.
    const fn admits(self, flag: &Sighting) -> bool {
        match self {
            States::Current => true,
            States::Deprecated => flag.deprecated,
            States::Archived | States::ArchivedByParameter => flag.archived,
        }
    }
}

/// The part of a flag that a walk needs. It is kept in the journal; the flag's rows are in the
/// stage.
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

/// One walk of one list of a project's flags.
pub(super) struct FlagWalk<'w> {
    /// The project.
    pub lists: FlagLists<'w>,
    /// The states of the flags.
    pub states: States,
    /// The environments whose configurations come with each flag.
    pub environments: &'w [String],
}

impl FlagWalk<'_> {
    /// Walks the list by keyset, or twice by offset if the server does not sort or filter.
    pub async fn walk(&self) -> Result<Found> {
        let mut found = Found { admitted: true, ..Found::default() };
        let mut keyset = Keyset::default();
        let is_honoured = self.pass(&mut found, |page| keyset.step(page)).await?;
        found.see(keyset.into_seen());
        if !is_honoured {
            self.lists
                .tally
                .remark("walked by offset: the server did not sort or filter as requested");
            for _ in 0..2 {
                let mut pass = OffsetPass::default();
                self.pass(&mut found, |page| pass.step(page)).await?;
                found.see(pass.into_seen());
            }
        }
        found.compare_count();
        Ok(found)
    }

    /// Walks the list once; `step` decides what follows each page. Returns whether the server
    /// sorted and filtered as requested.
    async fn pass(&self, found: &mut Found, mut step: impl FnMut(&Page) -> Step) -> Result<bool> {
        self.lists.tally.note(|facts| facts.passes += 1);
        let mut ask = Ask::default();
        loop {
            // Held until the page is in the stage. The semaphore is never closed.
            let _page = self.lists.fetch.pages.acquire().await.ok();
            let Some(page) = self.page(ask).await? else { return Ok(false) };
            if ask == Ask::default() {
                found.total = page.total;
            }
            self.take(&page.items, found);
            match step(&page.page(|flag| (flag.hash, flag.created))) {
                _ if !found.admitted => return Ok(true),
                Step::Ask(next) => ask = next,
                Step::Done => return Ok(true),
                Step::NotHonoured => return Ok(false),
            }
        }
    }

    fn take(&self, flags: &[Sighting], found: &mut Found) {
        let count = i64::try_from(flags.len()).unwrap_or(i64::MAX);
        self.lists.tally.note(|facts| facts.rows += count);
        found.deprecated |= flags.iter().any(|flag| flag.deprecated && !flag.archived);
        found.archived |= flags.iter().any(|flag| flag.archived);
        found.admitted &= flags.iter().all(|flag| self.states.admits(flag));
    }

    /// Reads one page; `None` if the server refuses to filter by date.
    async fn page(&self, ask: Ask) -> Result<Option<Listed<Sighting>>> {
        if ask.before.is_none() {
            return self.first_page(ask).await.map(Some);
        }
        // The first page has found the page size. On later pages, a 400 refuses the filter.
        let size = self.lists.fetch.limits.of::<Flags>().load(Relaxed);
        let request = with_offset(self.request(ask), ask.offset).with("limit", size);
        match self.read(&request).await {
            Err(error) if error.http_status() == Some(400) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Reads a page that does not filter by date, and finds out which page size and which expanded
    /// parts the server accepts.
    async fn first_page(&self, ask: Ask) -> Result<Listed<Sighting>> {
        let expands = self.lists.expands_archive_checks;
        let limit = self.lists.fetch.limits.of::<Flags>();
        let read = async |request: Request| self.read(&request).await;
        let expanded = expands.load(Relaxed);
        match sized(&self.request(ask), limit, ask, read).await {
            // `archiveChecks` is not documented, so that a server may refuse it.
            Err(error) if error.http_status() == Some(400) && expanded => {
                expands.store(false, Relaxed);
                sized(&self.request(ask), limit, ask, read).await
            }
            outcome => outcome,
        }
    }

    /// The server's current count of the flags in this list.
    pub async fn count(&self) -> Result<Option<i64>> {
        let request = self.request(Ask::default()).with("limit", 1);
        let page = self.read(&request).await?;
        let received = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        self.lists.tally.note(|facts| facts.rows += received);
        Ok(page.total)
    }

    /// Reads a page into the stage.
    async fn read(&self, request: &Request) -> Result<Listed<Sighting>> {
        let ask = async {
            let (flags, end) = self.lists.fetch.client.list(request, Vec::<Flag>::new()).await?;
            require_items(request, &end)?;
            let page = Listed::new(flags.iter().map(Sighting::of).collect(), &end);
            let rows = rows::<Flags>(Scope::project(self.lists.project_key), flags);
            Ok((page, Some(Box::new(rows) as Task)))
        };
        self.lists.fetch.once(request, ask).await
    }

    fn parts(&self) -> &'static str {
        if self.lists.expands_archive_checks.load(Relaxed) {
            "evaluation,migrationSettings,archiveChecks"
        } else {
            "evaluation,migrationSettings"
        }
    }

    fn request(&self, ask: Ask) -> Request {
        let mut request = request::<Flags>(&[self.lists.project_key])
            .counted(&self.lists.tally.requests)
            .with("summary", 0)
            .with("expand", self.parts())
            .with("sort", "-creationDate");
        let filters = self.filters(ask);
        if !filters.is_empty() {
            request = request.with("filter", filters.join(","));
        }
        if self.states == States::ArchivedByParameter {
            request = request.with("archived", true);
        }
        let environments = self.environments.iter();
        environments.fold(request, |request, environment| request.with("env", environment))
    }

    fn filters(&self, ask: Ask) -> Vec<String> {
        let older = ask.before.map(|before| format!("creationDate:{{\"before\":{before}}}"));
        self.states.filter().map(str::to_owned).into_iter().chain(older).collect()
    }
}
