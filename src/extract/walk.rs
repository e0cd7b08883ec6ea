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

impl Progress {
    /// Whether `page`, which starts at `offset`, is the last.
    fn is_last(&mut self, page: &Page, offset: usize) -> bool {
        let before = self.seen.len();
        self.seen.extend(page.rows.iter().map(|(key, _)| key));
        let nothing_new = self.seen.len() == before;
        let read = i64::try_from(offset.saturating_add(page.rows.len())).unwrap_or(i64::MAX);
        let all_read = match page.total {
            Some(total) => read >= total,
            None => self.linked,
        };
        self.linked |= page.next;
        nothing_new || (all_read && !page.next)
    }
}

/// A walk from the newest row to the oldest.
#[derive(Debug, Default)]
pub struct Keyset {
    progress: Progress,
    asked: Ask,
}

impl Keyset {
    /// Decides what follows `page`, the answer to what was asked last.
    pub fn step(&mut self, page: &Page) -> Step {
        if !self.is_honoured(page) {
            return Step::NotHonoured;
        }
        let (Some((_, first)), Some((_, last))) = (page.rows.first(), page.rows.last()) else {
            return Step::Done;
        };
        if self.progress.is_last(page, self.asked.offset) {
            return Step::Done;
        }
        self.asked = self.older(*first, *last, page.rows.len());
        Step::Ask(self.asked)
    }

    /// Asks again for the last row's millisecond: others may share it. Where the whole page
    /// does, an offset is the only way on.
    fn older(&self, first: i64, last: i64, rows: usize) -> Ask {
        let before = Some(last.saturating_add(1));
        let offset = match (first == last, self.asked.before == before) {
            (true, true) => self.asked.offset + rows,
            (true, false) => rows,
            (false, _) => 0,
        };
        Ask { before, offset }
    }

    /// Rows are sorted, newest first, and none is newer than asked. Whether `before` includes
    /// its own millisecond is not documented.
    fn is_honoured(&self, page: &Page) -> bool {
        let newest = self.asked.before.unwrap_or(i64::MAX);
        let sorted = page.rows.is_sorted_by(|(_, one), (_, next)| one >= next);
        sorted && page.rows.iter().all(|(_, created)| *created <= newest)
    }
}

/// A walk by offset: one pass over the list.
#[derive(Debug, Default)]
pub struct OffsetPass {
    progress: Progress,
    offset: usize,
}

impl OffsetPass {
    /// A pass that begins at `offset`: the rows before it are at hand.
    pub fn starting_at(offset: usize) -> Self {
        OffsetPass { offset, ..OffsetPass::default() }
    }

    /// Decides what follows `page`, the answer to what was asked last.
    pub fn step(&mut self, page: &Page) -> Step {
        if self.progress.is_last(page, self.offset) {
            return Step::Done;
        }
        // The server may give fewer rows than asked for, or more.
        self.offset += page.rows.len();
        Step::Ask(Ask { before: None, offset: self.offset })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

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
            mut dates in prop::collection::vec(0i64..60, 0..200), limit in 1usize..40,
            totals: bool, links: bool, totals_ignore_filter: bool, inclusive: bool,
        ) -> Server {
            dates.sort_unstable_by(|one, next| next.cmp(one));
            let ignores_filter = false;
            Server { dates, limit, totals, links, totals_ignore_filter, ignores_filter, inclusive }
        }
    }

    proptest! {
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
