//! Keys with any characters: encoded in URLs, stored unchanged, never used as file names, and
//! escaped on a terminal.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{Ended, Run, Tables, lake, rows};
use fake_launchdarkly::account::{
    Account, CustomProperty, Environment, Flag, FlagConfig, FlagEnvironment, FlagStatus, Member,
    Project, Team,
};
use fake_launchdarkly::{Answer, Behaviour, Scripted};
use serde_json::json;

const NOW: i64 = 1_790_000_000_000;

/// Text that controls a terminal: a title, a cleared screen, a colour, text direction, a new line.
const EVIL: &str = "x\u{1b}]0;t\u{7}\u{1b}[2J\u{9b}31m\u{202e}\r\nerror: fake";

const KEYS: [&str; 40] = [
    "a/b",
    "/",
    "../..",
    "..x",
    ".x",
    "...",
    "x..",
    "/etc/passwd",
    "..\\..",
    "C:\\x",
    "\\",
    "%2F",
    "%",
    "%2e%2e",
    "%00",
    "a b",
    " ",
    "+",
    "a+b",
    "'",
    "\"",
    "`",
    "?",
    "?a=b#c",
    "#",
    "&",
    ";",
    "*",
    "$(id)",
    "a\nb",
    "ab",
    ".\n.",
    "\t..",
    "\r\n",
    "\u{1}\u{7f}",
    EVIL,
    "😀",
    "e\u{301}",
    "\u{feff}\u{200f}",
    "'); DROP TABLE flags;--",
];

fn keys() -> Vec<String> {
    KEYS.into_iter().map(str::to_owned).chain(["k".repeat(500)]).collect()
}

/// A project, an environment, a flag, a tag and a team, all with this key.
fn with_key(account: Account, key: &str) -> Account {
    let status = Some(FlagStatus::requested("active", NOW));
    let state = FlagEnvironment { config: FlagConfig::on(NOW, 0, 1), status };
    let mut flag = Flag::new(key, NOW).in_environment(key, state);
    flag.tags = vec![key.to_owned()];
    let project = Project::new(key).with_environment(Environment::new(key)).with_flag(flag);
    let member = Member::new(format!("{key}@example.com"), NOW);
    let team = Team::new(key, NOW).with_maintainer(&member.id);
    account.with_project(project).with_member(member).with_team(team)
}

fn run_with(keys: &[String]) -> Run {
    let account = keys.iter().fold(Account::new(NOW), |account, key| with_key(account, key));
    // Nothing comes inside another object, so that every key is asked for.
    let inside = Behaviour { ignore_expand: true, ..Behaviour::default() };
    let run = Run::new(account, inside);
    fs::create_dir_all(run.path("in/ner")).unwrap();
    run
}

/// Every file below `folder`, relative to it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).iter().map(|one| format!("{name}/{one}")));
        } else {
            found.insert(name);
        }
    }
    found
}

/// The columns that hold keys, which all of a row's are the same here.
const KEY_COLUMNS: [(&str, &[&str]); 9] = [
    ("projects", &["project_key"]),
    ("environments", &["project_key", "environment_key"]),
    ("tags", &["tag"]),
    ("teams", &["team_key"]),
    ("team_maintainers", &["team_key"]),
    ("flags", &["project_key", "flag_key"]),
    ("flag_tags", &["project_key", "flag_key", "tag"]),
    ("flag_environments", &["project_key", "flag_key", "environment_key"]),
    ("flag_statuses", &["project_key", "flag_key", "environment_key"]),
];

fn expected(keys: &[String], columns: usize) -> BTreeSet<String> {
    keys.iter().map(|key| vec![format!("{key:?}"); columns].join(" | ")).collect()
}

#[test]
fn every_key_is_stored_as_it_is_and_asked_for_encoded() {
    let keys = keys();
    for mode in ["bulk", "per-flag"] {
        let run = run_with(&keys);
        run.extract(&["--output", "in/ner/lake.db", "--flag-status", mode]);
        assert_eq!(files(run.folder.path()), ["in/ner/lake.db".to_owned()].into());
        let database = rusqlite::Connection::open(run.path("in/ner/lake.db")).unwrap();
        for (table, columns) in KEY_COLUMNS {
            let found = rows(&database, &format!("SELECT {} FROM {table}", columns.join(", ")));
            assert_eq!(found.len(), keys.len(), "{table}");
            assert_eq!(BTreeSet::from_iter(found), expected(&keys, columns.len()), "{table}");
        }
        for request in run.server.requests() {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/%-_.~!'()*:@".contains(&byte);
            assert!(request.path.bytes().all(plain), "{}", request.path);
            assert_eq!(request.status, Some(200), "{}", request.path);
        }
    }
}

#[track_caller]
fn assert_same(sqlite: &Tables, parquet: &Tables) {
    for (table, rows) in sqlite {
        assert_eq!(&parquet[table], rows, "{table}");
    }
}

#[test]
fn no_key_becomes_a_path_of_a_parquet_output() {
    let keys = keys();
    let run = run_with(&keys);
    run.extract(&["--target-values", "--output", "parquet:in/ner/lake"]);
    run.extract(&["--target-values", "--output", "lake.db"]);
    let names: Vec<_> = flaglake::catalog::names().collect();
    for file in files(run.folder.path()) {
        let parts: Vec<_> = file.split('/').collect();
        let known = match parts[..] {
            ["lake.db"] | ["in", "ner", "lake", "_latest", _] => true,
            ["in", "ner", "lake", "_extractions", _, _] => true,
            ["in", "ner", "lake", "latest_extraction", _, "part-0.parquet"] => true,
            ["in", "ner", "lake", table, account, extraction, "part-0.parquet"] => {
                names.contains(&table)
                    && account.starts_with("account_id=")
                    && extraction.starts_with("extraction_id=x")
            }
            _ => false,
        };
        assert!(known, "{file}");
    }
    let database = rusqlite::Connection::open(run.path("lake.db")).unwrap();
    assert_same(&crate::support::tables(&database), &lake::tables(&run.path("in/ner/lake")));
}

#[test]
fn keys_that_fit_no_url_are_refused_before_publishing() {
    let change: [fn(&mut Account, &str); 3] = [
        |account, key| account.projects[0].key = key.to_owned(),
        |account, key| account.projects[0].environments[0].key = key.to_owned(),
        |account, key| account.teams[0].key = key.to_owned(),
    ];
    for (change, key) in change.iter().flat_map(|change| [(change, "."), (change, "..")]) {
        let run = run_with(&["a".to_owned()]);
        run.server.change(|account| change(account, key));
        for output in ["in/ner/lake.db", "parquet:in/ner/lake"] {
            let arguments = ["extract", "--error-format", "json", "--output", output];
            let error = run.run(&arguments).failed(7, "unexpected_response");
            assert!(error["message"].as_str().unwrap().contains(&format!("`{key}`")), "{error}");
            assert!(files(run.folder.path()).is_empty(), "{key}");
        }
    }
}

/// Checks that output has no terminal control characters, and no lines that come from a key.
#[track_caller]
fn assert_harmless(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        let obeyed = |one: char| (one.is_control() && one != '\n') || one == '\u{202e}';
        assert!(!text.contains(obeyed), "{text:?}");
        assert!(text.lines().all(|line| !line.starts_with("error: fake")), "{text}");
    }
}

#[test]
fn no_key_is_obeyed_by_a_terminal() {
    let run = run_with(&[EVIL.to_owned(), "plain".to_owned()]);
    for arguments in
        [&["extract", "-v"][..], &["extract", "-vv"], &["extract", "--plan"], &["check"]]
    {
        assert_harmless(&run.run(arguments).succeeded());
    }
    let near = EVIL.replace("fake", "fak");
    let ended = run.run(&["extract", "--project", &near]);
    assert!(ended.stderr.contains("did you mean"), "{}", ended.stderr);
    assert_harmless(&ended);
    // Statuses that are refused, flag by flag as well, are warned of.
    let refusal = Answer::refusal(404);
    let script = vec![Scripted::once("/api/v2/flag-statuses/", refusal).times(1000)];
    run.server.behave(|behaviour| behaviour.script = script);
    assert_harmless(&run.run(&["extract", "-v"]));
}

#[test]
fn no_error_is_obeyed_by_a_terminal() {
    let message = json!({"code": EVIL, "message": EVIL}).to_string();
    let wrong_type = json!({"items": [{"environments": {EVIL: {"on": 1}}}]}).to_string();
    let bare = json!({"items": [{
        "key": EVIL, "name": EVIL, "kind": "boolean", "temporary": true, "archived": false,
        "_version": 1, "creationDate": 1, "environments": {EVIL: {
            "on": true, "version": 1, "lastModified": 1, "trackEvents": false,
            "trackEventsFallthrough": false, "_summary": {}}},
    }]})
    .to_string();
    for (status, body) in [(418, message), (200, wrong_type), (200, bare)] {
        let run = run_with(&["plain".to_owned()]);
        let answer = Scripted::once("/api/v2/flags/", Answer::json(status, body)).times(100);
        run.server.behave(|behaviour| behaviour.script = vec![answer]);
        for arguments in [&["extract", "--retries", "0"][..], &["check", "--retries", "0"]] {
            let ended = run.run(arguments);
            assert_harmless(&ended);
        }
        let ended = run.run(&["extract", "--retries", "0"]);
        assert_eq!(ended.status, 7, "{}", ended.stderr);
        assert!(ended.stderr.contains("error: fake"), "shown, but as text: {}", ended.stderr);
    }
}

#[test]
fn extreme_times_and_numbers_are_the_same_in_both_outputs() {
    let times = [i64::from(i32::MIN), 0, -1, 253_402_300_799_999, -62_135_596_800_000];
    let times = times.into_iter().chain([-62_167_219_200_001, -377_705_116_800_000]);
    let flags = times.zip(KEYS).map(|(time, key)| {
        let mut config = FlagConfig::on(time, i64::MAX, i64::MIN);
        (config.version, config.debug_until_ms) = (i64::MAX, Some(time));
        let state = FlagEnvironment { config, status: None };
        // Without a time of creation, a flag is refused.
        let mut flag = Flag::new(key, time.max(1)).in_environment("e", state).archived(time);
        (flag.version, flag.archived_ms) = (i64::MIN, None);
        let (key, name) = (EVIL.to_owned(), String::new());
        flag.custom_properties = vec![CustomProperty { key, name, values: vec![EVIL.into()] }];
        flag.with_values(["1e308", "-0.0", "18446744073709551615", "\"\\ud800\"", "null"])
    });
    let project = Project::new("p").with_environment(Environment::new("e"));
    let project = flags.fold(project, Project::with_flag);
    let run = Run::new(Account::new(NOW).with_project(project), Behaviour::default());
    run.extract(&["--target-values"]);
    run.extract(&["--target-values", "--output", "parquet:lake"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 7);
    assert_same(&run.tables(), &lake::tables(&run.path("lake")));
}
