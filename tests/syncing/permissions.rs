//! What a token may not do is named by its action; what the documented policies allow suffices.

use fake_launchdarkly::account::{DEMO_TOKEN, Token};
use fake_launchdarkly::{Answer, Behaviour, Family};
use serde_json::Value;

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, account, big_members, command, create_segment,
    members, set, summary, sync, synced, write, write_events, write_users, writes,
};
use crate::support::{Ended, Run, ended};

/// An account whose demo token is `token`.
fn with_token(token: Token, denied_status: u16) -> Run {
    let mut account = account();
    account.tokens = vec![Token { value: DEMO_TOKEN.to_owned(), ..token }];
    let run = Run::new(account, Behaviour::default());
    run.server.behave(|behaviour| behaviour.writes.denied_status = denied_status);
    write_users(&run, ["a"]);
    write_events(&run, ["a"]);
    write(&run, "metrics.csv", "key,name,event_key\nsignup,S,x\n");
    run
}

/// A token with these actions, and without the right to read anything.
fn blind(actions: &[&str]) -> Token {
    let token = Token::new("", "sync").only_actions(actions.iter().copied());
    let unseen = [
        Family::Projects,
        Family::Environments,
        Family::Segments,
        Family::Metrics,
        Family::ContextKinds,
    ];
    unseen.into_iter().fold(token, |token, family| token.refused(family, 403))
}

#[track_caller]
fn names(ended: &Ended, action: &str) -> Value {
    let error = ended.failed(4, "invalid_permissions");
    let text = error.to_string();
    assert!(text.contains(action), "{text}");
    error
}

#[test]
fn each_missing_action_is_named() {
    for status in [403, 401] {
        let run = with_token(Token::new("", "sync").only_actions([]), status);
        names(&sync(&run, SYNC_EVENTS, &[]), "importEventData");
        names(&sync(&run, SYNC_METRICS, &[]), "createMetric");
        names(&sync(&run, SYNC_SEGMENT, &[]), "createSegment");
        create_segment(&run, serde_json::json!({}));
        names(&sync(&run, SYNC_SEGMENT, &[]), "updateIncluded");
        assert!(members(&run).is_empty() && run.server.count_events() == 0);
    }
}

#[test]
fn the_action_of_a_changed_field_is_named() {
    let run = with_token(Token::new("", "sync").only_actions(["createMetric"]), 403);
    synced(&run, SYNC_METRICS, &[]);
    for (text, action) in [
        ("key,name\nsignup,New\n", "updateName"),
        ("key,tags\nsignup,t\n", "updateTags"),
        ("key,event_key\nsignup,y\n", "updateEventKey"),
        ("key,archived\nsignup,true\n", "updateArchived"),
    ] {
        write(&run, "metrics.csv", text);
        names(&sync(&run, SYNC_METRICS, &[]), action);
    }
}

#[test]
fn the_401_of_the_events_host_is_told_apart() {
    let run = with_token(Token::new("", "sync").only_actions([]), 403);
    names(&sync(&run, SYNC_EVENTS, &[]), "importEventData");
    assert!(run.requests("/caller-identity") > 0, "the token itself is good");
    // A token that is not one of the account's.
    write_users(&run, ["a"]);
    for arguments in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        let mut command = command(&run, arguments, &[]);
        command.env("LAUNCHDARKLY_ACCESS_TOKEN", "api-of-nobody");
        ended(command.output().unwrap()).failed(3, "invalid_credentials");
    }
    let mut command = command(&run, SYNC_EVENTS, &[]);
    command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN");
    ended(command.output().unwrap()).failed(3, "invalid_credentials");
}

#[test]
fn a_refusal_of_permissions_loses_no_row() {
    let run = with_token(Token::new("", "sync").only_actions([]), 403);
    for arguments in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        sync(&run, arguments, &[]).failed(4, "invalid_permissions");
    }
    run.server.change(|account| account.tokens[0].profile.allowed_actions = None);
    for arguments in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        synced(&run, arguments, &[]);
    }
    assert_eq!((run.server.count_events(), members(&run)), (1, set(["a"])));
}

#[test]
fn the_action_to_import_events_suffices() {
    for status in [403, 401] {
        let mut token = blind(&["importEventData"]);
        token.profile.refused.values_mut().for_each(|one| *one = status);
        let run = with_token(token, status);
        let ended = sync(&run, SYNC_EVENTS, &[]).succeeded();
        assert!(ended.stderr.contains("not checked"), "{}", ended.stderr);
        assert_eq!(run.server.count_events(), 1);
    }
}

#[test]
fn two_actions_suffice_for_segments() {
    for kind in ["standard", "big"] {
        let run = with_token(blind(&["createSegment", "updateIncluded"]), 403);
        for keys in [["a", "b"], ["b", "c"]] {
            write_users(&run, keys);
            let ended = sync(&run, SYNC_SEGMENT, &["--kind", kind]).succeeded();
            assert!(ended.stderr.contains("not checked"), "{}", ended.stderr);
            let members = if kind == "big" { big_members(&run) } else { members(&run) };
            assert_eq!(members, set(keys), "{kind}");
        }
        run.server.forget_requests();
        synced(&run, SYNC_SEGMENT, &["--kind", kind]);
        assert!(writes(&run).is_empty(), "the state file knows what is there");
    }
}

#[test]
fn the_actions_on_metrics_suffice() {
    let actions = ["createMetric", "updateName", "updateEventKey", "updateNumeric"];
    let run = with_token(blind(&actions), 403);
    for name in ["S", "New"] {
        write(&run, "metrics.csv", format!("key,name,event_key\nsignup,{name},x\n"));
        let ended = sync(&run, SYNC_METRICS, &[]).succeeded();
        assert!(ended.stderr.contains("not checked"), "{}", ended.stderr);
    }
    let items =
        run.server.read(|account| account.lists.values().flatten().cloned().collect::<String>());
    assert!(items.contains(r#""name":"New""#), "{items}");
}

#[test]
fn without_the_project_a_missing_permission_is_no_unknown_project() {
    let run = with_token(Token::new("", "sync").without_project("web"), 403);
    let ended = sync(&run, SYNC_EVENTS, &[]);
    assert!([3, 4].contains(&ended.status), "{}", ended.stderr);
    assert_eq!(summary(&ended)["created"], 0);
}

#[test]
fn words_about_approval_are_no_missing_permission() {
    let run = with_token(Token::new("", "sync"), 403);
    create_segment(&run, serde_json::json!({}));
    let words = r#"{"code":"forbidden","message":"approval is required"}"#;
    crate::setup::script(&run, crate::setup::SEGMENT, 0, Answer::json(403, words));
    sync(&run, SYNC_SEGMENT, &[]).failed(10, "approval_required");
}
