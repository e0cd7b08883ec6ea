//! A sync writes its object, and touches nothing else in the account.

use std::collections::BTreeMap;

use fake_launchdarkly::account::{Account, AuditEntry};
use fake_launchdarkly::{Behaviour, Family, company};
use serde_json::Value;

use crate::setup::{NOW, members_of, synced, write, write_events, write_users};
use crate::support::Run;

const PLACE: [&str; 4] = ["--project", "storefront", "--environment", "production"];

/// The demo account. What is derived from it is as fixed as the rest, once each list is its own.
fn company() -> Run {
    let run = Run::new(company::account(NOW), Behaviour::default());
    write_users(&run, ["first"]);
    write(&run, "metrics.csv", "key,event_key\nfirst,x\n");
    let segment = [&["segment"][..], &PLACE, &["--segment", "first", "--from", "csv:users.csv"]];
    synced(&run, &segment.concat(), &[]);
    synced(&run, &["metrics", "--project", "storefront", "--from", "csv:metrics.csv"], &[]);
    run
}

/// Everything but lists that can be written, and the audit log.
fn rest(account: &Account) -> String {
    let rest = Account { lists: BTreeMap::new(), audit_log: Vec::new(), ..account.clone() };
    format!("{rest:?}")
}

/// The objects that differ, as family and key; with the rest of the account compared.
fn changed(before: &Account, after: &Account) -> Vec<(Family, String)> {
    assert_eq!(rest(before), rest(after));
    let keys: Vec<_> = before.lists.keys().collect();
    assert_eq!(keys, after.lists.keys().collect::<Vec<_>>());
    let mut changed = Vec::new();
    for ((place, old), new) in before.lists.iter().zip(after.lists.values()) {
        let differs = new.iter().filter(|item| !old.contains(item));
        let key = |item: &String| serde_json::from_str::<Value>(item).unwrap()["key"].clone();
        changed.extend(differs.map(|item| (place.0, key(item).as_str().unwrap().to_owned())));
        let kept = |item: &&String| new.iter().any(|other| key(other) == key(item));
        assert!(old.iter().all(|item| kept(&item)), "nothing is deleted");
    }
    changed
}

/// An action and the resource that it was done to.
type Deed = (String, String);

/// The entries of the audit log that are new.
fn deeds(before: &Account, after: &Account) -> Vec<Deed> {
    let old = before.audit_log.len();
    let accesses = |entry: &AuditEntry| entry.accesses.clone();
    after.audit_log[old..].iter().flat_map(accesses).collect()
}

/// Runs a sync; returns what it has changed, and the audit log's entries.
fn run_and_compare(run: &Run, sync: &[&str]) -> (Vec<(Family, String)>, Vec<Deed>) {
    let before = run.server.read(Account::clone);
    synced(run, sync, &[]);
    let after = run.server.read(Account::clone);
    (changed(&before, &after), deeds(&before, &after))
}

fn pair(action: &str, resource: &str) -> (String, String) {
    (action.to_owned(), resource.to_owned())
}

#[test]
fn events_change_nothing_in_the_account() {
    let run = company();
    write_events(&run, ["order placed", "b"]);
    let sync = [&["events"][..], &PLACE, &["--from", "csv:events.csv", "--id", "id"]].concat();
    assert_eq!(run_and_compare(&run, &sync), (vec![], vec![]));
    assert_eq!(run.server.count_events(), 2);
    let places = |event: &fake_launchdarkly::ImportedEvent| {
        (event.project.clone(), event.environment.clone())
    };
    let events = run.server.events();
    assert!(events.iter().all(|one| places(one) == pair("storefront", "production")));
}

#[test]
fn a_segment_changes_alone() {
    let run = company();
    write_users(&run, ["a", "b"]);
    let early = ["--segment", "early-access", "--from", "csv:users.csv"];
    let before = members_of(&run, ["storefront", "production", "early-access"], "user");
    let accounts = members_of(&run, ["storefront", "production", "early-access"], "account");
    let (changed, deeds) = run_and_compare(&run, &[&["segment"][..], &PLACE, &early].concat());
    assert_eq!(changed, [(Family::Segments, "early-access".to_owned())]);
    let resource = "proj/storefront:env/production:segment/early-access";
    assert_eq!(deeds, [pair("updateIncluded", resource)]);
    let after = members_of(&run, ["storefront", "production", "early-access"], "user");
    assert_eq!(after, &before | &crate::setup::set(["a", "b"]));
    let left = members_of(&run, ["storefront", "production", "early-access"], "account");
    assert_eq!(left, accounts);
}

#[test]
fn a_new_big_segment_appears_alone() {
    let run = company();
    write_users(&run, ["a", "b"]);
    let big = ["--segment", "fresh", "--kind", "big", "--from", "csv:users.csv"];
    let (changed, deeds) = run_and_compare(&run, &[&["segment"][..], &PLACE, &big].concat());
    assert_eq!(changed, [(Family::Segments, "fresh".to_owned())]);
    let resource = "proj/storefront:env/production:segment/fresh";
    assert_eq!(deeds, [pair("createSegment", resource), pair("updateIncluded", resource)]);
}

#[test]
fn metrics_of_the_source_change_alone() {
    let run = company();
    write(&run, "metrics.csv", "key,name,event_key\nbasket-value,Basket,order placed\nfresh,F,x\n");
    let sync = ["metrics", "--project", "storefront", "--from", "csv:metrics.csv"];
    let (changed, deeds) = run_and_compare(&run, &sync);
    let metric = |key: &str| (Family::Metrics, key.to_owned());
    assert_eq!(changed, [metric("basket-value"), metric("fresh")]);
    let resource = |key: &str| format!("proj/storefront:metric/{key}");
    let expected =
        [pair("updateName", &resource("basket-value")), pair("createMetric", &resource("fresh"))];
    assert_eq!(deeds, expected);
}

#[test]
fn only_the_named_field_of_a_metric_changes() {
    let run = company();
    let find = |run: &Run| {
        let place = (Family::Metrics, vec!["storefront".to_owned()]);
        let items = run.server.read(|account| account.lists[&place].clone());
        let mut items = items.iter().map(|item| serde_json::from_str::<Value>(item).unwrap());
        items.find(|one| one["key"] == "basket-value").unwrap()
    };
    let before = find(&run);
    write(&run, "metrics.csv", "key,name\nbasket-value,Basket\n");
    synced(&run, &["metrics", "--project", "storefront", "--from", "csv:metrics.csv"], &[]);
    let mut after = find(&run);
    assert_eq!(after["name"], "Basket");
    // What LaunchDarkly changes itself.
    for field in ["name", "_version", "_versionId", "lastModified"] {
        after[field] = before[field].clone();
    }
    for (field, value) in before.as_object().unwrap() {
        assert_eq!(&after[field], value, "{field}");
    }
}
