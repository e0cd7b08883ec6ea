//! Answers that are not LaunchDarkly's: of proxies, gateways and captive portals.

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::{Answer, Behaviour, Scripted};
use serde_json::Value;

use crate::errors::{NOW, company, fails, scripted, text};
use crate::support::{Run, binary, ended};

/// Every endpoint whose status decides something.
const PATHS: [&str; 6] = [
    "/api/v2/caller-identity",
    "/api/v2/projects",
    "/api/v2/tags",
    "/api/v2/teams",
    "/api/v2/flags/",
    "/api/v2/flag-statuses/",
];

const HTML: &str = "<!DOCTYPE html><html><body>Access denied by policy</body></html>";

fn strange(status: u16) -> Vec<Answer> {
    vec![
        Answer::raw(status, "text/html", HTML),
        Answer::raw(status, "application/json", HTML),
        Answer::raw(status, "text/plain", "Forbidden"),
        Answer::raw(status, "text/html", ""),
        Answer::json(status, r#"{"error":"forbidden by proxy"}"#),
        Answer::json(status, r#"{"message":"Forbidden"}"#),
        Answer::json(status, r#"{"code":403,"message":"Forbidden"}"#),
        Answer::json(status, r#"["forbidden","Forbidden"]"#),
        Answer::json(status, r#"{"code":"forbidden","message":"cut"#),
    ]
}

fn assert_names_address(run: &Run, error: &Value) {
    let address = run.server.base_uri();
    assert!(text(error, "message").contains(address.trim_end_matches('/')), "{error}");
    let hint = text(error, "hint");
    assert!(hint.contains("proxy") && hint.contains("--base-uri"), "{error}");
}

#[test]
fn no_status_decides_without_launchdarkly_s_json() {
    for path in PATHS {
        for status in [400, 401, 403, 404, 405] {
            let answer = Answer::raw(status, "text/html", HTML);
            let run = scripted(path, answer);
            let error = fails(&run, &[]).failed(6, "unavailable");
            assert_eq!(error["status"], status, "{path}");
            assert_names_address(&run, &error);
            assert!(!run.path("launchdarkly.db").exists());
        }
    }
}

#[test]
fn no_body_but_an_object_with_code_and_message_decides() {
    for (path, status) in [("/api/v2/caller-identity", 403), ("/api/v2/teams", 404)] {
        for answer in strange(status) {
            let run = scripted(path, answer.clone());
            let error = fails(&run, &[]).failed(6, "unavailable");
            assert_names_address(&run, &error);
        }
    }
}

#[test]
fn a_strange_answer_is_asked_for_again() {
    for path in PATHS {
        for answer in [
            Answer::raw(403, "text/html", HTML),
            Answer::raw(404, "text/html", HTML),
            Answer::raw(200, "text/html", HTML),
            Answer::json(200, ""),
            Answer::json(200, r#"{"items":[{"key":7}, oops"#),
            Answer::json(200, r#"{"items":["a",7],"_links":{}"#),
            Answer::json(408, ""),
            Answer::json(409, r#"{"code":"optimistic_locking_error","message":"Conflict."}"#),
            Answer::json(425, ""),
        ] {
            let script = vec![Scripted::once(path, answer.clone())];
            let run = Run::new(
                fake_launchdarkly::company::account(NOW),
                Behaviour { script, ..Behaviour::default() },
            );
            run.extract(&["--project", "internal-tools", "--retries", "1"]);
            let asked = run.requests(path);
            assert!(asked > 1, "{path} {answer:?}");
        }
    }
}

#[test]
fn retries_spent_on_a_timeout_or_a_conflict_are_unavailable() {
    for status in [408, 409, 425] {
        let run = scripted("/api/v2/tags", Answer::refusal(status));
        assert_eq!(fails(&run, &[]).failed(6, "unavailable")["status"], status);
    }
}

#[test]
fn html_with_a_status_of_trouble_names_the_address() {
    for status in [408, 409, 425, 500, 502, 503] {
        let run = scripted("/api/v2/tags", Answer::raw(status, "text/html", HTML));
        let error = fails(&run, &[]).failed(6, "unavailable");
        assert_eq!(error["status"], status);
        assert_names_address(&run, &error);
    }
}

#[test]
fn a_body_that_is_no_json_is_unavailable_and_names_the_address() {
    for answer in [
        Answer::raw(200, "text/html", HTML),
        Answer::json(200, ""),
        Answer::json(200, r#"{"items":["a",7], oops"#),
        Answer::json(200, r#"{"items":[{"_id":7}"#),
        Answer::json(200, "{\"items\":[7,\"\u{1}\"]}"),
    ] {
        for path in PATHS {
            let run = scripted(path, answer.clone());
            let error = fails(&run, &[]).failed(6, "unavailable");
            assert_names_address(&run, &error);
        }
    }
}

#[test]
fn json_of_another_shape_is_an_unexpected_response() {
    for body in [r#"{"items":["a",7],"_links":{}}"#, r#"{"items":7}"#, "[]", "7"] {
        let run = scripted("/api/v2/tags", Answer::json(200, body));
        fails(&run, &[]).failed(7, "unexpected_response");
        assert_eq!(run.requests("/api/v2/tags"), 1, "asking again would not help");
    }
}

#[test]
fn a_429_is_a_rate_limit_also_from_a_proxy() {
    let limited = Answer::raw(429, "text/html", HTML).with_header("Retry-After", "3600");
    fails(&scripted("/api/v2/tags", limited), &[]).failed(5, "rate_limited");
}

#[test]
fn a_proxy_that_wants_a_password_is_named() {
    let run = scripted("/api/v2/caller-identity", Answer::raw(407, "text/html", HTML));
    let error = fails(&run, &[]).failed(6, "unavailable");
    assert!(text(&error, "hint").contains("HTTPS_PROXY"), "{error}");
}

#[test]
fn a_401_without_a_body_refuses_the_token() {
    let run = scripted("/api/v2/caller-identity", Answer::json(401, ""));
    fails(&run, &[]).failed(3, "invalid_credentials");
}

#[test]
fn an_empty_refusal_decides_with_launchdarkly_s_own_headers() {
    let empty = Answer::json(404, "").with_header("X-Ratelimit-Route-Remaining", "9");
    let run = scripted("/api/v2/teams", empty);
    run.extract(&[]);
    let run = scripted("/api/v2/teams", Answer::json(404, ""));
    fails(&run, &[]).failed(6, "unavailable");
}

#[test]
fn check_takes_no_strange_answer_for_a_verdict() {
    for (path, status) in [("/api/v2/teams", 404), ("/api/v2/members", 403)] {
        let run = scripted(path, Answer::raw(status, "text/html", HTML));
        let arguments = ["check", "--retries", "0", "--error-format", "json"];
        let mut command = run.command(&arguments);
        command.env("FLAGLAKE_RESOURCES", "all");
        let ended = ended(command.output().unwrap());
        ended.failed(6, "unavailable");
        assert!(!ended.stdout.contains("no teams"), "{}", ended.stdout);
    }
}

#[test]
fn a_redirect_is_never_followed() {
    let other = company();
    let redirect = Answer::json(302, "")
        .with_header("Location", &format!("{}/api/v2/tags", other.server.base_uri()));
    let run = scripted("/api/v2/tags", redirect);
    let error = fails(&run, &[]).failed(7, "unexpected_response");
    assert_names_address(&run, &error);
    assert!(other.server.requests().is_empty());
}

/// Without any certificate to trust.
fn without_certificates(run: &Run, arguments: &[&str]) -> crate::errors::Ended {
    let mut command = binary(run.folder.path());
    command.args(arguments).env("LAUNCHDARKLY_ACCESS_TOKEN", DEMO_TOKEN);
    command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    ended(command.output().unwrap())
}

#[test]
fn only_https_takes_certificates() {
    let run = company();
    without_certificates(&run, &["check", "--demo"]).succeeded();
    let loopback = run.server.base_uri();
    without_certificates(&run, &["check", "--base-uri", &loopback]).succeeded();
    let https = ["check", "--error-format", "json", "--base-uri", "https://127.0.0.1:1"];
    let error = without_certificates(&run, &https).failed(6, "unavailable");
    let hint = text(&error, "hint");
    assert!(hint.contains("ca-certificates") && hint.contains("SSL_CERT_FILE"), "{error}");
}
