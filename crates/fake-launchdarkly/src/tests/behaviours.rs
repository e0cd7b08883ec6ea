//! The switches.

use super::*;
use crate::account::{Environment, Flag, Project};
use crate::{Boundary, Family, OverLimit, TooManyEnvironments, UnknownEnvironment};

const FLAGS: &str = "/api/v2/flags/project-000";

fn count(server: &Server, query: &str) -> usize {
    items(&json(server, &format!("{FLAGS}?{query}"))).len()
}

#[test]
fn a_limit_above_the_maximum_is_clamped_or_rejected() {
    let server = serve_generated();
    assert_eq!(count(&server, "limit=1000"), 100);
    server.behave(|behaviour| behaviour.maximum.insert(Family::Flags, 15));
    assert_eq!(count(&server, "limit=100"), 15);
    assert_eq!(count(&server, ""), 15);
    server.behave(|behaviour| behaviour.over_limit = OverLimit::Reject);
    assert_eq!(get(&server, &format!("{FLAGS}?limit=16")).status, 400);
    assert_eq!(count(&server, "limit=15"), 15);
}

#[test]
fn limit_sort_and_filter_can_be_ignored() {
    let server = serve_generated();
    let plain = walk(&server, FLAGS);
    server.behave(|behaviour| {
        behaviour.ignore_limit = true;
        behaviour.ignore_sort = true;
        behaviour.ignore_filter = true;
    });
    assert_eq!(count(&server, "limit=100"), 20);
    let query = "sort=-creationDate&filter=state%3Aarchived";
    assert_eq!(walk(&server, &format!("{FLAGS}?{query}")), plain);
}

#[test]
fn the_creation_filter_can_be_ignored_or_inclusive() {
    let server = serve_generated();
    let oldest = walk(&server, FLAGS).iter().filter_map(|flag| flag["creationDate"].as_i64()).min();
    let filter = |before: i64| {
        format!("filter=state%3Alive,creationDate%3A%7B%22before%22%3A{before}%7D&limit=100")
    };
    let oldest = oldest.unwrap();
    assert_eq!(count(&server, &filter(oldest)), 0);
    server.behave(|behaviour| behaviour.creation_before = Boundary::Inclusive);
    assert_eq!(count(&server, &filter(oldest)), 1);
    server.behave(|behaviour| behaviour.ignore_creation_filter = true);
    assert_eq!(count(&server, &filter(oldest)), 100);
}

#[test]
fn totals_and_links_can_be_left_out() {
    let server = serve_generated();
    server.behave(|behaviour| {
        behaviour.omit_total_count = true;
        behaviour.omit_page_links = true;
    });
    let page = json(&server, FLAGS);
    assert!(page.get("totalCount").is_none());
    assert_eq!(page["_links"].as_object().unwrap().keys().collect::<Vec<_>>(), ["self"]);
}

#[test]
fn the_total_can_ignore_the_filter() {
    let server = serve_generated();
    server.behave(|behaviour| behaviour.total_count_ignores_filter = true);
    let page = json(&server, &format!("{FLAGS}?filter=state%3Adeprecated"));
    assert_eq!((items(&page).len(), &page["totalCount"]), (10, &Value::from(130)));
}

#[test]
fn a_fourth_environment_is_rejected_dropped_or_served() {
    let server = serve_generated();
    let query = "limit=1&env=production&env=staging&env=test&env=development";
    let served = |server: &Server| {
        let page = json(server, &format!("{FLAGS}?{query}"));
        page["items"][0]["environments"].as_object().map(|found| found.len())
    };
    assert_eq!(get(&server, &format!("{FLAGS}?{query}")).status, 400);
    server.behave(|behaviour| behaviour.too_many_environments = TooManyEnvironments::Truncate);
    assert_eq!(served(&server), Some(3));
    server.behave(|behaviour| behaviour.too_many_environments = TooManyEnvironments::Allow);
    assert_eq!(served(&server), Some(4));
}

#[test]
fn an_unknown_environment_is_passed_over_or_not_found() {
    let server = serve_generated();
    let path = format!("{FLAGS}?env=gone&limit=1");
    assert_eq!(json(&server, &path)["items"][0]["environments"], serde_json::json!({}));
    server.behave(|behaviour| behaviour.unknown_environment = UnknownEnvironment::NotFound);
    assert_eq!(get(&server, &path).status, 404);
}

#[test]
fn the_list_without_a_state_has_the_states_it_is_told_to() {
    let server = serve_generated();
    let total = |server: &Server| walk(server, &format!("{FLAGS}?limit=100")).len();
    assert_eq!(total(&server), 130);
    server.behave(|behaviour| behaviour.list_includes_deprecated = false);
    assert_eq!(total(&server), 120);
    server.behave(|behaviour| behaviour.list_includes_archived = true);
    assert_eq!(total(&server), 150);
}

#[test]
fn expansion_can_be_ignored() {
    let server = serve_generated();
    server.behave(|behaviour| behaviour.ignore_expand = true);
    let page = json(&server, "/api/v2/projects?expand=environments");
    assert!(page["items"][0].get("environments").is_none());
}

#[test]
fn values_keep_every_digit() {
    let values = ["9007199254740993", "18446744073709551615", "1e308", "-0.0", "null"];
    let flag = Flag::new("digits", NOW_MS).with_values(values);
    let project = Project::new("web").with_environment(Environment::new("test")).with_flag(flag);
    let server = serve(Account::new(NOW_MS).with_project(project));
    let body = get(&server, "/api/v2/flags/web").body;
    for value in values {
        assert!(body.contains(&format!("\"value\":{value}}}")), "{value}");
    }
}

#[test]
fn a_change_shows_in_the_next_answer() {
    let server = serve_company();
    let path = "/api/v2/flags/payments/pay-later?env=production";
    assert_eq!(json(&server, path)["archived"], false);
    server.change(|account| {
        let flag = account.project_mut("payments").and_then(|found| found.flag_mut("pay-later"));
        flag.unwrap().archived_ms = Some(NOW_MS);
    });
    let flag = json(&server, path);
    assert_eq!(flag["archived"], true);
    assert_eq!(flag["environments"]["production"]["archived"], true);
}

#[test]
fn what_was_deleted_is_not_found_under_any_route() {
    let server = serve_company();
    server.change(|account| {
        account.projects.retain(|project| project.key != "payments");
        account.project_mut("storefront").unwrap().environments.retain(|one| one.key != "test");
    });
    for path in [
        "projects/payments",
        "projects/payments/environments",
        "projects/payments/environments/production",
        "flags/payments",
        "flags/payments/pay-later",
        "flag-statuses/payments/production",
        "flag-status/payments/pay-later",
        "projects/storefront/environments/test",
        "flag-statuses/storefront/test",
        "flag-statuses/storefront/test/dark-mode",
    ] {
        assert_eq!(get(&server, &format!("/api/v2/{path}")).status, 404, "{path}");
    }
}
