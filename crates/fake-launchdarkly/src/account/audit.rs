//! Entries of the audit log.

use super::Json;

/// One entry. LaunchDarkly promises no more than identifier, date, kind, name, descriptions and
/// accesses.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Identifier.
    pub id: String,
    /// When it happened, in epoch milliseconds; several entries may share one.
    pub date_ms: i64,
    /// Kind of what was changed: `flag`, `environment`, `member` or something newer.
    pub kind: String,
    /// Name of what was changed.
    pub name: String,
    /// The action in words, such as `turned on the flag`.
    pub title_verb: String,
    /// The change in Markdown.
    pub description: String,
    /// The author's comment; absent or empty if there is none.
    pub comment: Option<String>,
    /// Identifier of the member who did it; the member may have left the account.
    pub member_id: Option<String>,
    /// Name of the application that did it.
    pub app: Option<String>,
    /// Name of the access token it was done with; without a member, it is a service token.
    pub token_name: Option<String>,
    /// Actions, each with the specifier of a resource.
    pub accesses: Vec<(String, String)>,
    /// Fields that no documentation mentions.
    pub extra: Vec<(String, Json)>,
}

impl AuditEntry {
    /// An entry without an author: a flag, whose key is the entry's identifier, was turned on.
    pub fn new(id: impl Into<String>, date_ms: i64) -> Self {
        let id = id.into();
        let entry = AuditEntry {
            date_ms,
            kind: "flag".to_owned(),
            name: id.clone(),
            title_verb: "turned on the flag".to_owned(),
            description: String::new(),
            comment: None,
            member_id: None,
            app: None,
            token_name: None,
            accesses: Vec::new(),
            extra: Vec::new(),
            id,
        };
        let resource = format!("proj/default:env/production:flag/{}", entry.id);
        entry.with_access("updateOn", resource)
    }

    /// The entry with one more action on a resource.
    pub fn with_access(mut self, action: &str, resource: impl Into<String>) -> Self {
        self.accesses.push((action.to_owned(), resource.into()));
        self
    }

    /// The entry, done by this member.
    pub fn by(mut self, member_id: impl Into<String>) -> Self {
        self.member_id = Some(member_id.into());
        self
    }
}
