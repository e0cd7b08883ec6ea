//! Requests of every method, sent to a server that follows a script.

mod pages;
mod server;

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderName;
use serde::Deserialize;

use self::server::{Server, Step};
use reqwest::header::HeaderValue;

use super::*;
use crate::launchdarkly::request::{ContentType, Endpoint, RetrySafety};

const SEGMENT: Endpoint = Endpoint {
    resource: "segments",
    permission: "updateIncluded",
    route: "/api/v2/segments/{project}/{environment}/{segment}",
    is_beta: false,
};

const OK: Step = Step::Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

/// Every way in which an answer can be lost after the request was sent.
const LOST: [Step; 6] = [
    Step::Close,
    Step::Hang,
    Step::Answer("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
    Step::Answer("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
    Step::Answer(
        "HTTP/1.1 503 Busy\r\nContent-Length: 26\r\n\r\n{\"code\":\"x\",\"message\":\"y\"}",
    ),
    Step::Answer("HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\n<html>"),
];

/// A client of the server at `base_uri` that makes two attempts of half a second each.
fn client(base_uri: &str) -> Client {
    let seconds = Duration::from_secs;
    let options = ClientOptions {
        base_uri: Url::parse(base_uri).unwrap(),
        events_uri: None,
        concurrency: 1,
        rate_limit_share: 100,
        retry: RetryPolicy { retries: 1, max_wait: seconds(60) },
        timeouts: Timeouts {
            connect: seconds(5),
            read: seconds(5),
            request: Duration::from_millis(500),
        },
        largest_response: 1_000_000,
    };
    let token = Token::parse("api-1234").unwrap();
    Client::new(&options, token, |trouble| format!("{trouble:?}")).unwrap()
}

fn patch(safety: RetrySafety) -> Request {
    let body = Bytes::from_static(b"{\"instructions\":[]}");
    let request = Request::patch(SEGMENT, &["web", "production", "beta"]);
    request.body(ContentType::SemanticPatch, body).retried(safety)
}

/// An answer that is one of LaunchDarkly's errors.
fn refusal(status: u16, body: &str) -> Step {
    let length = body.len();
    let text = format!("HTTP/1.1 {status} No\r\nContent-Length: {length}\r\n\r\n{body}");
    Step::Answer(text.leak())
}

/// Sends `request` to a server that follows `script`. Returns the outcome, and the requests
/// received.
async fn send(request: &Request, script: &[Step]) -> (Result<Reply>, Vec<String>) {
    let server = Server::start(script).await;
    let outcome = client(&server.base_uri).send(request).await;
    (outcome, server.requests())
}

#[tokio::test]
async fn a_never_request_is_not_repeated_after_a_lost_answer() {
    for step in LOST {
        let (outcome, requests) = send(&patch(RetrySafety::Never), &[step, OK]).await;
        let error = outcome.unwrap_err();
        assert_eq!(requests.len(), 1, "{step:?}: {error}");
        assert_eq!(error.kind(), Kind::Unavailable, "{step:?}");
        assert!(error.is_unconfirmed() && error.to_string().contains("unknown"), "{error}");
    }
}

#[tokio::test]
async fn an_idempotent_request_is_repeated_with_the_same_bytes() {
    for step in LOST {
        let (outcome, requests) = send(&patch(RetrySafety::Idempotent), &[step, OK]).await;
        assert_eq!(outcome.unwrap().status(), 200, "{step:?}");
        assert_eq!(requests.len(), 2, "{step:?}");
        assert_eq!(requests[0], requests[1], "{step:?}");
    }
}

#[tokio::test]
async fn an_idempotent_request_that_stays_lost_is_unconfirmed() {
    let (outcome, requests) =
        send(&patch(RetrySafety::Idempotent), &[Step::Close, Step::Close]).await;
    assert!(outcome.unwrap_err().is_unconfirmed());
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn a_lost_attempt_marks_a_later_error() {
    let conflict = refusal(409, r#"{"code":"x","message":"y"}"#);
    let (outcome, _) = send(&patch(RetrySafety::Idempotent), &[Step::Close, conflict]).await;
    let error = outcome.unwrap_err();
    assert!(error.is_unconfirmed() && error.http_status() == Some(409), "{error}");
}

#[tokio::test]
async fn a_safe_request_is_repeated_and_never_unconfirmed() {
    let request = Request::get(SEGMENT, &["web", "production", "beta"]);
    let (outcome, requests) = send(&request, &[Step::Close, Step::Close]).await;
    let error = outcome.unwrap_err();
    assert!(!error.is_unconfirmed() && requests.len() == 2, "{error}");
}

#[tokio::test]
async fn every_request_is_repeated_after_a_429() {
    let limited = Step::Answer("HTTP/1.1 429 Slow\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
    for safety in [RetrySafety::Safe, RetrySafety::Idempotent, RetrySafety::Never] {
        let (outcome, requests) = send(&patch(safety), &[limited, OK]).await;
        assert_eq!(outcome.unwrap().status(), 200, "{safety:?}");
        assert_eq!(requests.len(), 2, "{safety:?}");
    }
}

#[tokio::test]
async fn every_request_is_repeated_after_a_refused_connection() {
    let base_uri = Server::start(&[]).await.close().await;
    let client = client(&base_uri);
    let error = client.send(&patch(RetrySafety::Never)).await.unwrap_err();
    assert_eq!(client.counters.requests.load(Ordering::Relaxed), 2);
    assert!(!error.is_unconfirmed(), "{error}");
    assert_eq!(error.advice(), Some("Unreachable"));
}

#[tokio::test]
async fn a_conflict_ends_a_request_that_changes_something() {
    let conflict = refusal(409, r#"{"code":"key_exists","message":"Taken"}"#);
    let (outcome, requests) = send(&patch(RetrySafety::Idempotent), &[conflict, OK]).await;
    let error = outcome.unwrap_err();
    assert!(error.http_status() == Some(409) && !error.is_unconfirmed(), "{error}");
    assert!(error.to_string().contains("Taken") && requests.len() == 1, "{error}");
}

#[tokio::test]
async fn a_refused_change_shows_launchdarkly_s_reason() {
    let refused = refusal(403, r#"{"code":"forbidden","message":"approval is required"}"#);
    let (outcome, requests) = send(&patch(RetrySafety::Idempotent), &[refused, OK]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), requests.len()), (Kind::InvalidPermissions, 1));
    let message = error.to_string();
    assert!(message.contains("may not change segments"), "{message}");
    assert!(message.contains("updateIncluded") && message.contains("approval is required"));
    assert!(error.advice().is_some_and(|hint| hint.starts_with("NotPermitted")), "{error:?}");
}

#[tokio::test]
async fn no_method_follows_a_redirect() {
    let other = Server::start(&[OK]).await;
    for status in [301, 302, 303, 307, 308] {
        let text = format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n",
            other.base_uri
        );
        let redirect = Step::Answer(text.leak());
        for make in [Request::get, Request::post, Request::patch, Request::delete] {
            let request = make(SEGMENT, &["a", "b", "c"]);
            let (outcome, requests) = send(&request, &[redirect, OK]).await;
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), Kind::UnexpectedResponse, "{request:?}: {error}");
            assert_eq!(requests.len(), 1, "{request:?}");
        }
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn method_headers_and_body_are_sent() {
    let name = HeaderName::from_static("x-launchdarkly-payload-id");
    let request = patch(RetrySafety::Idempotent)
        .header(name, HeaderValue::from_static("7"))
        .with("dryRun", true);
    let (outcome, requests) = send(&request, &[OK]).await;
    outcome.unwrap();
    let sent = &requests[0];
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.starts_with("patch /api/v2/segments/web/production/beta?dryrun=true http/1.1"));
    for line in [
        "authorization: api-1234",
        "content-type: application/json; domain-model=launchdarkly.semanticpatch",
        "content-length: 19",
        "x-launchdarkly-payload-id: 7",
        "ld-api-version: 20240415",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert_eq!(body, "{\"instructions\":[]}");
}

#[tokio::test]
async fn an_endpoint_in_beta_is_asked_for_its_version() {
    let request = Request::post(Endpoint { is_beta: true, ..SEGMENT }, &["a", "b", "c"])
        .body(ContentType::Json, "{}");
    let (outcome, requests) = send(&request, &[OK]).await;
    outcome.unwrap();
    let head = requests[0].to_lowercase();
    assert!(head.contains("ld-api-version: beta") && !head.contains("20240415"), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
}

#[derive(Deserialize)]
struct Created {
    key: String,
}

#[tokio::test]
async fn every_status_of_success_ends_a_change() {
    let created = Step::Answer(
        "HTTP/1.1 201 Created\r\nLocation: /x/7\r\nContent-Length: 11\r\n\r\n{\"key\":\"a\"}",
    );
    let request = patch(RetrySafety::Never);
    let reply = send(&request, &[created]).await.0.unwrap();
    assert_eq!((reply.status(), reply.location()), (201, Some("/x/7")));
    assert_eq!(reply.decode::<Created>(&request).unwrap().key, "a");
    for (status, text) in [
        (202, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"),
        (204, "HTTP/1.1 204 No Content\r\n\r\n"),
    ] {
        let reply = send(&request, &[Step::Answer(text)]).await.0.unwrap();
        assert_eq!((reply.status(), reply.body()), (status, &b""[..]));
        assert_eq!(reply.decode::<Created>(&request).err().unwrap().http_status(), Some(status));
    }
}

#[tokio::test]
async fn a_read_that_is_answered_without_content_fails() {
    let request = Request::get(SEGMENT, &["a", "b", "c"]);
    let empty = Step::Answer("HTTP/1.1 204 No Content\r\n\r\n");
    let (outcome, requests) = send(&request, &[empty, empty]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), requests.len()), (Kind::Unavailable, 2), "{error}");
}
