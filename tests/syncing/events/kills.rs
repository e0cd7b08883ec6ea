//! The real binary, killed at random moments: each event is accepted once.

use std::time::{Duration, Instant};

use super::accepted;
use crate::setup::{SYNC_EVENTS, many, place, start, sync_without_writes, synced, write_events};

const MORE: [&str; 2] = ["--batch-size", "20"];

/// From 0 up to, but not including, 1: a deterministic sequence without a pattern.
fn fraction(number: u32) -> f64 {
    (f64::from(number) * 0.618_033_988_749_895).fract()
}

/// Each run has a hundred new rows, in five batches or more.
fn kill(kills: u32) {
    let run = place();
    run.server.behave(|behaviour| behaviour.latency = Duration::from_millis(5));
    let mut rows = 100;
    write_events(&run, many(0..rows));
    let started = Instant::now();
    synced(&run, SYNC_EVENTS, &MORE);
    let whole = started.elapsed();
    let mut killed = 0;
    for number in 0..kills {
        rows += 100;
        write_events(&run, many(0..rows));
        let mut child = start(&run, SYNC_EVENTS, &MORE);
        std::thread::sleep(whole.mul_f64(fraction(number) * 1.1));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
    }
    synced(&run, SYNC_EVENTS, &MORE);
    assert_eq!(accepted(&run), many(0..rows).collect::<Vec<_>>());
    sync_without_writes(&run, SYNC_EVENTS, &[]).succeeded();
    assert!(killed > kills / 2, "{killed} processes were killed before they ended");
}

#[test]
#[ignore = "long: 100 kills"]
fn a_hundred_kills_at_random_moments_lose_and_repeat_nothing() {
    kill(100);
}
