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
    load(&run)
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
