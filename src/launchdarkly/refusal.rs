//! What an answer other than 200 means.

use std::time::Duration;

use reqwest::Response;

use super::failure::{Failure, refused};
use super::ledger::WINDOW;
use super::request::Request;
use super::token::Token;
use crate::Error;
use crate::error::Kind;

/// An error body that is longer says nothing more.
const LARGEST_MESSAGE: usize = 65_536;

/// Why `request` was answered with another status than 200; `told` is how long that asks to wait.
pub(super) async fn refusal(
    request: &Request,
    response: Response,
    told: Option<Duration>,
    token: &Token,
) -> Failure {
    match response.status().as_u16() {
        429 => Failure::RateLimited(told.unwrap_or(WINDOW)),
        401 => Failure::Unauthorized,
        403 => Failure::Permanent(refused(request, 403)),
        status if status >= 500 => Failure::Transient { error: unavailable(request, status), told },
        status => Failure::Permanent(unexpected(request, status, response, token).await),
    }
}

fn unavailable(request: &Request, status: u16) -> Error {
    let message = format!("LaunchDarkly answered {status} for {}", request.resource);
    Error::new(Kind::Unavailable, message)
        .resource(request.resource)
        .status(status)
        .hint("LaunchDarkly may be having trouble: https://status.launchdarkly.com")
}

async fn unexpected(request: &Request, status: u16, response: Response, token: &Token) -> Error {
    let reason = if (300..400).contains(&status) {
        ": a redirect, which is never followed: the token stays with the configured host".into()
    } else {
        message(response, token).await
    };
    Error::unexpected(request.resource, "", format!("status {status}{reason}")).status(status)
}

/// LaunchDarkly's own words about an error, if there are any.
async fn message(mut response: Response, token: &Token) -> String {
    #[derive(serde::Deserialize)]
    struct Body {
        message: String,
    }
    let mut body = Vec::new();
    while body.len() < LARGEST_MESSAGE
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    let message = serde_json::from_slice::<Body>(&body).map(|body| body.message);
    let short = |text: String| text.chars().take(200).collect::<String>();
    message.map(|text| format!(": {}", token.redact(&short(text)))).unwrap_or_default()
}
