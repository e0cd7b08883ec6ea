//! How far earlier runs have read the audit log.

use std::collections::BTreeSet;

/// The newest entries of the audit log that earlier runs have read. Those that are dated after the
/// run that asks do not tell how far the log was read: a clock was wrong.
#[derive(Clone, Debug, Default)]
pub struct NewestEntries {
    /// When the newest occurred, in milliseconds since 1970; `None` where no entry is known.
    pub occurred_at: Option<i64>,
    /// The IDs of what is known of the time that is read again: they are not published again.
    pub ids: BTreeSet<String>,
}
