//! Lists, page by page.

use std::collections::BTreeSet;

use super::*;
use crate::account::SERVICE_TOKEN;

#[test]
fn following_next_links_reaches_every_item_of_every_list() {
    let server = serve_generated();
    let lists = [
        ("/api/v2/projects?limit=1", 2),
        ("/api/v2/projects/project-000/environments?limit=3", 4),
        ("/api/v2/tags", 40),
        ("/api/v2/teams?limit=2", 5),
        ("/api/v2/teams/team-001/maintainers?limit=2", 3),
        ("/api/v2/members", 25),
        ("/api/v2/flags/project-001?limit=7", 130),
        ("/api/v2/flags/project-001?limit=7&filter=state%3Aarchived", 30),
        ("/api/v2/flags/project-001?filter=state%3Adeprecated&limit=100", 10),
    ];
    for (path, count) in lists {
        let found = walk(&server, path);
        let distinct: BTreeSet<String> = found.iter().map(Value::to_string).collect();
        assert_eq!((found.len(), distinct.len()), (count, count), "{path}");
        assert_eq!(json(&server, path)["totalCount"], count, "{path}");
    }
}

#[test]
fn links_are_relative_and_absent_at_the_edges() {
    let server = serve_generated();
    let link = |path: &str, name: &str| {
        json(&server, path)["_links"][name]["href"].as_str().map(str::to_owned)
    };
    let first = "/api/v2/flags/project-000?limit=50&sort=-creationDate";
    let middle = "/api/v2/flags/project-000?limit=50&offset=50&sort=-creationDate&summary=true";
    let last = "/api/v2/flags/project-000?limit=50&offset=100&sort=-creationDate&summary=true";
    assert_eq!(link(first, "prev"), None);
    assert_eq!(link(first, "first"), None);
    assert_eq!(link(first, "next").as_deref(), Some(middle));
    assert_eq!(link(first, "last").as_deref(), Some(last));
    assert_eq!(link(middle, "prev").as_deref(), Some(&*format!("{first}&summary=true")));
    assert_eq!(link(last, "next"), None);
    assert_eq!(link(last, "last"), None);
}

#[test]
fn a_walk_by_date_finds_flags_that_share_a_millisecond() {
    let size = Size { flags: 150, same_millisecond: 120, ..Size::default() };
    let server = serve(generated::account(size));
    let mut found = BTreeSet::new();
    let (mut before, mut offset) = (i64::MAX, 0);
    loop {
        let filter = format!("filter=creationDate%3A%7B%22before%22%3A{before}%7D");
        let page = json(
            &server,
            &format!(
                "/api/v2/flags/project-000?limit=40&offset={offset}&sort=-creationDate&{filter}"
            ),
        );
        found.extend(keys(items(&page)).into_iter().map(str::to_owned));
        let Some(oldest) = items(&page).last().and_then(|flag| flag["creationDate"].as_i64())
        else {
            break;
        };
        // A page within one millisecond leads no further by date.
        (before, offset) =
            if oldest + 1 < before { (oldest + 1, 0) } else { (before, offset + 40) };
    }
    assert_eq!(found.len(), 160);
}

#[test]
fn nested_pages_hold_20_environments_and_25_maintainers() {
    let size = Size { environments: 23, maintainers: 30, members: 60, flags: 3, ..Size::default() };
    let server = serve(generated::account(size));
    let project = &json(&server, "/api/v2/projects?expand=environments")["items"][0];
    assert_eq!(items(&project["environments"]).len(), 20);
    assert_eq!(project["environments"]["totalCount"], 23);
    let next = project["environments"]["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(next, "/api/v2/projects/project-000/environments?limit=20&offset=20");
    assert_eq!(walk(&server, next).len(), 3);
    let team = &json(&server, "/api/v2/teams?expand=maintainers,members")["items"][0];
    assert_eq!(items(&team["maintainers"]).len(), 25);
    assert_eq!(team["maintainers"]["totalCount"], 30);
    assert_eq!(team["members"]["totalCount"], 30);
}

#[test]
fn flags_have_environments_only_for_env() {
    let server = serve_generated();
    let flag = |query: &str| {
        json(&server, &format!("/api/v2/flags/project-000{query}"))["items"][0].clone()
    };
    assert!(flag("").get("environments").is_none());
    let summary = flag("?env=production");
    assert!(summary["environments"]["production"].get("rules").is_none());
    assert!(summary["environments"]["production"]["_summary"]["variations"].is_object());
    let full = flag("?env=production&env=test&summary=0");
    assert_eq!(full["environments"].as_object().unwrap().len(), 2);
    assert!(full["environments"]["test"]["rules"].is_array());
    assert!(full["environments"]["test"]["fallthrough"].is_object());
}

#[test]
fn version_20220603_lists_all_flags_with_all_environments() {
    let server = serve_generated();
    let by_header =
        get_as(&server, "/api/v2/flags/project-000", DEMO_TOKEN, "LD-API-Version: 20220603\r\n");
    let by_token = get_as(&server, "/api/v2/flags/project-000", SERVICE_TOKEN, "");
    assert_eq!(by_header.body, by_token.body);
    let page = by_header.json();
    assert_eq!(items(&page).len(), 130);
    assert_eq!(page["items"][0]["environments"].as_object().unwrap().len(), 4);
    let limited = get_as(&server, "/api/v2/flags/project-000?limit=5", SERVICE_TOKEN, "");
    assert_eq!(items(&limited.json()).len(), 5);
}

#[test]
fn a_single_flag_has_all_environments_in_full() {
    let server = serve_company();
    let flag = json(&server, "/api/v2/flags/payments/ledger-migration?expand=migrationSettings");
    assert_eq!(flag["environments"].as_object().unwrap().len(), 4);
    assert_eq!(flag["migrationSettings"]["stageCount"], 6);
    assert_eq!(flag["environments"]["production"]["migrationSettings"]["checkRatio"], 10);
    assert!(flag["environments"]["test"]["rules"].is_array());
}

#[test]
fn filters_and_sorts_combine() {
    let server = serve_company();
    let path = "/api/v2/flags/storefront?limit=100&sort=-name\
                &filter=state%3Alive,type%3Apermanent,tags%3Acheckout%2Blegal,query%3Atax";
    assert_eq!(keys(items(&json(&server, path))), ["tax-display-switch"]);
    let archived = json(&server, "/api/v2/flags/storefront?archived=true&sort=key");
    assert_eq!(keys(items(&archived)), ["easter-hunt", "gift-wrapping", "summer-sale-countdown"]);
    assert_eq!(get(&server, "/api/v2/flags/storefront?filter=mood%3Agood").status, 400);
    assert_eq!(get(&server, "/api/v2/flags/storefront?sort=mood").status, 400);
}

#[test]
fn tags_are_plain_strings() {
    let server = serve_company();
    let tags = walk(&server, "/api/v2/tags?limit=1000");
    assert!(tags.iter().all(Value::is_string));
    assert!(tags.contains(&Value::from("checkout")));
}
