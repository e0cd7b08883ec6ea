//! Decides how the audit log is split into parts that are walked at the same time. No input or
//! output.
//!
//! The first walk begins with the newest page. Once it has read some pages, the rest of its period
//! is split: another walk begins at an earlier time and goes back from there. A walk ends when it
//! meets the newest entry of the next older one, which proves that no entry lies between them. A
//! walk whose rest is large is split again whenever fewer walks are active than requests may be
//! sent at once, so the first splits need not be right.
//!
//! The times of splits are kept with the page that led to them. A run that resumes therefore makes
//! the same requests, in whatever order they are answered.

mod part;
mod rest;

use self::part::{Part, State};
use self::rest::Rest;
use super::walk::{Ask, Page, Step, Walk};

/// Nothing is split before this many pages: the log may end soon, and a request that finds nothing
/// would cost more than it gains.
const FIRST_SPLIT: usize = 6;
/// There may be one walk for this many pages that were read, so that a short log costs few requests
/// that find nothing.
const PAGES_A_WALK: usize = 2;
/// One more split than walks at once is allowed for this many pages. A split costs half a page on
/// average, and all splits together at most about 2 %.
const PAGES_A_SPLIT: usize = 40;

/// A part is busier than the one below if its pages take up less than one in so many times as long.
const BUSIER: i64 = 4;

/// The next request of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// The number of the walk.
    pub(super) number: usize,
    pub(super) ask: Ask,
}

/// What follows a page.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) next: Vec<Next>,
    /// Whether entries had to be skipped; see [`Step::Skip`].
    pub(super) skipped: bool,
}

/// All parts of the period.
#[derive(Debug)]
pub(super) struct Parts {
    /// From the newest to the oldest.
    parts: Vec<Part>,
    /// How many walks are of use at the same time.
    most: usize,
    /// No entry at this time or earlier exists, or is wanted.
    floor: i64,
    /// Pages of all walks.
    pages: usize,
    /// Walks that were begun by splits.
    splits: usize,
    /// Whether a split walk has shown that the server ignores `before`.
    is_serial: bool,
}

impl Parts {
    /// One walk of the whole period after `after`. It is split where `most`, the number of requests
    /// that may be sent at once, is more than one.
    pub(super) fn new(after: i64, most: usize) -> Self {
        let first = Part {
            number: 0,
            walk: Walk::new(after),
            start: i64::MAX,
            newest: None,
            position: i64::MAX,
            pages: 0,
            page: None,
            recent: [0; 4],
            state: State::Ready,
        };
        let parts = vec![first];
        // A walk that ends leaves its connection to another one that has already begun.
        let most = most.saturating_add(most / 4);
        Parts { parts, most, floor: after, pages: 0, splits: 0, is_serial: false }
    }

    /// The requests of all walks that can go on.
    pub(super) fn start(&mut self) -> Vec<Next> {
        let mut next = Vec::new();
        let (mut parts, mut below) = (std::mem::take(&mut self.parts), None);
        for part in parts.iter_mut().rev() {
            if part.state == State::Ready && part.has_met(below) {
                part.state = State::Done;
            } else if part.state == State::Ready && !part.waits_for(below) {
                part.state = State::Walking;
                next.push(Next { number: part.number, ask: part.walk.asked.clone() });
            }
            below = Some(&*part);
        }
        self.parts = parts;
        next
    }

    /// Whether `page` has newer entries than the walk requested: the server ignores `before`.
    pub(super) fn is_astray(&self, number: usize, page: &Page) -> bool {
        self.part(number).is_some_and(|part| part.walk.is_astray(page))
    }

    /// Whether the page is the first one of a walk that a split began. Without that walk, the
    /// period is still read.
    pub(super) fn can_do_without(&self, number: usize) -> bool {
        self.part(number).is_some_and(|part| number > 0 && part.pages == 0)
    }

    /// Splits what is left of a walk's part below `page`, its newest page, if that is of use.
    /// Returns the times, for [`Page::splits`].
    pub(super) fn split(&mut self, number: usize, page: &Page) -> Vec<i64> {
        let mut times = Vec::new();
        let Some(mut rest) = self.splittable(number, page) else { return times };
        while self.has_room() {
            let Some(time) = rest.split() else { break };
            self.insert(time, State::Planned);
            times.push(time);
        }
        times
    }

    /// Takes a page of a walk.
    pub(super) fn take(&mut self, number: usize, page: &Page) -> Taken {
        page.splits.iter().for_each(|time| self.insert(*time, State::Ready));
        self.pages += 1;
        let skipped = self.step(number, page);
        Taken { next: self.start(), skipped }
    }

    /// Decides how a walk goes on; returns whether entries had to be skipped.
    fn step(&mut self, number: usize, page: &Page) -> bool {
        let older = self.newest_below(number);
        let Some(index) = self.parts.iter().position(|part| part.number == number) else {
            return false;
        };
        let part = &mut self.parts[index];
        let is_empty = page.entries.first().is_none_or(|(_, date)| *date <= part.walk.after);
        if part.pages == 0 && index > 0 && (page.is_astray || is_empty) {
            self.leave_out(index, page);
            return false;
        }
        let step = part.walk.step(page, older);
        part.read(page);
        part.state = if step == Step::Done { State::Done } else { State::Ready };
        matches!(step, Step::Skip(_))
    }

    /// Removes a part that a split began, but whose walk cannot begin. The walk of the next newer
    /// part goes on until it meets another one or the end of the log.
    fn leave_out(&mut self, index: usize, page: &Page) {
        let part = self.parts.remove(index);
        if page.is_astray {
            self.is_serial = true;
        } else {
            self.floor = self.floor.max(part.start);
        }
    }

    /// Adds a part that begins at `time`, unless it exists.
    fn insert(&mut self, time: i64, state: State) {
        let index = self.parts.partition_point(|part| part.start > time);
        match self.parts.get_mut(index).filter(|part| part.start == time) {
            Some(part) if part.state == State::Planned => part.state = state,
            Some(_) => {}
            None => self.insert_at(index, time, state),
        }
    }

    fn insert_at(&mut self, index: usize, time: i64, state: State) {
        let newer = index.checked_sub(1).and_then(|newer| self.parts.get(newer));
        // Nothing is left to read of a part whose walk has ended.
        let Some(newer) = newer.filter(|part| part.state != State::Done) else { return };
        self.splits += 1;
        let (number, walk) = (self.splits, newer.walk.from(time));
        let (start, newest, position, pages, page) = (time, None, time, 0, newer.page);
        let recent = [0; 4];
        let part = Part { number, walk, start, newest, position, pages, page, recent, state };
        self.parts.insert(index, part);
    }

    fn part(&self, number: usize) -> Option<&Part> {
        self.parts.iter().find(|part| part.number == number)
    }

    /// The part that is next older than this one.
    fn below(&self, number: usize) -> Option<&Part> {
        self.parts.iter().skip_while(|part| part.number != number).nth(1)
    }

    fn newest_below(&self, number: usize) -> Option<(u64, i64)> {
        self.below(number).and_then(|part| part.newest)
    }

    /// Whether one more walk is of use.
    fn has_room(&self) -> bool {
        let active = self.parts.iter().filter(|part| part.state != State::Done).count();
        let most = self.most.min(self.pages / PAGES_A_WALK);
        active < most && self.splits < self.most + self.pages / PAGES_A_SPLIT
    }

    /// The rest of the part below `page`, unless the rest of another part is larger.
    fn splittable(&self, number: usize, page: &Page) -> Option<Rest> {
        let part = self.part(number)?;
        let ends = part.walk.ends(page, self.newest_below(number));
        let is_empty = page.entries.is_empty();
        if ends || is_empty || page.is_astray || self.is_serial || self.pages + 1 < FIRST_SPLIT {
            return None;
        }
        let rest = self.rest(part, Some(page));
        let walking = self.parts.iter().filter(|other| {
            other.number != number && other.state == State::Walking && other.pages > 0
        });
        let most = walking.map(|other| self.rest(other, None).pages()).max();
        most.is_none_or(|most| most <= rest.pages()).then_some(rest)
    }

    /// What is left of a part, below `page` if that is its newest one.
    fn rest(&self, part: &Part, page: Option<&Page>) -> Rest {
        let below = self.below(part.number);
        let each = page.map_or(part.page, |page| Some(part.page_after(page))).unwrap_or_default();
        let other = below.and_then(|below| below.page).unwrap_or(each);
        let is_open = below.is_none();
        let is_busier = !is_open && other / BUSIER > each;
        let (read, length) = if is_busier {
            (part.pages, each)
        } else {
            (self.pages, each.saturating_add(other) / 2)
        };
        Rest {
            from: page.and_then(Page::last).unwrap_or(part.position),
            to: below.map_or(self.floor, |below| below.start),
            page: length.max(1),
            is_even: !is_open && !is_busier,
            pages_read: i64::try_from(read).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests;
