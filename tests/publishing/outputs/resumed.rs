//! A run that stopped is resumed, whatever the output.

use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::support::Run;

/// An account whose statuses cannot be read once.
pub fn failing() -> Run {
    let size = Size { projects: 2, environments: 2, flags: 8, ..Size::default() };
    let once = Scripted::once("/api/v2/flag-statuses/", Answer::json(503, "{}"));
    let behaviour = Behaviour { script: vec![once], ..Behaviour::default() };
    Run::new(generated::account(size), behaviour)
}

/// Whether the run after one that failed sends only requests that had no answer.
#[track_caller]
pub fn is_resumed(run: &Run, output: &str) {
    let arguments = ["extract", "--error-format", "json", "--output", output];
    let extract = |more: &[&str]| {
        let mut command = run.command(&[&arguments, more].concat());
        // Where the stage is that has no output beside it.
        crate::support::ended(command.env("TMPDIR", run.folder.path()).output().unwrap())
    };
    extract(&["--retries", "0"]).failed(6, "unavailable");
    assert!(run.requests("/flags/") > 0);
    run.server.forget_requests();
    extract(&[]).succeeded();
    assert!(run.requests("/flag-statuses/") > 0);
    assert_eq!(run.requests("/api/v2/projects"), 0, "{:?}", run.server.requests());
}

#[test]
fn a_run_to_a_lake_is_resumed() {
    is_resumed(&failing(), "parquet:lake");
}

#[test]
fn a_run_to_a_delta_lake_is_resumed() {
    is_resumed(&failing(), "delta:lake");
}
