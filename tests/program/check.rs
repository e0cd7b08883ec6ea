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

/// What a check of a list inside a project says where there is none.
const NOTHING_TO_READ: &str = "nothing to read: there are no projects";

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
            "connection",
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
    for (name, outcome, message) in &checks[2..5] {
        assert_eq!((outcome.as_str(), message.as_str()), ("passed", NOTHING_TO_READ), "{name}");
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

/// The checks that users of workflow tools know.
const HEALTH: &str = "connection,flags,environments,members";

/// Runs just `names`, and returns how it ended and what was checked.
fn check_only(run: &Run, names: &str) -> (crate::support::Ended, Vec<(String, String, String)>) {
    let arguments = ["check", "--only", names, "--format", "json", "--error-format", "json"];
    let ended = run.run(&arguments);
    let checks = checks(&ended.stdout);
    (ended, checks)
}

#[test]
fn just_the_checks_that_are_named_run() {
    let run = company();
    let (ended, checks) = check_only(&run, HEALTH);
    ended.succeeded();
    let expected = [
        ("flags", "33 flags in project `storefront`"),
        ("environments", "6 environments in project `storefront`"),
        ("members", "20 members"),
    ];
    assert_eq!((checks[0].0.as_str(), checks[0].1.as_str()), ("connection", "passed"));
    for ((name, outcome, message), (check, found)) in checks[1..].iter().zip(expected) {
        assert_eq!((name.as_str(), outcome.as_str(), message.as_str()), (check, "passed", found));
    }
    // The identity, the first project, its flags, its environments, and the members.
    assert_eq!(run.server.requests().len(), 5);
}

#[test]
fn a_check_sends_only_the_requests_that_it_needs() {
    for (names, requests) in [
        ("connection", 1),
        ("members", 1),
        ("projects", 1),
        ("tags", 1),
        ("flags", 2),
        ("environments", 2),
        ("team_maintainers", 2),
        ("segments", 3),
    ] {
        let run = company();
        let (ended, checks) = check_only(&run, names);
        ended.succeeded();
        let shown: Vec<_> = checks.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(shown, [names]);
        assert_eq!(run.server.requests().len(), requests, "{names}");
    }
}

#[test]
fn an_account_without_projects_passes_the_health_checks() {
    let run = company();
    run.server.change(|account| account.projects.clear());
    let (ended, checks) = check_only(&run, HEALTH);
    ended.succeeded();
    for (name, outcome, message) in &checks[1..3] {
        assert_eq!((outcome.as_str(), message.as_str()), ("passed", NOTHING_TO_READ), "{name}");
    }
}

#[test]
fn a_health_check_that_fails_names_the_permission() {
    for (family, check, permission) in [
        (Family::Projects, "flags", "viewProject"),
        (Family::Projects, "environments", "viewProject"),
        (Family::Flags, "flags", "viewProject"),
        (Family::Environments, "environments", "viewProject"),
        (Family::Environments, "segments", "viewProject"),
        (Family::Members, "members", "Reader"),
    ] {
        let run = company();
        run.server.behave(|behaviour| behaviour.refused.extend([(family, 403)]));
        let (ended, checks) = check_only(&run, &format!("connection,{check}"));
        let error = ended.failed(4, "invalid_permissions");
        assert_eq!((checks[1].0.as_str(), checks[1].1.as_str()), (check, "failed"));
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains(permission), "{family:?}, {check}: {hint}");
    }
}

#[test]
fn a_check_that_does_not_exist_is_refused_with_a_suggestion() {
    let run = company();
    let arguments = ["check", "--only", "conection", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`connection`"), "{error}");
    assert_eq!(run.server.requests().len(), 0);
}
