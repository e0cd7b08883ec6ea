//! Addresses, and what else a request says.

use super::*;

const FLAGS: Endpoint = Endpoint {
    resource: "flags",
    permission: "viewProject",
    route: "/api/v2/flags/{project}",
    is_beta: false,
};

fn localhost() -> Url {
    Url::parse("http://localhost:1/proxy").unwrap()
}

#[test]
fn keys_and_filters_are_encoded() {
    let request = Request::get(FLAGS, &["a/b %?\"'"])
        .with("filter", "state:archived,creationDate:{\"before\":5}")
        .with("env", "x")
        .with("env", "y&z");
    assert_eq!(
        request.url(&localhost()).unwrap().as_str(),
        "http://localhost:1/proxy/api/v2/flags/a%2Fb%20%25%3F%22'?filter=state%3Aarchived%2C\
         creationDate%3A%7B%22before%22%3A5%7D&env=x&env=y%26z"
    );
}

#[test]
fn every_character_of_a_key_stays_in_its_segment() {
    for (key, segment) in [
        ("new\nline\t\r\0", "new%0Aline%09%0D%00"),
        (".\n.", ".%0A."),
        ("\t..", "%09.."),
        ("%2e%2E", "%252e%252E"),
        ("../..", "..%2F.."),
        ("..\\", "..%5C"),
        ("..x", "..x"),
        ("", ""),
    ] {
        let request = Request::get(FLAGS.at("/api/v2/flags/{project}/{flag}"), &[key, "x"]);
        let url = request.url(&Url::parse("http://localhost/").unwrap()).unwrap();
        assert_eq!(url.path(), format!("/api/v2/flags/{segment}/x"), "{key:?}");
    }
}

#[test]
fn a_key_of_dots_is_refused() {
    for key in [".", ".."] {
        let error = Request::get(FLAGS, &[key]).url(&localhost()).unwrap_err();
        assert!(error.to_string().contains("a key is"), "{error}");
    }
}

#[test]
fn only_a_get_is_safe_unless_said_otherwise() {
    assert_eq!(Request::get(FLAGS, &["p"]).safety, RetrySafety::Safe);
    for make in [Request::post, Request::patch, Request::delete] {
        let request = make(FLAGS, &["p"]);
        assert_eq!(request.safety, RetrySafety::Never, "{}", request.method);
        assert_eq!(request.retried(RetrySafety::Idempotent).safety, RetrySafety::Idempotent);
    }
}

#[test]
fn debug_output_does_not_show_the_body() {
    let request = Request::patch(FLAGS, &["p"]).body(ContentType::Json, "bob@example.com");
    let shown = format!("{request:?}");
    assert!(shown.contains("15 bytes") && !shown.contains("bob"), "{shown}");
}
