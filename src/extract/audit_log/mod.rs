//! The audit log: read from the newest entry back to those that an earlier run has published.
//!
//! An entry may appear in the log later than it occurred. Each run therefore reads a period before
//! the newest known entry again, and recognises known entries by their IDs.

mod walk;

use std::time::Duration;

use jiff::Timestamp;
use tracing::warn;
use url::form_urlencoded;

use self::walk::{Ask, PAGE, Page, Step, Walk};
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
        let after = self.audit_log_after();
        let mut walk = Walk::new(after);
        loop {
            let page = self.entries(&walk, tally).await?;
            items_received(tally, page.entries.len(), None);
            match walk.step(&page) {
                Step::Ask(_) => {}
                Step::Skip(_) => {
                    warn!("{}", too_many_at(&page));
                    tally.remark(&too_many_at(&page));
                }
                Step::Done => return Ok(()),
            }
        }
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

    async fn entries(&self, walk: &Walk, tally: &Tally) -> Result<Page> {
        let request = ask(walk).counted(&tally.requests);
        let after = walk.after;
        let read = async {
            let (mut entries, end) = self.fetch.client.list(&request, Vec::<Entry>::new()).await?;
            require_items(&request, &end)?;
            let seen = entries.iter().map(|entry| (hash(&entry.id), entry.date)).collect();
            let page = Page { entries: seen, next: end.next.as_deref().map(query) };
            if walk.is_astray(&page) {
                let reason = "the entries are newer than requested: the server ignores `before`";
                return Err(Error::unexpected(request.resource, "items", reason));
            }
            // A server may ignore `after`, or include entries at exactly that time.
            let is_known = |entry: &Entry| self.newest_entries.ids.contains(&entry.id);
            entries.retain(|entry| entry.date > after && !is_known(entry));
            let write: Task = Box::new(rows::<AuditLog>(Scope::Account, entries));
            Ok((page, Some(write)))
        };
        self.fetch.once(&request, read).await
    }
}

fn ask(walk: &Walk) -> Request {
    let plain = request::<AuditLog>(&[]);
    match &walk.asked {
        Ask::Newest => plain.with("limit", PAGE).with("after", walk.after),
        Ask::Before(before) => {
            plain.with("limit", PAGE).with("after", walk.after).with("before", before)
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
    let milliseconds = page.entries.last().map_or(0, |(_, date)| *date);
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    format!(
        "{PAGE} entries or more at {time:.3}: LaunchDarkly does not return more entries of one \
         millisecond"
    )
}
