//! `check --print-policy --writes` prints a policy that suffices for every sync, and is no larger.

use std::collections::BTreeSet;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{DEMO_TOKEN, Token, object_id};
use serde_json::{Value, json};

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, account, big_members, members, place, set, sync,
    write, write_events, write_users,
};
use crate::support::{Ended, Run};

const FLAGS: &str = "proj/*:env/*:flag/*";

/// The statements: resources and actions.
fn policy() -> Vec<(String, Vec<String>)> {
    let run = place();
    let ended = run.run(&["check", "--print-policy", "--writes"]).succeeded();
    assert!(run.server.requests().is_empty());
    let policy: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
    let texts = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    let statement = |one: &Value| {
        assert_eq!(one["effect"], "allow");
        (texts(&one["resources"]).concat(), texts(&one["actions"]))
    };
    policy.iter().map(statement).collect()
}

fn actions() -> BTreeSet<String> {
    policy().into_iter().flat_map(|(_, actions)| actions).collect()
}

/// An account whose demo token may do exactly this.
fn with_actions(actions: &BTreeSet<String>) -> Run {
    let mut account = account();
    let token = Token::new(DEMO_TOKEN, "sync").only_actions(actions.iter().map(String::as_str));
    account.tokens = vec![token];
    Run::new(account, Behaviour::default())
}

/// Metrics of each kind, then with every field changed.
fn definitions(version: &str) -> String {
    let second = version == "second";
    let numeric = json!({
        "key": "value", "event_key": version, "is_numeric": true, "name": version,
        "description": version, "unit": version, "tags": version, "archived": second,
        "maintainer_id": object_id(version), "analysis_units": if second { "user" } else { "account" },
        "success_criteria": if second { "LowerThanBaseline" } else { "HigherThanBaseline" },
        "unit_aggregation_type": if second { "sum" } else { "average" },
        "analysis_type": if second { "percentile" } else { "mean" },
        "percentile_value": if second { json!(90) } else { Value::Null },
    });
    let click = json!({
        "key": "click", "kind": "click", "selector": format!("#{version}"),
        "urls": format!("https://shop.example/{version}"),
    });
    let turned = json!({
        "key": "turned", "event_key": "x", "is_numeric": second, "unit": "ms",
        "success_criteria": "HigherThanBaseline",
    });
    format!("{numeric}\n{click}\n{turned}\n")
}

fn events(run: &Run) -> Vec<Ended> {
    write_events(run, ["a"]);
    vec![sync(run, SYNC_EVENTS, &[])]
}

/// A standard segment, and a big one by changes and by an import.
fn segments(run: &Run) -> Vec<Ended> {
    let mut big = SYNC_SEGMENT.to_vec();
    big[6] = "large";
    let mut ended = Vec::new();
    for keys in [["a", "b"], ["b", "c"]] {
        write_users(run, keys);
        ended.push(sync(run, SYNC_SEGMENT, &[]));
        ended.push(sync(run, &big, &["--kind", "big"]));
    }
    ended.push(sync(run, &big, &["--kind", "big", "--full", "--exclusive"]));
    ended
}

/// New metrics, and a change of each field.
fn metrics(run: &Run) -> Vec<Ended> {
    let lines = [&SYNC_METRICS[..4], &["jsonl:metrics.jsonl"]].concat();
    let ended = ["first", "second"].map(|version| {
        write(run, "metrics.jsonl", definitions(version));
        sync(run, &lines, &[])
    });
    ended.into()
}

/// Runs the syncs that a statement of the policy is for; returns those that did not succeed.
fn failed(run: &Run, resource: &str) -> Vec<Ended> {
    let ended = match resource {
        "proj/*:metric/*" => metrics(run),
        "proj/*:env/*" => events(run),
        "proj/*:env/*:segment/*" => segments(run),
        _ => Vec::new(),
    };
    ended.into_iter().filter(|one| one.status != 0).collect()
}

#[test]
fn the_policy_has_a_statement_for_each_kind_of_write() {
    let resources: Vec<_> = policy().into_iter().map(|(resource, _)| resource).collect();
    let expected = ["proj/*", "proj/*:metric/*", "proj/*:env/*", "proj/*:env/*:segment/*", FLAGS];
    assert_eq!(resources, expected);
    let expected = "createApprovalRequest createMetric createSegment importEventData \
        updateArchived updateDescription updateEventDefault updateEventKey updateIncluded \
        updateMaintainer updateName updateNumeric updateNumericSuccess updateNumericUnit updateOn \
        updateRandomizationUnits updateSelector updateTags updateUnitAggregationType updateUrls \
        viewProject";
    assert_eq!(actions().into_iter().collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn the_policy_suffices_for_every_kind_of_sync() {
    let run = with_actions(&actions());
    for (resource, _) in policy() {
        let failed = failed(&run, &resource);
        assert!(failed.is_empty(), "{failed:?}");
    }
    assert!(run.requests("/imports") > 0);
    assert_eq!((members(&run), run.server.count_events()), (set(["b", "c"]), 1));
    assert_eq!(run.server.big_segment_members("web", "production", "large"), set(["b", "c"]));
    assert!(big_members(&run).is_empty());
}

#[test]
fn no_action_of_the_policy_is_in_vain() {
    let (policy, all) = (policy(), actions());
    let of_syncs = policy.iter().filter(|(resource, _)| !["proj/*", FLAGS].contains(&&**resource));
    let each = |(resource, actions): &(String, Vec<String>)| {
        actions.iter().map(|action| (resource.clone(), action.clone())).collect::<Vec<_>>()
    };
    for (resource, action) in of_syncs.flat_map(each) {
        let mut rest = all.clone();
        rest.remove(&action);
        let failed = failed(&with_actions(&rest), &resource);
        let is_named = failed.iter().any(|ended| ended.stderr.contains(&action));
        assert!(is_named, "{action}: {failed:?}");
        assert!(failed.iter().all(|ended| ended.status == 4), "{action}: {failed:?}");
    }
}
