//! What tests ask a server about the writes it has taken.

use std::collections::BTreeSet;

use super::Server;
use super::shared::{read, write};
use crate::{ImportedEvent, writes};

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

    /// The included keys of one context kind of a standard segment.
    pub fn segment_members(
        &self,
        project: &str,
        environment: &str,
        segment: &str,
        context_kind: &str,
    ) -> BTreeSet<String> {
        let place = [project.to_owned(), environment.to_owned()];
        writes::members(&read(&self.shared.stored).account, &place, segment, context_kind)
    }

    /// The included keys of a big segment, as far as they were written to this server.
    pub fn big_segment_members(
        &self,
        project: &str,
        environment: &str,
        segment: &str,
    ) -> BTreeSet<String> {
        let stored = read(&self.shared.stored);
        let big = stored.written.big(&[project, environment, segment].map(str::to_owned));
        big.map(|big| big.included.iter().cloned().collect()).unwrap_or_default()
    }

    /// How many keys [`Server::big_segment_members`] has.
    pub fn count_big_segment_members(
        &self,
        project: &str,
        environment: &str,
        segment: &str,
    ) -> usize {
        let stored = read(&self.shared.stored);
        let big = stored.written.big(&[project, environment, segment].map(str::to_owned));
        big.map_or(0, |big| big.included.len())
    }

    /// Approves an approval request, as a reviewer does in the web interface. Says whether there is
    /// such a request.
    pub fn approve(&self, request_id: &str) -> bool {
        writes::approve(&mut write(&self.shared.stored).account, request_id)
    }
}
