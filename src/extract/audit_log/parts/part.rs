//! One part of the period, and what its walk has found.

use super::super::walk::{Page, Walk};

/// A page counts for this part of the average length of pages. In a log with bursts, the average
/// must include the time between them.
const WEIGHT: i64 = 8;
/// The average counts as at most this many times the longest of the newest pages, as a walk may have
/// come from a quiet time into a busy one.
const MOST: i64 = 4;

/// One part of the period.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) number: usize,
    pub(super) walk: Walk,
    /// The time at which it begins.
    pub(super) start: i64,
    /// The newest entry, which the walk of the next newer part must meet.
    pub(super) newest: Option<(u64, i64)>,
    /// The time up to which it has been read.
    pub(super) position: i64,
    pub(super) pages: usize,
    /// How much time a page takes up, in milliseconds: a moving average, at first that of the part
    /// from which this one was split.
    pub(super) page: Option<i64>,
    /// The lengths of the newest pages.
    pub(super) recent: [i64; 4],
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The page that led to the split is not taken yet.
    Planned,
    /// The next request can be sent.
    Ready,
    /// A request is being answered.
    Walking,
    Done,
}

impl Part {
    /// Whether the walk has reached the part below, whose walk has not had an answer yet. The
    /// answer decides whether this walk goes on.
    pub(super) fn waits_for(&self, below: Option<&Part>) -> bool {
        let is_there = |below: &Part| below.pages == 0 && self.position <= below.start;
        self.pages > 0 && below.is_some_and(is_there)
    }

    /// Whether the walk has met the newest entry of the part below.
    pub(super) fn has_met(&self, below: Option<&Part>) -> bool {
        let newest = below.and_then(|below| below.newest);
        self.pages > 0 && newest.is_some_and(|newest| self.walk.has_met(newest, self.position))
    }

    pub(super) fn read(&mut self, page: &Page) {
        if self.pages == 0 {
            self.newest = page.entries.first().copied();
        }
        self.page = Some(self.page_after(page));
        let slot = self.pages % self.recent.len();
        self.recent[slot] = self.length(page);
        self.pages += 1;
        self.position = page.last().unwrap_or(self.position);
    }

    /// How much time a page takes up, with this one.
    pub(super) fn page_after(&self, page: &Page) -> i64 {
        let length = self.length(page);
        let known = self.page.unwrap_or(length);
        let average = known.saturating_add(length.saturating_sub(known) / WEIGHT);
        if self.pages < self.recent.len() {
            return average;
        }
        let longest = self.recent.iter().copied().fold(length.max(1), i64::max);
        average.min(longest.saturating_mul(MOST))
    }

    fn length(&self, page: &Page) -> i64 {
        let first = page.entries.first().map(|(_, date)| *date);
        let from = if self.pages == 0 { first } else { Some(self.position) };
        from.zip(page.last()).map_or(0, |(from, to)| from.saturating_sub(to))
    }
}
