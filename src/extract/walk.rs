//! How a list is walked so that nothing is lost: pure decisions, page by page.
//!
//! Offset paging loses rows when people archive or create flags meanwhile: everything behind
//! shifts. A [`Keyset`] asks for what is older than the last row instead, which cannot shift.
//! Nothing here trusts that the server honoured `limit`, `sort` or `filter`.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

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

/// The hash under which a key is remembered.
pub fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
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
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// A server's list: creation dates, and how it behaves.
    #[derive(Clone, Debug)]
    struct Server {
        /// Newest first, unless `unsorted`.
        dates: Vec<i64>,
        limit: usize,
        totals: bool,
        links: bool,
        totals_ignore_filter: bool,
        ignores_filter: bool,
        inclusive: bool,
    }

    impl Server {
        fn answer(&self, ask: Ask) -> Page {
            let before = ask.before.filter(|_| !self.ignores_filter).unwrap_or(i64::MAX);
            let reach = before.saturating_add(i64::from(self.inclusive));
            let keyed = self.dates.iter().enumerate();
            let all: Vec<_> = keyed
                .filter(|(_, date)| **date < reach)
                .map(|(index, date)| (hash(&index.to_string()), *date))
                .collect();
            let rows: Vec<_> = all.iter().skip(ask.offset).take(self.limit).copied().collect();
            let counted = if self.totals_ignore_filter { self.dates.len() } else { all.len() };
            let next = self.links && ask.offset + rows.len() < all.len();
            Page { rows, total: self.totals.then_some(counted as i64), next }
        }

        fn walk(&self, mut step: impl FnMut(&Page) -> Step) -> Option<(BTreeSet<u64>, usize)> {
            let (mut seen, mut ask) = (BTreeSet::new(), Ask::default());
            for requests in 1..10_000 {
                let page = self.answer(ask);
                seen.extend(page.rows.iter().map(|(key, _)| *key));
                match step(&page) {
                    Step::Ask(next) => ask = next,
                    Step::Done => return Some((seen, requests)),
                    Step::NotHonoured => return None,
                }
            }
            panic!("the walk does not end");
        }
    }

    prop_compose! {
        fn servers()(
            mut dates in prop_oneof![
                prop::collection::vec(0i64..60, 0..200),
                // Runs of one millisecond each, one after the other.
                (1usize..50, 1i64..8).prop_map(|(run, runs)| {
                    (0..runs).flat_map(|date| vec![date; run]).collect()
                }),
            ],
            limit in 1usize..40,
            totals: bool, links: bool, totals_ignore_filter: bool, inclusive: bool,
        ) -> Server {
            dates.sort_unstable_by(|one, next| next.cmp(one));
            let ignores_filter = false;
            Server { dates, limit, totals, links, totals_ignore_filter, ignores_filter, inclusive }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 1000,
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn keyset_walks_find_every_row(server in servers()) {
            let mut keyset = Keyset::default();
            let (seen, _) = server.walk(|page| keyset.step(page)).unwrap();
            prop_assert_eq!(seen.len(), server.dates.len());
        }

        #[test]
        fn offset_walks_find_every_row(server in servers()) {
            let mut pass = OffsetPass::default();
            let (seen, _) = server.walk(|page| pass.step(page)).unwrap();
            prop_assert_eq!(seen.len(), server.dates.len());
        }

        #[test]
        fn an_ignored_filter_is_noticed_or_does_no_harm(server in servers()) {
            let server = Server { ignores_filter: true, ..server };
            let mut keyset = Keyset::default();
            if let Some((seen, _)) = server.walk(|page| keyset.step(page)) {
                prop_assert_eq!(seen.len(), server.dates.len());
            }
        }
    }

    fn plain(dates: Vec<i64>, limit: usize) -> Server {
        Server {
            dates,
            limit,
            totals: true,
            links: true,
            totals_ignore_filter: false,
            ignores_filter: false,
            inclusive: false,
        }
    }

    #[test]
    fn a_list_that_fits_one_page_takes_one_request() {
        for size in [0, 1, 99, 100] {
            let mut keyset = Keyset::default();
            let server = plain((0..size).rev().collect(), 100);
            assert_eq!(server.walk(|page| keyset.step(page)).unwrap().1, 1, "{size} rows");
        }
    }

    #[test]
    fn each_further_page_repeats_one_row_only() {
        let mut keyset = Keyset::default();
        let server = plain((0..1000).rev().collect(), 100);
        assert_eq!(server.walk(|page| keyset.step(page)).unwrap().1, 1 + 900_usize.div_ceil(99));
    }

    #[test]
    fn hundreds_of_rows_in_one_millisecond_are_walked_by_offset() {
        let mut keyset = Keyset::default();
        let server = plain([vec![9; 3], vec![5; 450], vec![1; 2]].concat(), 100);
        let (seen, requests) = server.walk(|page| keyset.step(page)).unwrap();
        assert_eq!(seen.len(), 455);
        assert!(requests <= 7, "{requests}");
    }

    #[test]
    fn unsorted_rows_are_noticed() {
        let page = Page { rows: vec![(1, 5), (2, 6)], total: Some(9), next: true };
        assert_eq!(Keyset::default().step(&page), Step::NotHonoured);
    }
}
