//! Makes the flags of a project complete: every flag in use has a configuration and a status in
//! every environment, unless LaunchDarkly itself says that it has none.

pub(super) mod configurations;
pub(super) mod matching;
pub(super) mod one_flag;
mod orphans;
pub(super) mod queries;
pub(super) mod statuses;

use crate::record::Tally;

/// How many requests wait for the limiter at the same time. The limiter decides how many are sent.
pub(super) const AT_ONCE: usize = 32;

/// How often incomplete flags are looked for. A list may still have a flag whose own endpoint
/// answers 404 already.
const LOOKS: usize = 6;

/// Adds a remark with a count, unless the count is zero.
pub(super) fn remark_count(tally: &Tally, count: usize, what: &str) {
    if count > 0 {
        tally.remark(&format!("{count} {what}"));
    }
}
