//! Access tokens: who may ask, under which API version, and what is kept from them.

use std::collections::{BTreeMap, BTreeSet};

use super::object_id;
use crate::Family;

/// The demo account's token: a member's, may read everything. Nobody else's service accepts it.
pub const DEMO_TOKEN: &str = "api-demo-0000-0000-0000-000000000000";
/// A service token that may read everything and was made before version 20240415.
pub const SERVICE_TOKEN: &str = "api-demo-0000-0000-0000-00000000a2a2";
/// A token that may not read teams and members.
pub const READER_TOKEN: &str = "api-demo-0000-0000-0000-0000000000b3";

/// The dated shapes that the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// Flags come in one list, with all their environments.
    V20220603,
    /// Everything comes in pages, environments only for `env`.
    V20240415,
}

impl ApiVersion {
    /// Reads a header's value. What LaunchDarkly answers to an unknown value is not documented; here everything that is
    /// not an older date means the current version, `beta` included.
    pub fn parse(text: &str) -> Self {
        match text.parse::<u32>() {
            Ok(date) if date < 20_240_415 => ApiVersion::V20220603,
            _ => ApiVersion::V20240415,
        }
    }
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A personal token of the member with this identifier.
    Member(String),
    /// A service token.
    Service,
}

/// What a token may not see. The default keeps nothing from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Routes that answer with this status (401 or 403) in place of data.
    pub refused: BTreeMap<Family, u16>,
    /// Projects that lists leave out and that answer 403 when asked for by key.
    pub hidden_projects: BTreeSet<String>,
}

/// One access token.
#[derive(Clone, Debug)]
pub struct Token {
    /// What the `Authorization` header must be, without a prefix.
    pub value: String,
    /// Its name, also in the server's log.
    pub name: String,
    /// The version that applies where a request names none.
    pub default_version: ApiVersion,
    /// Whose it is.
    pub kind: TokenKind,
    /// What it may not see.
    pub profile: Profile,
}

impl Token {
    /// A service token of the current version that may read everything.
    pub fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Token {
            value: value.into(),
            name: name.into(),
            default_version: ApiVersion::V20240415,
            kind: TokenKind::Service,
            profile: Profile::default(),
        }
    }

    /// The token, refused with `status` wherever `family` is asked for.
    pub fn refused(mut self, family: Family, status: u16) -> Self {
        self.profile.refused.insert(family, status);
        self
    }

    /// The token, for which `project` does not show.
    pub fn without_project(mut self, project: impl Into<String>) -> Self {
        self.profile.hidden_projects.insert(project.into());
        self
    }

    pub(super) fn demo_tokens() -> Vec<Token> {
        let mut demo = Token::new(DEMO_TOKEN, "flaglake demo");
        demo.kind = TokenKind::Member(object_id("demo member"));
        let mut service = Token::new(SERVICE_TOKEN, "nightly export");
        service.default_version = ApiVersion::V20220603;
        let reader = Token::new(READER_TOKEN, "flags only")
            .refused(Family::Teams, 403)
            .refused(Family::TeamMaintainers, 403)
            .refused(Family::Members, 403);
        vec![demo, service, reader]
    }
}
