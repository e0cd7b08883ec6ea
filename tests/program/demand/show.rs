//! A flag on one page.

use fake_launchdarkly::account::{Rollout, Rule, Serve, Target};

use super::*;

/// An account whose flag `beta` has rules, targets and a rollout in `live`.
fn run_with_rules() -> Run {
    run_with(|project| {
        let flag = project.flag_mut("beta").unwrap();
        let mut state = flag.environment("live").into_owned();
        let clauses = r#"[{"attribute":"country","op":"in","values":["DE","AT"]}]"#;
        state.config.rules = vec![
            Rule::new(Serve::Variation(0), clauses),
            Rule::new(Serve::Variation(1), r#"[{"attribute":"age","op":"isNear","values":[7]}]"#),
        ];
        state.config.targets = vec![Target::new("user", 1, ["ann-secret", "bob-secret"])];
        state.config.fallthrough = Some(Serve::Rollout(Rollout::percent(25)));
        flag.environments.insert("live".to_owned(), state);
    })
}

#[test]
fn one_object_has_everything_about_a_flag() {
    let run = run_with_rules();
    let flag = json(&run, "flags show beta --project web", &[]);
    assert_eq!((&flag["project_key"], &flag["flag_key"]), (&"web".into(), &"beta".into()));
    assert_eq!(flag["variations"][0]["value"], true);
    let keys: Vec<_> = flag["environments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["environment_key"])
        .collect();
    assert_eq!(keys, ["guarded", "live", "production", "strict", "test"]);
    let live = &flag["environments"][1];
    assert_eq!((&live["is_on"], &live["version"]), (&true.into(), &5.into()));
    assert_eq!((&live["status"], &live["target_count"]), (&"launched".into(), &2.into()));
    assert_eq!(live["rules"][1]["clauses"][0]["op"], "isNear");
    assert_eq!(live["targets"][0]["value_count"], 2);
    assert_eq!(flag["environments"][2]["dependent_flag_keys"], serde_json::json!(["needs-beta"]));
    assert!(!flag.to_string().contains("ann-secret"), "targets are only counted");
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn the_page_says_in_words_what_is_served() {
    let run = run_with_rules();
    let arguments = ["flags", "show", "beta", "--project", "web", "--environment", "live"];
    let mut command = run.command(&arguments);
    let ended = crate::support::ended(command.env("COLUMNS", "400").output().unwrap());
    let text = ended.succeeded().stdout;
    let served = "on: 25 % of users get `true`, the rest `false`; rule 1: `country` is one of \
                  DE, AT → `true`; rule 2: `age` isNear 7 → `false`; 2 users get `false`";
    assert!(text.contains(served), "{text}");
    assert!(text.contains("launched, last requested 2017-07-14 02:40"), "{text}");
    assert!(!text.contains("production"), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_known() {
    let run = run();
    run.server.behave(|behaviour| {
        behaviour.refused.extend([
            (Family::DependentFlags, 403),
            (Family::ApprovalRequests, 404),
            (Family::AuditLog, 403),
        ]);
    });
    let ended = ask(&run, "flags show beta --project web --environment live", &[]).succeeded();
    assert!(ended.stdout.contains("not known"), "{}", ended.stdout);
    assert!(ended.stderr.contains("The flags that depend on it are not known"), "{}", ended.stderr);
    let flag = json(&run, "flags show beta --project web --environment live", &[]);
    assert!(flag["environments"][0]["dependent_flag_keys"].is_null(), "{flag}");
    assert!(flag["audit_log_entries"].is_null(), "{flag}");
}

#[test]
fn changes_and_pending_requests_are_shown() {
    let run = run();
    json(&run, "flags on beta --project web --environment test --yes", &["--comment", "why"]);
    json(&run, "flags on beta --project web --environment guarded --request-approval", &[]);
    let flag = json(&run, "flags show beta --project web", &[]);
    let entries = flag["audit_log_entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "{entries:?}");
    let guarded = &flag["environments"][0];
    assert_eq!(guarded["approval_requests"][0]["instruction_kinds"][0], "turnFlagOn");
}

#[test]
fn unknown_flags_and_environments_are_usage_errors() {
    let run = run();
    for (command, nearest) in [
        ("flags show bata --project web", "`beta`"),
        ("flags show beta --project wep", "`web`"),
        ("flags show beta --project web --environment tset", "`test`"),
    ] {
        let error = ask(&run, command, &[]).failed(2, "usage");
        assert!(error["message"].as_str().unwrap().contains(nearest), "{error}");
    }
}

#[test]
fn everything_works_with_the_demo_account() {
    let run = run();
    for command in [
        "projects list --demo",
        "flags list --project storefront --search checkout --demo",
        "flags show one-page-checkout --project storefront --demo",
        "flags off one-page-checkout --project storefront --environment staging --yes --demo",
        "approvals list --demo",
        "audit-log list --demo",
        "members list --demo --format json",
    ] {
        ask(&run, command, &[]).succeeded();
    }
    assert_eq!(run.server.requests().len(), 0);
}
