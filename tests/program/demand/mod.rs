//! The commands that look at the account on demand, and that change a flag with consent.

mod applying;
mod approvals;
mod archive;
pub mod definitions;
mod exact;
mod lists;
mod looks;
mod recovery;
mod refusals;
mod request;
mod schema;
mod show;
mod terminal;
mod toggle;
mod withdrawing;

use fake_launchdarkly::account::{
    Account, Approval, Environment, Flag, FlagConfig, FlagEnvironment, FlagStatus, Project,
};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};
use serde_json::Value;

use crate::support::{Ended, Run};

const NOW: i64 = 1_790_000_000_000;
/// Long before the clock of this machine.
const LONG_AGO: i64 = 1_500_000_000_000;

/// The project `web` with the flag `beta`, which is off in `test`, `strict`, `guarded` and
/// `production`, and on in `live`. The flag `needs-beta` depends on it in `production`.
fn run() -> Run {
    run_with(|_| {})
}

/// The same, with more in the project.
fn run_with(change: impl FnOnce(&mut Project)) -> Run {
    let mut project = Project::new("web");
    for environment in environments() {
        project = project.with_environment(environment);
    }
    project = project.with_flag(beta()).with_flag(needs_beta()).with_flag(old());
    change(&mut project);
    let mut account = Account::new(NOW).with_project(project);
    // In place of those that follow from the account.
    account.lists.insert((Family::ApprovalRequests, Vec::new()), Vec::new());
    Run::new(account, Behaviour::default())
}

fn environments() -> [Environment; 5] {
    let [test, mut strict, mut guarded, mut production, live] =
        ["test", "strict", "guarded", "production", "live"].map(Environment::new);
    strict.require_comments = true;
    guarded.approval = Some(Approval::by(1));
    production.critical = true;
    [test, strict, guarded, production, live]
}

fn beta() -> Flag {
    let on = FlagConfig { version: 5, ..FlagConfig::on(LONG_AGO, 0, 1) };
    let state =
        FlagEnvironment { config: on, status: Some(FlagStatus::requested("launched", LONG_AGO)) };
    Flag::new("beta", LONG_AGO).in_environment("live", state)
}

fn needs_beta() -> Flag {
    let mut config = FlagConfig::on(LONG_AGO, 0, 1);
    config.prerequisites = vec![("beta".to_owned(), 0)];
    let status = Some(FlagStatus::requested("launched", LONG_AGO));
    Flag::new("needs-beta", LONG_AGO)
        .in_environment("production", FlagEnvironment { config, status })
}

fn old() -> Flag {
    Flag::new("old", LONG_AGO).archived(LONG_AGO)
}

/// Runs a command, with errors as JSON.
fn ask(run: &Run, command: &str, more: &[&str]) -> Ended {
    let words: Vec<_> = command.split(' ').chain(more.iter().copied()).collect();
    run.run(&[&words[..], &["--error-format", "json"]].concat())
}

/// Runs a command that must succeed, and returns its JSON.
fn json(run: &Run, command: &str, more: &[&str]) -> Value {
    let ended = ask(run, command, &[more, &["--format", "json"]].concat()).succeeded();
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The requests that were not only for reading, as `METHOD path`.
fn writes(run: &Run) -> Vec<String> {
    let requests = run.server.requests();
    let writes = requests.iter().filter(|request| request.method != "GET");
    writes.map(|request| format!("{} {}", request.method, request.path)).collect()
}

/// Whether `beta` is on in an environment.
fn is_on(run: &Run, environment: &str) -> bool {
    run.server.read(|account| {
        let flag = account.project("web").unwrap().flag("beta").unwrap();
        flag.environment(environment).config.on
    })
}

/// The approval requests that the account has.
fn requests(run: &Run) -> Vec<Value> {
    run.server.read(|account| {
        let items = &account.lists[&(Family::ApprovalRequests, Vec::new())];
        items.iter().map(|item| serde_json::from_str(item).unwrap()).collect()
    })
}

/// An account with a request for `beta` in an environment, and its ID.
fn asked(environment: &str, is_approved: bool) -> (Run, String) {
    let run = run();
    let ask = "flags on beta --project web --request-approval --environment";
    let made = json(&run, ask, &[environment, "--comment", "please"]);
    let id = made["approval_request_id"].as_str().unwrap().to_owned();
    if is_approved {
        assert!(run.server.approve(&id));
    }
    run.server.forget_requests();
    (run, id)
}

/// Changes the only approval request of the account.
fn change_request(run: &Run, change: impl FnOnce(&mut Value)) {
    run.server.change(|account| {
        let items = account.lists.get_mut(&(Family::ApprovalRequests, Vec::new())).unwrap();
        let [item] = &mut items[..] else { panic!("one request") };
        let mut request = serde_json::from_str(item).unwrap();
        change(&mut request);
        *item = request.to_string();
    });
}

/// Answers the next requests whose path starts with `path`.
fn answer(run: &Run, method: &str, path: &str, times: usize, answer: Answer) {
    let scripted = Scripted::once(path, answer).method(method).times(times);
    run.server.behave(|behaviour| behaviour.script.push(scripted));
}

fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, format!(r#"{{"code":"refused","message":"{message}"}}"#))
}

const PATCH: &str = "PATCH /api/v2/flags/web/beta";
