//! The audit log: newest first, back to what an earlier run has read.
//!
//! `before` is documented as strictly before, in milliseconds: entries that share one across the
//! edge of a page would be lost. So every page asks for the last entry's millisecond again, unless
//! the server's own link to the next page does better.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tracing::warn;
use url::form_urlencoded;

use super::lists::{items_received, require_items};
use super::walk::hash;
use super::{Extraction, request};
use crate::launchdarkly::Request;
use crate::record::Tally;
use crate::resource::{Resource, Scope};
use crate::resources::audit_log::{AuditLog, Entry};
use crate::stage::{Task, rows};
use crate::{Error, Result};

/// The documented largest page.
const PAGE: usize = 20;

/// Parameters that a link to the next page repeats; any other is the server's own way on.
const PLAIN: [&str; 5] = ["after", "before", "limit", "q", "spec"];

/// A page, reduced to what the walk goes by.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Page {
    /// Hash of each entry's ID, and when it occurred.
    entries: Vec<(u64, i64)>,
    /// The query of the link to the next page.
    next: Option<Vec<(String, String)>>,
}

/// Which page to ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Ask {
    /// The newest entries.
    #[default]
    Newest,
    /// Entries before this moment.
    Before(i64),
    /// Where the server's link leads.
    Link(Vec<(String, String)>),
}

/// What follows a page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Ask(Ask),
    /// More entries share a millisecond than the server shows: the rest of them cannot be had.
    Skip(Ask),
    Done,
}

/// A walk back in time.
#[derive(Debug)]
struct Walk {
    /// What is as old as this, or older, is known.
    after: i64,
    asked: Ask,
    /// The entries of the page before; others cannot come again.
    seen: HashSet<u64>,
    /// Whether a page linked to a next one: then a page without such a link is the last.
    linked: bool,
    /// Whether the server's links have led to news so far.
    trusts_links: bool,
}

impl Walk {
    fn new(after: i64) -> Self {
        Walk { after, asked: Ask::Newest, seen: HashSet::new(), linked: false, trusts_links: true }
    }

    /// Decides what follows `page`, the answer to what was asked last.
    fn step(&mut self, page: &Page) -> Step {
        let Some((_, last)) = page.entries.last().copied() else { return Step::Done };
        let news = page.entries.iter().any(|(id, _)| !self.seen.contains(id));
        self.seen = page.entries.iter().map(|(id, _)| *id).collect();
        let is_full = page.entries.len() >= PAGE;
        let is_last = page.next.is_none() && (self.linked || !is_full);
        self.linked |= page.next.is_some();
        if is_last || last < self.after {
            return Step::Done;
        }
        let step = self.older(page, last, news);
        if let Step::Ask(ask) | Step::Skip(ask) = &step {
            self.asked.clone_from(ask);
        }
        step
    }

    /// Makes sure that the server honours `before`: else the walk would not end.
    fn check(&self, page: &Page, request: &Request) -> Result<()> {
        let Ask::Before(before) = self.asked else { return Ok(()) };
        match page.entries.iter().any(|(_, date)| *date > before) {
            true => Err(Error::unexpected(
                request.resource,
                "items",
                "newer entries than were asked for: `before` is not honoured",
            )),
            false => Ok(()),
        }
    }

    fn older(&mut self, page: &Page, last: i64, news: bool) -> Step {
        self.trusts_links &= news || !matches!(self.asked, Ask::Link(_));
        let link = page.next.as_ref().filter(|link| is_better(link, last));
        if let Some(link) = link.filter(|_| self.trusts_links) {
            return Step::Ask(Ask::Link(link.clone()));
        }
        let again = last.saturating_add(1);
        match self.asked {
            // All of the page shares the millisecond that was asked for again: asking for less is
            // the only way on, whether or not `before` takes in its own millisecond.
            Ask::Before(asked) if again >= asked => {
                let beyond = Ask::Before(asked.saturating_sub(1));
                let (count, more) = (page.entries.len(), page.next.is_some());
                if count >= PAGE || (more && count > 1) {
                    Step::Skip(beyond)
                } else {
                    Step::Ask(beyond)
                }
            }
            _ => Step::Ask(Ask::Before(again)),
        }
    }
}

/// Whether the server's link loses nothing: it takes in the last entry's millisecond again, or
/// knows its way by other means than time.
fn is_better(link: &[(String, String)], last: i64) -> bool {
    let before = link.iter().find(|(name, _)| name == "before");
    let before = before.and_then(|(_, value)| value.parse::<i64>().ok());
    let has_cursor = link.iter().any(|(name, _)| !PLAIN.contains(&name.as_str()));
    has_cursor || before.is_some_and(|before| before > last)
}

impl Extraction<'_> {
    /// Reads what is new since the last run.
    pub(super) async fn audit_log(&self) -> Result<()> {
        if !self.selection.wants(AuditLog::NAME) {
            return Ok(());
        }
        let tally = self.tally::<AuditLog>(&Scope::default());
        let read = self.new_entries(&tally).await;
        self.unless_refused::<AuditLog>(Scope::default(), &tally, read).await
    }

    async fn new_entries(&self, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes = 1);
        // The newest known millisecond is read again: others may have come in it since.
        let newest = self.newest_entries.occurred_at;
        let after = newest.map_or_else(|| self.first_entry(), |newest| newest.saturating_sub(1));
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

    /// How far back the first run reads.
    fn first_entry(&self) -> i64 {
        let since = self.selection.audit_log_since.as_millis();
        self.stage.started_at.saturating_sub(i64::try_from(since).unwrap_or(i64::MAX)).max(0)
    }

    async fn entries(&self, walk: &Walk, tally: &Tally) -> Result<Page> {
        let request = ask(walk).counted(&tally.requests);
        let after = walk.after;
        let read = async {
            let (mut entries, end) = self.client.list(&request, Vec::<Entry>::new()).await?;
            require_items(&request, &end)?;
            let seen = entries.iter().map(|entry| (hash(&entry.id), entry.date)).collect();
            let page = Page { entries: seen, next: end.next.as_deref().map(query) };
            walk.check(&page, &request)?;
            // A server may not honour `after`.
            let is_known = |entry: &Entry| self.newest_entries.ids.contains(&entry.id);
            entries.retain(|entry| entry.date >= after && !is_known(entry));
            let write: Task = Box::new(rows::<AuditLog>(Scope::default(), entries));
            Ok((page, Some(write)))
        };
        self.once(&request, read).await
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
    format!("{PAGE} entries or more at {time:.3}: LaunchDarkly shows no more of one millisecond")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How a fake log behaves.
    #[derive(Clone, Copy, Debug)]
    struct Server {
        links: bool,
        inclusive: bool,
        honours_after: bool,
        cursor: bool,
    }

    /// One page of a log, newest first.
    fn page(log: &[(u64, i64)], server: Server, walk: &Walk) -> Page {
        let cursor = |link: &[(String, String)]| {
            link.iter().find(|(name, _)| name == "cursor").and_then(|(_, at)| at.parse().ok())
        };
        let (before, skip) = match &walk.asked {
            Ask::Newest => (i64::MAX, 0),
            Ask::Before(before) => (*before, 0),
            Ask::Link(link) => (i64::MAX, cursor(link).unwrap()),
        };
        let fits = |(_, date): &&(u64, i64)| {
            (*date < before || (server.inclusive && *date == before))
                && (!server.honours_after || *date > walk.after)
        };
        let rows: Vec<_> = log.iter().filter(fits).skip(skip).copied().collect();
        let entries: Vec<_> = rows.iter().take(PAGE).copied().collect();
        let more = rows.len() > entries.len();
        let next = (more && (server.links || server.cursor)).then(|| {
            let before = entries.last().unwrap().1.to_string();
            match server.cursor {
                true => vec![("cursor".to_owned(), (skip + PAGE).to_string())],
                false => vec![("before".to_owned(), before)],
            }
        });
        Page { entries, next }
    }

    /// Everything a walk finds after `after`, with the number of pages, and whether any was skipped.
    fn walked(log: &[(u64, i64)], server: Server, after: i64) -> (HashSet<u64>, usize, bool) {
        let mut walk = Walk::new(after);
        let (mut found, mut pages, mut skipped) = (HashSet::new(), 0, false);
        loop {
            let page = page(log, server, &walk);
            pages += 1;
            assert!(pages < 10_000, "the walk does not end");
            found.extend(page.entries.iter().filter(|(_, date)| *date >= after).map(|(id, _)| *id));
            match walk.step(&page) {
                Step::Ask(_) => {}
                Step::Skip(_) => skipped = true,
                Step::Done => return (found, pages, skipped),
            }
        }
    }

    fn log(gaps: &[i64]) -> Vec<(u64, i64)> {
        let mut date = 1_000_000;
        let entry = |(id, gap): (usize, &i64)| {
            date -= gap;
            (id as u64, date)
        };
        gaps.iter().enumerate().map(entry).collect()
    }

    proptest! {
        #[test]
        fn nothing_is_lost_however_entries_share_milliseconds(
            gaps in prop::collection::vec(prop_oneof![3 => Just(0i64), 1 => 1i64..5], 0..200),
            links: bool, inclusive: bool, honours_after: bool, cursor: bool, depth in 0i64..300,
        ) {
            let log = log(&gaps);
            let server = Server { links, inclusive, honours_after, cursor };
            let after = 1_000_000 - depth;
            let (found, pages, skipped) = walked(&log, server, after);
            let wanted: HashSet<_> =
                log.iter().filter(|(_, date)| *date > after).map(|(id, _)| *id).collect();
            let largest = log.chunk_by(|one, next| one.1 == next.1).map(<[_]>::len).max();
            if cursor || largest.unwrap_or(0) < PAGE {
                prop_assert!(wanted.is_subset(&found), "{} of {}", found.len(), wanted.len());
            } else {
                prop_assert!(skipped || wanted.is_subset(&found));
            }
            prop_assert!(pages <= 2 + log.len());
        }
    }

    #[test]
    fn pages_overlap_by_one_entry_and_no_more() {
        let server = Server { links: true, inclusive: false, honours_after: true, cursor: false };
        for (entries, pages) in [(0, 1), (1, 1), (19, 1), (21, 2), (39, 2), (40, 3), (58, 3)] {
            let (found, asked, _) = walked(&log(&vec![1; entries]), server, 0);
            assert_eq!((found.len(), asked), (entries, pages));
        }
    }

    #[test]
    fn a_link_that_knows_its_way_is_followed() {
        let server = Server { links: true, inclusive: false, honours_after: true, cursor: true };
        let (found, pages, skipped) = walked(&log(&vec![0; 100]), server, 0);
        assert_eq!((found.len(), pages, skipped), (100, 5, false));
    }
}
