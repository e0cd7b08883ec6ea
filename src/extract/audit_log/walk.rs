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
#[derive(Debug)]
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

    /// Decides what follows `page`, the answer to the last request.
    pub(super) fn step(&mut self, page: &Page) -> Step {
        let Some((_, last)) = page.entries.last().copied() else { return Step::Done };
        let has_new = page.entries.iter().any(|(id, _)| !self.seen.contains(id));
        self.seen = page.entries.iter().map(|(id, _)| *id).collect();
        let is_full = page.entries.len() >= PAGE;
        let is_last = page.next.is_none() && (self.linked || !is_full);
        self.linked |= page.next.is_some();
        if is_last || last < self.after {
            return Step::Done;
        }
        let step = self.older(page, last, has_new);
        if let Step::Ask(ask) | Step::Skip(ask) = &step {
            self.asked.clone_from(ask);
        }
        step
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The behaviour of a fake server.
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
            if server.cursor {
                vec![("cursor".to_owned(), (skip + PAGE).to_string())]
            } else {
                vec![("before".to_owned(), before)]
            }
        });
        Page { entries, next }
    }

    /// All entries that a walk finds after `after`, the number of pages, and whether entries were
    /// skipped.
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
        fn no_entry_is_lost_where_entries_share_milliseconds(
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
    fn a_link_with_a_cursor_is_followed() {
        let server = Server { links: true, inclusive: false, honours_after: true, cursor: true };
        let (found, pages, skipped) = walked(&log(&vec![0; 100]), server, 0);
        assert_eq!((found.len(), pages, skipped), (100, 5, false));
    }
}
