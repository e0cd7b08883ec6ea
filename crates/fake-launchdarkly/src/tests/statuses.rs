//! Flag statuses.

use std::collections::BTreeSet;

use super::*;
use crate::NeverRequested;
use crate::account::{Environment, Flag, FlagEnvironment, Project};

const PRODUCTION: &str = "/api/v2/flag-statuses/project-000/production";

fn parents(page: &Value) -> BTreeSet<String> {
    let href = |item: &Value| item["_links"]["parent"]["href"].as_str().map(str::to_owned);
    items(page).iter().filter_map(href).collect()
}

#[test]
fn one_request_has_the_statuses_of_all_live_flags() {
    let server = serve_generated();
    let page = json(&server, PRODUCTION);
    assert!(page.get("totalCount").is_none());
    let flags = walk(&server, "/api/v2/flags/project-000?limit=100");
    let expected: BTreeSet<String> =
        keys(&flags).iter().map(|key| format!("/api/v2/flags/project-000/{key}")).collect();
    assert_eq!(parents(&page), expected);
    assert!(items(&page).iter().all(|item| item.get("key").is_none()));
    server.behave(|behaviour| behaviour.statuses_include_archived = true);
    assert_eq!(items(&json(&server, PRODUCTION)).len(), 160);
}

#[test]
fn a_flag_can_be_missing_from_the_list_and_still_have_a_status() {
    let server = serve_generated();
    let flags = json(&server, "/api/v2/flags/project-000?limit=1");
    let key = keys(items(&flags))[0].to_owned();
    server.behave(|behaviour| behaviour.statuses_lack.insert(key.clone()));
    assert_eq!(items(&json(&server, PRODUCTION)).len(), 129);
    let alone = json(&server, &format!("{PRODUCTION}/{key}"));
    assert_eq!(alone["_links"]["self"]["href"], format!("{PRODUCTION}/{key}"));
    let everywhere = json(&server, &format!("/api/v2/flag-status/project-000/{key}"));
    assert_eq!(everywhere["key"], *key);
    assert_eq!(everywhere["environments"].as_object().unwrap().len(), 4);
    assert_eq!(everywhere["environments"]["production"]["name"], alone["name"]);
}

#[test]
fn a_flag_that_was_never_requested_says_null_or_nothing() {
    let server = serve_company();
    let path = "/api/v2/flag-statuses/storefront/production/black-week-banner";
    assert!(json(&server, path)["lastRequested"].is_null());
    assert!(json(&server, path).get("lastRequested").is_some());
    server.behave(|behaviour| behaviour.never_requested = NeverRequested::Absent);
    assert!(json(&server, path).get("lastRequested").is_none());
    let asked = "/api/v2/flag-statuses/storefront/production/dark-mode";
    assert!(json(&server, asked)["lastRequested"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn links_escape_what_keys_may_hold() {
    let project = Project::new("a/b")
        .with_environment(Environment::new("é e"))
        .with_flag(Flag::new("..%\"x", NOW_MS));
    let server = serve(Account::new(NOW_MS).with_project(project));
    let page = json(&server, "/api/v2/flag-statuses/a%2Fb/%C3%A9%20e");
    let links = &page["items"][0]["_links"];
    assert_eq!(links["parent"]["href"], "/api/v2/flags/a%2Fb/..%25%22x");
    let own = links["self"]["href"].as_str().unwrap();
    assert_eq!(own, "/api/v2/flag-statuses/a%2Fb/%C3%A9%20e/..%25%22x");
    assert_eq!(json(&server, own)["name"], "inactive");
}

#[test]
fn an_empty_list_can_be_null() {
    let project = Project::new("empty").with_environment(Environment::new("test"));
    let server = serve(Account::new(NOW_MS).with_project(project));
    let path = "/api/v2/flag-statuses/empty/test";
    assert!(json(&server, path)["items"].is_array());
    server.behave(|behaviour| behaviour.empty_statuses_are_null = true);
    assert!(json(&server, path)["items"].is_null());
}

#[test]
fn a_flag_without_a_status_is_not_found() {
    let flag = Flag::new("quiet", NOW_MS);
    let state = FlagEnvironment { status: None, ..flag.environment("test").into_owned() };
    let project = Project::new("web")
        .with_environment(Environment::new("test"))
        .with_flag(flag.in_environment("test", state));
    let server = serve(Account::new(NOW_MS).with_project(project));
    assert_eq!(items(&json(&server, "/api/v2/flag-statuses/web/test")).len(), 0);
    assert_eq!(get(&server, "/api/v2/flag-statuses/web/test/quiet").status, 404);
}
