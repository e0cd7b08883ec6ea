//! Any schedule of kills, lost answers, conflicts, edits by others and changes of the source: a
//! standard segment's members are the source's keys and those of others.

use std::collections::BTreeSet;
use std::process::Stdio;

use fake_launchdarkly::{Answer, ForeignEdit, Writes};
use proptest::prelude::*;

use crate::setup::{
    SEGMENT, SYNC_SEGMENT, command, counts, kill, members, place, run_until_held, script, summary,
    sync_without_writes, synced, unscript, write_users,
};
use crate::support::Run;

/// How many keys the source may have, and how many others may add.
const OURS: u32 = 8;
const THEIRS: u32 = 4;

/// Keys as the bits of a number.
type Keys = u32;

/// One run of the sync.
#[derive(Clone, Debug)]
struct Step {
    source: Keys,
    /// What others add and remove after a `GET`; they may remove this sync's keys, too.
    edits: Vec<Edit>,
    switches: Switches,
    /// Whether a request is held that was carried out, or that was not, and the process killed.
    kill: Option<(bool, usize)>,
}

#[derive(Clone, Debug)]
struct Edit {
    after_get: usize,
    adds: Keys,
    removes: Keys,
    removes_ours: Keys,
}

#[derive(Clone, Debug)]
struct Switches {
    lost: Option<usize>,
    fail_before: Option<usize>,
    fail_after: Option<usize>,
    conflicts: Option<usize>,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (1..5_usize, 0..1_u32 << THEIRS, 0..1_u32 << THEIRS, 0..1_u32 << OURS);
    let edit = edit.prop_map(|(after_get, adds, removes, removes_ours)| Edit {
        after_get,
        adds,
        removes: removes & !adds,
        removes_ours,
    });
    prop::collection::vec(edit, 0..3)
}

fn switches() -> impl Strategy<Value = Switches> {
    let every = || prop::option::weighted(0.2, 2..4_usize);
    (every(), every(), every(), every()).prop_map(|(lost, fail_before, fail_after, conflicts)| {
        Switches { lost, fail_before, fail_after, conflicts }
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let kill = prop::option::weighted(0.5, (any::<bool>(), 0..3_usize));
    (0..1_u32 << OURS, edits(), switches(), kill).prop_map(|(source, edits, switches, kill)| Step {
        source,
        edits,
        switches,
        kill,
    })
}

fn named(prefix: char, keys: Keys) -> BTreeSet<String> {
    let numbers = (0..32).filter(|number| keys & (1 << number) != 0);
    numbers.map(|number| format!("{prefix}{number}")).collect()
}

fn theirs(run: &Run) -> BTreeSet<String> {
    members(run).into_iter().filter(|key| key.starts_with('f')).collect()
}

fn edit(edit: &Edit) -> ForeignEdit {
    let (removes, ours) = (named('f', edit.removes), named('k', edit.removes_ours));
    ForeignEdit {
        project: "web".to_owned(),
        environment: "production".to_owned(),
        segment: "beta".to_owned(),
        context_kind: "user".to_owned(),
        after_get: edit.after_get,
        add: named('f', edit.adds).into_iter().collect(),
        remove: removes.into_iter().chain(ours).collect(),
    }
}

fn behaviour(step: &Step, gets: usize) -> Writes {
    let Switches { lost, fail_before, fail_after, conflicts } = step.switches;
    let mut foreign_edits: Vec<_> = step.edits.iter().map(edit).collect();
    for edit in &mut foreign_edits {
        edit.after_get += gets;
    }
    Writes {
        foreign_edits,
        lost_answers: lost,
        fail_before: fail_before.map(|n| (n, 503)),
        fail_after: fail_after.map(|n| (n, 503)),
        conflicts,
        ..Writes::default()
    }
}

/// How often the segment was read and found.
fn gets(run: &Run) -> usize {
    let is_read = |one: &fake_launchdarkly::Request| {
        one.method == "GET" && one.path == SEGMENT && one.status == Some(200)
    };
    run.server.requests().iter().filter(|one| is_read(one)).count()
}

const MORE: [&str; 3] = ["--allow-empty", "--batch-size", "2"];

fn take(run: &Run, step: &Step) {
    write_users(run, named('k', step.source));
    let writes = behaviour(step, gets(run));
    run.server.behave(|behaviour| behaviour.writes = writes);
    if let Some((is_carried_out, after)) = step.kill {
        let answer = if is_carried_out { Answer::Hold } else { Answer::Hang };
        script(run, "/api/v2/segments/web/production", after, answer);
    }
    let before = theirs(run);
    let mut child = command(run, SYNC_SEGMENT, &MORE);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if run_until_held(run, &mut child) {
        kill(child);
    }
    unscript(run);
    run.server.behave(|behaviour| behaviour.writes = Writes::default());
    check_theirs(run, step, &before);
}

/// Only others have added or removed keys of others.
fn check_theirs(run: &Run, step: &Step, before: &BTreeSet<String>) {
    let all = |keys: fn(&Edit) -> Keys| {
        named('f', step.edits.iter().map(keys).fold(0, |all, keys| all | keys))
    };
    let (added, removed, after) = (all(|edit| edit.adds), all(|edit| edit.removes), theirs(run));
    assert!(after.is_subset(&(before | &added)), "{after:?} after {before:?}");
    assert!((before - &removed).is_subset(&after), "{after:?} after {before:?}");
}

fn check(steps: &[Step]) {
    let run = place();
    for step in steps {
        take(&run, step);
    }
    let last = steps.last().map_or(0, |step| step.source);
    let others = theirs(&run);
    synced(&run, SYNC_SEGMENT, &MORE);
    assert_eq!(members(&run), &named('k', last) | &others);
    let again = summary(&sync_without_writes(&run, SYNC_SEGMENT, &MORE));
    let (ours, others) = (i64::from(last.count_ones()), i64::try_from(others.len()).unwrap());
    assert_eq!(counts(&again, ["unchanged", "foreign"]), [ours, others]);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        rng_seed: prop::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn members_are_the_source_and_those_of_others(steps in prop::collection::vec(steps(), 1..5)) {
        check(&steps);
    }
}
