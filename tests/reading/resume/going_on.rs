//! A stopped run resumes.

use std::time::Duration;

use fake_launchdarkly::account::{DEMO_TOKEN, Environment};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};
use rustix::process::Signal;

use crate::resume::{PLACES, clean, hanging, size, start, stop, stopped, wait_until_stuck};
use crate::support::{self, Run};

#[test]
fn a_run_that_was_stopped_asks_only_what_was_not_answered() {
    let (requests, tables) = clean();
    let cases = [
        (Signal::KILL, -1, &PLACES[..]),
        (Signal::TERM, 130, &PLACES[3..5]),
        (Signal::INT, 130, &PLACES[5..]),
    ];
    for (signal, status, places) in cases {
        for (path, number) in places.iter().copied() {
            let run = hanging(path, number);
            let (ended, [kept, answered]) = stopped(&run, &[], signal);
            assert_eq!(ended.status, status, "{path}: {}", ended.stderr);
            assert!(!run.path("launchdarkly.db").exists());
            run.extract(&[]);
            let asked = run.server.requests().len();
            // The identity is asked for again, and so is what was in flight: the one that hung, and
            // answers that were on their way.
            let left = requests - answered + 1..=requests - kept + 1;
            assert!(left.contains(&asked), "{signal:?} at {path}: {asked} for {left:?}");
            assert!(run.tables() == tables, "{signal:?} at {path} {number}");
            let counted: i64 = run.value("SELECT requests FROM extractions");
            assert_eq!(counted, i64::try_from(requests).unwrap(), "answers that were kept count");
            assert_eq!(std::fs::read_dir(run.folder.path()).unwrap().count(), 1);
        }
    }
}

#[test]
fn a_run_that_goes_on_keeps_the_time_of_its_start() {
    let run = hanging("/api/v2/flags/", 3);
    let before = jiff::Timestamp::now();
    stopped(&run, &[], Signal::TERM);
    let after = jiff::Timestamp::now();
    run.extract(&[]);
    let started: String = run.value("SELECT started_at FROM extractions");
    let started: jiff::Timestamp = started.parse().unwrap();
    assert!(before.as_millisecond() <= started.as_millisecond() && started <= after);
}

#[test]
fn a_run_that_found_nobody_goes_on_when_somebody_is_there() {
    let size = Size { projects: 1, ..size() };
    let undisturbed = Run::new(generated::account(size), Behaviour::default());
    undisturbed.extract(&[]);
    let run = Run::new(generated::account(size), Behaviour::default());
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::FlagStatuses, 500)]));
    run.run(&["extract", "--retries", "0", "--error-format", "json"]).failed(6, "unavailable");
    run.server.behave(|behaviour| behaviour.refused.clear());
    let answered = run.requests("/api/v2/flags/");
    run.server.forget_requests();
    run.extract(&[]);
    let asked = run.requests("/api/v2/flags/");
    assert!(answered > 0, "statuses come after most of the flags");
    assert_eq!(answered + asked, undisturbed.requests("/api/v2/flags/"), "none is asked twice");
    assert_eq!(run.requests("/api/v2/flag-statuses/"), 4);
}

#[test]
fn what_was_deleted_while_a_run_was_stopped_is_left_out() {
    let run = hanging("/api/v2/flag-statuses/", 3);
    stopped(&run, &[], Signal::KILL);
    run.server.change(|account| {
        account.projects.truncate(1);
        let project = &mut account.projects[0];
        project.environments.truncate(3);
        project.environments.push(Environment::new("late"));
        project.flags.retain(|flag| flag.key != "flag-00007");
    });
    run.extract(&[]);
    assert!(support::rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    let kept = run.server.read(|account| {
        account.projects[0].flags.iter().map(|flag| format!("{:?}", flag.key)).collect::<Vec<_>>()
    });
    let sql = "SELECT flag_key FROM flags WHERE project_key = 'project-000'";
    let found = support::rows(&run.database(), sql);
    assert!(kept.iter().all(|key| found.contains(key)));
}

#[test]
fn nothing_secret_is_in_a_stage_that_stays() {
    let run = hanging("/api/v2/flag-statuses/", 3);
    stopped(&run, &["--target-values"], Signal::KILL);
    let secrets = run.server.read(|account| {
        let environments = account.projects.iter().flat_map(|project| &project.environments);
        let keys = environments.flat_map(|one| [one.api_key.clone(), one.mobile_key.clone()]);
        keys.chain([DEMO_TOKEN.to_owned()]).collect::<Vec<_>>()
    });
    for file in std::fs::read_dir(run.folder.path()).unwrap().map(Result::unwrap) {
        let bytes = std::fs::read(file.path()).unwrap();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{}", file.path().display());
        }
    }
}

#[test]
fn statuses_that_were_requested_again_are_not_dropped_by_the_run_that_resumes() {
    let size = Size { projects: 2, environments: 2, flags: 12, archived: 3, ..Size::default() };
    let account = generated::account(Size { deprecated: 1, ..size });
    // Created after the flags were walked: its statuses are dropped, and requested one by one.
    let create = Answer::change(|account| {
        let mut flag = account.projects[0].flags[3].clone();
        (flag.key, flag.created_ms) = ("brand-new".into(), account.now_ms + 1);
        account.projects[0].flags.push(flag);
    });
    let script = vec![
        Scripted::once("/api/v2/flag-statuses/project-000", create),
        Scripted::once("/api/v2/flags/project-001", Answer::Delay(Duration::from_secs(600))),
    ];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    stopped(&run, &[], Signal::KILL);
    run.extract(&[]);
    let statuses = "SELECT count(*) FROM flag_statuses WHERE flag_key = 'brand-new'";
    assert_eq!(run.value::<i64>(statuses), 2);
}

#[test]
fn other_lists_of_a_project_do_not_wait_for_its_flags() {
    let run = hanging("/api/v2/flags/", 1);
    let child = start(&run, &["--resources", "core,segments,metrics"]);
    wait_until_stuck(&run);
    let requests = run.server.requests();
    let answered = requests.iter().filter(|one| one.status == Some(200));
    let answered: Vec<_> = answered.map(|one| one.path.as_str()).collect();
    for project in ["project-000", "project-001"] {
        for list in ["metrics", "segments"] {
            let path = format!("/api/v2/{list}/{project}");
            assert!(answered.iter().any(|one| one.starts_with(&path)), "{path}: {answered:?}");
        }
    }
    stop(&child, Signal::KILL);
    child.wait_with_output().unwrap();
}
