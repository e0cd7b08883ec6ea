//! The connections of a client, and the headers of its requests.

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect;
use url::Url;

use super::{API_VERSION, ClientOptions, NO_CERTIFICATES, VERSION_HEADER};
use crate::error::Kind;
use crate::launchdarkly::instance::is_loopback;
use crate::launchdarkly::retry::innermost;
use crate::launchdarkly::token::Token;
use crate::{Error, Result};

/// The connections, and the headers that all requests have.
pub(super) fn http(options: &ClientOptions, token: &Token) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("flaglake/", env!("CARGO_PKG_VERSION")))
        .default_headers(default_headers(token))
        // For every method: the token is sent to the configured host only.
        .redirect(redirect::Policy::none())
        .connect_timeout(options.timeouts.connect)
        .read_timeout(options.timeouts.read);
    if is_loopback(&options.base_uri) {
        builder = builder.no_proxy();
    }
    let is_plain = |address: &Url| address.scheme() == "http";
    if is_plain(&options.base_uri) && options.events_uri.as_ref().is_none_or(is_plain) {
        // No certificates are needed, so a machine without any is fine.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| no_https(&error))
}

/// The error of a client that cannot be built. Building it loads the certificates that the machine
/// trusts, and little else.
fn no_https(error: &reqwest::Error) -> Error {
    let reason = innermost(error);
    Error::new(Kind::Unavailable, format!("could not set up HTTPS: {reason}")).hint(NO_CERTIFICATES)
}

fn default_headers(token: &Token) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, token.header());
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(VERSION_HEADER, HeaderValue::from_static(API_VERSION));
    headers
}
