//! The audit log's entries of writes.

use super::WriteCall;
use crate::account::{AuditEntry, TokenKind};

/// What an entry says of a write.
pub(super) struct Deed<'a> {
    /// Kind of what was changed, such as `segment`.
    pub kind: &'a str,
    /// Name of what was changed.
    pub name: &'a str,
    /// The action in words.
    pub verb: &'a str,
    /// The actions' names in role policies.
    pub actions: &'a [&'a str],
    /// The specifier of the resource.
    pub resource: String,
    /// The request's comment.
    pub comment: Option<String>,
}

impl WriteCall<'_> {
    /// Adds an entry to the audit log.
    pub(super) fn record(&mut self, deed: Deed) {
        let (id, date_ms) = (self.fresh_id("entry"), self.stamp());
        let mut entry = AuditEntry::new(id, date_ms);
        entry.accesses.clear();
        entry.kind = deed.kind.to_owned();
        entry.name = deed.name.to_owned();
        entry.title_verb = deed.verb.to_owned();
        entry.comment = deed.comment;
        match &self.token.kind {
            TokenKind::Member(id) => entry.member_id = Some(id.clone()),
            TokenKind::Service => entry.token_name = Some(self.token.name.clone()),
        }
        let resource = deed.resource;
        let entry = deed
            .actions
            .iter()
            .fold(entry, |entry, action| entry.with_access(action, resource.clone()));
        self.stored.account.audit_log.push(entry);
    }
}
