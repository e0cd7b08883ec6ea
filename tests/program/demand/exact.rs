//! What is printed is what LaunchDarkly holds, and everything that was asked for.

use fake_launchdarkly::account::{AuditEntry, Variation};
use fake_launchdarkly::{Boundary, UnknownEnvironment, company};

use super::*;

#[test]
fn lists_keep_digits_and_the_order_of_columns() {
    let run = run();
    let metric = r#"{"_id":"x","_versionId":"v","key":"m","name":"M","kind":"custom",
        "isNumeric":true,"_links":{},"tags":[],"_creationDate":1,"dataSource":{"key":"a"},
        "filters":{"z":1.10,"a":2},
        "urls":[{"kind":"exact","url":"b","n":12345678901234567890123.10}]}"#;
    run.server.change(|account| {
        let key = (Family::Metrics, vec!["web".to_owned()]);
        account.lists.insert(key, vec![metric.to_owned()]);
    });
    let printed = ask(&run, "metrics list --project web --format json", &[]).succeeded().stdout;
    let start = r#"{"items":[{"project_key":"web","metric_key":"m","#;
    assert!(printed.starts_with(start), "{printed}");
    assert!(printed.contains(r#""filters":{"z":1.10,"a":2}"#), "{printed}");
    assert!(printed.contains(r#""n":12345678901234567890123.10"#), "{printed}");
}

#[test]
fn a_search_does_not_find_the_place_of_everything() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    let count = |command: &str| json(&run, command, &[])["items"].as_array().unwrap().len();
    for (command, words) in [
        ("segments list --project storefront --environment production", "production"),
        ("metrics list --project storefront", "storefront"),
        ("members list", "admin"),
    ] {
        let found = count(&format!("{command} --search {words}"));
        assert!(found < count(command), "{command}: {found}");
    }
    assert_eq!(count("members list --search @"), count("members list"), "addresses are searched");
}

#[test]
fn a_list_that_ends_within_a_millisecond_says_so() {
    for before in [Boundary::Exclusive, Boundary::Inclusive] {
        let run = run();
        run.server.behave(|behaviour| behaviour.audit_before = before);
        run.server.change(|account| {
            let entry = |index: i64| AuditEntry::new(format!("e{index}"), LONG_AGO - index / 30);
            account.audit_log = (0..35).map(entry).collect();
        });
        let command = "audit-log list --limit 100 --format json";
        let ended = ask(&run, command, &[]).succeeded();
        let found: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(found["items"].as_array().unwrap().len(), 20, "{found}");
        let warning = "At least 20 entries are of 2017-07-14T02:40:00.000Z";
        assert!(ended.stderr.contains(warning), "{}", ended.stderr);
    }
}

#[test]
fn an_environment_that_is_not_shown_is_named() {
    let run = run();
    run.server.behave(|behaviour| {
        behaviour.unknown_environment = UnknownEnvironment::Ignore;
        behaviour.refused.insert(Family::Environments, 403);
    });
    let ended = ask(&run, "flags show beta --project web --environment nope", &[]).succeeded();
    assert!(ended.stderr.contains("The environment `nope` is not shown"), "{}", ended.stderr);
}

#[test]
fn consent_is_asked_about_variations_that_can_be_told_apart() {
    let long = "x".repeat(60);
    let values = ["1", "2"].map(|end| format!(r#"{{"theme":"{long}","n":{end}}}"#));
    let run = run_with(|project| {
        let variations = values.map(Variation::new);
        project.flag_mut("beta").unwrap().variations = variations.into();
    });
    let ended = ask(&run, "flags on beta --project web --environment test", &[]);
    ended.failed(10, "approval_required");
    for (word, variation) in [("now ", "(variation 1)"), ("then ", "(variation 0)")] {
        let line = ended.stderr.lines().find(|line| line.starts_with(word)).unwrap();
        assert!(line.contains(variation), "{line}");
    }
    assert_eq!(writes(&run), [""; 0]);
}
