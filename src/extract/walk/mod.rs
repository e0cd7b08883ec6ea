//! Decides, page by page, how a list is walked so that no row is lost. No input or output.
//!
//! Offset pagination loses rows when somebody archives or creates flags during the walk, as the
//! rows behind them shift. Keyset pagination ([`Keyset`]) asks for rows older than the last one,
//! which cannot shift. Neither relies on the server to honour `limit`, `sort` or `filter`. Both ask
//! for one page after the other; [`Rest`] asks for all pages at once, and finds out whether the list
//! stood still.

mod at_once;

use std::collections::HashSet;

pub use at_once::Rest;

/// The part of a page that a walk needs.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Hash of each row's key, and the row's time of creation (milliseconds since 1970).
    pub rows: Vec<(u64, i64)>,
    /// The server's count of rows that match the request, if given.
    pub total: Option<i64>,
    /// Whether there was a link to a next page.
    pub next: bool,
}

/// Which page to request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Only rows created before this time (milliseconds since 1970).
    pub before: Option<i64>,
    /// The number of these rows to skip.
    pub offset: usize,
}

/// The next step after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Request another page.
    Ask(Ask),
    /// The list is complete.
    Done,
    /// The server did not sort or filter as requested: walk by offset instead.
    NotHonoured,
}

/// The state that both ways of walking keep.
#[derive(Debug, Default)]
struct Progress {
    seen: HashSet<u64>,
    /// Whether an earlier page linked to a next one. If so, a page without a link is the last.
    linked: bool,
}

/// The information of a page about the whole list.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    /// Every row was seen before.
    nothing_new: bool,
    /// The page is the last one.
    is_last: bool,
    /// The server's link or count says that more rows follow.
    has_more: bool,
}

impl Progress {
    /// Adds the rows of `page`, which starts at `offset`.
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

/// A walk by keyset pagination, from the newest row to the oldest.
#[derive(Debug, Default)]
pub struct Keyset {
    progress: Progress,
    asked: Ask,
}

impl Keyset {
    /// Decides what follows `page`, the answer to the last request.
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

    /// Whether a page without new rows ends the walk.
    ///
    /// The first such page does, unless the server says that more rows follow, or rows of a newer
    /// millisecond fill the page. A page at an offset beyond the number of rows seen always does.
    fn is_exhausted(&self, page: &Page, meaning: Meaning) -> bool {
        let newer = |before| page.rows.first().is_some_and(|(_, first)| *first >= before);
        let filled = self.asked.before.is_some_and(newer);
        let is_first = self.asked.offset == 0 && !meaning.has_more && !filled;
        meaning.nothing_new && (is_first || self.asked.offset > self.progress.seen.len())
    }

    /// Requests the millisecond of the last row again, as other rows may share it. If the whole
    /// page shares it, that request would return the same page: an offset is needed to continue.
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

    /// Whether the server sorted and filtered as requested: rows are sorted, newest first; none is
    /// newer than requested; and rows older than the last row of the page before are new. Whether
    /// `before` includes its own millisecond is not documented, so that both are accepted.
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
/// Each page repeats the last row of the page before, unless that would take one more request. If
/// it begins with another row, the list has shifted.
#[derive(Debug, Default)]
pub struct OffsetPass {
    progress: Progress,
    offset: usize,
    /// The row that the next page must begin with.
    overlap: Option<u64>,
    has_shifted: bool,
}

impl OffsetPass {
    /// A pass that begins at `offset`: the caller has the rows before it.
    pub fn starting_at(offset: usize) -> Self {
        OffsetPass { offset, ..OffsetPass::default() }
    }

    /// Whether rows moved from page to page, so that one may have been skipped.
    pub const fn has_shifted(&self) -> bool {
        self.has_shifted
    }

    /// Decides what follows `page`, the answer to the last request.
    pub fn step(&mut self, page: &Page) -> Step {
        let first = page.rows.first().map(|(key, _)| *key);
        self.has_shifted |= self.overlap.is_some() && self.overlap != first;
        let meaning = self.progress.take(page, self.offset);
        if meaning.is_last || meaning.nothing_new {
            return Step::Done;
        }
        // The server may return fewer rows than requested, or more.
        self.offset += page.rows.len();
        let last = page.rows.last().map(|(key, _)| *key);
        self.overlap = last.filter(|_| is_free(page, self.offset));
        self.offset -= usize::from(self.overlap.is_some());
        Step::Ask(Ask { before: None, offset: self.offset })
    }
}

/// Whether the remaining pages can hold one more row, so that repeating a row takes no further
/// request. `read` is the number of rows read so far.
fn is_free(page: &Page, read: usize) -> bool {
    let total = page.total.and_then(|total| usize::try_from(total).ok());
    let left = total.and_then(|total| total.checked_sub(read)).unwrap_or_default();
    let size = page.rows.len();
    size > 1 && left > 0 && left.div_ceil(size) == (left + 1).div_ceil(size)
}

#[cfg(test)]
mod tests;
