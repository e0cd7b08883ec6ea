//! `flaglake check --writes`: what the token may write, as far as that is known without writing.

use crate::support::{Ended, Run, ended};
use fake_launchdarkly::account::{DEMO_TOKEN, READER_TOKEN, Token};
use fake_launchdarkly::{Behaviour, Family, company};
use serde_json::{Value, json};

const NOW: i64 = 1_790_000_000_000;
const KINDS: [&str; 4] = ["write_metrics", "write_events", "write_segments", "write_flags"];

/// Checks a token of the demo account.
fn check(run: &Run, token: &str) -> Ended {
    let mut command = run.command(&["check", "--writes", "--format", "json"]);
    command.args(["--error-format", "json"]).env("LAUNCHDARKLY_ACCESS_TOKEN", token);
    let ended = ended(command.output().unwrap());
    let requests = run.server.requests();
    assert!(requests.iter().all(|request| request.method == "GET"), "{requests:?}");
    ended
}

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// Checks a service token.
fn check_service(token: Token) -> Ended {
    let run = company();
    let token = Token { value: "api-of-a-service".to_owned(), ..token };
    run.server.change(|account| account.tokens.push(token.clone()));
    check(&run, "api-of-a-service")
}

/// A line for each kind of write, such as `passed: the role …`.
fn writes(ended: &Ended) -> [String; 4] {
    let checks: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
    KINDS.map(|kind| {
        let check = checks.iter().find(|check| check["check"] == kind).unwrap();
        let text = |name: &str| check[name].as_str().unwrap();
        format!("{}: {}", text("outcome"), text("message"))
    })
}

#[test]
fn a_role_that_may_write_allows_every_kind() {
    let ended = check_service(Token::new("", "all")).succeeded();
    assert_eq!(writes(&ended), ["passed: the role `writer` allows it"; 4]);
}

#[test]
fn a_personal_token_may_do_no_more_than_its_owner() {
    let run = company();
    let found = writes(&check(&run, DEMO_TOKEN).succeeded());
    let text = "passed: the role `writer` allows it, as far as the role of the token's owner does";
    assert_eq!(found, [text; 4]);
}

#[test]
fn a_role_that_reads_refuses_every_kind() {
    let run = company();
    let ended = check(&run, READER_TOKEN);
    ended.failed(4, "invalid_permissions");
    let found = writes(&ended);
    for (line, what) in found.iter().zip(["metrics", "metric events", "segments", "flags"]) {
        let start = "failed: the access token may not ";
        assert!(line.starts_with(start) && line.contains(what), "{line}");
    }
}

#[test]
fn a_policy_allows_what_it_names() {
    let actions = ["viewProject", "importEventData", "createMetric", "updateName"];
    let ended = check_service(Token::new("", "some").only_actions(actions));
    ended.failed(4, "invalid_permissions");
    let [metrics, events, segments, flags] = writes(&ended);
    assert_eq!(events, "passed: the token's policy allows it for `proj/*:env/*`");
    assert!(metrics.starts_with("skipped: in part: "), "{metrics}");
    assert!(metrics.contains("`updateTags`") && !metrics.contains("`updateName`"), "{metrics}");
    assert!(segments.starts_with("failed: "), "{segments}");
    assert!(flags.starts_with("failed: "), "{flags}");
}

#[test]
fn of_a_policy_with_an_exception_for_a_write_nothing_is_said_about_it() {
    let ended = check_service(Token::new("", "most").without_action("updateTags")).succeeded();
    let text = "skipped: cannot be told without writing: the token's policy has exceptions";
    let [metrics, others @ ..] = writes(&ended);
    assert_eq!(metrics, text);
    assert!(others.iter().all(|line| line.starts_with("passed: ")), "{others:?}");
}

#[test]
fn of_a_token_that_may_not_read_its_role_nothing_is_said() {
    let token = Token::new("", "blind").refused(Family::AccessTokens, 403);
    let ended = check_service(token).succeeded();
    let text = "skipped: cannot be told: the token may not read its own role";
    assert_eq!(writes(&ended), [text; 4]);
}

#[test]
fn an_action_that_is_denied_is_named_with_its_place() {
    let run = company();
    run.server.change(|account| {
        let denied = [json!({"action": "updateName"}), json!({"action": "deleteMetric"})];
        let metric = json!({"key": "one", "name": "One", "_access": {"denied": denied}});
        let place = (Family::Metrics, vec!["storefront".to_owned()]);
        account.lists.insert(place, vec![metric.to_string()]);
    });
    let ended = check(&run, DEMO_TOKEN);
    let error = ended.failed(4, "invalid_permissions");
    assert_eq!(error["resource"], "write_metrics");
    let [metrics, others @ ..] = writes(&ended);
    let place = "in `storefront/production`";
    assert_eq!(metrics, format!("failed: LaunchDarkly denies the token `updateName` {place}"));
    assert!(others.iter().all(|line| line.starts_with("passed: ")), "{others:?}");
}
