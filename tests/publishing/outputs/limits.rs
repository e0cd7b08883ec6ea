//! Names, paths and files that are too long or too large, and files that another user has left.

use std::fs;

use serde_json::Value;

use crate::outputs::company;
use crate::support::{Run, ended};

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}

/// The error of `extract` to `output`. No request is sent, and no file is left.
fn refused(run: &Run, output: &str) -> Value {
    let before = fs::read_dir(run.folder.path()).unwrap().count();
    let arguments = ["extract", "--error-format", "json", "--output", output];
    let error = run.run(&arguments).failed(8, "output_failed");
    assert!(run.server.requests().is_empty(), "{error}");
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), before, "{error}");
    error
}

#[test]
fn names_and_paths_that_are_too_long_are_told_at_once() {
    let run = company();
    // Linux accepts names of at most 255 bytes; SQLite's suffixes take 15 of them.
    for length in [241, 255, 256, 5000] {
        let error = refused(&run, &format!("{}.db", "n".repeat(length - 3)));
        assert!(text(&error, "message").contains("are the most"), "{error}");
        assert!(text(&error, "hint").contains("shorter name"), "{error}");
    }
    let deep = "d/".repeat(260);
    for output in [format!("{deep}x.db"), format!("parquet:{deep}lake")] {
        let error = refused(&run, &output);
        assert!(text(&error, "message").contains("are the most"), "{error}");
    }
    let longest = format!("{}.db", "n".repeat(237));
    run.extract(&["--output", &longest]);
    assert!(run.path(&longest).exists());
}

#[test]
fn a_report_whose_name_is_too_long_is_output_failed() {
    let run = company();
    run.extract(&[]);
    for length in [252, 256] {
        let name = "r".repeat(length);
        let arguments = ["report", "--output", &name, "--error-format", "json"];
        let error = run.run(&arguments).failed(8, "output_failed");
        assert!(text(&error, "hint").contains("shorter name"), "{error}");
    }
    let input = format!("{}.db", "i".repeat(300));
    let error = run.run(&["report", "--input", &input, "--error-format", "json"]);
    assert!(text(&error.failed(8, "output_failed"), "hint").contains("shorter name"));
}

/// The binary under a limit: it may write files of this number of blocks of 512 bytes.
fn limited(run: &Run, blocks: usize, arguments: &[&str]) -> std::process::Command {
    let whole = run.command(arguments);
    let mut command = std::process::Command::new("sh");
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    command.args(["-c", &script]).arg(whole.get_program()).args(whole.get_args());
    command.env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

#[test]
fn a_limit_of_file_sizes_is_an_error_and_no_signal() {
    let run = company();
    run.extract(&[]);
    let tables = run.tables();
    for output in ["launchdarkly.db", "new.db", "parquet:lake"] {
        for blocks in [0, 8, 200, 600] {
            let arguments = ["extract", "--error-format", "json", "--output", output];
            let ended = ended(limited(&run, blocks, &arguments).output().unwrap());
            let error = ended.failed(8, "output_failed");
            assert!(text(&error, "hint").contains("ulimit -f"), "{output} {blocks}: {error}");
            assert_eq!(run.tables(), tables, "{output} {blocks}");
            let hidden = |name: &str| run.path(name).exists();
            let left = [".launchdarkly.db.stage", ".new.db.stage", ".new.db.new", "new.db"];
            assert!(!left.into_iter().any(hidden), "{output} {blocks}");
            assert!(!hidden("lake/.flaglake.stage"), "{output} {blocks}");
        }
    }
    let arguments = ["report", "--error-format", "json"];
    let ended = ended(limited(&run, 8, &arguments).output().unwrap());
    assert!(text(&ended.failed(8, "output_failed"), "hint").contains("ulimit -f"));
    assert!(!run.path("report.html").exists() && !run.path(".report.html.new").exists());
}
