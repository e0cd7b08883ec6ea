//! What a terminal shows while an account is read.

use std::process::Stdio;
use std::time::Duration;

use crate::support::{Run, terminal};
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

/// Long enough for the bars to move between requests.
const LATENCY: Duration = Duration::from_millis(250);

/// What a terminal of 80 columns shows during a run.
fn shown(run: &Run) -> String {
    let mut command = run.command(&["extract", "--resources", "core"]);
    // Without it, the bars are hidden.
    command.env("TERM", "xterm");
    terminal::shown(command, 80, |command, terminal| {
        command.stderr(terminal).stdout(Stdio::piped());
    })
}

#[test]
fn progress_tells_how_much_there_is_to_read() {
    let size = Size {
        projects: 2,
        environments: 3,
        flags: 250,
        archived: 10,
        deprecated: 0,
        ..Size::default()
    };
    let behaviour = Behaviour { latency: LATENCY, ..Behaviour::default() };
    let run = Run::new(generated::account(size), behaviour);
    let shown = shown(&run);
    // Two projects, each with 250 flags in use and 10 archived ones.
    for text in [" of about 500 rows", "520 rows, ", " requests of about "] {
        assert!(shown.contains(text), "no `{text}` in {shown}");
    }
    assert!(!shown.contains("520 of"), "{shown}");
    let flags: i64 = run.value("SELECT count(*) FROM flags");
    assert_eq!(flags, 520);
}
