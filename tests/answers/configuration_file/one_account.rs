//! Commands other than `extract`, which work with one account of the file.

use crate::configuration_file::{TOKENS, account, json, two, with, write};
use crate::support::Run;

/// The requests that each of two servers got since `before`.
fn requests(servers: [&Run; 2]) -> [usize; 2] {
    servers.map(|run| run.server.requests().len())
}

#[test]
fn each_command_connects_to_the_account_that_is_named() {
    let (run, other) = (account(), account());
    two(&run, &other);
    for arguments in [
        &["check"][..],
        &["doctor"],
        &["projects", "list"],
        &["flags", "list", "--project", "project-000"],
        &["audit-log", "list"],
    ] {
        let before = requests([&run, &other]);
        let ended = with(&run, &TOKENS, &[arguments, &["--account", "federal"]].concat());
        let after = requests([&run, &other]);
        assert!(ended.status == 0 && after[1] > before[1], "{arguments:?}: {ended:?}");
        assert_eq!(after[0], before[0], "{arguments:?}");
    }
}

#[test]
fn of_several_accounts_one_must_be_named() {
    let (run, other) = (account(), account());
    two(&run, &other);
    for arguments in [
        &["check"][..],
        &["projects", "list"],
        &["projects", "list", "--account", "commercial,federal"],
        &["flags", "on", "a", "--project", "p", "--environment", "e", "--yes"],
    ] {
        let ended = with(&run, &TOKENS, arguments);
        assert_eq!(ended.status, 2, "{arguments:?}: {ended:?}");
        for text in ["works with one account", "`commercial`, `federal`"] {
            assert!(ended.stderr.contains(text), "{arguments:?}: {ended:?}");
        }
    }
    assert_eq!(requests([&run, &other]), [0, 0]);
}

#[test]
fn the_only_account_of_a_file_needs_no_name() {
    let run = account();
    let uri = run.server.base_uri();
    write(&run, &format!("[[account]]\nname = 'one'\nbase_uri = '{uri}'"));
    with(&run, &[], &["projects", "list"]).succeeded();
    assert!(!run.server.requests().is_empty());
    let ended = with(&run, &[], &["projects", "list", "--account", "onne"]);
    assert!(ended.status == 2 && ended.stderr.contains("did you mean `one`"), "{ended:?}");
    let ended = run.run(&["projects", "list", "--account", "one"]);
    assert!(ended.status == 2 && ended.stderr.contains("--config"), "{ended:?}");
}

#[test]
fn variables_of_other_accounts_and_sections_need_not_be_set() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    let text = text.replace("'commercial.db'", "'${NOT_SET}/commercial.db'");
    write(&run, &format!("{text}\n[report]\ntitle = '${{NOT_SET}}'"));
    with(&run, &TOKENS, &["extract", "--account", "federal"]).succeeded();
    with(&run, &TOKENS, &["check", "--account", "federal"]).succeeded();
    for arguments in [&["extract"][..], &["check", "--account", "commercial"], &["report"]] {
        let ended = with(&run, &TOKENS, arguments);
        assert!(ended.status == 2 && ended.stderr.contains("NOT_SET"), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn syncs_of_a_file_use_the_account_and_the_state_that_it_names() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    let sync = "[[sync]]\nname = 'kpi'\nobject = 'metrics'\nfrom = 'csv:metrics.csv'\nproject = 'project-000'";
    write(&run, &format!("state = 'own-state.db'\n{text}\n{sync}"));
    let rows = "key,name,kind,event_key,success_criteria\nkpi,KPI,custom,kpi,HigherThanBaseline\n";
    std::fs::write(run.path("metrics.csv"), rows).unwrap();
    let ended = with(&run, &TOKENS, &["sync", "run", "flaglake.toml"]);
    assert!(ended.status == 2 && ended.stderr.contains("--account"), "{ended:?}");
    let arguments = ["sync", "run", "flaglake.toml", "--account", "federal"];
    with(&run, &TOKENS, &arguments).succeeded();
    let names = |run: &Run| run.server.requests().len();
    assert!(names(&other) > 0 && names(&run) == 0);
    let status = ["sync", "status", "--format", "json", "--account", "federal"];
    let shown = with(&run, &TOKENS, &status).succeeded();
    assert!(json(&shown).to_string().contains("kpi"), "{shown:?}");
    assert!(run.path("own-state.db").exists() && !run.path("flaglake-state.db").exists());
}
