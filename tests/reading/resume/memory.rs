//! A run keeps its memory small: it starts again in the same process with other settings of the
//! allocator.

use std::fs;
use std::process::{Child, Command};

use rustix::process::Signal;

use crate::resume::{hanging, stop, wait_until_stuck};
use crate::support::Run;

/// Starts a run that waits for an answer, and returns a file of its process in `/proc`.
fn proc_file(file: &str, change: impl FnOnce(&mut Command)) -> String {
    let run: Run = hanging("/api/v2/flags/", 1);
    let mut command = run.command(&["extract", "--quiet"]);
    change(&mut command);
    let child: Child = command.spawn().unwrap();
    wait_until_stuck(&run);
    let text = fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    stop(&child, Signal::TERM);
    child.wait_with_output().unwrap();
    text
}

#[test]
fn a_run_bounds_the_arenas_of_the_allocator() {
    let variables = proc_file("environ", |_| ());
    assert!(variables.contains("MALLOC_ARENA_MAX=2\0"), "{variables:?}");
    assert!(variables.contains("MALLOC_TRIM_THRESHOLD_="), "{variables:?}");
    assert_eq!(proc_file("comm", |_| ()), "flaglake\n");
    assert!(proc_file("cmdline", |_| ()).contains("extract\0--quiet"));
}

#[test]
fn settings_of_the_allocator_that_a_user_has_made_stay() {
    let variables = proc_file("environ", |command| {
        command.env("MALLOC_ARENA_MAX", "7");
    });
    assert!(variables.contains("MALLOC_ARENA_MAX=7\0"), "{variables:?}");
    assert!(!variables.contains("MALLOC_TRIM_THRESHOLD_"), "{variables:?}");
}
