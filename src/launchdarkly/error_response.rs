//! What an answer other than 200 means.
//!
//! A status decides only where LaunchDarkly gave it: its errors are an object with a `code` and a
//! `message`. Proxies, gateways and captive portals answer with the same statuses, for reasons of
//! their own.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use serde_json::Value;

use super::client::Client;
use super::headers;
use super::limiter::window::WINDOW;
use super::request::Request;
use super::retry::{ANOTHER_ANSWERS, Failure, refused};
use crate::Error;
use crate::error::Kind;

/// An error body that is longer says nothing more.
const LARGEST_MESSAGE: usize = 65_536;

/// Why `request` was answered with another status than 200; `told` is how long that asks to wait.
pub(super) async fn refusal(
    client: &Client,
    request: &Request,
    response: Response,
    told: Option<Duration>,
) -> Failure {
    let address = client.address.as_str();
    match response.status().as_u16() {
        429 => Failure::RateLimited(told.unwrap_or(WINDOW)),
        407 => Failure::Permanent(proxy_refuses(address, request)),
        status @ 300..400 => Failure::Permanent(redirect(address, request, status)),
        // A conflict on a read: LaunchDarkly says "try again later".
        status @ (408 | 409 | 425 | 500..) => {
            let error = match Author::of(response).await {
                Author::Another(what) => not_ours(address, request, status, what),
                Author::LaunchDarkly(_) | Author::Unknown => unavailable(address, request, status),
            };
            Failure::Transient { error, told }
        }
        status => {
            let what = match Author::of(response).await {
                Author::LaunchDarkly(message) => {
                    return decided(request, status, &client.token.redact(&message));
                }
                Author::Another(what) => what,
                Author::Unknown => "an empty body",
            };
            Failure::Transient { error: not_ours(address, request, status, what), told }
        }
    }
}

/// Who wrote an error's body.
#[derive(Debug, PartialEq, Eq)]
enum Author {
    /// LaunchDarkly, with its own words about the error, if there are any.
    LaunchDarkly(String),
    /// Something else, with this in place of LaunchDarkly's JSON.
    Another(&'static str),
    /// The body is empty, and nothing else shows that it is LaunchDarkly's.
    Unknown,
}

impl Author {
    async fn of(mut response: Response) -> Self {
        let headers = response.headers().clone();
        let (status, mut body) = (response.status().as_u16(), Vec::new());
        while body.len() < LARGEST_MESSAGE {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => return Author::Another("a body that is cut short"),
            }
        }
        Author::from_body(status, &headers, &body)
    }

    fn from_body(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        match (first, serde_json::from_slice::<Value>(body)) {
            (None, _) if may_be_empty(status, headers) => Author::LaunchDarkly(String::new()),
            (None, _) => Author::Unknown,
            (_, Ok(value)) => message(&value).map_or(
                Author::Another("JSON of another shape than its errors have"),
                Author::LaunchDarkly,
            ),
            (Some(b'<'), _) => Author::Another("HTML"),
            _ => Author::Another("a body that is no JSON"),
        }
    }
}

/// LaunchDarkly's own words: <https://launchdarkly.com/docs/api#errors>. Both fields are required.
fn message(value: &Value) -> Option<String> {
    let field = |name| value.get(name).and_then(Value::as_str);
    let code = field("code").filter(|code| !code.is_empty());
    code.and(field("message")).map(|message| message.chars().take(200).collect())
}

/// Whether an empty body can be LaunchDarkly's. It is known to send a 401 without one; for other
/// statuses that is not documented, and only its own rate-limit headers prove it.
fn may_be_empty(status: u16, headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let is_json = content_type.is_none_or(|text| text.starts_with("application/json"));
    let is_plain = is_json && !headers.contains_key(WWW_AUTHENTICATE);
    (status == 401 && is_plain) || headers::are_launchdarkly_s(headers)
}

/// A status that LaunchDarkly itself answered.
fn decided(request: &Request, status: u16, message: &str) -> Failure {
    match status {
        401 => Failure::Unauthorized,
        403 => Failure::Permanent(refused(request, 403)),
        status => {
            let message = if message.is_empty() { "" } else { &format!(": {message}") };
            let reason = format!("status {status}{message}");
            Failure::Permanent(Error::unexpected(request.resource, "", reason).status(status))
        }
    }
}

fn unavailable(address: &str, request: &Request, status: u16) -> Error {
    let message = format!("{address} answered {status} for {}", request.resource);
    Error::new(Kind::Unavailable, message).resource(request.resource).status(status).hint(
        "LaunchDarkly, or a proxy before it, may be having trouble: \
         https://status.launchdarkly.com",
    )
}

fn not_ours(address: &str, request: &Request, status: u16, what: &str) -> Error {
    let message = format!(
        "{address} answered {status} for {} with {what} in place of LaunchDarkly's JSON",
        request.resource
    );
    Error::new(Kind::Unavailable, message)
        .resource(request.resource)
        .status(status)
        .hint(ANOTHER_ANSWERS)
}

fn proxy_refuses(address: &str, request: &Request) -> Error {
    let message = format!("a proxy before {address} wants a user name and a password (status 407)");
    Error::new(Kind::Unavailable, message).resource(request.resource).status(407).hint(
        "give them in `HTTPS_PROXY`, before the proxy's host, or let `NO_PROXY` name the host of \
         LaunchDarkly or of `--base-uri`",
    )
}

fn redirect(address: &str, request: &Request, status: u16) -> Error {
    let reason = format!(
        "{address} answered status {status}: a redirect, which is never followed: the token stays \
         with the configured host"
    );
    Error::unexpected(request.resource, "", reason).status(status).hint(ANOTHER_ANSWERS)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn author(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Author {
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.parse().expect(name), HeaderValue::from_static(value)));
        Author::from_body(status, &pairs.collect(), body.as_bytes())
    }

    #[test]
    fn only_an_object_with_code_and_message_is_launchdarkly_s() {
        let ours = r#"{"code":"forbidden","message":"No.","id":"1"}"#;
        assert_eq!(author(403, &[], ours), Author::LaunchDarkly("No.".into()));
        for body in [
            "<html>Forbidden</html>",
            "Forbidden",
            r#"{"error":"forbidden by proxy"}"#,
            r#"{"message":"Forbidden"}"#,
            r#"{"code":403,"message":"Forbidden"}"#,
            r#"{"code":"","message":"Forbidden"}"#,
            r#"{"code":"forbidden"}"#,
            r#"["forbidden","No."]"#,
            r#""forbidden""#,
            "{}",
            "null",
            r#"{"code":"forbidden","message":"No."#,
            r#"{"code":"forbidden","message":"No."} tail"#,
        ] {
            for status in [400, 401, 403, 404, 405] {
                let found = author(status, &[("content-type", "application/json")], body);
                assert!(matches!(found, Author::Another(_)), "{status} {body}: {found:?}");
            }
        }
    }

    #[test]
    fn an_empty_body_decides_only_where_it_can_be_launchdarkly_s() {
        let ours = Author::LaunchDarkly(String::new());
        assert_eq!(author(401, &[], ""), ours);
        assert_eq!(author(401, &[("content-type", "application/json")], " \n"), ours);
        assert_ne!(author(401, &[("content-type", "text/html")], ""), ours);
        assert_ne!(author(401, &[("www-authenticate", "Basic")], ""), ours);
        for status in [400, 403, 404, 405] {
            assert_ne!(author(status, &[], ""), ours, "{status}");
            for name in ["x-ratelimit-global-remaining", "x-ratelimit-route-limit"] {
                assert_eq!(author(status, &[(name, "7")], ""), ours, "{status} {name}");
            }
            // Other gateways have headers of a similar name.
            assert_ne!(author(status, &[("x-ratelimit-remaining", "7")], ""), ours, "{status}");
        }
    }
}
