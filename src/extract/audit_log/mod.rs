//! The audit log: read from the newest entry back to those that an earlier run has published.
//!
//! An entry may appear in the log later than it occurred. Each run therefore reads a period before
//! the newest known entry again, and recognises known entries by their IDs.
//!
//! * `parts`: which parts of the period are walked at the same time
//! * `walk`: how one walk goes back in time, page by page

#[cfg(test)]
mod fake;
mod parts;
mod walk;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{FuturesUnordered, TryStreamExt};

use jiff::Timestamp;
use tracing::warn;
use url::form_urlencoded;

use self::parts::{Next, Parts};
use self::walk::{Ask, PAGE, Page};
use super::fetch::{Fetch, request};
use super::page::{items_received, require_items};
use super::unavailable::Unavailable;
use crate::launchdarkly::Request;
use crate::model::scope::Scope;
use crate::record::{NewestEntries, Tally};
use crate::resources::audit_log::{AuditLog, Entry};
use crate::stage::{Task, rows};
use crate::system::hash::hash;
use crate::{Error, Result};

/// Reads the audit log.
pub(super) struct AuditLogReader<'a> {
    /// Access to the account and the stage.
    pub fetch: &'a Fetch<'a>,
    /// The newest entries that an earlier run has published.
    pub newest_entries: &'a NewestEntries,
}

impl AuditLogReader<'_> {
    /// Reads the entries since the last run, if the audit log is selected.
    pub async fn read(&self, unavailable: &Unavailable<'_>) -> Result<()> {
        if !self.fetch.wants::<AuditLog>() {
            return Ok(());
        }
        let tally = self.fetch.tally::<AuditLog>(&Scope::Account);
        let read = self.new_entries(&tally).await;
        unavailable.go_on_without::<AuditLog>(Scope::Account, &tally, read).await?;
        tally.complete();
        Ok(())
    }

    async fn new_entries(&self, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes = 1);
        let most = self.fetch.client.limiter.most_at_once();
        let reading = Reading {
            reader: self,
            tally,
            after: self.audit_log_after(),
            parts: Mutex::new(Parts::new(self.audit_log_after(), most)),
        };
        reading.run().await
    }

    /// The time, in milliseconds since 1970, up to which entries are not read. The first run reads
    /// back `audit_log_since` from its start. Later runs read back `audit_log_lookback` from the
    /// newest known entry, and always read the millisecond of that entry again.
    fn audit_log_after(&self) -> i64 {
        let back = |from: i64, time: Duration| {
            from.saturating_sub(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
        };
        let after = match self.newest_entries.occurred_at {
            Some(newest) => back(newest, self.fetch.selection.audit_log_lookback).saturating_sub(1),
            None => back(self.fetch.stage.started_at, self.fetch.selection.audit_log_since),
        };
        after.max(0)
    }
}

/// The log while it is being read.
struct Reading<'a> {
    reader: &'a AuditLogReader<'a>,
    tally: &'a Tally,
    /// The time up to which entries are not read.
    after: i64,
    parts: Mutex<Parts>,
}

impl Reading<'_> {
    /// Sends the requests of all walks until the last one has ended.
    async fn run(&self) -> Result<()> {
        let first = self.parts().start();
        let mut running: FuturesUnordered<_> =
            first.into_iter().map(|next| self.page(next)).collect();
        while let Some((number, page)) = running.try_next().await? {
            items_received(self.tally, page.entries.len(), None);
            let taken = self.parts().take(number, &page);
            if taken.skipped {
                warn!("{}", too_many_at(&page));
                self.tally.remark(&too_many_at(&page));
            }
            running.extend(taken.next.into_iter().map(|next| self.page(next)));
        }
        Ok(())
    }

    async fn page(&self, next: Next) -> Result<(usize, Page)> {
        let fetch = self.reader.fetch;
        let request = ask(&next.ask, self.after).counted(&self.tally.requests);
        let read = async {
            let (entries, end) = fetch.client.list(&request, Vec::<Entry>::new()).await?;
            require_items(&request, &end)?;
            let seen = entries.iter().map(|entry| (hash(&entry.id), entry.date)).collect();
            let page =
                Page { entries: seen, next: end.next.as_deref().map(query), ..Page::default() };
            let page = self.decided(&request, next.number, page)?;
            let write: Task = Box::new(rows::<AuditLog>(Scope::Account, self.unknown(entries)));
            Ok((page, Some(write)))
        };
        Ok((next.number, fetch.once(&request, read).await?))
    }

    /// The page with what is decided when it arrives.
    fn decided(&self, request: &Request, number: usize, mut page: Page) -> Result<Page> {
        let mut parts = self.parts();
        page.is_astray = parts.is_astray(number, &page);
        if page.is_astray && !parts.can_do_without(number) {
            let reason = "the entries are newer than requested: the server ignores `before`";
            return Err(Error::unexpected(request.resource, "items", reason));
        }
        page.splits = parts.split(number, &page);
        Ok(page)
    }

    /// The entries that no earlier run has published. A server may ignore `after`, or include
    /// entries at exactly that time.
    fn unknown(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        let known = &self.reader.newest_entries.ids;
        entries.retain(|entry| entry.date > self.after && !known.contains(&entry.id));
        entries
    }

    /// The parts. They are consistent even if a thread panicked while holding the lock.
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ask(ask: &Ask, after: i64) -> Request {
    let plain = request::<AuditLog>(&[]);
    match ask {
        Ask::Newest => plain.with("limit", PAGE).with("after", after),
        Ask::Before(before) => {
            plain.with("limit", PAGE).with("after", after).with("before", before)
        }
        Ask::Link(link) => {
            link.iter().fold(plain, |request, (name, value)| request.with(name.clone(), value))
        }
    }
}

/// The query of a link.
fn query(href: &str) -> Vec<(String, String)> {
    let query = href.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn too_many_at(page: &Page) -> String {
    let milliseconds = page.last().unwrap_or_default();
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    format!(
        "{PAGE} entries or more at {time:.3}: LaunchDarkly does not return more entries of one \
         millisecond"
    )
}
