//! `flaglake doctor`: a page about everything that a run needs, without secrets.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted, company};
use flaglake::system::lock::Lock;
use serde_json::Value;

use super::demand::definitions;
use crate::support::postgres;
use crate::support::{Ended, Run, ended};

/// A secret that each place of a secret holds.
const SECRET: &str = "hunter2";

fn company() -> Run {
    Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default())
}

/// The demo account in `launchdarkly.db`.
fn extracted() -> Run {
    let run = company();
    run.extract(&[]);
    run
}

fn doctor(run: &Run) -> Command {
    run.command(&["doctor", "--format", "json", "--error-format", "json"])
}

/// What was found: name, level and message with hint.
#[track_caller]
fn findings(ended: &Ended) -> Vec<(String, String, String)> {
    let found: Value = serde_json::from_str(&ended.stdout).expect(&ended.stdout);
    definitions::check("doctor", &found);
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let all = found.as_array().unwrap().iter();
    all.map(|one| {
        let message = format!("{} ({})", text(one, "message"), text(one, "hint"));
        (text(one, "name"), text(one, "level"), message)
    })
    .collect()
}

/// The message of the first finding with this name and level.
#[track_caller]
fn message(ended: &Ended, name: &str, level: &str) -> String {
    let all = findings(ended);
    let found = all.iter().find(|one| one.0 == name && one.1 == level);
    found.unwrap_or_else(|| panic!("no {level} about {name}: {all:#?}")).2.clone()
}

#[test]
fn a_healthy_place_has_no_problem_and_nothing_is_written() {
    let run = extracted();
    let names = || {
        let entries = fs::read_dir(run.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort_unstable();
        names
    };
    let before = names();
    let ended = ended(doctor(&run).output().unwrap()).succeeded();
    let all = findings(&ended);
    assert!(all.iter().all(|(_, level, _)| level == "ok"), "{all:#?}");
    for name in ["program", "variables", "network", "token", "permissions", "clock", "disk"] {
        assert!(all.iter().any(|one| one.0 == name), "{name}: {all:#?}");
    }
    assert!(message(&ended, "token", "ok").contains("role `writer`"), "{all:#?}");
    assert!(message(&ended, "output", "ok").starts_with("SQLite: `launchdarkly.db`"), "{all:#?}");
    assert!(message(&ended, "runs", "ok").contains("schema version"), "{all:#?}");
    assert_eq!(names(), before);
    let text = run.run(&["doctor"]).succeeded().stdout;
    assert!(text.ends_with("\nproblems: 0, warnings: 0\n"), "{text}");
}

#[test]
fn it_goes_on_without_a_token() {
    let run = extracted();
    let mut command = doctor(&run);
    let ended = ended(command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").output().unwrap());
    ended.failed(3, "invalid_credentials");
    assert!(message(&ended, "token", "problem").contains("LAUNCHDARKLY_ACCESS_TOKEN"));
    message(&ended, "network", "ok");
    message(&ended, "runs", "ok");
}

#[test]
fn a_revoked_token_is_a_problem_and_is_not_shown() {
    let run = extracted();
    let mut command = doctor(&run);
    let token = format!("api-{SECRET}");
    let ended = ended(command.env("LAUNCHDARKLY_ACCESS_TOKEN", token).output().unwrap());
    ended.failed(3, "invalid_credentials");
    assert!(message(&ended, "token", "problem").contains("refused"));
    assert!(!format!("{ended:?}").contains(SECRET), "{ended:?}");
    message(&ended, "runs", "ok");
}

#[test]
fn a_list_that_is_refused_is_named() {
    let run = extracted();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Flags, 403)]));
    let ended = ended(doctor(&run).output().unwrap());
    ended.failed(4, "invalid_permissions");
    assert!(message(&ended, "permissions", "problem").contains("flags"));
}

#[test]
fn a_host_that_cannot_be_reached_is_a_problem() {
    let run = extracted();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = doctor(&run);
    let ended = ended(command.env("LD_BASE_URI", format!("http://{free}")).output().unwrap());
    ended.failed(6, "unavailable");
    assert!(message(&ended, "network", "problem").contains("could not connect to `127.0.0.1`"));
    message(&ended, "runs", "ok");
}

#[test]
fn the_page_of_a_proxy_is_a_problem_and_is_not_shown() {
    let run = extracted();
    let html = format!("<html><script>{SECRET}</script>\u{1b}[2J</html>");
    let scripted = Scripted::once("/", Answer::raw(200, "text/html", html)).times(50);
    run.server.behave(|behaviour| behaviour.script.push(scripted));
    let ended = ended(doctor(&run).output().unwrap());
    ended.failed(6, "unavailable");
    assert!(message(&ended, "token", "problem").contains("proxy"));
    for evil in ["<script", SECRET, "\u{1b}"] {
        assert!(!ended.stdout.contains(evil) && !ended.stderr.contains(evil), "{ended:?}");
    }
}

#[test]
fn a_clock_that_is_wrong_is_a_warning() {
    let run = extracted();
    run.server.behave(|behaviour| behaviour.rate_limit.clock_skew_ms = 120_000);
    let ended = ended(doctor(&run).output().unwrap()).succeeded();
    assert!(message(&ended, "clock", "warning").contains("behind the server's"));
}

#[test]
fn an_output_that_does_not_exist_is_a_warning_and_is_not_created() {
    let run = company();
    for output in ["launchdarkly.db", "parquet:lake", "delta:tables"] {
        let mut command = doctor(&run);
        let ended = ended(command.args(["--output", output]).output().unwrap()).succeeded();
        assert!(message(&ended, "output", "warning").contains("does not exist yet"), "{output}");
    }
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), 0);
    let mut command = doctor(&run);
    let nowhere = ended(command.args(["--output", "missing/x.db"]).output().unwrap());
    nowhere.failed(8, "output_failed");
}

#[test]
fn the_holder_of_a_lock_is_named() {
    let run = extracted();
    let lock = Lock::take(&run.path(".launchdarkly.db.lock")).unwrap();
    let ended = ended(doctor(&run).output().unwrap()).succeeded();
    let process = format!("process {}", std::process::id());
    assert!(message(&ended, "lock", "warning").contains(&process));
    drop(lock);
}

#[test]
fn a_folder_that_is_read_only_is_a_problem() {
    let run = company();
    let whole = doctor(&run);
    let program = run.path("program");
    fs::copy(whole.get_program(), &program).unwrap();
    fs::set_permissions(run.folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = Command::new(&program);
    command.args(whole.get_args()).env_clear().current_dir(run.folder.path());
    command.envs(whole.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if rustix::process::geteuid().is_root() {
        // root ignores permissions.
        command.uid(65_534).gid(65_534);
    }
    let ended = ended(command.output().unwrap());
    fs::set_permissions(run.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    ended.failed(8, "output_failed");
    assert!(message(&ended, "output", "problem").contains("read-only"));
}

#[test]
fn a_damaged_output_is_a_problem() {
    let run = company();
    fs::write(run.path("launchdarkly.db"), "this is no database, but it is long enough").unwrap();
    let ended = ended(doctor(&run).output().unwrap());
    ended.failed(8, "output_failed");
    assert!(message(&ended, "runs", "problem").contains("not a flaglake database"));
}

#[test]
fn no_secret_is_shown() {
    let run = extracted();
    for format in ["json", "text"] {
        let mut command = run.command(&["doctor", "--format", format]);
        let proxy = format!("http://user:{SECRET}@127.0.0.1:9");
        // A name that is misspelled may be that of a secret.
        for name in ["FLAGLAKE_ACCESS_TOKN", "FLAGLAKE_POSTGRES_PASS", "LD_API_TOKN"] {
            command.env(name, SECRET);
        }
        for name in ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"] {
            command.env(name, &proxy);
        }
        for name in ["PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "FLAGLAKE_PERSONAL_DATA_KEY"] {
            command.env(name, SECRET);
        }
        command.env("LD_EVENTS_URI", format!("https://user:{SECRET}@events.example.com"));
        command.env("FLAGLAKE_INPUT", format!("postgres://user:{SECRET}@db.example.com/x"));
        command.env("FLAGLAKE_OUPUT", format!("password={SECRET}"));
        let ended = ended(command.output().unwrap()).succeeded();
        for secret in [SECRET, DEMO_TOKEN] {
            assert!(!ended.stdout.contains(secret), "{}", ended.stdout);
            assert!(!ended.stderr.contains(secret), "{}", ended.stderr);
        }
        assert!(ended.stdout.contains("PGPASSWORD") && ended.stdout.contains("HTTPS_PROXY"));
        assert!(ended.stdout.contains("did you mean `FLAGLAKE_OUTPUT`?"), "{}", ended.stdout);
    }
}

#[test]
fn a_postgresql_output_is_looked_at() {
    let Some(server) = postgres::server() else { return };
    let (run, address) = (company(), server.database().address());
    run.extract(&["--output", &address]);
    let mut command = doctor(&run);
    let ended_well = ended(command.args(["--output", &address]).output().unwrap()).succeeded();
    assert!(message(&ended_well, "output", "ok").starts_with("PostgreSQL"), "{ended_well:?}");
    assert!(message(&ended_well, "runs", "ok").contains("schema version"), "{ended_well:?}");
    let mut command = doctor(&run);
    let nowhere = format!("postgres://user:{SECRET}@127.0.0.1:1/x");
    let refused = ended(command.env("FLAGLAKE_OUTPUT", nowhere).output().unwrap());
    refused.failed(8, "output_failed");
    message(&refused, "runs", "problem");
    assert!(!format!("{refused:?}").contains(SECRET), "{refused:?}");
}

#[test]
fn every_output_is_looked_at_and_named() {
    let run = extracted();
    let both = ["--output", "launchdarkly.db", "--output", "missing/other.db"];
    let ended = ended(doctor(&run).args(both).output().unwrap());
    assert_eq!(ended.status, 8, "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let of = |name: &str, level: &str| -> Vec<Value> {
        let all = found.as_array().unwrap().iter();
        all.filter(|one| one["name"] == name && one["level"] == level).cloned().collect()
    };
    assert_eq!(of("output", "ok").len(), 1, "{found:#}");
    assert!(
        of("output", "problem")[0]["output"].as_str().unwrap().contains("missing"),
        "{found:#}"
    );
    let runs = of("runs", "ok");
    assert_eq!(runs.len(), 1, "{found:#}");
    assert!(runs[0]["output"].as_str().unwrap().contains("launchdarkly.db"), "{found:#}");
    // A disk is named once, whatever is on it.
    let disks: Vec<_> = of("disk", "ok").into_iter().map(|one| one["message"].clone()).collect();
    assert!(!disks.is_empty(), "{found:#}");
    assert!(
        disks.iter().enumerate().all(|(index, one)| !disks[..index].contains(one)),
        "{disks:?}"
    );
    let text = run.run(&[&["doctor"], &both[..]].concat()).stdout;
    let line = text.lines().find(|line| line.contains(" runs ")).unwrap();
    assert!(line.contains("launchdarkly.db`: "), "{text}");
}

#[test]
fn an_output_is_named_once() {
    let run = extracted();
    let twice = ["--output", "launchdarkly.db", "--output", "./launchdarkly.db"];
    let ended = ended(doctor(&run).args(twice).output().unwrap());
    assert_eq!(ended.status, 2, "{}", ended.stderr);
}

#[test]
fn a_lock_is_told_of_each_output() {
    let run = extracted();
    run.extract(&["--output", "other.db"]);
    let database = |name: &str| Lock::take(&run.path(name)).unwrap();
    let _held = [database(".launchdarkly.db.lock"), database(".other.db.lock")];
    let both = ["--output", "launchdarkly.db", "--output", "other.db"];
    let ended = ended(doctor(&run).args(both).output().unwrap()).succeeded();
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let locks = found.as_array().unwrap().iter().filter(|one| one["name"] == "lock");
    assert_eq!(locks.count(), 2, "{found:#}");
}
