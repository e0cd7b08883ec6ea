//! Commands other than `extract`, which work with one account of the file.

use fake_launchdarkly::account::DEMO_TOKEN;

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
    let sync = |account: &str| {
        format!(
            "[[sync]]\nname = '{account} kpi'\nobject = 'metrics'\nfrom = 'csv:metrics.csv'
             project = 'project-000'\naccount = '{account}'\n"
        )
    };
    let both = sync("commercial") + &sync("federal");
    write(&run, &format!("state = 'own-state.db'\n{text}\n{both}"));
    let rows = "key,name,kind,event_key,success_criteria\nkpi,KPI,custom,kpi,HigherThanBaseline\n";
    std::fs::write(run.path("metrics.csv"), rows).unwrap();
    let ended = with(&run, &TOKENS, &["sync", "run", "flaglake.toml"]);
    assert!(ended.status == 2 && ended.stderr.contains("--account"), "{ended:?}");
    let arguments = ["sync", "run", "flaglake.toml", "--account", "federal"];
    with(&run, &TOKENS, &arguments).succeeded();
    let names = |run: &Run| run.server.requests().len();
    assert!(names(&other) > 0 && names(&run) == 0);
    let shown = with(&run, &[], &["sync", "status", "--format", "json"]).succeeded();
    let shown = json(&shown).to_string();
    assert!(shown.contains("federal kpi") && !shown.contains("commercial kpi"), "{shown}");
    assert!(run.path("own-state.db").exists() && !run.path("flaglake-sync.db").exists());
}

#[test]
fn each_sync_of_a_file_of_several_accounts_names_one() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    let sync = "[[sync]]\nobject = 'metrics'\nfrom = 'csv:metrics.csv'\nproject = 'project-000'\n";
    for (more, message) in [("", "needs an `account`"), ("account = 'fedral'", "`federal`")] {
        write(&run, &format!("{text}\n{sync}{more}"));
        let ended = with(&run, &TOKENS, &["sync", "run", "flaglake.toml"]);
        assert!(ended.status == 2 && ended.stderr.contains(message), "{more}: {ended:?}");
    }
    assert_eq!(requests([&run, &other]), [0, 0]);
}

#[test]
fn events_of_an_account_go_to_its_own_host() {
    let (run, other) = (account(), account());
    let (one, two) = (run.server.base_uri(), other.server.base_uri());
    let shared = format!("[connection]\nbase_uri = '{one}'\nevents_uri = '{one}'\n");
    let own = format!("[[account]]\nname = 'b'\nbase_uri = '{two}'\n");
    write(&run, &(shared + &own));
    let rows = "event_key,context_key,occurred_at\nkpi,user-1,2026-11-19T02:00:00Z\n";
    std::fs::write(run.path("events.csv"), rows).unwrap();
    let place = ["--project", "project-000", "--environment", "production"];
    let arguments = [&["sync", "events", "--from", "csv:events.csv", "--append-all"][..], &place];
    let named = [&arguments.concat()[..], &["--account", "b"]].concat();
    let ended = with(&run, &[], &named);
    let [to_one, to_two] = requests([&run, &other]);
    assert!(ended.status == 0 && to_one == 0 && to_two > 0, "{ended:?}");
    let ended = with(&run, &[("LD_EVENTS_URI", "https://events.example")], &named);
    assert!(ended.status == 2 && ended.stderr.contains("would replace"), "{ended:?}");
}

#[test]
fn an_account_beside_that_of_the_connection_must_be_named() {
    let (run, other) = (account(), account());
    let (one, two) = (run.server.base_uri(), other.server.base_uri());
    write(
        &run,
        &format!("[connection]\nbase_uri = '{one}'\n[[account]]\nname = 'b'\nbase_uri = '{two}'"),
    );
    let ended = with(&run, &[], &["projects", "list"]);
    assert!(
        ended.status == 2 && ended.stderr.contains("beside that of `[connection]`"),
        "{ended:?}"
    );
    with(&run, &[], &["projects", "list", "--account", "b"]).succeeded();
    assert_eq!(requests([&run, &other])[0], 0);
}

#[test]
fn a_variable_does_not_replace_what_an_account_has() {
    let (run, other) = (account(), account());
    two(&run, &other);
    std::fs::write(run.path("token"), DEMO_TOKEN).unwrap();
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    let sync = "[[sync]]\nobject = 'metrics'\nfrom = 'csv:x'\nproject = 'a'\naccount = 'federal'";
    write(&run, &format!("{text}\n{sync}"));
    for variable in [
        ("FLAGLAKE_ACCESS_TOKEN_FILE", "token"),
        ("FLAGLAKE_ACCESS_TOKEN_VARIABLE", "TOKEN_ONE"),
        ("LD_BASE_URI", "https://launchdarkly.example"),
        ("FLAGLAKE_INSTANCE", "eu"),
        ("FLAGLAKE_DEMO", "true"),
    ] {
        let variables = [TOKENS[0], TOKENS[1], variable];
        for command in [&["extract"][..], &["projects", "list"], &["sync", "run", "flaglake.toml"]]
        {
            let arguments = [command, &["--account", "federal"]].concat();
            let ended = with(&run, &variables, &arguments);
            assert!(
                ended.status == 2 && ended.stderr.contains("would replace"),
                "{variable:?}: {ended:?}"
            );
        }
    }
    assert_eq!(requests([&run, &other]), [0, 0]);
    let arguments = ["projects", "list", "--account", "federal", "--access-token-file", "token"];
    with(&run, &TOKENS, &arguments).succeeded();
}

#[test]
fn the_name_of_an_account_may_be_a_variable() {
    let run = account();
    let uri = run.server.base_uri();
    write(&run, &format!("[[account]]\nname = '${{REGION}}'\nbase_uri = '{uri}'"));
    let arguments = ["projects", "list", "--account", "eu"];
    with(&run, &[("REGION", "eu")], &arguments).succeeded();
    assert_eq!(with(&run, &[("REGION", "us")], &arguments).status, 2);
}

#[test]
fn what_only_other_commands_use_need_not_be_set() {
    let run = account();
    let uri = run.server.base_uri();
    let text = format!(
        "state = '${{NOT_SET}}'\n[scorecards]\nexempt_tags = ['${{NOT_SET}}']
         [[account]]\nname = 'one'\nbase_uri = '{uri}'\noutput = '${{NOT_SET}}'
         [[sync]]\nobject = '${{NOT_SET}}'\n"
    );
    write(&run, &text);
    with(&run, &[], &["projects", "list"]).succeeded();
    for arguments in [&["extract"][..], &["sync", "status"], &["sync", "run", "flaglake.toml"]] {
        let ended = with(&run, &[], arguments);
        assert!(ended.status == 2 && ended.stderr.contains("NOT_SET"), "{arguments:?}: {ended:?}");
    }
}
