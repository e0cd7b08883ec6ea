//! Symbolic links on the way to an output, and in the place of flaglake's own files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use flaglake::system::lock::Lock;
use serde_json::Value;

use crate::outputs::company;
use crate::support::Run;

fn fails(run: &Run, arguments: &[&str]) -> Value {
    let fixed = ["extract", "--error-format", "json", "--retries", "0"];
    run.run(&[&fixed[..], arguments].concat()).failed(8, "output_failed")
}

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// `state` is a link to `private/state`, as with systemd's `DynamicUser`; `run` is a link to
/// `state` with its absolute path.
fn with_links() -> Run {
    let run = company();
    fs::create_dir_all(run.path("private/state")).unwrap();
    symlink("private/state", run.path("state")).unwrap();
    symlink(run.path("state"), run.path("run")).unwrap();
    run
}

#[test]
fn folders_of_an_output_may_be_links() {
    let run = with_links();
    for folder in ["state", "run", "private/../state", "run/../state/."] {
        let output = format!("{folder}/launchdarkly.db");
        for _ in 0..2 {
            run.extract(&["--output", &output]);
        }
        assert_eq!(names(&run.path("private/state")), ["launchdarkly.db"], "{folder}");
        fs::remove_file(run.path("private/state/launchdarkly.db")).unwrap();
    }
    for lake in ["state/lake", "run/new/lake"] {
        run.extract(&["--output", &format!("parquet:{lake}")]);
    }
    assert_eq!(names(&run.path("private/state")), ["lake", "new"]);
    assert!(run.path("private/state/new/lake/flags").is_dir());
}

#[test]
fn a_link_to_a_lake_may_end_with_a_slash() {
    let run = with_links();
    symlink("state", run.path("lake")).unwrap();
    for output in ["parquet:lake", "parquet:lake/"] {
        run.extract(&["--output", output]);
    }
    assert!(run.path("private/state/flags").is_dir());
}

#[test]
fn the_temporary_folder_may_be_a_link() {
    let run = with_links();
    let mut plan = run.command(&["extract", "--plan"]);
    let output = plan.env("TMPDIR", run.path("run")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(names(&run.path("private/state")).is_empty());
}

#[test]
fn one_database_by_two_names_has_one_lock() {
    let run = with_links();
    let _lock = Lock::take(&run.path("private/state/.x.db.lock")).unwrap();
    for folder in ["state", "run", "private/state"] {
        let error = fails(&run, &["--output", &format!("{folder}/x.db")]);
        assert!(text(&error, "message").contains("another run"), "{error}");
        assert!(text(&error, "hint").contains("--wait"), "{error}");
    }
}

#[test]
fn links_in_a_cycle_are_named_before_requests() {
    let run = company();
    symlink("b.db", run.path("a.db")).unwrap();
    symlink("a.db", run.path("b.db")).unwrap();
    for output in ["a.db", "sqlite:a.db/x.db", "parquet:a.db", "parquet:a.db/lake"] {
        let error = fails(&run, &["--output", output]);
        assert!(text(&error, "message").contains("a.db"), "{error}");
        assert!(text(&error, "hint").contains("link"), "{error}");
    }
    let error = run.run(&["report", "--input", "a.db", "--error-format", "json"]);
    let error = error.failed(8, "output_failed");
    assert!(text(&error, "hint").contains("link"), "{error}");
    assert!(run.server.requests().is_empty());
    assert_eq!(names(run.folder.path()), ["a.db", "b.db"]);
}

#[test]
fn a_lock_that_is_a_link_is_refused_and_what_it_leads_to_stays() {
    let run = company();
    fs::write(run.path("precious"), "precious").unwrap();
    for target in ["precious", "nothing"] {
        symlink(target, run.path(".launchdarkly.db.lock")).unwrap();
        let error = fails(&run, &[]);
        assert!(text(&error, "message").contains(".launchdarkly.db.lock"), "{error}");
        assert!(text(&error, "hint").contains("remove it"), "{error}");
        assert!(run.path(".launchdarkly.db.lock").symlink_metadata().unwrap().is_symlink());
        fs::remove_file(run.path(".launchdarkly.db.lock")).unwrap();
    }
    assert_eq!(fs::read(run.path("precious")).unwrap(), b"precious");
    assert!(!run.path("nothing").exists() && run.server.requests().is_empty());
}

#[test]
fn the_target_of_a_link_in_place_of_a_stage_stays() {
    let run = company();
    for name in [".launchdarkly.db.stage", ".launchdarkly.db.new"] {
        fs::write(run.path("precious"), "precious").unwrap();
        symlink("precious", run.path(name)).unwrap();
    }
    run.extract(&[]);
    assert_eq!(fs::read(run.path("precious")).unwrap(), b"precious");
    assert_eq!(names(run.folder.path()), ["launchdarkly.db", "precious"]);
}

#[test]
fn a_report_goes_through_links_of_folders() {
    let run = with_links();
    run.extract(&["--output", "state/launchdarkly.db"]);
    run.run(&["report", "--input", "run/launchdarkly.db", "--output", "state/r.html"]).succeeded();
    run.run(&["report", "--input", "state/launchdarkly.db", "--output", "run/r.html"]).succeeded();
    assert_eq!(names(&run.path("private/state")), ["launchdarkly.db", "r.html"]);
}
