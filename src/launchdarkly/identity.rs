//! The owner of the access token: `GET /api/v2/caller-identity`.

use serde::Deserialize;

use super::request::{Endpoint, Request};
use super::trouble::{Advise, Trouble};
use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::lenient::identifier;

/// LaunchDarkly's description of a token. Every field is optional, and an empty one is not set:
/// <https://launchdarkly.com/docs/api/other/get-caller-identity>.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerIdentity {
    /// The account the token belongs to.
    #[serde(default, deserialize_with = "identifier")]
    pub account_id: Option<String>,
    /// The token's name.
    #[serde(default, deserialize_with = "identifier")]
    pub token_name: Option<String>,
    /// The token's ID. It identifies the token and gives no access.
    #[serde(default, deserialize_with = "identifier")]
    pub token_id: Option<String>,
    /// The token's kind, such as `auth` or `personal`.
    #[serde(default, deserialize_with = "identifier")]
    pub token_kind: Option<String>,
    /// Whether the token is a service token, which does not depend on a member.
    pub service_token: Option<bool>,
}

/// The ID of the demo account of the built-in fake server. A real account may take the place of its data.
pub const DEMO_ACCOUNT_ID: &str = "16c26d01109746773b5ef125";

/// The resource's name in errors.
pub const NAME: &str = "caller_identity";

const ENDPOINT: Endpoint =
    Endpoint { resource: NAME, permission: "", route: "/api/v2/caller-identity", is_beta: false };

/// The request for the owner of the token.
pub fn request() -> Request {
    Request::get(ENDPOINT, &[])
}

/// The error of a token that LaunchDarkly does not accept.
pub fn refused(advise: Advise, status: u16) -> Error {
    Error::new(Kind::InvalidCredentials, "LaunchDarkly refused the access token")
        .resource(NAME)
        .status(status)
        .hint(advise(Trouble::TokenRefused))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_not_set() {
        let empty = r#"{"accountId":"","tokenName":"","tokenId":"","tokenKind":""}"#;
        for body in ["{}", empty] {
            let identity: CallerIdentity = serde_json::from_str(body).unwrap();
            let CallerIdentity { account_id, token_name, token_id, token_kind, .. } = identity;
            assert_eq!(
                [account_id, token_name, token_id, token_kind],
                [const { None }; 4],
                "{body}"
            );
        }
        let set: CallerIdentity =
            serde_json::from_str(r#"{"accountId":"a","tokenId":"t"}"#).unwrap();
        assert_eq!((set.account_id.as_deref(), set.token_id.as_deref()), (Some("a"), Some("t")));
    }
}
