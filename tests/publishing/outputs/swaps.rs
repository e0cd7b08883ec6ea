//! An object that replaces the output between its inspection and the publication stays unchanged.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::outputs::company;
use crate::support::{Ended, Run, ended, rows};

/// Runs `extract`, and changes its output after the check, before anything can be published.
fn during(run: &Run, act: impl FnOnce()) -> Ended {
    run.server.forget_requests();
    let mut command = run.command(&["extract", "--no-resume", "--error-format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while run.server.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none() && Instant::now() < patience);
        std::thread::yield_now();
    }
    act();
    ended(child.wait_with_output().unwrap())
}

/// Checks that the run failed; returns the message.
#[track_caller]
fn refused(ended: &Ended) -> String {
    let error = ended.failed(8, "output_failed");
    assert!(!error["hint"].as_str().unwrap().is_empty(), "{error}");
    error["message"].as_str().unwrap().to_owned()
}

fn foreign(run: &Run, name: &str) -> Vec<u8> {
    let other = Connection::open(run.path(name)).unwrap();
    other.execute_batch("CREATE TABLE mine (x); INSERT INTO mine VALUES (1)").unwrap();
    drop(other);
    fs::read(run.path(name)).unwrap()
}

#[test]
fn what_appears_in_the_place_of_a_new_output_stays() {
    for kind in ["database", "empty", "folder", "link"] {
        let run = company();
        let bytes = foreign(&run, "other.db");
        let path = run.path("launchdarkly.db");
        let ended = during(&run, || match kind {
            "database" => fs::rename(run.path("other.db"), &path).unwrap(),
            "empty" => fs::write(&path, "").unwrap(),
            "folder" => fs::create_dir(&path).unwrap(),
            _ => symlink("other.db", &path).unwrap(),
        });
        refused(&ended);
        match kind {
            "folder" => assert!(path.is_dir()),
            "empty" => assert_eq!(fs::read(&path).unwrap(), b""),
            _ => assert_eq!(fs::read(&path).unwrap(), bytes, "{kind}"),
        }
        assert!(!run.path(".launchdarkly.db.new").exists(), "{kind}");
    }
}

#[test]
fn a_foreign_database_in_the_place_of_the_output_stays() {
    for is_copied in [false, true] {
        let run = company();
        run.extract(&[]);
        let bytes = foreign(&run, "other.db");
        let path = run.path("launchdarkly.db");
        let ended = during(&run, || {
            if is_copied {
                // Overwrites the same file with other bytes.
                fs::copy(run.path("other.db"), &path).unwrap();
            } else {
                fs::rename(run.path("other.db"), &path).unwrap();
            }
        });
        refused(&ended);
        assert!(fs::read(&path).unwrap() == bytes, "copied: {is_copied}");
        let names = "SELECT name FROM sqlite_schema";
        assert_eq!(rows(&run.database(), names), [r#""mine""#]);
    }
}

#[test]
fn a_removed_output_does_not_return_with_half_its_history() {
    let run = company();
    run.extract(&[]);
    let path = run.path("launchdarkly.db");
    let message = refused(&during(&run, || fs::remove_file(&path).unwrap()));
    assert!(message.contains("removed"), "{message}");
    assert!(!path.exists());
}

#[test]
fn a_folder_or_link_in_the_place_of_the_output_stays() {
    for is_folder in [false, true] {
        let run = company();
        run.extract(&[]);
        let path = run.path("launchdarkly.db");
        let ended = during(&run, || {
            fs::rename(&path, run.path("real.db")).unwrap();
            if is_folder {
                fs::create_dir(&path).unwrap();
            } else {
                symlink("real.db", &path).unwrap();
            }
        });
        refused(&ended);
        let real = Connection::open(run.path("real.db")).unwrap();
        assert_eq!(rows(&real, "SELECT count(*) FROM extractions"), ["1"]);
        assert!(path.is_dir() == is_folder);
    }
}

#[test]
fn a_change_of_the_output_during_the_run_is_checked_again() {
    let newer = flaglake::catalog::SCHEMA_VERSION + 1;
    for change in [
        "PRAGMA application_id = 1",
        &format!("PRAGMA user_version = {newer}"),
        "UPDATE extractions SET account_id = 'another'",
        "UPDATE extractions SET extraction_id = 'another'",
        "ALTER TABLE flags ADD COLUMN note",
    ] {
        let run = company();
        run.extract(&[]);
        let before = run.tables();
        let ended = during(&run, || {
            let change = format!("PRAGMA foreign_keys = OFF; {change}");
            run.database().execute_batch(&change).unwrap();
        });
        refused(&ended);
        assert_eq!(run.tables(), before, "{change}");
        assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 1, "{change}");
    }
}

#[test]
fn a_users_addition_during_the_run_is_kept() {
    let run = company();
    run.extract(&[]);
    let own = "CREATE TABLE notes (flag_key, note); INSERT INTO notes VALUES ('a', 'b')";
    during(&run, || run.database().execute_batch(own).unwrap()).succeeded();
    assert_eq!(run.value::<i64>("SELECT count(*) FROM notes"), 1);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}
