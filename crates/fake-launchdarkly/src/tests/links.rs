//! Links to the next page, correct and incorrect.

use super::*;
use crate::NextLinks;

const PATH: &str = "/api/v2/flags/project-000";

fn next(links: NextLinks, query: &str) -> Option<String> {
    let server = serve_generated();
    server.behave(|behaviour| behaviour.next_links = links);
    let page = json(&server, &format!("{PATH}?{query}"));
    page["_links"]["next"]["href"].as_str().map(str::to_owned)
}

/// 130 flags: the first page of 100, and the last.
fn both(links: NextLinks) -> [Option<String>; 2] {
    ["limit=100", "limit=100&offset=100"].map(|query| next(links.clone(), query))
}

#[test]
fn the_last_page_has_no_next_one() {
    let [first, last] = both(NextLinks::Right);
    assert_eq!(first.unwrap(), format!("{PATH}?limit=100&offset=100&summary=true"));
    assert_eq!(last, None);
}

#[test]
fn next_can_leave_the_host_or_the_protocol() {
    let [first, last] = both(NextLinks::OtherHost("http://127.0.0.1:1".to_owned()));
    let elsewhere = format!("http://127.0.0.1:1{PATH}?limit=100");
    assert_eq!(first.unwrap(), format!("{elsewhere}&offset=100&summary=true"));
    assert_eq!(last.unwrap(), format!("{elsewhere}&offset=200&summary=true"));
    let [first, last] = both(NextLinks::OtherScheme);
    assert!(first.unwrap().starts_with("ftp://localhost/api/v2/flags/"));
    assert_eq!(last, None);
}

#[test]
fn next_can_lead_back_or_past_the_end() {
    let [first, last] = both(NextLinks::SamePage);
    assert_eq!(first.unwrap(), format!("{PATH}?limit=100&summary=true"));
    assert_eq!(last.unwrap(), format!("{PATH}?limit=100&offset=100&summary=true"));
    assert_eq!(next(NextLinks::SamePage, "limit=1000"), next(NextLinks::SamePage, "limit=100"));
    let [_, last] = both(NextLinks::Always);
    assert_eq!(last.as_deref(), Some(&*format!("{PATH}?limit=100&offset=200&summary=true")));
    let server = serve_generated();
    assert!(items(&json(&server, &last.unwrap())).is_empty());
}
