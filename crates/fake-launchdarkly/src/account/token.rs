//! Access tokens: owner, API version and restrictions.

use std::collections::{BTreeMap, BTreeSet};

use super::object_id;
use crate::Family;

/// The demo account's token. It belongs to a member and may read and write everything. No real
/// service accepts it.
pub const DEMO_TOKEN: &str = "api-demo-0000-0000-0000-000000000000";
/// A service token that may read and write everything and was made before version 20240415.
pub const SERVICE_TOKEN: &str = "api-demo-0000-0000-0000-00000000a2a2";
/// A token that may not read teams and members, and may write nothing.
pub const READER_TOKEN: &str = "api-demo-0000-0000-0000-0000000000b3";

/// Stands for every action in [`Profile::denied_actions`].
pub const EVERY_ACTION: &str = "*";

/// The dated API versions that the server supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// Flags come in one list, with all their environments.
    V20220603,
    /// Everything comes in pages, environments only for `env`.
    V20240415,
}

impl ApiVersion {
    /// Parses the header's value. LaunchDarkly does not document its answer to an unknown value.
    /// This server treats every value that is not an older date as the current version, `beta`
    /// included.
    pub fn parse(text: &str) -> Self {
        match text.parse::<u32>() {
            Ok(date) if date < 20_240_415 => ApiVersion::V20220603,
            _ => ApiVersion::V20240415,
        }
    }
}

/// The owner of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A personal token of the member with this identifier.
    Member(String),
    /// A service token.
    Service,
}

/// Restrictions of a token. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Routes that answer with this status (401 or 403) in place of data when they are read. Writes
    /// depend on actions.
    pub refused: BTreeMap<Family, u16>,
    /// Projects that lists leave out and that answer 403 when asked for by key.
    pub hidden_projects: BTreeSet<String>,
    /// Actions that the token may not perform, such as `createMetric`; [`EVERY_ACTION`] denies all
    /// writes.
    pub denied_actions: BTreeSet<String>,
    /// The only actions that the token may perform, if it is limited to some.
    pub allowed_actions: Option<BTreeSet<String>>,
    /// Whether the token may change what requires approval.
    pub bypasses_approvals: bool,
}

impl Profile {
    /// Whether the token may perform this action.
    pub fn allows(&self, action: &str) -> bool {
        let denied =
            self.denied_actions.contains(EVERY_ACTION) || self.denied_actions.contains(action);
        let listed = |allowed: &BTreeSet<String>| allowed.contains(action);
        !denied && self.allowed_actions.as_ref().is_none_or(listed)
    }
}

/// One access token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The value of the `Authorization` header, without a prefix.
    pub value: String,
    /// Its name, also in the server's log.
    pub name: String,
    /// The version that applies where a request names none.
    pub default_version: ApiVersion,
    /// The token's owner.
    pub kind: TokenKind,
    /// The token's restrictions.
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

    /// The token, with `project` hidden from it.
    pub fn without_project(mut self, project: impl Into<String>) -> Self {
        self.profile.hidden_projects.insert(project.into());
        self
    }

    /// The token, not permitted to perform `action`.
    pub fn without_action(mut self, action: impl Into<String>) -> Self {
        self.profile.denied_actions.insert(action.into());
        self
    }

    /// The token, permitted to perform these actions and no others.
    pub fn only_actions<'a>(mut self, actions: impl IntoIterator<Item = &'a str>) -> Self {
        let actions = actions.into_iter().map(str::to_owned).collect();
        self.profile.allowed_actions = Some(actions);
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
            .refused(Family::Members, 403)
            .without_action(EVERY_ACTION);
        vec![demo, service, reader]
    }
}
