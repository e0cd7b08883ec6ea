//! Standard output and standard error that cannot be written.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::outputs::company;
use crate::support::{Run, ended};

/// A stream that accepts no bytes: a full disk, or a pipe without a reader.
fn deaf(is_full: bool) -> Stdio {
    if is_full {
        return OpenOptions::new().write(true).open("/dev/full").unwrap().into();
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// The exit status of the binary with streams that accept no bytes.
fn status(run: &Run, arguments: &[&str], out: Option<bool>, err: Option<bool>) -> i32 {
    let mut command = run.command(arguments);
    command.stdout(out.map_or_else(Stdio::piped, deaf));
    command.stderr(err.map_or_else(Stdio::piped, deaf));
    let ended = ended(command.output().unwrap());
    assert!(!ended.stderr.contains("panicked"), "{arguments:?}: {}", ended.stderr);
    ended.status
}

#[test]
fn an_extraction_succeeds_though_nobody_can_hear_of_it() {
    let run = company();
    let text = &["extract", "-vv"][..];
    let runs = [
        (text, None, Some(true)),
        (text, None, Some(false)),
        (text, Some(true), Some(true)),
        (text, Some(false), Some(false)),
        (&["extract", "-vv", "--log-format", "json"], None, Some(true)),
        (&["extract"], Some(false), None),
    ];
    for (arguments, out, err) in runs {
        assert_eq!(status(&run, arguments, out, err), 0, "{arguments:?} {out:?} {err:?}");
    }
    let published = run.value::<i64>("SELECT count(*) FROM extractions");
    assert_eq!(usize::try_from(published).unwrap(), runs.len());
}

#[test]
fn a_summary_that_cannot_be_printed_is_warned_of() {
    let run = company();
    let ended = ended(run.command(&["extract"]).stdout(deaf(true)).output().unwrap());
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("The data is published"), "{}", ended.stderr);
}

#[test]
fn an_error_keeps_its_status_though_nobody_can_hear_of_it() {
    let run = company();
    for is_full in [true, false] {
        let unknown = ["extract", "--project", "unknown", "-vv"];
        assert_eq!(status(&run, &unknown, Some(is_full), Some(is_full)), 2);
        assert_eq!(status(&run, &["extract", "--unknown"], Some(is_full), Some(is_full)), 2);
        let report = ["report", "--input", "none.db"];
        assert_eq!(status(&run, &report, Some(is_full), Some(is_full)), 2);
    }
}

#[test]
fn output_to_a_full_disk_fails_and_a_closed_pipe_does_not() {
    let run = company();
    run.extract(&[]);
    for arguments in [
        &["schema"][..],
        &["schema", "--format", "grafana"],
        &["resources"],
        &["resources", "--format", "json"],
        &["report", "--output", "-"],
        &["report", "--format", "json"],
        &["report", "--format", "text"],
        &["check"],
        &["check", "--print-policy"],
        &["extract", "--plan"],
        &["--help"],
        &["extract", "--help"],
        &["--version"],
        &["completions", "bash"],
        &["man"],
    ] {
        assert_eq!(status(&run, arguments, Some(false), None), 0, "{arguments:?}");
        assert_eq!(status(&run, arguments, Some(true), None), 8, "{arguments:?}");
    }
    // The report is a file, so it is no error that the message about it cannot be written.
    assert_eq!(status(&run, &["report"], Some(true), Some(true)), 0);
}

#[test]
fn a_terminal_that_is_closed_does_not_end_an_extraction() {
    let run = company();
    for log in [&[][..], &["-vv"]] {
        run.server.forget_requests();
        let terminal = nix::pty::openpty(None, None).unwrap();
        let mut command = run.command(&[&["extract"][..], log].concat());
        let mut child = command.stderr(terminal.slave).stdout(Stdio::null()).spawn().unwrap();
        // The progress bars are shown.
        while run.server.requests().is_empty() {
            std::thread::yield_now();
        }
        drop((terminal.master, command));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{log:?}");
    }
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}
