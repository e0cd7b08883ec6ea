//! A run that is stopped or killed goes on where it was; what is not its own is started over.

mod support;

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use flaglake::demo::account::{DEMO_TOKEN, Environment, SERVICE_TOKEN};
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Answer, Behaviour, Family, Scripted};
use rustix::process::{Pid, Signal, kill_process};
use support::{Ended, Run, ended};

fn size() -> Size {
    Size { projects: 2, environments: 4, flags: 230, archived: 60, teams: 130, ..Size::default() }
}

/// A run that hangs at the `number`th request to `path`, and its requests until then.
fn hanging(path: &str, number: usize) -> Run {
    let hang = Answer::Delay(Duration::from_secs(600));
    let mut script = vec![Scripted::once(path, hang)];
    if number > 1 {
        let as_it_is = Scripted::once(path, Answer::change(|_| ()));
        script.insert(0, as_it_is.times(number - 1));
    }
    let maximum = [(Family::Tags, 10)].into();
    Run::new(generated::account(size()), Behaviour { script, maximum, ..Behaviour::default() })
}

fn start(run: &Run, arguments: &[&str]) -> Child {
    let all: Vec<_> = ["extract"].iter().chain(arguments).copied().collect();
    run.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// How many answers the stage holds. The run that fills it has locked it: a copy is looked at.
fn kept(run: &Run) -> Option<usize> {
    let folder = tempfile::tempdir().unwrap();
    let stage = folder.path().join("stage");
    std::fs::copy(run.path(".launchdarkly.db.stage"), &stage).ok()?;
    std::fs::copy(run.path(".launchdarkly.db.stage-wal"), folder.path().join("stage-wal")).ok()?;
    let stage = rusqlite::Connection::open(stage).ok()?;
    let count = stage.query_row("SELECT count(*) FROM answers", [], |row| row.get::<_, i64>(0));
    usize::try_from(count.ok()?).ok()
}

/// How many requests were answered, if that is all but the one that hangs, and they are kept.
fn answered_but_one(run: &Run) -> Option<usize> {
    // On a busy machine, any request takes a while. A run that is stopped at another one meets the
    // one that hangs when it goes on, and waits for it until its patience ends.
    let hangs = run.server.behave(|behaviour| behaviour.script.iter().all(|one| one.times == 0));
    let statuses: Vec<_> = run.server.requests().iter().map(|one| one.status).collect();
    let answered = statuses.iter().flatten().count();
    // Every run asks who is asking: that answer is not kept.
    let are_kept = || kept(run).is_some_and(|kept| kept + 1 == answered);
    (hangs && answered + 1 == statuses.len() && are_kept()).then_some(answered)
}

/// Waits until the one request that hangs is all that is left; returns how many were answered.
fn wait_until_stuck(run: &Run) -> usize {
    let mut before = None;
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        std::thread::sleep(Duration::from_millis(60));
        let now = answered_but_one(run);
        if let Some(answered) = now.filter(|_| now == before) {
            return answered;
        }
        assert!(Instant::now() < patience, "it never got stuck: {:?}", run.server.requests());
        before = now;
    }
}

fn stop(child: &Child, signal: Signal) {
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// Runs until the request hangs, and ends the process; returns how it ended, and how many
/// requests were answered: when it was told to end, and when it had ended.
fn stopped(run: &Run, arguments: &[&str], signal: Signal) -> (Ended, [usize; 2]) {
    let child = start(run, arguments);
    let kept = wait_until_stuck(run);
    stop(&child, signal);
    let ended = ended(child.wait_with_output().unwrap());
    let answered = run.server.requests().iter().filter(|one| one.status.is_some()).count();
    run.server.forget_requests();
    (ended, [kept, answered])
}

/// How many requests a run without any trouble takes, and its tables.
fn clean() -> (usize, support::Tables) {
    let behaviour = Behaviour { maximum: [(Family::Tags, 10)].into(), ..Behaviour::default() };
    let run = Run::new(generated::account(size()), behaviour);
    run.extract(&[]);
    (run.server.requests().len(), run.tables())
}

const PLACES: [(&str, usize); 6] = [
    ("/api/v2/projects", 1),
    ("/api/v2/tags", 3),
    ("/api/v2/teams", 2),
    ("/api/v2/flags/", 2),
    ("/api/v2/flags/", 11),
    ("/api/v2/flag-statuses/", 7),
];

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
fn an_interrupted_run_says_so_within_a_second() {
    let run = hanging("/api/v2/flags/", 3);
    let child = start(&run, &["--error-format", "json"]);
    wait_until_stuck(&run);
    let told = Instant::now();
    stop(&child, Signal::TERM);
    let ended = ended(child.wait_with_output().unwrap());
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
    ended.failed(130, "interrupted");
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

/// A run after `arguments` were changed from none to these asks everything.
#[track_caller]
fn starts_over(prepare: impl Fn(&Run), arguments: &[&str]) {
    let run = hanging("/api/v2/flags/", 6);
    let (_, [kept, _]) = stopped(&run, &[], Signal::KILL);
    assert!(kept > 5);
    prepare(&run);
    run.extract(arguments);
    let paths = ["/api/v2/projects", "/api/v2/flags/project-000"];
    for path in paths {
        assert!(run.requests(path) > 0, "{path}");
    }
    let lost = "SELECT count(*) FROM flag_environments";
    assert!(run.value::<i64>(lost) > 0);
}

#[test]
fn a_run_starts_over_when_told_to_or_when_the_other_is_too_old() {
    starts_over(|_| (), &["--no-resume"]);
    starts_over(|_| (), &["--resume-within", "0s"]);
}

#[test]
fn a_run_does_not_go_on_with_another_selection() {
    starts_over(|_| (), &["--skip", "tags"]);
    starts_over(|_| (), &["--project", "project-000"]);
    starts_over(|_| (), &["--target-values"]);
}

#[test]
fn a_run_does_not_go_on_with_another_account() {
    let other = |run: &Run| run.server.change(|account| account.account_id = "other".into());
    starts_over(other, &[]);
}

#[test]
fn a_run_does_not_go_on_with_what_another_token_saw() {
    let run = hanging("/api/v2/flags/", 6);
    stopped(&run, &[], Signal::KILL);
    let mut other = run.command(&["extract"]);
    ended(other.env("LAUNCHDARKLY_ACCESS_TOKEN", SERVICE_TOKEN).output().unwrap()).succeeded();
    assert_eq!(run.requests("/api/v2/projects"), 1, "it starts over");
}

#[test]
fn a_stage_that_was_published_is_not_published_again() {
    let run = Run::new(generated::account(size()), Behaviour::default());
    run.extract(&[]);
    let database = run.database();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let arguments = ["extract", "--busy-timeout", "0s", "--error-format", "json"];
    run.run(&arguments).failed(8, "output_failed");
    // As if the run had ended right after its data became visible.
    let stage = rusqlite::Connection::open(run.path(".launchdarkly.db.stage")).unwrap();
    let id: String =
        stage.query_row("SELECT extraction_id FROM extractions", [], |row| row.get(0)).unwrap();
    drop(stage);
    database
        .execute_batch(&format!(
            "CREATE TEMP TABLE other AS SELECT * FROM extractions;
             UPDATE other SET extraction_id = '{id}';
             INSERT INTO extractions SELECT * FROM other; COMMIT"
        ))
        .unwrap();
    run.server.forget_requests();
    run.extract(&[]);
    assert!(run.server.requests().len() > 20, "everything is read anew");
}

#[test]
fn an_argument_beats_the_variable() {
    let run = hanging("/api/v2/flags/", 6);
    stopped(&run, &[], Signal::KILL);
    let mut command = run.command(&["extract", "--resume"]);
    ended(command.env("FLAGLAKE_NO_RESUME", "1").output().unwrap()).succeeded();
    assert_eq!(run.requests("/api/v2/projects"), 0, "it goes on");
}

#[test]
fn a_signal_ends_a_run_that_waits_for_its_token() {
    let run = Run::new(generated::account(size()), Behaviour::default());
    let mut command = run.command(&["extract", "--access-token-file", "-"]);
    command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").stdin(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    stop(&child, Signal::INT);
    let patience = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < patience, "the signal is not heard");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_does_not_go_on_with_what_another_version_or_no_flaglake_left() {
    let stage = ".launchdarkly.db.stage";
    let other = |sql: &'static str| {
        move |run: &Run| {
            let stage = rusqlite::Connection::open(run.path(stage)).unwrap();
            stage.execute_batch(sql).unwrap();
        }
    };
    starts_over(other("UPDATE checkpoint SET fingerprint = 'another'"), &[]);
    starts_over(other("UPDATE checkpoint SET boot = 'another'"), &[]);
    starts_over(other("DROP TABLE answers"), &[]);
    let no_database = |run: &Run| {
        // A log that was never emptied holds the whole database, whatever the file is.
        std::fs::remove_file(run.path(&format!("{stage}-wal"))).unwrap();
        std::fs::write(run.path(stage), "no database").unwrap();
    };
    starts_over(no_database, &[]);
    starts_over(|run| std::fs::remove_file(run.path(stage)).unwrap(), &[]);
}

#[test]
fn a_run_that_found_nobody_goes_on_when_somebody_is_there() {
    let size = Size { projects: 1, ..size() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::FlagStatuses, 500)]));
    run.run(&["extract", "--retries", "0", "--error-format", "json"]).failed(6, "unavailable");
    run.server.behave(|behaviour| behaviour.refused.clear());
    run.server.forget_requests();
    run.extract(&[]);
    assert_eq!(run.requests("/api/v2/flags/"), 0, "they were answered");
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
