//! Flags are turned on and off, with consent and once.

use fake_launchdarkly::account::READER_TOKEN;

use super::*;
use crate::support::ended;

#[test]
fn a_flag_is_turned_on_and_off() {
    let run = run();
    let on = json(&run, "flags on beta --project web --environment test --yes", &[]);
    assert_eq!(
        (&on["outcome"], &on["is_on"], &on["version"]),
        (&"changed".into(), &true.into(), &2.into())
    );
    assert_eq!((&on["flag_key"], &on["environment_key"]), (&"beta".into(), &"test".into()));
    assert!(is_on(&run, "test") && !is_on(&run, "strict"));
    let off = json(&run, "flags off beta --project web --environment test --yes", &[]);
    assert_eq!((&off["outcome"], &off["is_on"]), (&"changed".into(), &false.into()));
    assert_eq!(writes(&run), [PATCH, PATCH]);
}

#[test]
fn a_flag_that_is_as_wanted_is_left_alone() {
    let run = run();
    for more in [&[][..], &["--yes"], &["--request-approval"]] {
        let found = json(&run, "flags on beta --project web --environment live", more);
        assert_eq!((&found["outcome"], &found["version"]), (&"unchanged".into(), &5.into()));
    }
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn without_consent_nothing_is_sent() {
    let run = run();
    let ended = ask(&run, "flags on beta --project web --environment production", &[]);
    let error = ended.failed(10, "approval_required");
    assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    assert_eq!((writes(&run), is_on(&run, "production")), (vec![], false));
    for shown in [
        "`production` (critical)",
        "off: everybody gets `false`",
        "on: everybody gets `true`",
        "needs-beta",
    ] {
        assert!(ended.stderr.contains(shown), "{shown}: {}", ended.stderr);
    }
}

#[test]
fn yes_suffices_in_a_critical_environment() {
    let run = run();
    json(&run, "flags on beta --project web --environment production --yes", &[]);
    assert!(is_on(&run, "production"));
}

#[test]
fn a_comment_that_is_required_must_be_given() {
    let run = run();
    for more in [&[][..], &["--yes"], &["--request-approval"], &["--yes", "--comment", " "]] {
        let ended = ask(&run, "flags on beta --project web --environment strict", more);
        ended.failed(12, "guarded");
    }
    assert_eq!(writes(&run), [""; 0]);
    let more = ["--yes", "--comment", "for the launch"];
    json(&run, "flags on beta --project web --environment strict", &more);
    let comment = run.server.read(|account| account.audit_log.last().unwrap().comment.clone());
    assert_eq!(comment.as_deref(), Some("for the launch"));
}

#[test]
fn an_archived_flag_is_left_alone() {
    let run = run();
    for command in ["flags on", "flags off"] {
        let command = format!("{command} old --project web --environment test --yes");
        ask(&run, &command, &[]).failed(12, "guarded");
    }
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn a_change_that_needs_approval_is_told_apart() {
    let run = run();
    let ended = ask(&run, "flags on beta --project web --environment guarded --yes", &[]);
    let error = ended.failed(10, "approval_required");
    assert!(error["hint"].as_str().unwrap().contains("--request-approval"), "{error}");
    assert!(error["message"].as_str().unwrap().contains("updateOn"), "{error}");
    assert!(ended.stderr.contains("will probably refuse"), "{}", ended.stderr);
    assert_eq!((writes(&run), is_on(&run, "guarded")), (vec![PATCH.to_owned()], false));
}

#[test]
fn a_token_may_bypass_approvals() {
    let run = run();
    run.server.change(|account| account.tokens[0].profile.bypasses_approvals = true);
    json(&run, "flags on beta --project web --environment guarded --yes", &[]);
    assert!(is_on(&run, "guarded"));
}

#[test]
fn unknown_keys_are_usage_errors_with_the_nearest_key() {
    let run = run();
    for (command, nearest) in [
        ("flags on beta --project wep --environment test --yes", "`web`"),
        ("flags on beta --project web --environment tset --yes", "`test`"),
        ("flags on bata --project web --environment test --yes", "`beta`"),
    ] {
        let error = ask(&run, command, &[]).failed(2, "usage");
        assert!(error["message"].as_str().unwrap().contains(nearest), "{error}");
    }
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn a_missing_permission_names_the_action() {
    let run = run();
    let command = ["flags", "on", "beta", "--project", "web", "--environment", "test", "--yes"];
    let mut command = run.command(&command);
    command.args(["--error-format", "json"]).env("LAUNCHDARKLY_ACCESS_TOKEN", READER_TOKEN);
    let error = ended(command.output().unwrap()).failed(4, "invalid_permissions");
    assert!(error["message"].as_str().unwrap().contains("updateOn"), "{error}");
    assert!(!is_on(&run, "test"));
}

#[test]
fn nothing_but_the_flag_is_touched() {
    let run = run();
    let before = run
        .server
        .read(|account| format!("{:?}", account.project("web").unwrap().flags[1..].to_vec()));
    json(&run, "flags on beta --project web --environment test --yes", &[]);
    let after = run
        .server
        .read(|account| format!("{:?}", account.project("web").unwrap().flags[1..].to_vec()));
    assert_eq!(before, after);
    for environment in ["strict", "guarded", "production"] {
        assert!(!is_on(&run, environment), "{environment}");
    }
}
