//! The token reaches no file and no message, context keys no log, and files are their owner's.

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::{Answer, Behaviour};

use crate::setup::{
    EVENTS, SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, account, create_big_segment, kill, many,
    place, run_until_held, script, start, sync, write, write_events, write_users,
};
use crate::support::{Ended, Run, ended};

fn assert_clean(run: &Run, ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains(DEMO_TOKEN), "{text}");
    }
    for entry in fs::read_dir(run.folder.path()).unwrap().map(Result::unwrap) {
        let text = fs::read(entry.path()).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains(DEMO_TOKEN), "the token is in {}", entry.path().display());
    }
}

fn filled() -> Run {
    let run = place();
    write_users(&run, ["ada@example.com", "bob@example.com"]);
    write_events(&run, ["order-4711"]);
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n,y\n");
    run
}

/// What a sync writes beside its state.
const FILES: [&str; 4] = ["--plan", "plan.json", "--rejected", "rejected.csv"];

#[test]
fn the_token_is_in_no_file_and_no_message() {
    for format in ["text", "json"] {
        let run = filled();
        for arguments in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
            let more = [&FILES[..], &["-vv", "--log-format", format]].concat();
            let ended = sync(&run, arguments, &more);
            assert!([0, 11].contains(&ended.status), "{}", ended.stderr);
            assert!(ended.stderr.contains("/api/v2/"), "the log is at trace level");
            assert_clean(&run, &ended);
        }
    }
}

#[test]
fn the_token_is_in_no_error() {
    for answer in [
        Answer::json(400, format!(r#"{{"code":"x","message":"token {DEMO_TOKEN}"}}"#)),
        Answer::json(403, format!(r#"{{"code":"forbidden","message":"{DEMO_TOKEN} may not"}}"#)),
        Answer::raw(500, "text/html", format!("<p>{DEMO_TOKEN}</p>")),
    ] {
        for (arguments, path) in [
            (SYNC_EVENTS, EVENTS),
            (SYNC_METRICS, "/api/v2/metrics/web"),
            (SYNC_SEGMENT, "/api/v2/segments/web/production"),
        ] {
            let run = filled();
            script(&run, path, 0, answer.clone());
            let ended = sync(&run, arguments, &[&FILES[..], &["-vv"]].concat());
            assert_clean(&run, &ended);
        }
    }
}

#[test]
fn context_keys_are_logged_at_the_lowest_level_only() {
    for more in [&[][..], &["-v"], &["--log-format", "json", "-v"]] {
        let run = filled();
        for arguments in [SYNC_EVENTS, SYNC_SEGMENT] {
            let ended = sync(&run, arguments, more).succeeded();
            for key in ["ada@example.com", "bob@", "user-order-4711"] {
                assert!(!ended.stderr.contains(key), "{key}: {}", ended.stderr);
            }
        }
    }
}

#[test]
fn context_keys_are_in_no_error() {
    let run = filled();
    let words = r#"{"code":"invalid_request","message":"no"}"#;
    for status in [400, 403, 409, 503] {
        let answer = Answer::json(status, words);
        let path = "/api/v2/segments/web/production";
        script(&run, path, 0, answer);
        let ended = sync(&run, SYNC_SEGMENT, &["--sync-name", &status.to_string()]);
        assert!(!ended.stderr.contains("@example.com"), "{}", ended.stderr);
    }
}

/// Only the owner may read it.
#[track_caller]
fn assert_private(metadata: &Metadata, name: &str) {
    let mode = metadata.permissions().mode() & 0o777;
    assert_eq!(mode & 0o077, 0, "{name} has the mode {mode:o}");
}

/// Every file of the state, and every file that the process has open for writing.
fn assert_all_private(run: &Run, process: u32) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(run.folder.path()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.contains("sync") {
            assert_private(&entry.metadata().unwrap(), &name);
            names.push(name);
        }
    }
    for entry in fs::read_dir(format!("/proc/{process}/fd")).unwrap().map(Result::unwrap) {
        let place = fs::read_link(entry.path()).unwrap();
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if metadata.is_file() && !is_source(&place) {
            assert_private(&metadata, &place.display().to_string());
            names.push(place.display().to_string());
        }
    }
    names
}

fn is_source(place: &Path) -> bool {
    place.extension().is_some_and(|ending| ending == "csv")
}

#[test]
fn state_and_temporary_files_are_the_owners_alone() {
    let run = filled();
    script(&run, EVENTS, 0, Answer::Hold);
    let mut child = start(&run, SYNC_EVENTS, &[]);
    assert!(run_until_held(&run, &mut child));
    let names = assert_all_private(&run, child.id());
    assert!(names.iter().any(|name| name == "flaglake-sync.db"), "{names:?}");
    assert!(names.iter().any(|name| name.contains("-wal")), "{names:?}");
    kill(child);
}

#[test]
fn the_file_of_an_import_is_the_owners_alone() {
    let run = place();
    create_big_segment(&run);
    write_users(&run, many(0..5_001));
    script(&run, "/api/v2/segments/web/production/beta/imports", 0, Answer::Hang);
    let mut child = start(&run, SYNC_SEGMENT, &["--kind", "big"]);
    assert!(run_until_held(&run, &mut child));
    let names = assert_all_private(&run, child.id());
    assert!(names.iter().any(|name| name.contains("import")), "{names:?}");
    let left = fs::read_dir(run.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("import")).collect();
    assert!(left.is_empty(), "it has no name that a kill would leave: {left:?}");
    kill(child);
}

#[test]
fn a_token_in_a_file_is_not_shown_either() {
    let run = Run::new(account(), Behaviour::default());
    write_users(&run, ["a"]);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, DEMO_TOKEN).unwrap();
    let arguments = ["--access-token-file", file.to_str().unwrap(), "-vv"];
    let mut command = crate::setup::command(&run, SYNC_SEGMENT, &arguments);
    command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN");
    let ended = ended(command.output().unwrap()).succeeded();
    assert_clean(&run, &ended);
}
