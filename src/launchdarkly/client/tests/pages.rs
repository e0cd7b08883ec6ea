//! Lists of several pages.

use super::*;
use crate::launchdarkly::pages::Pages;

/// An answer with a body.
fn answer(body: &str) -> Step {
    let length = body.len();
    Step::Answer(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").leak())
}

/// Reads a list in pages of two from a server that answers `bodies`. Returns the items, and the
/// queries.
async fn read(bodies: &[&str]) -> (Result<Vec<u8>>, Vec<String>) {
    let script: Vec<_> = bodies.iter().map(|body| answer(body)).collect();
    let server = Server::start(&script).await;
    let client = client(&server.base_uri);
    let request = Request::get(SEGMENT, &["web", "production", "beta"]);
    let outcome = Pages::new(&client, request, Some(2)).all().await;
    let query = |request: String| {
        let line = request.lines().next().unwrap_or_default().to_owned();
        line.split(['?', ' ']).nth(2).unwrap_or_default().to_owned()
    };
    (outcome, server.requests().into_iter().map(query).collect())
}

#[tokio::test]
async fn the_total_or_a_short_page_ends_a_list() {
    for bodies in [
        [r#"{"items":[1,2],"totalCount":3}"#, r#"{"items":[3],"totalCount":3}"#],
        [r#"{"items":[1,2]}"#, r#"{"items":[3]}"#],
        [r#"{"items":[1,2,3]}"#, r#"{"_links":{}}"#],
    ] {
        let (items, queries) = read(&bodies).await;
        assert_eq!(items.unwrap(), [1, 2, 3], "{bodies:?}");
        assert_eq!(queries.len(), 2, "{bodies:?}");
        assert_eq!(queries[0], "limit=2");
    }
}

#[tokio::test]
async fn a_page_that_the_server_cuts_short_is_not_the_last() {
    let link = r#"{"items":[1],"_links":{"next":{"href":"/api/v2/x?offset=1"}}}"#;
    for first in [r#"{"items":[1],"totalCount":2}"#, link] {
        let (items, queries) = read(&[first, r#"{"items":[2],"totalCount":2}"#]).await;
        assert_eq!(items.unwrap(), [1, 2], "{first}");
        assert_eq!(queries, ["limit=2", "limit=2&offset=1"]);
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused() {
    let (outcome, _) = read(&[r#"{"message":"hello"}"#]).await;
    assert!(outcome.unwrap_err().to_string().contains("missing field `items`"));
}
