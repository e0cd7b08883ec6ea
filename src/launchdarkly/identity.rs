//! Who the access token belongs to: `GET /api/v2/caller-identity`.

use serde::Deserialize;

use super::request::Request;
use crate::Error;
use crate::error::Kind;

/// What LaunchDarkly says about a token; every field is optional:
/// <https://launchdarkly.com/docs/api/other/get-caller-identity>.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerIdentity {
    /// The account the token belongs to.
    pub account_id: Option<String>,
    /// The token's name.
    pub token_name: Option<String>,
    /// The token's ID, which tells tokens apart and lets nobody in.
    pub token_id: Option<String>,
    /// The token's kind, such as `auth` or `personal`.
    pub token_kind: Option<String>,
    /// Whether the token is a service token, which does not end with a member.
    pub service_token: Option<bool>,
}

/// The resource's name in errors.
pub const NAME: &str = "caller_identity";

/// The request itself.
pub fn request() -> Request {
    Request::new(NAME, "", "/api/v2/caller-identity", &[])
}

/// LaunchDarkly refused the token.
pub fn refused(status: u16) -> Error {
    Error::new(Kind::InvalidCredentials, "LaunchDarkly refused the access token")
        .resource(NAME)
        .status(status)
        .hint(
            "it may be mistyped, expired or deleted, or belong to another instance: \
             `--instance commercial|eu|federal`",
        )
}
