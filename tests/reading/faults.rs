//! Nearly a third of all answers fail: the run takes longer, and its tables are the same.

use std::collections::BTreeSet;
use std::thread;

use crate::support::{Run, Tables};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, Family, Fault, Faults};

/// Retries are in real time, and the more requests a run takes, the longer its unluckiest one.
const ARGUMENTS: [&str; 4] = ["--retries", "10", "--concurrency", "16"];

fn size() -> Size {
    Size { projects: 4, environments: 6, flags: 30, archived: 8, deprecated: 4, ..Size::default() }
}

fn small() -> Size {
    Size { projects: 1, environments: 4, flags: 12, archived: 3, deprecated: 1, ..size() }
}

/// The tables, and the faults that there were.
fn tables_of(size: Size, faults: Option<Faults>) -> (Tables, Vec<Fault>) {
    let maximum = [(Family::Flags, 20), (Family::Tags, 10)].into();
    let behaviour = Behaviour { faults, maximum, ..Behaviour::default() };
    let run = Run::new(generated::account(size), behaviour);
    run.extract(&ARGUMENTS);
    let faults = run.server.requests().iter().filter_map(|request| request.fault).collect();
    (run.tables(), faults)
}

#[track_caller]
fn assert_same(found: &Tables, expected: &Tables, case: &str) {
    for (table, rows) in expected {
        let found = &found[table];
        assert_eq!(found.len(), rows.len(), "{case}: {table}");
        assert!(found == rows, "{case}: {table} differs");
    }
}

/// Runs each case on a thread of its own, as most of their time is waits. Returns the faults that
/// there were.
fn assert_harmless(size: Size, cases: Vec<Faults>) -> BTreeSet<Fault> {
    let (expected, _) = tables_of(size, None);
    let run = |faults: Faults| {
        let case = format!("{faults:?}");
        let (tables, faults) = tables_of(size, Some(faults));
        assert_same(&tables, &expected, &case);
        faults
    };
    thread::scope(|scope| {
        let run = &run;
        let started: Vec<_> =
            cases.into_iter().map(|faults| scope.spawn(move || run(faults))).collect();
        started.into_iter().flat_map(|case| case.join().unwrap()).collect()
    })
}

#[test]
fn a_third_of_all_answers_may_go_wrong_in_every_way() {
    let seen = assert_harmless(size(), (1..=2).map(|seed| Faults::all(seed, 30)).collect());
    assert!(seen.len() > 10, "{seen:?}");
}

#[test]
#[ignore = "long: 40 runs"]
fn a_third_of_all_answers_may_go_wrong_in_forty_runs() {
    for first in (100..140).step_by(4) {
        let cases = (first..first + 4).map(|seed| Faults::all(seed, 30));
        assert_harmless(size(), cases.collect());
    }
}

#[test]
fn no_kind_of_fault_harms_on_its_own() {
    let cases = (1..).zip(Fault::ALL).map(|(seed, kind)| Faults::only(kind, seed, 40));
    assert_eq!(assert_harmless(small(), cases.collect()), Fault::ALL.into());
}
