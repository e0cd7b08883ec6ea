//! How a list is walked so that nothing is lost: pure decisions, page by page.
//!
//! Offset paging loses rows when people archive or create flags meanwhile: everything behind
//! shifts. A [`Keyset`] asks for what is older than the last row instead, which cannot shift.
//! Nothing here trusts that the server honoured `limit`, `sort` or `filter`.

use std::collections::HashSet;

/// What a page told.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Hash of each row's key, and when it was created (milliseconds since 1970).
    pub rows: Vec<(u64, i64)>,
    /// The server's count of rows that match the request, if given.
    pub total: Option<i64>,
    /// Whether there was a link to a next page.
    pub next: bool,
}

/// What to ask next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Only rows created before this moment.
    pub before: Option<i64>,
    /// Skip this many of them.
    pub offset: usize,
}

/// What follows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for more.
    Ask(Ask),
    /// The list is complete.
    Done,
    /// The server did not sort or filter as asked: walk by offset instead.
    NotHonoured,
}

/// What both ways of walking remember.
#[derive(Debug, Default)]
struct Progress {
    seen: HashSet<u64>,
    /// Whether an earlier page linked to a next one: then a page without such a link is the last.
    linked: bool,
}

/// What a page means for the list as a whole.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    /// No row is one that was not seen before.
    nothing_new: bool,
    /// The server says that this was all.
    is_last: bool,
    /// The server says that there is more.
    has_more: bool,
}

impl Progress {
    /// Takes in `page`, which starts at `offset`.
    fn take(&mut self, page: &Page, offset: usize) -> Meaning {
        let before = self.seen.len();
        self.seen.extend(page.rows.iter().map(|(key, _)| key));
        let reached = |count: usize, total| i64::try_from(count).unwrap_or(i64::MAX) >= total;
        let read = offset.saturating_add(page.rows.len());
        let all_read = page.total.map_or(self.linked, |total| reached(read, total));
        self.linked |= page.next;
        Meaning {
            nothing_new: self.seen.len() == before,
            is_last: page.rows.is_empty() || (all_read && !page.next),
            has_more: page.next || page.total.is_some_and(|total| !reached(self.seen.len(), total)),
        }
    }
}

/// A walk from the newest row to the oldest.
#[derive(Debug, Default)]
pub struct Keyset {
    progress: Progress,
    asked: Ask,
}

impl Keyset {
    /// The hashes of the keys that were seen.
    pub fn into_seen(self) -> HashSet<u64> {
        self.progress.seen
    }

    /// Decides what follows `page`, the answer to what was asked last.
    pub fn step(&mut self, page: &Page) -> Step {
        if !self.is_honoured(page) {
            return Step::NotHonoured;
        }
        let meaning = self.progress.take(page, self.asked.offset);
        if meaning.is_last || self.is_exhausted(page, meaning) {
            return Step::Done;
        }
        self.asked = self.older(page, meaning);
        Step::Ask(self.asked)
    }

    /// Whether a page without news ends the walk: the first one does, where nothing speaks
    /// against it, such as rows of a newer millisecond that fill the page; an offset beyond
    /// everything that was seen does in any case.
    fn is_exhausted(&self, page: &Page, meaning: Meaning) -> bool {
        let newer = |before| page.rows.first().is_some_and(|(_, first)| *first >= before);
        let filled = self.asked.before.is_some_and(newer);
        let first_look = self.asked.offset == 0 && !meaning.has_more && !filled;
        meaning.nothing_new && (first_look || self.asked.offset > self.progress.seen.len())
    }

    /// Asks again for the last row's millisecond: others may share it. Where that would lead
    /// nowhere, because the whole page does, an offset is the only way on.
    fn older(&self, page: &Page, meaning: Meaning) -> Ask {
        let dates = || page.rows.iter().map(|(_, created)| *created);
        let ends = (dates().next(), dates().next_back());
        let (first, last) = (ends.0.unwrap_or_default(), ends.1.unwrap_or_default());
        let (before, rows) = (last.saturating_add(1), page.rows.len());
        match self.asked.before {
            Some(asked) if meaning.nothing_new || before >= asked => {
                Ask { before: Some(asked), offset: self.asked.offset + rows }
            }
            _ if first == last => Ask { before: Some(before), offset: rows },
            _ => Ask { before: Some(before), offset: 0 },
        }
    }

    /// Rows are sorted, newest first; none is newer than asked; and what is older than the last
    /// row of the page before is new. Whether `before` includes its own millisecond is not
    /// documented.
    fn is_honoured(&self, page: &Page) -> bool {
        let newest = self.asked.before.unwrap_or(i64::MAX);
        let is_new = |key: &u64| !self.progress.seen.contains(key);
        let fits = |(key, created): &(u64, i64)| {
            *created <= newest && (*created >= newest - 1 || self.asked.offset > 0 || is_new(key))
        };
        page.rows.is_sorted_by(|(_, one), (_, next)| one >= next) && page.rows.iter().all(fits)
    }
}

/// A walk by offset: one pass over the list.
///
/// A page begins with the last row of the page before, where that takes no further request: if it
/// does not, the list has shifted.
#[derive(Debug, Default)]
pub struct OffsetPass {
    progress: Progress,
    offset: usize,
    /// The row that the next page must begin with.
    hinge: Option<u64>,
    has_shifted: bool,
}

impl OffsetPass {
    /// A pass that begins at `offset`: the rows before it are at hand.
    pub fn starting_at(offset: usize) -> Self {
        OffsetPass { offset, ..OffsetPass::default() }
    }

    /// The hashes of the keys that were seen.
    pub fn into_seen(self) -> HashSet<u64> {
        self.progress.seen
    }

    /// Whether rows moved from page to page, so that one may have been passed over.
    pub const fn has_shifted(&self) -> bool {
        self.has_shifted
    }

    /// Decides what follows `page`, the answer to what was asked last.
    pub fn step(&mut self, page: &Page) -> Step {
        let first = page.rows.first().map(|(key, _)| *key);
        self.has_shifted |= self.hinge.is_some() && self.hinge != first;
        let meaning = self.progress.take(page, self.offset);
        if meaning.is_last || meaning.nothing_new {
            return Step::Done;
        }
        // The server may give fewer rows than asked for, or more.
        self.offset += page.rows.len();
        let last = page.rows.last().map(|(key, _)| *key);
        self.hinge = last.filter(|_| is_free(page, self.offset));
        self.offset -= usize::from(self.hinge.is_some());
        Step::Ask(Ask { before: None, offset: self.offset })
    }
}

/// Whether the pages that are left have room for one more row, of which `read` are at hand.
fn is_free(page: &Page, read: usize) -> bool {
    let total = page.total.and_then(|total| usize::try_from(total).ok());
    let left = total.and_then(|total| total.checked_sub(read)).unwrap_or_default();
    let size = page.rows.len();
    size > 1 && left > 0 && left.div_ceil(size) == (left + 1).div_ceil(size)
}

#[cfg(test)]
mod tests;
