//! What commands print as JSON is what `schema/commands.json` says.

use super::definitions::check;
use super::*;

/// An account in which every command has something to print.
fn rich() -> (Run, String) {
    let run = run_with(|project| {
        let state = FlagEnvironment {
            config: FlagConfig::on(LONG_AGO, 0, 1),
            status: Some(FlagStatus::requested("active", LONG_AGO)),
        };
        project.flags.push(Flag::new("rich", LONG_AGO).in_environment("live", state));
    });
    let ask = "flags on beta --project web --environment guarded --request-approval";
    let made = json(&run, ask, &[]);
    check("flags_on", &made);
    (run, made["approval_request_id"].as_str().unwrap().to_owned())
}

/// Runs a command on the demo account, and checks what it prints.
fn check_demo(definition: &str, command: &str) -> Value {
    let run = run();
    let printed = json(&run, command, &["--demo"]);
    check(definition, &printed);
    printed
}

#[test]
fn lists_are_as_the_schema_says() {
    for (definition, command) in [
        ("projects_list", "projects list"),
        ("environments_list", "environments list --project storefront"),
        ("flags_list", "flags list --project storefront"),
        ("flags_list", "flags list --project storefront --environment production"),
        ("segments_list", "segments list --project storefront --environment production"),
        ("metrics_list", "metrics list --project storefront"),
        ("members_list", "members list"),
        ("approvals_list", "approvals list"),
        ("audit_log_list", "audit-log list --limit 40"),
    ] {
        let printed = check_demo(definition, command);
        assert!(!printed["items"].as_array().unwrap().is_empty(), "{command}");
    }
}

#[test]
fn details_are_as_the_schema_says() {
    let listed = check_demo("flags_list", "flags list --project storefront");
    for flag in listed["items"].as_array().unwrap().iter().take(8) {
        let key = flag["flag_key"].as_str().unwrap();
        check_demo("flags_show", &format!("flags show {key} --project storefront"));
    }
    check_demo(
        "segments_show",
        "segments show early-access --project storefront --environment production",
    );
    let requests = check_demo("approvals_list", "approvals list");
    let id = requests["items"][0]["approval_request_id"].as_str().unwrap();
    check_demo("approvals_show", &format!("approvals show {id}"));
}

#[test]
fn changes_are_as_the_schema_says() {
    let (run, id) = rich();
    for (definition, command) in [
        ("flags_on", "flags on beta --project web --environment guarded --request-approval"),
        ("flags_on", "flags on beta --project web --environment live"),
        ("flags_off", "flags off rich --project web --environment live --yes"),
        ("flags_archive", "flags archive rich --project web --yes --force"),
        ("flags_archive", "flags archive rich --project web"),
        ("flags_restore", "flags restore rich --project web --yes --force"),
    ] {
        let more: &[&str] =
            if command.ends_with("--force") { &["--comment", "agreed"] } else { &[] };
        check(definition, &json(&run, command, more));
    }
    assert!(run.server.approve(&id));
    check("approvals_apply", &json(&run, "approvals apply", &[&id, "--yes"]));
    let (run, id) = rich();
    check("approvals_withdraw", &json(&run, "approvals withdraw", &[&id, "--yes"]));
}

#[test]
fn a_result_of_a_query_is_as_the_schema_says() {
    let run = run();
    run.extract(&[]);
    let ended = run.run(&["query", "SELECT 1 AS a, NULL AS b", "--format", "json"]).succeeded();
    check("query", &serde_json::from_str(&ended.stdout).unwrap());
}

#[test]
fn checks_are_as_the_schema_says() {
    check_demo("check", "check --writes");
    let run = run();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Flags, 403)]));
    let arguments = ["check", "--only", "connection,flags", "--format", "json"];
    let ended = run.run(&arguments);
    check("check", &serde_json::from_str(&ended.stdout).unwrap());
}
