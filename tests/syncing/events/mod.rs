//! Metric events: each of them is accepted once.

mod again;
mod batches;
mod cursor;
mod kills;
mod order;
mod schedule;
mod unknown;

use crate::support::Run;

/// The keys of the accepted events, in order.
pub fn accepted(run: &Run) -> Vec<String> {
    let mut keys: Vec<_> = run.server.events().into_iter().map(|event| event.key).collect();
    keys.sort();
    keys
}
