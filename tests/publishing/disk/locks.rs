//! Outputs that another program or another run is writing.

use std::time::{Duration, Instant};

use flaglake::system::lock::Lock;
use rustix::process::{Pid, Signal, kill_process};

use super::{company, fails, text};
use crate::support::Run;
use crate::support::ended;

#[test]
fn a_locked_database_is_output_failed_and_the_stage_is_kept() {
    let run = company();
    run.extract(&[]);
    let tables = run.tables();
    let other = run.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    run.server.forget_requests();
    let error = fails(&run, &["--busy-timeout", "200ms"]);
    assert!(text(&error, "message").contains("launchdarkly.db"), "{error}");
    assert!(text(&error, "hint").contains("another program"), "{error}");
    assert_eq!(run.tables(), tables);
    other.execute_batch("ROLLBACK").unwrap();
    run.server.forget_requests();
    run.extract(&[]);
    assert_eq!(
        run.server.requests().len(),
        1,
        "the resumed run requests only the identity of its token"
    );
}

#[test]
fn a_run_waiting_for_a_database_ends_on_a_signal() {
    let run = company();
    run.extract(&[]);
    let other = run.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let requests = run.server.requests().len();
    // A busy machine may be slow once. A run that is slow every time is a defect.
    assert!((0..5).any(|_| time_to_end_a_waiting_run(&run, requests) < Duration::from_secs(1)));
    assert!(run.path(".launchdarkly.db.stage").exists());
}

/// Starts a run that waits for the database after this number of requests, and interrupts it;
/// returns the time until its end.
fn time_to_end_a_waiting_run(run: &Run, requests: usize) -> Duration {
    run.server.forget_requests();
    let child = run.command(&["extract", "--no-resume", "--error-format", "json", "-v"]);
    let mut child = { child }.stderr(std::process::Stdio::piped()).spawn().unwrap();
    // Everything is read then, and the run waits to publish.
    let patience = Instant::now() + Duration::from_secs(60);
    while run.server.requests().len() < requests {
        assert!(child.try_wait().unwrap().is_none() && Instant::now() < patience);
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let told = Instant::now();
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::INT).unwrap();
    let (output, time) = (child.wait_with_output().unwrap(), told.elapsed());
    ended(output).failed(130, "interrupted");
    time
}

#[test]
fn a_run_that_waits_for_another_starts_when_that_has_ended() {
    let run = company();
    let lock = Lock::take(&run.path(".launchdarkly.db.lock")).unwrap();
    let mut child = run.command(&["extract", "--wait"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    assert!(child.try_wait().unwrap().is_none());
    assert!(run.server.requests().is_empty(), "nothing is read while another run writes");
    drop(lock);
    assert!(child.wait().unwrap().success());
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}
