//! Decides, page by page, how the audit log is walked back in time. No input or output.
//!
//! `before` is documented as strictly before, in milliseconds. Entries that share a millisecond
//! across the end of a page would be lost. Every request therefore includes the last entry's
//! millisecond again, unless the server's own link to the next page does that or has a cursor.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// The largest page that is documented.
pub(super) const PAGE: usize = 20;

/// Parameters that a link to the next page repeats. Any other parameter is a cursor of the server.
const PLAIN: [&str; 5] = ["after", "before", "limit", "q", "spec"];

/// The part of a page that the walk needs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Page {
    /// Hash of each entry's ID, and the time when it occurred (milliseconds since 1970).
    pub(super) entries: Vec<(u64, i64)>,
    /// The query of the link to the next page.
    pub(super) next: Option<Vec<(String, String)>>,
    /// The times at which the rest of the walk's part was split when this page arrived. They are
    /// kept with the page, so that a run that resumes splits at the same times.
    #[serde(default)]
    pub(super) splits: Vec<i64>,
    /// Whether the server ignored `before` in the first request of a part.
    #[serde(default)]
    pub(super) is_astray: bool,
}

impl Page {
    /// The time of the oldest entry.
    pub(super) fn last(&self) -> Option<i64> {
        self.entries.last().map(|(_, date)| *date)
    }

    /// Whether the page has this entry or one that is older. A walk down to such a page has every
    /// entry that is newer.
    fn reaches(&self, (id, date): (u64, i64)) -> bool {
        self.entries.iter().any(|(other, when)| *other == id || *when < date)
    }
}

/// Which page to request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Ask {
    /// The newest entries.
    #[default]
    Newest,
    /// Entries before this time (milliseconds since 1970).
    Before(i64),
    /// The query of the server's link to the next page.
    Link(Vec<(String, String)>),
}

/// The next step after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Ask(Ask),
    /// More entries share a millisecond than the server returns: the rest of them cannot be read.
    Skip(Ask),
    Done,
}

/// A walk back in time.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    /// Entries at this time (milliseconds since 1970) or earlier are not read.
    pub(super) after: i64,
    pub(super) asked: Ask,
    /// The entries of the page before. Earlier ones cannot come again.
    seen: HashSet<u64>,
    /// Whether a page linked to a next one. If so, a page without a link is the last.
    linked: bool,
    /// Whether all links of the server have led to new entries so far.
    trusts_links: bool,
}

impl Walk {
    pub(super) fn new(after: i64) -> Self {
        Walk { after, asked: Ask::Newest, seen: HashSet::new(), linked: false, trusts_links: true }
    }

    /// A walk that begins at `newest` (milliseconds since 1970), and knows what this one has
    /// learned about the server.
    pub(super) fn from(&self, newest: i64) -> Self {
        let asked = Ask::Before(newest.saturating_add(1));
        Walk { asked, seen: HashSet::new(), ..self.clone() }
    }

    /// Decides what follows `page`, the answer to the last request. `older` is the newest entry of
    /// another walk that has begun at an earlier time: the walk ends where the two meet.
    pub(super) fn step(&mut self, page: &Page, older: Option<(u64, i64)>) -> Step {
        let ends = self.ends(page, older);
        if let (None, Some((_, date))) = (page.last(), older) {
            return self.skip_to(date);
        }
        let Some(last) = page.last().filter(|_| !ends) else { return Step::Done };
        let has_new = page.entries.iter().any(|(id, _)| !self.seen.contains(id));
        self.seen = page.entries.iter().map(|(id, _)| *id).collect();
        self.linked |= page.next.is_some();
        let step = self.older(page, last, has_new);
        if let Step::Ask(ask) | Step::Skip(ask) = &step {
            self.asked.clone_from(ask);
        }
        step
    }

    /// Goes on at the newest entry of the older walk, after a page without entries: that entry proves
    /// that the page is not the end of the log.
    fn skip_to(&mut self, date: i64) -> Step {
        let asked = Ask::Before(date.saturating_add(1));
        if self.asked == asked {
            return Step::Done;
        }
        self.asked = asked.clone();
        Step::Ask(asked)
    }

    /// Whether the walk ends with `page`.
    ///
    /// A page that looks like the last one does not end a walk that has not met the older one: the
    /// entries of that one prove that there are more.
    pub(super) fn ends(&self, page: &Page, older: Option<(u64, i64)>) -> bool {
        let Some(last) = page.last() else { return older.is_none() };
        let is_full = page.entries.len() >= PAGE;
        let is_last = page.next.is_none() && (self.linked || !is_full);
        older.map_or(is_last || last < self.after, |older| page.reaches(older))
    }

    /// Whether the walk, which has read up to `position`, has met an entry.
    pub(super) fn has_met(&self, (id, date): (u64, i64), position: i64) -> bool {
        self.seen.contains(&id) || position < date
    }

    /// Whether `page`, the answer to the last request, has entries newer than requested. A walk of
    /// a server that ignores `before` would not end.
    pub(super) fn is_astray(&self, page: &Page) -> bool {
        matches!(self.asked, Ask::Before(before) if page.entries.iter().any(|(_, date)| *date > before))
    }

    fn older(&mut self, page: &Page, last: i64, has_new: bool) -> Step {
        self.trusts_links &= has_new || !matches!(self.asked, Ask::Link(_));
        let link = page.next.as_ref().filter(|link| is_better(link, last));
        if let Some(link) = link.filter(|_| self.trusts_links) {
            return Step::Ask(Ask::Link(link.clone()));
        }
        let again = last.saturating_add(1);
        match self.asked {
            // The whole page shares the millisecond that was requested again. Only an earlier time
            // leads to other entries, whether or not `before` includes its own millisecond.
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

/// Whether the server's link loses no entry: it includes the last entry's millisecond again, or has
/// a cursor.
fn is_better(link: &[(String, String)], last: i64) -> bool {
    let before = link.iter().find(|(name, _)| name == "before");
    let before = before.and_then(|(_, value)| value.parse::<i64>().ok());
    let has_cursor = link.iter().any(|(name, _)| !PLAIN.contains(&name.as_str()));
    has_cursor || before.is_some_and(|before| before > last)
}

#[cfg(test)]
mod tests;
