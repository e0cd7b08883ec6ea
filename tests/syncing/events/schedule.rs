//! Any schedule of kills, lost answers and refusals: each valid event is accepted once, none is
//! lost, and once all are sent, nothing is sent again.

use std::process::Stdio;

use fake_launchdarkly::{Answer, Writes};
use proptest::prelude::*;

use super::accepted;
use crate::setup::{
    EVENTS, SYNC_EVENTS, command, kill, place, rejected, run_until_held, script, summary, sync,
    sync_without_writes, unscript, write,
};
use crate::support::Run;

/// What happens to one request of a run.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    /// The process is killed while it waits, and the server has carried the request out.
    KilledAfter,
    /// The process is killed while it waits, and the server has not carried the request out.
    KilledBefore,
    Lost,
    Closed,
    Status(u16),
    Limited,
}

/// One run of the sync.
#[derive(Clone, Debug)]
struct Step {
    /// How many rows the source has gained.
    more: usize,
    fault: Fault,
    /// How many requests are answered before.
    after: usize,
    /// Every so many requests are answered with 503 although they were carried out.
    fail_after: Option<usize>,
    retries: u8,
    /// `--limit`
    limit: Option<usize>,
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::None),
        Just(Fault::KilledAfter),
        Just(Fault::KilledBefore),
        Just(Fault::Lost),
        Just(Fault::Closed),
        Just(Fault::Limited),
        prop::sample::select(vec![400, 401, 409, 413, 500, 503]).prop_map(Fault::Status),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let fail_after = prop::option::weighted(0.3, 2..4_usize);
    let limit = prop::option::weighted(0.2, 1..6_usize);
    let parts = (0..9_usize, faults(), 0..3_usize, fail_after, 0..2_u8, limit);
    parts.prop_map(|(more, fault, after, fail_after, retries, limit)| Step {
        more,
        fault,
        after,
        fail_after,
        retries,
        limit,
    })
}

/// How a row is told from those that were sent.
const IDENTITIES: [&[&str]; 4] = [
    &["--id", "id"],
    &["--cursor", "at"],
    &["--cursor", "at", "--id", "id"],
    &["--cursor", "at", "--id", "id", "--lag", "1s"],
];

/// Every fifth row has no time.
fn is_valid(number: usize) -> bool {
    number % 5 != 4
}

/// The cursor of a row: two rows share it. Times have several forms.
fn cursor(number: usize, has_times: bool) -> String {
    let second = number / 2;
    match (has_times, number % 3) {
        (false, _) => second.to_string(),
        (true, 0) => format!("2024-02-03T04:05:{second:02}Z"),
        (true, 1) => format!("2024-02-03 04:05:{second:02}.000"),
        (true, _) => format!("2024-02-03T05:05:{second:02}+01:00"),
    }
}

/// The newest rows come first.
fn write_rows(run: &Run, count: usize, has_times: bool) {
    let line = |number| {
        let time = if is_valid(number) { "2024-02-03T04:05:06Z" } else { "" };
        let cursor = cursor(number, has_times);
        format!("e{number:03},e{number:03},u{number},{time},{cursor}\n")
    };
    let lines: String = (0..count).rev().map(line).collect();
    write(run, "events.csv", format!("id,event_key,context_key,occurred_at,at\n{lines}"));
}

fn answer(fault: Fault) -> Option<Answer> {
    Some(match fault {
        Fault::None => return None,
        Fault::KilledAfter => Answer::Hold,
        Fault::KilledBefore => Answer::Hang,
        Fault::Lost => Answer::Lost,
        Fault::Closed => Answer::Close,
        Fault::Status(status) => Answer::refusal(status),
        Fault::Limited => Answer::refusal(429).with_header("retry-after", "0"),
    })
}

const BATCHES: [&str; 2] = ["--batch-size", "3"];

fn take(run: &Run, arguments: &[&str], step: &Step) {
    let fail_after = step.fail_after.map(|n| (n, 503));
    run.server.behave(|behaviour| {
        behaviour.writes = Writes { fail_after, ..Writes::default() };
    });
    if let Some(answer) = answer(step.fault) {
        script(run, EVENTS, step.after, answer);
    }
    let mut command = command(run, arguments, &BATCHES);
    command.env("FLAGLAKE_RETRIES", step.retries.to_string());
    command.args(step.limit.map(|limit| format!("--limit={limit}")));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if run_until_held(run, &mut child) {
        kill(child);
    }
    unscript(run);
    run.server.behave(|behaviour| behaviour.writes = Writes::default());
}

fn check(identity: &[&str], has_times: bool, steps: &[Step]) {
    let arguments = [&SYNC_EVENTS[..7], identity].concat();
    let (run, mut rows) = (place(), 1);
    for step in steps {
        rows += step.more;
        write_rows(&run, rows, has_times);
        take(&run, &arguments, step);
    }
    let invalid = (0..rows).filter(|number| !is_valid(*number)).count();
    // A batch whose first answer is missing, and that is refused then, is asked about.
    let last = sync(&run, &arguments, &[&BATCHES[..], &["--unknown", "resend"]].concat());
    assert_eq!(last.status, if invalid == 0 { 0 } else { 11 }, "{}", last.stderr);
    let expected: Vec<_> =
        (0..rows).filter(|row| is_valid(*row)).map(|row| format!("e{row:03}")).collect();
    assert_eq!(accepted(&run), expected);
    assert_eq!(run.server.count_dropped_events(), 0);
    let again = summary(&sync_without_writes(&run, &arguments, &BATCHES));
    assert_eq!(again["unchanged"], expected.len());
    assert_eq!(rejected(&run).len(), invalid);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: prop::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_event_is_accepted_once_over_any_schedule(
        identity in prop::sample::select(IDENTITIES.to_vec()),
        has_times in any::<bool>(),
        steps in prop::collection::vec(steps(), 1..5),
    ) {
        check(identity, has_times, &steps);
    }
}
