//! What a file must not do, and what it leaves as it is.

use fake_launchdarkly::account::DEMO_TOKEN;

use super::{TOKENS, account, json, option, two, with, write};

#[test]
fn a_file_without_scorecards_leaves_them_as_they_are() {
    let run = account();
    let uri = run.server.base_uri();
    write(&run, &format!("[connection]\nbase_uri = '{uri}'\n[extract]\nresources = ['core']"));
    with(&run, &[], &["extract"]).succeeded();
    run.database()
        .execute_batch("UPDATE scorecard_thresholds SET value = 99 WHERE threshold = 'inactive'")
        .unwrap();
    with(&run, &[], &["extract"]).succeeded();
    let sql = "SELECT value FROM scorecard_thresholds WHERE threshold = 'inactive'";
    assert_eq!(run.value::<f64>(sql), 99.0);
}

#[test]
fn an_empty_list_is_none_where_something_is_needed() {
    let run = account();
    for key in ["resources", "output"] {
        write(&run, &format!("[extract]\n{key} = []"));
        let ended = with(&run, &[], &["extract", "--demo"]);
        assert_eq!(ended.status, 2, "{key}: {ended:?}");
        assert!(ended.stderr.contains(&format!("`{key}` is an empty list")), "{}", ended.stderr);
    }
    write(&run, "[extract]\nskip = []\nproject = []\nresources = ['core']");
    with(&run, &[], &["extract", "--demo"]).succeeded();
}

#[test]
fn a_key_is_checked_where_no_command_of_the_run_uses_it() {
    let run = account();
    for (text, message) in [
        ("[report]\nownr = 'x'", "did you mean `owner`"),
        ("[profile.q.extract]\noutputs = 'a'", "did you mean `output`"),
        ("[profile.q.extrct]\noutput = 'a'", "did you mean `extract`"),
        ("[[account]]\nname = 'a,b'", "comma"),
        ("[[sync]]\nobject = 'event'", "did you mean `events`"),
        ("[[sync]]\nobject = 'events'\nmapp = 'a'", "did you mean `map`"),
    ] {
        write(&run, text);
        let ended = with(&run, &[], &["extract", "--demo"]);
        assert!(ended.status == 2 && ended.stderr.contains(message), "{text}: {ended:?}");
    }
}

#[test]
fn a_real_address_overrides_the_demo_of_a_weaker_place() {
    let run = account();
    let uri = run.server.base_uri();
    write(&run, "[connection]\ndemo = true\n[extract]\nresources = ['core']");
    with(&run, &[], &["extract", "--base-uri", &uri]).succeeded();
    let projects: Vec<String> = run
        .server
        .read(|account| account.projects.iter().map(|project| project.key.clone()).collect());
    let held: String = run.value("SELECT project_key FROM projects");
    assert_eq!(projects, [held]);
    write(
        &run,
        &format!(
            "[connection]\ndemo = true\n[[account]]\nname = 'real'\nbase_uri = '{uri}'
             output = 'real.db'\nresources = ['core']"
        ),
    );
    let shown = with(&run, &[], &["config", "show", "--format", "json"]).succeeded();
    assert_eq!(option(&json(&shown)[0], "--demo").0, ["false"]);
    // An account that is no demo keeps the address of all.
    write(
        &run,
        &format!("[connection]\nbase_uri = '{uri}'\n[[account]]\nname = 'a'\ndemo = false"),
    );
    let shown = with(&run, &[], &["config", "show", "--format", "json"]).succeeded();
    assert_eq!(option(&json(&shown)[0], "--base-uri").0.len(), 1);
}

#[test]
fn one_token_is_not_for_several_accounts() {
    let (run, other) = (account(), account());
    two(&run, &other);
    std::fs::write(run.path("token"), DEMO_TOKEN).unwrap();
    let variables = [TOKENS[0], TOKENS[1], ("FLAGLAKE_ACCESS_TOKEN_FILE", "token")];
    let ended = with(&run, &variables, &["extract"]);
    assert!(ended.status == 2 && ended.stderr.contains("same for all accounts"), "{ended:?}");
    assert!(run.server.requests().is_empty());
    let arguments = ["extract", "--account", "federal", "--access-token-file", "token"];
    with(&run, &TOKENS, &arguments).succeeded();
}

#[test]
fn accounts_do_not_write_to_one_file() {
    let (run, other) = (account(), account());
    two(&run, &other);
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    for line in ["copy_to = 'shared.db'", "report = 'page.html'"] {
        write(&run, &text.replace("[extract]", &format!("[extract]\n{line}")));
        let ended = with(&run, &TOKENS, &["extract"]);
        assert!(ended.status == 2 && ended.stderr.contains("two accounts"), "{line}: {ended:?}");
    }
    write(&run, &text.replace("skip =", "copy_to = 'commercial.db'\nskip ="));
    assert_eq!(with(&run, &TOKENS, &["extract"]).status, 2);
    assert!(run.server.requests().is_empty());
}

#[test]
fn no_output_is_inside_of_another() {
    let (run, other) = (account(), account());
    for outputs in [
        ["parquet:lake", "parquet:lake/flags"],
        ["delta:new/lake/", "new/lake/extractions/launchdarkly.db"],
        ["parquet:there/deeper/../deeper/lake", "delta:there"],
        ["parquet:none/../lake", "parquet:lake/in"],
        ["parquet:lake", "sqlite:lake/launchdarkly.db"],
    ] {
        let arguments = ["extract", "--demo", "--output", outputs[0], "--output", outputs[1]];
        let ended = run.run(&arguments);
        assert!(ended.status == 2 && ended.stderr.contains("is inside of"), "{ended:?}");
    }
    two(&run, &other);
    let text = std::fs::read_to_string(run.path("flaglake.toml")).unwrap();
    write(&run, &text.replace("'commercial.db'", "'parquet:lake/commercial'"));
    let ended = with(&run, &TOKENS, &["extract"]);
    assert!(ended.status == 2 && ended.stderr.contains("is inside of"), "{ended:?}");
    assert!(run.server.requests().is_empty());
}
