//! Turns an answer that says that a request failed into a [`Failure`].
//!
//! A status is trusted only if LaunchDarkly sent it. Its errors are JSON objects with a `code` and
//! a `message`. Proxies, gateways and login pages use the same statuses for other reasons.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use serde_json::Value;

use super::client::Client;
use super::headers;
use super::limiter::window::WINDOW;
use super::request::{Request, RetrySafety};
use super::retry::Failure;
use super::trouble::Trouble;
use crate::Error;
use crate::error::{Kind, Refusal};

/// At most this many bytes of an error's body are read.
const LARGEST_MESSAGE: usize = 65_536;

/// At most this many characters of a message are shown.
const LONGEST_MESSAGE: usize = 200;

/// The failure that the answer `response` to `request` means; `told` is how long it asks to wait.
pub(super) async fn failure(
    client: &Client,
    request: &Request,
    response: Response,
    told: Option<Duration>,
) -> Failure {
    match response.status().as_u16() {
        429 => Failure::RateLimited(told.unwrap_or(WINDOW)),
        407 => Failure::Permanent(proxy_refuses(client, request)),
        status @ 300..400 => Failure::Permanent(redirect(client, request, status)),
        status if is_transient(request, status) => {
            let error = match Author::of(response).await {
                Author::Another(what) => not_ours(client, request, status, what),
                Author::LaunchDarkly(_) | Author::Unknown => unavailable(client, request, status),
            };
            Failure::Transient { error, told, is_lost: true }
        }
        status => {
            let what = match Author::of(response).await {
                Author::LaunchDarkly(refusal) => {
                    let message = client.token.redact(&refusal.message);
                    return decided(client, request, status, Refusal { message, ..refusal });
                }
                Author::Another(what) => what,
                Author::Unknown => "an empty body",
            };
            let error = not_ours(client, request, status, what);
            Failure::Transient { error, told, is_lost: true }
        }
    }
}

/// Whether another attempt may succeed although LaunchDarkly sent this status. For a request that
/// reads, LaunchDarkly's advice on a conflict (409) is to try again later; a change must be
/// computed again from the current state.
fn is_transient(request: &Request, status: u16) -> bool {
    match status {
        408 | 425 | 500.. => true,
        409 => request.safety == RetrySafety::Safe,
        _ => false,
    }
}

/// The author of an error's body.
#[derive(Debug, PartialEq, Eq)]
enum Author {
    /// LaunchDarkly, with its own words, which may be empty.
    LaunchDarkly(Refusal),
    /// Another server, which sent this in place of LaunchDarkly's JSON.
    Another(&'static str),
    /// Unknown: the body is empty, and no header shows that it is LaunchDarkly's.
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
            (None, _) if may_be_empty(status, headers) => Author::LaunchDarkly(Refusal::default()),
            (None, _) => Author::Unknown,
            (_, Ok(value)) => refusal(&value).map_or(
                Author::Another("JSON that is not one of its errors"),
                Author::LaunchDarkly,
            ),
            (Some(b'<'), _) => Author::Another("HTML"),
            _ => Author::Another("a body that is not JSON"),
        }
    }
}

/// LaunchDarkly's own words: <https://launchdarkly.com/docs/api#errors>. Both fields are
/// required.
fn refusal(value: &Value) -> Option<Refusal> {
    let field = |name| value.get(name).and_then(Value::as_str);
    let start = |text: &str| text.chars().take(LONGEST_MESSAGE).collect();
    let code = field("code").filter(|code| !code.is_empty())?;
    Some(Refusal { code: start(code), message: start(field("message")?) })
}

/// Whether an empty body can be LaunchDarkly's. It is known to send status 401 without a body. For
/// other statuses that is not documented, so its own rate-limit headers must be present.
fn may_be_empty(status: u16, headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let is_json = content_type.is_none_or(|text| text.starts_with("application/json"));
    let is_plain = is_json && !headers.contains_key(WWW_AUTHENTICATE);
    (status == 401 && is_plain) || headers::are_launchdarkly_s(headers)
}

/// The failure of a status that LaunchDarkly itself sent.
fn decided(client: &Client, request: &Request, status: u16, refusal: Refusal) -> Failure {
    match status {
        401 => Failure::Unauthorized,
        403 => {
            let error = not_permitted(client, request, 403, &refusal.message);
            Failure::Permanent(error.refused(refusal))
        }
        status => {
            let message = &refusal.message;
            let message = if message.is_empty() { "" } else { &format!(": {message}") };
            let reason = format!("status {status}{message}");
            let error = Error::unexpected(request.resource, "", reason).status(status);
            Failure::Permanent(error.refused(refusal))
        }
    }
}

/// The error of a request that the access token, which is valid, does not permit. LaunchDarkly's
/// `message` is shown for changes: approvals and other rules refuse them as well.
pub(super) fn not_permitted(
    client: &Client,
    request: &Request,
    status: u16,
    message: &str,
) -> Error {
    let Request { resource, permission, .. } = *request;
    let verb = if request.is_get() { "read" } else { "change" };
    let needs = if permission.is_empty() {
        String::new()
    } else {
        format!(": it needs the `{permission}` permission")
    };
    let reason = if request.is_get() || message.is_empty() {
        String::new()
    } else {
        format!(" (LaunchDarkly: {message})")
    };
    let text = format!("the access token may not {verb} {resource}{needs}{reason}");
    Error::new(Kind::InvalidPermissions, text)
        .resource(resource)
        .status(status)
        .hint((client.advise)(Trouble::NotPermitted { resource, permission }))
}

fn unavailable(client: &Client, request: &Request, status: u16) -> Error {
    let resource = request.resource;
    let message = format!("{} answered {status} for {resource}", client.address);
    Error::new(Kind::Unavailable, message).resource(resource).status(status).hint(
        "LaunchDarkly, or a proxy before it, may have a failure: https://status.launchdarkly.com",
    )
}

fn not_ours(client: &Client, request: &Request, status: u16, what: &str) -> Error {
    let resource = request.resource;
    let message = format!(
        "{} answered {status} for {resource} with {what} in place of LaunchDarkly's JSON",
        client.address
    );
    Error::new(Kind::Unavailable, message)
        .resource(resource)
        .status(status)
        .hint((client.advise)(Trouble::AnotherAnswers))
}

fn proxy_refuses(client: &Client, request: &Request) -> Error {
    let address = &client.address;
    let message =
        format!("a proxy before {address} requires a user name and a password (status 407)");
    Error::new(Kind::Unavailable, message)
        .resource(request.resource)
        .status(407)
        .hint((client.advise)(Trouble::ProxyPassword))
}

fn redirect(client: &Client, request: &Request, status: u16) -> Error {
    let reason = format!(
        "{} answered with a redirect (status {status}); redirects are never followed, so that the \
         token is sent to the configured host only",
        client.address
    );
    Error::unexpected(request.resource, "", reason)
        .status(status)
        .hint((client.advise)(Trouble::AnotherAnswers))
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
        let refusal = Refusal { code: "forbidden".into(), message: "No.".into() };
        assert_eq!(author(403, &[], ours), Author::LaunchDarkly(refusal));
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
    fn an_empty_body_is_rarely_launchdarkly_s() {
        let ours = Author::LaunchDarkly(Refusal::default());
        assert_eq!(author(401, &[], ""), ours);
        assert_eq!(author(401, &[("content-type", "application/json")], " \n"), ours);
        assert_ne!(author(401, &[("content-type", "text/html")], ""), ours);
        assert_ne!(author(401, &[("www-authenticate", "Basic")], ""), ours);
        for status in [400, 403, 404, 405] {
            assert_ne!(author(status, &[], ""), ours, "{status}");
            for name in ["x-ratelimit-global-remaining", "x-ratelimit-route-limit"] {
                assert_eq!(author(status, &[(name, "7")], ""), ours, "{status} {name}");
            }
            // Other gateways send headers with similar names.
            assert_ne!(author(status, &[("x-ratelimit-remaining", "7")], ""), ours, "{status}");
        }
    }
}
