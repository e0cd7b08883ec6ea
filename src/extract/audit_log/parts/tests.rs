//! All walks together, over logs, behaviours of servers and orders of answers.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::super::fake::{Server, log};
use super::super::walk::PAGE;
use super::*;

/// A server and its log, and how many walks there may be.
#[derive(Clone, Copy)]
struct Setting<'l> {
    log: &'l [(u64, i64)],
    server: Server,
    after: i64,
    most: usize,
}

/// What a run found.
#[derive(Debug, Default)]
struct Found {
    ids: BTreeSet<u64>,
    requests: usize,
    /// The number of requests whose answer was not known before.
    sent: usize,
    skipped: bool,
    /// The number of round trips where all requests that wait are answered at once.
    rounds: usize,
    splits: usize,
    failed: bool,
}

/// The answers of a run by the request and by how often it was sent before.
type Journal = HashMap<(String, usize), Page>;

/// Runs until the end, or until this many answers were received.
struct Run<'r, 'l> {
    setting: Setting<'l>,
    journal: &'r mut Journal,
    asked: HashMap<String, usize>,
    parts: Parts,
    found: Found,
}

impl<'r, 'l> Run<'r, 'l> {
    fn new(setting: Setting<'l>, journal: &'r mut Journal) -> Self {
        let parts = Parts::new(setting.after, setting.most);
        Run { setting, journal, asked: HashMap::new(), parts, found: Found::default() }
    }

    /// Answers the waiting requests, chosen by `order`, until none is left or `stop` were sent.
    fn in_order(mut self, order: &[usize], stop: usize) -> Found {
        let mut order = order.iter().cycle();
        let mut waiting = self.parts.start();
        while !waiting.is_empty() && self.found.sent < stop && !self.found.failed {
            let at = order.next().unwrap() % waiting.len();
            let next = waiting.swap_remove(at);
            waiting.extend(self.answer(&next));
        }
        self.end()
    }

    /// Answers all waiting requests at once, again and again.
    fn in_rounds(mut self) -> Found {
        let mut waiting = self.parts.start();
        while !waiting.is_empty() {
            self.found.rounds += 1;
            waiting = waiting.iter().flat_map(|next| self.answer(next)).collect();
        }
        self.end()
    }

    fn end(mut self) -> Found {
        self.found.splits = self.parts.splits;
        self.found
    }

    fn answer(&mut self, next: &Next) -> Vec<Next> {
        self.found.requests += 1;
        assert!(self.found.requests < 20_000, "the walks do not end");
        let asked = self.asked.entry(format!("{:?}", next.ask)).or_default();
        let entry = (format!("{:?}", next.ask), *asked);
        *asked += 1;
        let page = match self.journal.get(&entry) {
            Some(page) => page.clone(),
            None => self.send(next, entry),
        };
        let taken = self.parts.take(next.number, &page);
        self.found.skipped |= taken.skipped;
        taken.next
    }

    fn send(&mut self, next: &Next, entry: (String, usize)) -> Page {
        let Setting { log, server, after, .. } = self.setting;
        self.found.sent += 1;
        let mut page = server.page(log, &next.ask, after);
        self.found
            .ids
            .extend(page.entries.iter().filter(|(_, date)| *date > after).map(|(id, _)| *id));
        page.is_astray = self.parts.is_astray(next.number, &page);
        self.found.failed |= page.is_astray && !self.parts.can_do_without(next.number);
        page.splits = self.parts.split(next.number, &page);
        self.journal.insert(entry, page.clone());
        page
    }
}

fn rounds(gaps: &[i64], most: usize, after: i64) -> Found {
    let log = log(gaps);
    let server = Server { links: true, ..Server::default() };
    let mut journal = Journal::new();
    let found = Run::new(Setting { log: &log, server, after, most }, &mut journal).in_rounds();
    let wanted = log.iter().filter(|(_, date)| *date > after).count();
    assert_eq!(found.ids.len(), wanted);
    found
}

const DAY: i64 = 86_400_000;

/// A log whose entries are spread evenly, except that nine in ten are within a `time` that begins
/// `ago`.
fn busy(entries: i64, ago: i64, time: i64) -> Vec<i64> {
    let quiet = 90 * DAY / (entries / 10).max(1);
    let before = ago / quiet;
    let gap = |number: i64| {
        let is_busy = (before..before + entries * 9 / 10).contains(&number);
        if is_busy { (time / (entries * 9 / 10).max(1)).max(1) } else { quiet }
    };
    (0..entries).map(gap).collect()
}

/// Logs of the last 90 days whose entries are spread in different ways.
fn shapes(entries: i64) -> Vec<(&'static str, Vec<i64>)> {
    let mut state = 1u64;
    let mut random = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as i64 % below
    };
    let numbers = || 0..entries;
    let growing: Vec<_> =
        numbers().map(|number| 1 + number * number * 90 * DAY / entries.pow(3)).collect();
    let in_office = |number: i64| if number % 200 == 199 { 57_600_000 } else { random(288_000) };
    let in_office: Vec<_> = numbers().map(in_office).collect();
    let burst = |number: i64| if number % 50 == 49 { random(DAY / 4) } else { random(20) };
    vec![
        ("even", vec![90 * DAY / entries; entries as usize]),
        ("five days", vec![5 * DAY / entries; entries as usize]),
        ("denser in the past", growing.iter().rev().copied().collect()),
        ("denser of late", growing),
        ("in office hours", in_office),
        ("a busy hour 40 days ago", busy(entries, 40 * DAY, DAY / 24)),
        ("ten busy seconds 40 days ago", busy(entries, 40 * DAY, 200_000)),
        ("a busy last hour", busy(entries, 0, DAY / 24)),
        ("in bursts", numbers().map(burst).collect()),
    ]
}

#[test]
fn a_large_log_takes_a_share_of_the_round_trips_and_few_more_requests() {
    for (name, gaps) in shapes(20_000) {
        let serial = rounds(&gaps, 1, 1_000_000 - 120 * DAY);
        let found = rounds(&gaps, 8, 1_000_000 - 120 * DAY);
        let (pages, requests) = (serial.requests as f64, found.requests as f64);
        assert_eq!((serial.splits, serial.rounds), (0, serial.requests), "{name}");
        assert!(requests <= pages * 1.02 + 8.0, "{name}: {requests} for {pages}");
        let rounds = found.rounds as f64;
        // How far a busy time goes on is found out while it is read.
        let most = if name.contains("busy") { 1.6 } else { 1.15 };
        assert!(rounds <= most * requests / 8.0, "{name}: {rounds} for {requests}");
    }
}

#[test]
fn a_short_log_is_not_split() {
    for entries in [0, 1, 19, 45, 100, 115] {
        for (name, gaps) in shapes(entries.max(1)) {
            let gaps = &gaps[..entries as usize];
            let found = rounds(gaps, 8, 1_000_000 - 120 * DAY);
            let pages = (entries.max(2) as usize - 1).div_ceil(PAGE - 1);
            assert_eq!((found.requests, found.splits), (pages, 0), "{name}, {entries}");
        }
    }
}

#[test]
fn time_without_entries_costs_few_requests() {
    let gaps = vec![10; 2000];
    for days in [1, 90, 3650] {
        let serial = rounds(&gaps, 1, 1_000_000 - days * DAY);
        let found = rounds(&gaps, 8, 1_000_000 - days * DAY);
        assert!(found.requests <= serial.requests + 12, "{days} days: {}", found.requests);
    }
}

#[test]
fn an_entry_in_the_future_does_not_prevent_splits() {
    let mut gaps = vec![90 * DAY / 5000; 5000];
    gaps[1] = 400 * DAY;
    assert!(rounds(&gaps, 8, 1_000_000 - 490 * DAY).splits > 6);
}

#[test]
fn a_server_that_ignores_before_is_read_by_its_links() {
    let server = Server { links: true, cursor: true, honours_before: false, ..Server::default() };
    let log = log(&vec![900; 1000]);
    let mut journal = Journal::new();
    let setting = Setting { log: &log, server, after: 0, most: 8 };
    let found = Run::new(setting, &mut journal).in_rounds();
    assert_eq!((found.ids.len(), found.failed), (1000, false));
    assert!(found.splits > 0 && found.requests <= 50 + found.splits, "{}", found.requests);
}

/// Gaps of a log: mostly even or mostly shared milliseconds, with long breaks.
fn gaps() -> impl Strategy<Value = Vec<i64>> {
    let gap = prop_oneof![
        6 => 1i64..200, 3 => Just(0i64), 1 => 1000i64..100_000,
    ];
    let even = prop_oneof![20 => 50i64..60, 1 => Just(0i64)];
    prop_oneof![prop::collection::vec(gap, 0..600), prop::collection::vec(even, 0..600)]
}

fn server() -> impl Strategy<Value = Server> {
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (switches, prop_oneof![Just(PAGE), 5..PAGE]).prop_map(
        |((links, inclusive, honours_after, cursor), page)| Server {
            links,
            inclusive,
            honours_after,
            cursor,
            honours_before: true,
            // A short page without a link is the last.
            page: if links || cursor { page } else { PAGE },
        },
    )
}

proptest! {
    #[test]
    fn no_entry_is_lost_in_any_order_of_answers(
        gaps in gaps(), server in server(), depth in 1i64..100_000, most in 1usize..12,
        order in prop::collection::vec(0usize..64, 1..60), stop in 0usize..60,
    ) {
        let log = log(&gaps);
        let after = 1_000_000 - depth;
        let setting = Setting { log: &log, server, after, most };
        let wanted: BTreeSet<_> =
            log.iter().filter(|(_, date)| *date > after).map(|(id, _)| *id).collect();
        let serial = Run::new(Setting { most: 1, ..setting }, &mut Journal::new()).in_rounds();
        // The run stops after some answers, and resumes with another order.
        let mut journal = Journal::new();
        let stopped = Run::new(setting, &mut journal).in_order(&order, stop);
        let backwards: Vec<_> = order.iter().rev().copied().collect();
        let found = Run::new(setting, &mut journal).in_order(&backwards, usize::MAX);
        prop_assert!(!found.failed);
        let all: BTreeSet<_> = stopped.ids.union(&found.ids).copied().collect();
        let largest = log.chunk_by(|one, next| one.1 == next.1).map(<[_]>::len).max();
        if server.cursor || largest.unwrap_or(0) < server.page {
            prop_assert_eq!(&all, &wanted);
        } else {
            prop_assert!(found.skipped || serial.skipped || all == wanted);
        }
        prop_assert!(
            found.requests <= serial.requests + 2 * found.splits,
            "{} for {} with {} splits", found.requests, serial.requests, found.splits
        );
        prop_assert!(stopped.sent + found.sent <= found.requests + stopped.splits + 2);
    }
}
