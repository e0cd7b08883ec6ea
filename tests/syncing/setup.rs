//! An account to write to, and the syncs that run against it.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};

use crate::support::{Ended, Run, ended, rows};
use fake_launchdarkly::account::{Account, Environment, Project};
use fake_launchdarkly::{Answer, Behaviour, Family, Request, Scripted};
use rusqlite::Connection;
use serde_json::{Value, json};

/// Keys of contexts.
pub type Keys = BTreeSet<String>;

pub const NOW: i64 = 1_790_000_000_000;

/// Where events, the members of the segment `beta`, and metrics are written.
pub const EVENTS: &str = "/v2/event-data-import/web/production";
pub const SEGMENT: &str = "/api/v2/segments/web/production/beta";
pub const METRICS: &str = "/api/v2/metrics/web";

/// The sync of each object, from a file of its name.
pub const SYNC_EVENTS: &[&str] = &[
    "events",
    "--project",
    "web",
    "--environment",
    "production",
    "--from",
    "csv:events.csv",
    "--id",
    "id",
];
pub const SYNC_SEGMENT: &[&str] = &[
    "segment",
    "--project",
    "web",
    "--environment",
    "production",
    "--segment",
    "beta",
    "--from",
    "csv:users.csv",
];
pub const SYNC_METRICS: &[&str] = &["metrics", "--project", "web", "--from", "csv:metrics.csv"];

/// A project with two environments, and nothing in them.
pub fn account() -> Account {
    let project = Project::new("web")
        .with_environment(Environment::new("production"))
        .with_environment(Environment::new("test"));
    Account::new(NOW).with_project(project)
}

pub fn place() -> Run {
    Run::new(account(), Behaviour::default())
}

/// Writes a file of the folder.
pub fn write(run: &Run, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(run.path(name), text).unwrap();
}

/// Writes the keys that are the members of the segment.
pub fn write_users<K: AsRef<str>>(run: &Run, keys: impl IntoIterator<Item = K>) {
    let lines = keys.into_iter().map(|key| format!("\n{}", key.as_ref()));
    write(run, "users.csv", format!("context_key{}\n", lines.collect::<String>()));
}

/// Writes events; each one's ID is its event key as well.
pub fn write_events<K: AsRef<str>>(run: &Run, ids: impl IntoIterator<Item = K>) {
    let line = |id: K| format!("{0},{0},user-{0},2024-02-03T04:05:06Z\n", id.as_ref());
    let lines: String = ids.into_iter().map(line).collect();
    write(run, "events.csv", format!("id,event_key,context_key,occurred_at\n{lines}"));
}

/// `flaglake sync` with these arguments, that says everything in JSON.
pub fn command(run: &Run, sync: &[&str], more: &[&str]) -> Command {
    let mut command = run.command(&["sync"]);
    command.args(sync).args(["--error-format", "json"]).args(more).env("FLAGLAKE_RETRIES", "0");
    if ["metrics", "events", "segment", "run"].contains(&sync[0]) {
        command.args(["--format", "json"]);
    }
    command
}

pub fn sync(run: &Run, sync: &[&str], more: &[&str]) -> Ended {
    ended(command(run, sync, more).output().unwrap())
}

/// The summary of a run that succeeds.
#[track_caller]
pub fn synced(run: &Run, arguments: &[&str], more: &[&str]) -> Value {
    summary(&sync(run, arguments, more).succeeded())
}

/// The last line of standard output, after checking that its counts add up, unless the run was
/// stopped: rows that it did not come to are not counted.
#[track_caller]
pub fn summary(ended: &Ended) -> Value {
    let line = ended.stdout.lines().last().unwrap_or_else(|| panic!("{}", ended.stderr));
    let summary: Value = serde_json::from_str(line).expect(line);
    let counts = ["invalid", "rejected", "created", "updated", "added", "unchanged", "duplicates"];
    if summary["outcome"] != "succeeded" && summary["outcome"] != "rows_rejected" {
        return summary;
    }
    let sum: i64 = counts.iter().map(|name| count(&summary, name)).sum();
    assert_eq!(count(&summary, "read"), sum, "{summary}");
    summary
}

#[track_caller]
pub fn count(summary: &Value, name: &str) -> i64 {
    summary[name].as_i64().unwrap_or_else(|| panic!("no {name} in {summary}"))
}

/// The counts of these names.
#[track_caller]
pub fn counts<const N: usize>(summary: &Value, names: [&str; N]) -> [i64; N] {
    names.map(|name| count(summary, name))
}

/// The requests that were not GET since they were last forgotten.
pub fn writes(run: &Run) -> Vec<Request> {
    let requests = run.server.requests().into_iter();
    requests.filter(|request| request.method != "GET").collect()
}

/// Runs a sync that must send nothing but GET; its other requests are forgotten.
#[track_caller]
pub fn sync_without_writes(run: &Run, arguments: &[&str], more: &[&str]) -> Ended {
    run.server.forget_requests();
    let ended = sync(run, arguments, more);
    let writes = writes(run);
    assert!(writes.is_empty(), "{writes:?}\n{}\n{}", ended.stdout, ended.stderr);
    ended
}

/// The next answers to requests that write to `path`: `after` real ones, then `answer`.
pub fn script(run: &Run, path: &str, after: usize, answer: Answer) {
    let real = Answer::Delay(std::time::Duration::ZERO);
    let entries = ["POST", "PATCH"].map(|method| {
        let entry = |answer: &Answer| Scripted::once(path, answer.clone()).method(method);
        [entry(&real).times(after), entry(&answer)]
    });
    run.server.behave(|behaviour| behaviour.script = entries.into_iter().flatten().collect());
}

pub fn unscript(run: &Run) {
    run.server.behave(|behaviour| behaviour.script.clear());
}

/// Starts a sync whose output nobody reads.
pub fn start(run: &Run, arguments: &[&str], more: &[&str]) -> Child {
    let mut command = command(run, arguments, more);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Runs a sync until the server holds one of its requests, or until it ends; returns whether the
/// request is held.
pub fn run_until_held(run: &Run, child: &mut Child) -> bool {
    let before = run.server.held();
    while run.server.held() == before {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// Kills a process as nothing can prevent.
pub fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Runs a sync, and kills it once the server holds a request of its that writes.
#[track_caller]
pub fn kill_when_held(run: &Run, arguments: &[&str], more: &[&str]) {
    let mut child = start(run, arguments, more);
    assert!(run_until_held(run, &mut child), "it ended before it was held");
    kill(child);
    unscript(run);
}

/// The state file.
pub fn state(run: &Run) -> Connection {
    Connection::open(run.path("flaglake-sync.db")).unwrap()
}

/// The rejected rows of the newest run: number, key and reason.
pub fn rejected(run: &Run) -> Vec<String> {
    let sql = "SELECT row_number, row_key, reason FROM sync_rejected
               WHERE sync_run_id = (SELECT sync_run_id FROM sync_runs ORDER BY started_at DESC LIMIT 1)
               ORDER BY row_number";
    rows(&state(run), sql)
}

/// The rows of the file `rejected.csv`: number, key and reason.
pub fn rejected_in_file(run: &Run) -> Vec<String> {
    let mut reader = csv::Reader::from_path(run.path("rejected.csv")).unwrap();
    let row = |row: csv::StringRecord| format!("{} | {:?} | {:?}", &row[0], &row[1], &row[2]);
    reader.records().map(|found| row(found.unwrap())).collect()
}

/// Now, in milliseconds.
pub fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

fn production() -> (Family, Vec<String>) {
    (Family::Segments, ["web", "production"].map(str::to_owned).to_vec())
}

/// Creates the segment `beta` as somebody else does, with some of its fields set.
pub fn create_segment(run: &Run, fields: Value) {
    let mut segment = json!({
        "key": "beta", "name": "beta", "tags": [], "included": [], "excluded": [],
        "includedContexts": [], "excludedContexts": [], "rules": [], "version": 1,
    });
    for (name, value) in fields.as_object().unwrap() {
        segment[name] = value.clone();
    }
    run.server.change(|account| {
        account.lists.entry(production()).or_default().push(segment.to_string());
    });
}

/// Creates the big segment `beta`, which is empty.
pub fn create_big_segment(run: &Run) {
    let metadata = json!({"includedCount": 0, "excludedCount": 0, "version": 1});
    create_segment(
        run,
        json!({
            "unbounded": true, "unboundedContextKind": "user", "_importInProgress": false,
            "_unboundedMetadata": metadata,
        }),
    );
}

/// The segment `beta`, as LaunchDarkly holds it.
pub fn segment(run: &Run) -> Value {
    let found = run.server.read(|account| account.lists.get(&production()).cloned());
    let parsed = found.unwrap_or_default().into_iter();
    let mut parsed = parsed.map(|one| serde_json::from_str::<Value>(&one).unwrap());
    parsed.find(|one| one["key"] == "beta").unwrap_or_default()
}

/// Changes the segment `beta` as somebody else does.
pub fn edit_segment(account: &mut Account, edit: impl Fn(&mut Value)) {
    for item in account.lists.entry(production()).or_default() {
        let mut segment: Value = serde_json::from_str(item).unwrap();
        if segment["key"] == "beta" {
            edit(&mut segment);
            *item = segment.to_string();
        }
    }
}

/// The members of the segment `beta`, if it is a standard one.
pub fn members(run: &Run) -> Keys {
    run.server.segment_members("web", "production", "beta", "user")
}

/// The members of the segment `beta`, if it is a big one.
pub fn big_members(run: &Run) -> Keys {
    run.server.big_segment_members("web", "production", "beta")
}

/// Keys as a set.
pub fn set<'k>(keys: impl IntoIterator<Item = &'k str>) -> Keys {
    keys.into_iter().map(str::to_owned).collect()
}

/// `k00000`, `k00001`, and so on.
pub fn many(numbers: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    numbers.map(|number| format!("k{number:05}"))
}

/// Changes the segment `beta` between two requests.
pub fn edit_in(run: &Run, edit: impl Fn(&mut Value)) {
    run.server.change(|account| edit_segment(account, edit));
}

/// The members of any standard segment: keys of the project, the environment and the segment.
pub fn members_of(run: &Run, [project, environment, segment]: [&str; 3], kind: &str) -> Keys {
    run.server.segment_members(project, environment, segment, kind)
}
