//! `flaglake.toml`: options of commands, profiles, and several accounts in one run.

mod checks;
mod one_account;

use std::fs;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::generated::{self, Size};
use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Ended, Run, ended};

fn account() -> Run {
    let size = Size { projects: 1, environments: 1, flags: 5, archived: 0, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

fn write(run: &Run, text: &str) {
    fs::write(run.path("flaglake.toml"), text).unwrap();
}

/// Runs with the file and these variables, without those that tests usually set.
fn with(run: &Run, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let mut command = run.command(arguments);
    command.env_remove("LD_BASE_URI").env_remove("FLAGLAKE_RESOURCES");
    command.env("FLAGLAKE_CONFIG", "flaglake.toml").envs(variables.iter().copied());
    ended(command.output().unwrap())
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

/// The tables that a database has rows of.
fn count(run: &Run, database: &str, table: &str) -> i64 {
    let database = Connection::open(run.path(database)).unwrap();
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn an_argument_overrides_a_variable_and_that_the_file() {
    let run = account();
    let uri = run.server.base_uri();
    write(
        &run,
        &format!(
            "[connection]\nbase_uri = '{uri}'\n[extract]\noutput = 'file.db'\nresources = ['core']"
        ),
    );
    with(&run, &[], &["extract"]).succeeded();
    assert!(run.path("file.db").exists());
    let variable = [("FLAGLAKE_OUTPUT", "variable.db")];
    with(&run, &variable, &["extract"]).succeeded();
    assert!(run.path("variable.db").exists());
    with(&run, &variable, &["extract", "--output", "argument.db"]).succeeded();
    assert!(run.path("argument.db").exists());
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), 4, "one file each");
}

#[test]
fn an_instance_overrides_an_address_of_a_weaker_place() {
    let run = account();
    write(&run, "[connection]\nbase_uri = 'http://127.0.0.1:9'");
    let shown = with(
        &run,
        &[],
        &["config", "show", "--format", "json", "--", "extract", "--instance", "eu"],
    );
    assert_eq!(
        option(&json(&shown)[0], "--instance"),
        (vec!["eu".to_owned()], "argument".to_owned())
    );
    assert!(!shown.stdout.contains("base-uri"), "what is overridden is not shown: {shown:?}");
    let ended = with(
        &run,
        &[],
        &["check", "--instance", "eu", "--max-wait", "1s", "--connect-timeout", "1s"],
    );
    assert!(!ended.stderr.contains("127.0.0.1"), "{}", ended.stderr);
}

#[test]
fn all_commands_of_an_account_use_the_connection() {
    let run = account();
    let uri = run.server.base_uri();
    write(&run, &format!("[connection]\nbase_uri = '{uri}'\n[extract]\nresources = ['core']"));
    for arguments in
        [&["check"][..], &["flags", "list", "--project", "project-000"], &["projects", "list"]]
    {
        let before = run.server.requests().len();
        with(&run, &[], arguments).succeeded();
        assert!(run.server.requests().len() > before, "{arguments:?}");
    }
    let before = run.server.requests().len();
    with(&run, &[], &["schema"]).succeeded();
    assert_eq!(run.server.requests().len(), before);
}

#[test]
fn a_profile_replaces_keys() {
    let run = account();
    let uri = run.server.base_uri();
    write(
        &run,
        &format!(
            "[connection]\nbase_uri = '{uri}'\n[extract]\noutput = 'day.db'\nresources = ['core']
             [profile.nightly.extract]\noutput = ['night.db', 'parquet:lake']"
        ),
    );
    with(&run, &[], &["extract", "--profile", "nightly"]).succeeded();
    assert!(run.path("night.db").exists() && run.path("lake").exists());
    assert!(!run.path("day.db").exists());
    let wrong = with(&run, &[], &["extract", "--profile", "nigthly"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("did you mean `nightly`"), "{}", wrong.stderr);
    let alone = run.run(&["extract", "--profile", "nightly"]);
    assert_eq!(alone.status, 2, "{alone:?}");
}

#[test]
fn a_wrong_key_or_value_is_named_with_the_file() {
    let run = account();
    let wrong = [
        ("[extract]\noutptu = 'a.db'", "did you mean `output`"),
        ("[extract]\nplan = true", "unknown key `plan`"),
        ("[connection]\nconcurrency = 0", "0 is not in 1..=256"),
        ("[connection]\noutput = 'a.db'", "unknown key `output`"),
        ("[extarct]\n", "did you mean `extract`"),
        ("[extract]\nformat = 'xml'", "xml"),
        ("[extract]\nstrict = 'perhaps'", "perhaps"),
        ("[[account]]\noutput = 'a.db'", "needs a `name`"),
        ("[[account]]\nname = 'a'\n[[account]]\nname = 'a'", "two accounts"),
        ("[[account]]\nname = 'a'\nmetrics_file = 'a.prom'", "belongs in `[extract]`"),
        ("[[account]]\nname = 'a'\noutptu = 'a.db'", "did you mean `output`"),
    ];
    for (text, message) in wrong {
        write(&run, text);
        let ended = with(&run, &[], &["extract"]);
        assert_eq!(ended.status, 2, "{text}: {ended:?}");
        assert!(ended.stderr.contains(message), "{text}: {}", ended.stderr);
        assert!(ended.stderr.contains("flaglake.toml"), "{text}: {}", ended.stderr);
    }
    assert!(run.server.requests().is_empty());
}

/// A file of two accounts on two servers.
fn two(run: &Run, other: &Run) {
    let (one, two) = (run.server.base_uri(), other.server.base_uri());
    write(
        run,
        &format!(
            "[extract]\nresources = ['core']\nmetrics_file = 'all.prom'
             [[account]]\nname = 'commercial'\nbase_uri = '{one}'\noutput = 'commercial.db'
             access_token_variable = 'TOKEN_ONE'
             [[account]]\nname = 'federal'\nbase_uri = '{two}'\noutput = ['federal.db', 'parquet:lake']
             access_token_variable = 'TOKEN_TWO'\nskip = ['teams']"
        ),
    );
}

const TOKENS: [(&str, &str); 2] = [("TOKEN_ONE", DEMO_TOKEN), ("TOKEN_TWO", DEMO_TOKEN)];

#[test]
fn accounts_run_in_one_go_each_with_its_own_token_and_options() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let ended = with(&run, &TOKENS, &["extract"]).succeeded();
    for name in ["commercial: succeeded", "federal: succeeded"] {
        assert!(ended.stdout.contains(name), "{}", ended.stdout);
    }
    let flags = run.server.read(|account| account.projects[0].flags.len() as i64);
    let held = ["commercial.db", "federal.db"].map(|name| count(&run, name, "flags"));
    assert_eq!(held, [flags; 2]);
    assert!(run.path("lake").exists());
    assert_eq!(other.requests("/teams"), 0);
    assert!(run.requests("/teams") > 0);
    let metrics = fs::read_to_string(run.path("all.prom")).unwrap();
    for name in ["commercial", "federal"] {
        let line = format!("flaglake_run_exit_status{{account=\"{name}\"}} 0");
        assert!(metrics.contains(&line), "{metrics}");
    }
}

#[test]
fn the_worst_exit_status_counts_and_the_others_are_published() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let tokens = [("TOKEN_ONE", "api-none"), ("TOKEN_TWO", DEMO_TOKEN)];
    let ended = with(&run, &tokens, &["extract", "--format", "json"]);
    assert_eq!(ended.status, 3, "{ended:?}");
    assert!(ended.stderr.contains("commercial:"), "{}", ended.stderr);
    let all = json(&ended);
    assert_eq!((&all["outcome"], &all["exit_status"]), (&"invalid_credentials".into(), &3.into()));
    let outcomes: Vec<_> = all["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["account_name"].as_str().unwrap(), one["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("commercial", "invalid_credentials"), ("federal", "succeeded")]);
    assert!(count(&run, "federal.db", "flags") > 0);
    // One account alone: the metrics of the other stay.
    with(&run, &TOKENS, &["extract", "--account", "federal"]).succeeded();
    assert!(!run.path("commercial.db").exists());
    let metrics = fs::read_to_string(run.path("all.prom")).unwrap();
    assert!(metrics.contains("flaglake_run_exit_status{account=\"commercial\"} 3"), "{metrics}");
    let wrong = with(&run, &TOKENS, &["extract", "--account", "federl"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("did you mean `federal`"), "{wrong:?}");
    let missing = with(&run, &TOKENS[..1], &["extract", "--account", "federal"]);
    assert!(missing.status == 3 && missing.stderr.contains("TOKEN_TWO"), "{missing:?}");
}

#[test]
fn a_file_without_accounts_has_none_to_choose_from() {
    let run = account();
    write(&run, "[extract]\nresources = ['core']");
    let ended = with(&run, &[], &["extract", "--demo", "--account", "federal"]);
    assert_eq!(ended.status, 2, "{ended:?}");
    let ended = run.run(&["extract", "--account", "federal"]);
    assert_eq!(ended.status, 2, "{ended:?}");
}

/// The values of an option, and where they come from.
fn option(shown: &Value, name: &str) -> (Vec<String>, String) {
    let all = shown["options"].as_array().unwrap();
    let one = all.iter().find(|one| one["option"] == name).unwrap_or_else(|| panic!("{shown}"));
    let values = one["values"].as_array().unwrap().iter();
    let values = values.map(|value| value.as_str().unwrap().to_owned()).collect();
    (values, one["from"].as_str().unwrap().to_owned())
}

#[test]
fn the_configuration_shows_where_each_value_comes_from() {
    let run = account();
    write(
        &run,
        "[connection]\nconcurrency = 3\n[extract]\nresources = ['core', 'metrics']\nstrict = true",
    );
    let variables = [("FLAGLAKE_MAX_WAIT", "3m")];
    let arguments = ["config", "show", "--format", "json", "--", "extract", "--output", "a.db"];
    let shown = json(&with(&run, &variables, &arguments).succeeded());
    let of = |name| option(&shown[0], name);
    let text = |values: &[&str], from: &str| {
        (values.iter().map(|one| (*one).to_owned()).collect(), from.to_owned())
    };
    assert_eq!(of("--output"), text(&["a.db"], "argument"));
    assert_eq!(of("--max-wait"), text(&["3m"], "variable"));
    assert_eq!(of("--resources"), text(&["core", "metrics"], "file"));
    assert_eq!(of("--strict"), text(&["true"], "file"));
    assert_eq!(of("--concurrency"), text(&["3"], "file"));
    assert_eq!(of("--retries"), text(&["10"], "default"));
    let words = with(&run, &variables, &["config", "show"]).succeeded().stdout;
    assert!(
        words.lines().any(|line| line.contains("--max-wait") && line.contains("variable")),
        "{words}"
    );
}

#[test]
fn the_configuration_shows_each_account_and_no_secret() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let text = fs::read_to_string(run.path("flaglake.toml")).unwrap();
    write(
        &run,
        &text.replace("'commercial.db'", "'postgres://me:hush-hush@db.example/x?schema=y'"),
    );
    let ended = with(&run, &TOKENS, &["config", "show", "--format", "json"]).succeeded();
    let shown = json(&ended);
    let names: Vec<_> =
        shown.as_array().unwrap().iter().map(|one| one["account"].clone()).collect();
    assert_eq!(names, ["commercial", "federal"]);
    assert_eq!(option(&shown[1], "--skip"), (vec!["teams".to_owned()], "file".to_owned()));
    assert!(
        !ended.stdout.contains("hush-hush") && !ended.stdout.contains(DEMO_TOKEN),
        "{}",
        ended.stdout
    );
}
