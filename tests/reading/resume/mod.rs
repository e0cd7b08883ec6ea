//! A run resumes after a stop or kill. A stage that the new run cannot use is discarded.

mod going_on;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;
mod signals;
mod starting_over;

use crate::support::{Ended, Run, ended};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

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
    let journal = folder.path().join("stage-journal");
    std::fs::copy(run.path(".launchdarkly.db.stage-journal"), journal).ok()?;
    let stage = rusqlite::Connection::open(stage).ok()?;
    let count = stage.query_row("SELECT count(*) FROM answers WHERE target LIKE '/%'", [], |row| {
        row.get::<_, i64>(0)
    });
    usize::try_from(count.ok()?).ok()
}

/// How many requests were answered, if that is all but the one that hangs, and they are kept.
fn answered_but_one(run: &Run) -> Option<usize> {
    // On a busy machine, any request takes a while. A run that is stopped at another one meets the
    // one that hangs when it goes on, and waits for it until its patience ends.
    let hangs = run.server.behave(|behaviour| behaviour.script.iter().all(|one| one.times == 0));
    let statuses: Vec<_> = run.server.requests().iter().map(|one| one.status).collect();
    let answered = statuses.iter().flatten().count();
    // Every run requests the caller's identity; that answer is not staged.
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

/// The number of requests of an uninterrupted run, and its tables.
fn clean() -> (usize, crate::support::Tables) {
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
