//! Walks over the lists of servers that behave in different ways.

use crate::system::hash::hash;
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
