//! Who the access token belongs to: `GET /api/v2/caller-identity`.

use serde::Deserialize;

use super::request::Request;
use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::lenient::identifier;

/// What LaunchDarkly says about a token; every field is optional, and an empty one is not set:
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
    /// The token's ID, which tells tokens apart and lets nobody in.
    #[serde(default, deserialize_with = "identifier")]
    pub token_id: Option<String>,
    /// The token's kind, such as `auth` or `personal`.
    #[serde(default, deserialize_with = "identifier")]
    pub token_kind: Option<String>,
    /// Whether the token is a service token, which does not end with a member.
    pub service_token: Option<bool>,
}

/// The ID of the demo account that `--demo` serves. A real account may take the place of its data.
pub const DEMO_ACCOUNT_ID: &str = "16c26d01109746773b5ef125";

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
