use std::collections::BTreeSet;
use std::fs;

use super::*;

fn load_text(text: &str) -> Result<Vec<Job>> {
    load_with(text, &[])
}

fn load_with(text: &str, options: &[&str]) -> Result<Vec<Job>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flaglake.toml");
    fs::write(&file, text).unwrap();
    let words = [&["flaglake", "sync", "run", file.to_str().unwrap()], options].concat();
    let cli = Cli::from_arg_matches(&Cli::command().get_matches_from(words)).unwrap();
    let Command::Sync(super::super::SyncArguments { command: SyncCommand::Run(run) }) = cli.command
    else {
        panic!("not `sync run`");
    };
    read(&run)
}

const SEGMENT: &str = r#"
    [[sync]]
    object = "segment"
    from = "csv:users.csv"
    project = "web"
    environment = "production"
    segment = "beta"
"#;

#[test]
fn a_sync_has_the_options_of_its_command() {
    let text = format!(
        r#"
        state = "nightly.db"
        [connection]
        instance = "eu"
        concurrency = 2
        {SEGMENT}
        name = "beta users"
        segment_name = "Beta"
        mode = "add"
        map = {{ context_key = "email" }}
        allow_empty = true
        max_removals = "5%"
        batch_size = 100
        "#
    );
    let jobs = load_text(&text).unwrap();
    let [Job { name, command: SyncCommand::Segment(one) }] = jobs.as_slice() else { panic!() };
    assert_eq!(name, "beta users");
    assert_eq!(one.name.as_deref(), Some("Beta"));
    assert_eq!(one.common.state.to_string(), "nightly.db");
    assert_eq!(one.common.map, [("context_key".to_owned(), "email".to_owned())]);
    assert_eq!(one.common.batch_size, Some(100));
    assert!(one.common.allow_empty && one.common.max_removals.is_some());
    assert_eq!(one.connection.connection.concurrency, 2);
}

#[test]
fn a_state_file_of_a_sync_beats_that_of_all_syncs() {
    let text = format!("state = \"all.db\"\n{SEGMENT}\nstate = \"own.db\"");
    for (options, expected) in [(&[][..], "own.db"), (&["--state", "given.db"], "given.db")] {
        let jobs = load_with(&text, options).unwrap();
        let SyncCommand::Segment(one) = &jobs[0].command else { panic!() };
        assert_eq!(one.common.state.to_string(), expected);
    }
}

#[test]
fn a_sync_without_a_name_is_called_by_its_target() {
    assert_eq!(load_text(SEGMENT).unwrap()[0].name, "segment:web/production/beta");
}

#[test]
fn everything_unknown_is_refused_with_a_suggestion() {
    for (text, hint) in [
        ("[conection]\n".to_owned() + SEGMENT, "connection"),
        ("[connection]\nconcurency = 1\n".to_owned() + SEGMENT, "concurrency"),
        (format!("{SEGMENT}\nmax_removal = 1"), "max_removals"),
        (SEGMENT.replace("\"segment\"", "\"segments\""), "segment"),
    ] {
        let error = load_text(&text).unwrap_err();
        assert!(error.advice().unwrap().contains(hint), "{error}: {:?}", error.advice());
    }
    for text in [
        String::new(),
        "[[sync]]".to_owned(),
        "sync = 1".to_owned(),
        "not toml".to_owned(),
        format!("{SEGMENT}\nconcurrency = 1"),
        format!("{SEGMENT}\nmode = \"sideways\""),
        format!("{SEGMENT}\nquery = \"${{FLAGLAKE_TEST_NOT_SET}}\""),
        format!("{SEGMENT}{SEGMENT}"),
    ] {
        assert!(load_text(&text).is_err(), "{text}");
    }
}

/// Options that the file does not have: they belong to one run, or have another name in it.
const NOT_IN_THE_FILE: [&str; 4] = ["account", "dry-run", "format", "name"];

/// A file with one sync, and one more key: of `[connection]` or of the sync.
fn with_key(object: &str, key: &str, value: &str) -> String {
    let mut keys = vec![("object", format!("{object:?}")), ("from", "\"csv:x\"".to_owned())];
    keys.push(("project", "\"web\"".to_owned()));
    if object != "metrics" {
        keys.push(("environment", "\"production\"".to_owned()));
    }
    if object == "segment" {
        keys.push(("segment", "\"beta\"".to_owned()));
    }
    let is_of_place = |name: &str| ["project", "environment"].contains(&name);
    if key == "client_side_id" {
        keys.push(("name", "\"one\"".to_owned()));
    }
    keys.retain(|(name, _)| *name != key && !(key == "client_side_id" && is_of_place(name)));
    let is_of_connection = Section::Connection.keys().iter().any(|name| name == key);
    let lines: String = keys.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    if is_of_connection {
        format!("[connection]\n{key} = {value}\n[[sync]]\n{lines}")
    } else {
        format!("[[sync]]\n{lines}{key} = {value}\n")
    }
}

/// Values of which one fits any option.
fn values(argument: &clap::Arg) -> Vec<String> {
    let choices = argument.get_possible_values();
    let last = choices.last().map(|choice| format!("{:?}", choice.get_name()));
    let samples = ["true", "7", "\"7\"", "\"7%\"", "\"a=b\"", "\"7h\"", "\"other\"", "\"csv:y\""];
    let address = "\"https://launchdarkly.example\"";
    last.into_iter().chain(samples.into_iter().chain([address]).map(str::to_owned)).collect()
}

#[test]
fn every_option_of_a_sync_has_a_key() {
    let mut seen = BTreeSet::new();
    for object in OBJECTS {
        let cli = Cli::command();
        let command = cli.find_subcommand("sync").unwrap().find_subcommand(object).unwrap();
        let plain = format!("{:?}", load_text(&with_key(object, "batch_size", "77")).unwrap());
        for argument in command.get_arguments() {
            let name = argument.get_long().unwrap();
            // What all objects share is looked at once; the modes differ.
            if !seen.insert(name.to_owned()) && name != "mode" {
                continue;
            }
            let key = name.replace('-', "_");
            let changes = |value: &String| {
                let text = with_key(object, &key, value);
                load_text(&text).is_ok_and(|jobs| format!("{jobs:?}") != plain)
            };
            let has_key = values(argument).iter().any(changes);
            // The key `name` is that of the sync.
            let is_expected = !NOT_IN_THE_FILE.contains(&name) || name == "name";
            assert_eq!(has_key, is_expected, "{object}: {key}");
        }
    }
}

#[test]
fn the_keys_of_the_connection_are_documented() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sync.md");
    let page = fs::read_to_string(page).unwrap();
    let row = page.lines().find(|line| line.starts_with("| `[connection]` |")).unwrap();
    let mut documented: Vec<_> = row.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    let mut known = Section::Connection.keys();
    documented.sort();
    known.sort();
    assert_eq!(documented, known);
}
