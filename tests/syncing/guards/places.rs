//! Guards about the place: project, environment, context kind, and its owner's wishes.

use fake_launchdarkly::Answer;

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, command, place, sync_without_writes, synced, write,
    write_events, write_users,
};
use crate::support::{Run, ended};

fn filled() -> Run {
    let run = place();
    write_users(&run, ["a"]);
    write_events(&run, ["a"]);
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n");
    run
}

/// The sync with the value of one option replaced.
fn with<'a>(sync: &[&'a str], option: &str, value: &'a str) -> Vec<&'a str> {
    let position = sync.iter().position(|one| *one == option).unwrap();
    let mut arguments = sync.to_vec();
    arguments[position + 1] = value;
    arguments
}

#[track_caller]
fn suggests(run: &Run, sync: &[&str], more: &[&str], name: &str) {
    let error = sync_without_writes(run, sync, more).failed(2, "usage");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&format!("did you mean `{name}`")), "{error}");
}

#[test]
fn an_unknown_project_is_named_with_the_nearest_one() {
    let run = filled();
    for sync in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        suggests(&run, &with(sync, "--project", "wbe"), &[], "web");
    }
}

#[test]
fn dots_are_no_keys() {
    let run = filled();
    for dots in [".", ".."] {
        for option in ["--project", "--environment", "--segment"] {
            sync_without_writes(&run, &with(SYNC_SEGMENT, option, dots), &[]).failed(2, "usage");
        }
        sync_without_writes(&run, &with(SYNC_EVENTS, "--project", dots), &[]).failed(2, "usage");
        sync_without_writes(&run, &with(SYNC_METRICS, "--project", dots), &[]).failed(2, "usage");
        sync_without_writes(&run, SYNC_SEGMENT, &["--context-kind", dots]).failed(2, "usage");
    }
}

#[test]
fn an_unknown_environment_is_named_with_the_nearest_one() {
    let run = filled();
    for sync in [SYNC_EVENTS, SYNC_SEGMENT] {
        suggests(&run, &with(sync, "--environment", "prodution"), &[], "production");
    }
}

#[test]
fn an_unknown_context_kind_is_named_with_the_nearest_one() {
    let run = filled();
    suggests(&run, SYNC_SEGMENT, &["--context-kind", "acount"], "account");
    suggests(&run, SYNC_EVENTS, &["--set", "context_kind=acount"], "account");
    synced(&run, SYNC_EVENTS, &["--set", "context_kind=account"]);
}

#[test]
fn a_context_kind_is_not_checked_of_a_row_that_the_limit_cuts_off() {
    let run = filled();
    let row = "e,u,2024-02-03T04:05:06Z";
    let head = "id,event_key,context_key,occurred_at,context_kind";
    let rows = format!("{head}\na,{row},account\nb,{row},acount\nc,{row},account\n");
    write(&run, "events.csv", rows);
    synced(&run, SYNC_EVENTS, &["--limit", "1"]);
    suggests(&run, SYNC_EVENTS, &["--limit", "2"], "account");
}

#[test]
fn an_unknown_column_or_field_is_named_with_the_nearest_one() {
    let run = filled();
    write(&run, "users.csv", "contextkey\na\n");
    let error = sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`contextkey`"), "{error}");
    synced(&run, SYNC_SEGMENT, &["--map", "context_key=contextkey"]);
    for more in [["--map", "contextkey=x"], ["--map", "context_key=x"], ["--set", "kye=x"]] {
        sync_without_writes(&run, SYNC_SEGMENT, &more).failed(2, "usage");
    }
}

#[test]
fn an_environment_that_requires_comments_needs_one() {
    let run = filled();
    run.server.change(|account| {
        account.projects[0].environments[0].require_comments = true;
    });
    let error = sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(12, "guarded");
    assert!(error["hint"].as_str().unwrap().contains("--comment"), "{error}");
    // A blank comment is none, wherever it is given.
    for blank in ["", " ", "\t"] {
        sync_without_writes(&run, SYNC_SEGMENT, &["--comment", blank]).failed(12, "guarded");
        let mut command = command(&run, SYNC_SEGMENT, &[]);
        ended(command.env("FLAGLAKE_COMMENT", blank).output().unwrap()).failed(12, "guarded");
        let file = "[[sync]]\nobject = 'segment'\nfrom = 'csv:users.csv'\nproject = 'web'\n\
                    environment = 'production'\nsegment = 'beta'\ncomment = ";
        write(&run, "syncs.toml", format!("{file}{blank:?}\n"));
        sync_without_writes(&run, &["run", "syncs.toml"], &[]).failed(12, "guarded");
    }
    synced(&run, SYNC_SEGMENT, &["--comment", "why"]);
    // No comment can be given to these.
    synced(&run, SYNC_EVENTS, &[]);
}

#[test]
fn a_client_side_id_stands_for_project_and_environment() {
    let run = filled();
    let id = run.server.read(|account| account.projects[0].environments[0].id.clone());
    let arguments = ["events", "--client-side-id", &id, "--from", "csv:events.csv", "--id", "id"];
    let summary = synced(&run, &arguments, &[]);
    assert_eq!(summary["sync_name"], "events:web/production");
    let unknown = with(&arguments, "--client-side-id", "000000000000000000000000");
    sync_without_writes(&run, &unknown, &[]).failed(2, "usage");
}

#[test]
fn the_events_host_must_be_known() {
    let run = filled();
    let away = ["--base-uri", "https://192.0.2.1:9"];
    let error = sync_without_writes(&run, SYNC_EVENTS, &away).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("--events-uri"), "{error}");
    // Another address than that of the API.
    let other = fake_launchdarkly::Server::spawn(
        crate::setup::account(),
        fake_launchdarkly::Behaviour::default(),
    )
    .unwrap();
    synced(&run, SYNC_EVENTS, &["--events-uri", &other.base_uri()]);
    assert_eq!((other.count_events(), run.server.count_events()), (1, 0));
}

#[test]
fn a_name_stands_for_one_object_and_target() {
    let run = filled();
    let name = ["--sync-name", "nightly"];
    synced(&run, SYNC_SEGMENT, &name);
    for sync in [&with(SYNC_SEGMENT, "--segment", "other"), SYNC_METRICS] {
        let error = sync_without_writes(&run, sync, &name).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains("--sync-name"), "{error}");
    }
}

#[test]
fn an_answer_that_is_none_of_launchdarklys_sends_nothing() {
    let run = filled();
    let page = Answer::raw(200, "text/html", "<html>Log in</html>");
    let script = fake_launchdarkly::Scripted::once("/api/v2/projects/web", page).times(99);
    run.server.behave(|behaviour| behaviour.script = vec![script]);
    for sync in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        let ended = sync_without_writes(&run, sync, &[]);
        assert!([6, 7].contains(&ended.status), "{}", ended.stderr);
    }
}
