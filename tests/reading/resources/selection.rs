//! Which resources a run reads, and how users learn of them.

use fake_launchdarkly::Family;
use flaglake::model::resource::Group;
use flaglake::resources;

use crate::resources::{company, outcome};
use crate::support;

#[test]
fn a_run_that_names_nothing_reads_core_and_default() {
    let run = company();
    let mut command = run.command(&["extract"]);
    let ended = support::ended(command.env_remove("FLAGLAKE_RESOURCES").output().unwrap());
    ended.succeeded();
    for resource in resources::ALL {
        let complete = outcome(&run, resource.name()).iter().all(|row| row.contains("complete"));
        assert_eq!(complete, resource.group() <= Group::Default, "{}", resource.name());
    }
}

#[test]
fn names_bring_what_they_need_and_skip_takes_it_along() {
    let run = company();
    run.extract(&["--resources", "flag_statuses"]);
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
    assert_eq!(run.requests("/tags"), 0);
    run.extract(&["--resources", "core", "--skip", "flags"]);
    assert_eq!(outcome(&run, "flag_statuses"), [r#""skipped" | NULL | 1 | 1"#]);
}

#[test]
fn an_unknown_resource_is_refused_with_a_likely_one() {
    let run = company();
    let arguments = ["extract", "--resources", "segmnts", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`segments`"), "{error}");
    let arguments = ["extract", "--skip", "projects", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("everything else needs it"), "{error}");
}

#[test]
fn the_list_of_resources_names_all_of_them() {
    let run = company();
    let text = run.run(&["resources"]).succeeded().stdout;
    let json = run.run(&["resources", "--format", "json"]).succeeded().stdout;
    let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(json.len(), resources::ALL.len());
    for (resource, value) in resources::ALL.iter().zip(json) {
        assert!(text.contains(resource.name()), "{}", resource.name());
        assert_eq!(value["endpoint"], resource.path());
        assert!(!resource.requests().is_empty(), "{}", resource.name());
    }
    assert!(run.server.requests().is_empty());
}

#[test]
fn the_policy_grants_what_is_documented_and_names_the_rest() {
    let run = company();
    let ended = run.run(&["check", "--print-policy", "--resources", "all"]).succeeded();
    let policy: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        policy,
        serde_json::json!([
            {"effect": "allow", "resources": ["proj/*"], "actions": ["viewProject"]},
            {"effect": "allow", "resources": ["team/*"], "actions": ["viewTeam"]},
        ])
    );
    assert!(
        ended.stderr.contains("members") && ended.stderr.contains("Reader"),
        "{}",
        ended.stderr
    );
    let ended = run.run(&["check", "--print-policy", "--resources", "flags"]).succeeded();
    assert!(!ended.stdout.contains("viewTeam") && ended.stderr.is_empty());
    assert!(run.server.requests().is_empty(), "nothing is sent");
}

#[test]
fn check_looks_at_every_resource_that_is_wanted() {
    let run = company();
    let ended = run.run(&["check", "--resources", "all"]).succeeded();
    for resource in resources::ALL {
        let line = ended
            .stdout
            .lines()
            .find(|line| line.split_whitespace().nth(1) == Some(resource.name()));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{}: {line:?}", resource.name());
    }
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Webhooks, 403)]));
    let ended = run.run(&["check", "--resources", "webhooks"]).succeeded();
    assert!(ended.stdout.contains("extractions go on without"), "{}", ended.stdout);
    let arguments = ["check", "--resources", "webhooks", "--strict", "--error-format", "json"];
    run.run(&arguments).failed(4, "invalid_permissions");
}
