//! What tests ask a server about the writes it has taken.

use super::Server;
use super::shared::read;
use crate::ImportedEvent;

impl Server {
    /// The events that were accepted, in the order they arrived; none where
    /// [`Writes::keep_events`](crate::Writes::keep_events) is off.
    pub fn events(&self) -> Vec<ImportedEvent> {
        read(&self.shared.stored).written.events.kept.clone()
    }

    /// How many events were accepted.
    pub fn count_events(&self) -> usize {
        read(&self.shared.stored).written.events.accepted
    }

    /// How many malformed events were dropped from payloads that were answered with 202.
    pub fn count_dropped_events(&self) -> usize {
        read(&self.shared.stored).written.events.dropped
    }
}
