//! A run ends on a signal.

use std::process::Stdio;
use std::time::{Duration, Instant};

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated;
use rustix::process::Signal;

use crate::resume::{hanging, size, start, stop, wait_until_stuck};
use crate::support::{Run, ended};

#[test]
fn an_interrupted_run_says_so_within_a_second() {
    let time_to_end = || {
        let run = hanging("/api/v2/flags/", 3);
        let child = start(&run, &["--error-format", "json"]);
        wait_until_stuck(&run);
        let told = Instant::now();
        stop(&child, Signal::TERM);
        let (ended, time) = (ended(child.wait_with_output().unwrap()), told.elapsed());
        ended.failed(130, "interrupted");
        time
    };
    // A busy machine may be slow once. A run that is slow every time is a defect.
    assert!((0..5).any(|_| time_to_end() < Duration::from_secs(1)));
}

#[test]
fn a_signal_ends_a_run_that_waits_for_its_token() {
    let run = Run::new(generated::account(size()), Behaviour::default());
    let mut command = run.command(&["extract", "--access-token-file", "-"]);
    command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").stdin(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    // Not `INT`: a shell makes background processes ignore it.
    stop(&child, Signal::TERM);
    let patience = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < patience, "the signal is not heard");
        std::thread::sleep(Duration::from_millis(20));
    }
}
