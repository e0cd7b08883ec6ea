//! `sync forget` leaves nothing behind, and does not lead to events that are counted twice.

use fake_launchdarkly::Answer;

use crate::setup::{
    EVENTS, SYNC_EVENTS, kill_when_held, place, script, state, synced, write_events,
};
use crate::support::{Ended, Run, rows};

const NAME: &str = "events:web/production";

fn forget(run: &Run, more: &[&str]) -> Ended {
    run.run(&[&["sync", "forget", NAME, "--error-format", "json"], more].concat())
}

/// Three batches of one row each: the first is accepted, the second is being sent.
fn killed() -> Run {
    let run = place();
    write_events(&run, ["ann", "bob", "eve"]);
    script(&run, EVENTS, 1, Answer::Hold);
    kill_when_held(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    run
}

#[test]
fn a_key_of_a_batch_of_a_killed_run_is_forgotten() {
    let run = killed();
    let ended = forget(&run, &["--context-key", "ann"]).succeeded();
    assert!(ended.stderr.contains("counts as not sent"), "{}", ended.stderr);
    for sql in ["SELECT row_key FROM sync_rows", "SELECT row_keys FROM sync_batches"] {
        let left = rows(&state(&run), sql);
        assert!(!left.iter().any(|one| one.contains("ann")), "{left:?}");
    }
    write_events(&run, ["bob", "eve"]);
    synced(&run, SYNC_EVENTS, &[]);
    let left = rows(&state(&run), "SELECT row_key FROM sync_rows ORDER BY 1");
    assert_eq!(left, ["\"bob\"", "\"eve\""]);
    assert_eq!(run.server.count_events(), 3);
}

#[test]
fn a_key_of_a_batch_that_is_being_sent_is_told() {
    let run = killed();
    let ended = forget(&run, &["--context-key", "bob"]).succeeded();
    assert!(ended.stderr.contains("not settled"), "{}", ended.stderr);
    // The batch that was never sent no longer exists.
    let ended = forget(&run, &["--context-key", "eve"]).succeeded();
    assert!(!ended.stderr.contains("not settled"), "{}", ended.stderr);
}

#[test]
fn a_batch_that_may_have_been_sent_is_told_before_it_is_forgotten() {
    let run = killed();
    let ended = forget(&run, &[]).succeeded();
    assert!(ended.stderr.contains("lacks the answers on 1 batch of events"), "{}", ended.stderr);
    let ended = forget(&run, &[]);
    ended.failed(2, "usage");
}
