//! `flaglake check`: a line for each requirement of an extraction, and the exit status of the first
//! failure.

use crate::support::{Run, ended};
use fake_launchdarkly::account::READER_TOKEN;
use fake_launchdarkly::{Behaviour, Family, company};
use serde_json::Value;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// Outcome and message of every check.
fn checks(stdout: &str) -> Vec<(String, String, String)> {
    let checks: Vec<Value> = serde_json::from_str(stdout).unwrap();
    let text = |check: &Value, field: &str| check[field].as_str().unwrap_or_default().to_owned();
    checks
        .iter()
        .map(|check| (text(check, "check"), text(check, "outcome"), text(check, "message")))
        .collect()
}

#[test]
fn everything_is_checked_and_nothing_is_written() {
    let run = company();
    let ended = run.run(&["check", "--resources", "core,members", "--format", "json"]).succeeded();
    let checks = checks(&ended.stdout);
    let names: Vec<_> = checks.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "token",
            "projects",
            "flags",
            "environments",
            "flag_statuses",
            "tags",
            "teams",
            "team_maintainers",
            "members"
        ]
    );
    assert!(checks.iter().all(|(_, outcome, _)| outcome == "passed"), "{checks:?}");
    assert!(checks[0].2.contains("flaglake demo"), "the token's name: {}", checks[0].2);
    assert!(checks[3].2.starts_with("6 environments"), "{}", checks[3].2);
    assert_eq!(std::fs::read_dir(run.folder.path()).unwrap().count(), 0);
    assert_eq!(run.server.requests().len(), 9);
}

#[test]
fn the_text_has_a_line_for_each_check() {
    let text = company().run(&["check", "--resources", "core,members"]).succeeded().stdout;
    assert_eq!(text.lines().count(), 9, "{text}");
    assert!(text.lines().all(|line| line.starts_with("ok ")), "{text}");
}

#[test]
fn the_first_failure_decides_and_the_rest_is_checked() {
    let run = company();
    let arguments = ["check", "--resources", "core,members", "--format", "json"];
    let mut command = run.command(&arguments);
    command.args(["--error-format", "json"]);
    let ended = ended(command.env("LAUNCHDARKLY_ACCESS_TOKEN", READER_TOKEN).output().unwrap());
    let error = ended.failed(4, "invalid_permissions");
    assert_eq!(error["resource"], "teams");
    let failed: Vec<_> = checks(&ended.stdout)
        .into_iter()
        .filter(|(_, outcome, _)| outcome == "failed")
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(failed, ["teams"]);
    let members = checks(&ended.stdout).pop().unwrap();
    assert_eq!((members.0.as_str(), members.1.as_str()), ("members", "skipped"));
    assert!(members.2.contains("extractions go on without"), "{}", members.2);
}

#[test]
fn a_refused_token_ends_the_checks() {
    let run = company();
    let mut command = run.command(&["check", "--error-format", "json"]);
    let ended = ended(command.env("LAUNCHDARKLY_ACCESS_TOKEN", "api-wrong").output().unwrap());
    ended.failed(3, "invalid_credentials");
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
    assert_eq!(run.server.requests().len(), 1);
}

#[test]
fn a_token_that_sees_no_project_fails() {
    let run = company();
    run.server.change(|account| account.projects.clear());
    let arguments = ["check", "--resources", "core,members", "--error-format", "json"];
    let ended = run.run(&[&arguments[..], &["--format", "json"]].concat());
    let error = ended.failed(4, "invalid_permissions");
    assert_eq!(error["resource"], "projects");
    assert!(error["hint"].as_str().unwrap().contains("role"), "{error}");
    let checks = checks(&ended.stdout);
    assert_eq!((checks[1].0.as_str(), checks[1].1.as_str()), ("projects", "failed"));
    assert!(checks[1].2.contains("sees no project"), "{checks:?}");
    for (name, outcome, _) in &checks[2..5] {
        assert_eq!(outcome, "skipped", "{name}");
    }
    let text = run.run(&arguments).stdout;
    assert!(text.lines().any(|line| line.starts_with("FAILED projects ")), "{text}");
}

#[test]
fn a_plan_without_teams_passes_and_says_so() {
    let run = company();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Teams, 404)]));
    let ended = run.run(&["check"]).succeeded();
    assert!(ended.stdout.contains("no teams"), "{}", ended.stdout);
}
