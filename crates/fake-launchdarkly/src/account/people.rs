//! Members and the teams they form.

use super::object_id;

/// One member of the account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Identifier, 24 hexadecimal digits.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// First name, absent for those who never filled it in.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Base role: `reader`, `writer`, `admin`, `owner` or something newer.
    pub role: String,
    /// Identifiers, not keys, of the custom roles.
    pub custom_roles: Vec<String>,
    /// Whether the e-mail address was verified.
    pub verified: bool,
    /// Whether the invitation is pending.
    pub pending_invite: bool,
    /// `enabled` or `disabled`.
    pub mfa: String,
    /// Last visit in epoch milliseconds, 0 for never.
    pub last_seen_ms: i64,
    /// When the member was invited, in epoch milliseconds.
    pub created_ms: i64,
}

impl Member {
    /// A verified writer whose identifier follows from the address.
    pub fn new(email: impl Into<String>, created_ms: i64) -> Self {
        let email = email.into();
        Member {
            id: object_id(&email),
            email,
            first_name: None,
            last_name: None,
            role: "writer".to_owned(),
            custom_roles: Vec::new(),
            verified: true,
            pending_invite: false,
            mfa: "enabled".to_owned(),
            last_seen_ms: created_ms,
            created_ms,
        }
    }
}

/// One team. LaunchDarkly promises none of the optional fields.
#[derive(Clone, Debug)]
pub struct Team {
    /// Key.
    pub key: String,
    /// Human-friendly name.
    pub name: Option<String>,
    /// Description of the team.
    pub description: Option<String>,
    /// When it was formed, in epoch milliseconds.
    pub created_ms: Option<i64>,
    /// When it was last changed.
    pub last_modified_ms: Option<i64>,
    /// Counts changes.
    pub version: Option<i64>,
    /// Whether an identity provider keeps its members.
    pub idp_synced: Option<bool>,
    /// Identifiers of its members.
    pub member_ids: Vec<String>,
    /// Identifiers of the maintainers. Answers leave out those who are not members of the account.
    pub maintainer_ids: Vec<String>,
    /// Attributes of the team's roles, each with its values.
    pub role_attributes: Vec<(String, Vec<String>)>,
}

impl Team {
    /// A team without members, named after its key.
    pub fn new(key: impl Into<String>, created_ms: i64) -> Self {
        let key = key.into();
        Team {
            name: Some(key.clone()),
            key,
            description: None,
            created_ms: Some(created_ms),
            last_modified_ms: Some(created_ms),
            version: Some(1),
            idp_synced: Some(false),
            member_ids: Vec::new(),
            maintainer_ids: Vec::new(),
            role_attributes: Vec::new(),
        }
    }

    /// The team with this member.
    pub fn with_member(mut self, id: impl Into<String>) -> Self {
        self.member_ids.push(id.into());
        self
    }

    /// The team with this maintainer, who is a member of it too.
    pub fn with_maintainer(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.maintainer_ids.push(id.clone());
        self.with_member(id)
    }
    /// The team with these values for an attribute of its roles.
    pub fn with_role_attribute(mut self, key: impl Into<String>, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.role_attributes.push((key.into(), values));
        self
    }
}
