//! What writes have left behind beside the account's own lists.

use super::counters::Counters;
use super::events::Events;

/// What writes have left behind beside the account's own lists.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// How many writes there were.
    pub counters: Counters,
    /// Imported events.
    pub events: Events,
}
