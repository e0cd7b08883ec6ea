//! The newest entries of the audit log that earlier runs have published.

use std::collections::BTreeSet;

/// The newest entries of the audit log that earlier runs have published. Entries dated after the
/// start of the current run are not among them: they come from a wrong clock.
#[derive(Clone, Debug, Default)]
pub struct NewestEntries {
    /// The time of the newest entry, in milliseconds since 1970; `None` if no entry is known.
    pub occurred_at: Option<i64>,
    /// The IDs of known entries in the period that is read again. They are not published again.
    pub ids: BTreeSet<String>,
}
