//! The parts that every reader needs: the client, the stage, the record of the run and its options.

use std::sync::Arc;

use super::limits::Limits;
use super::memory::Memory;
use crate::launchdarkly::{Client, Endpoint, Request};
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::{Record, Tally};
use crate::resources::selection::Selection;
use crate::stage::Stage;

/// Access to the account and to the stage of one run. Every reader borrows it.
pub struct Fetch<'a> {
    /// Sends the requests.
    pub client: &'a Arc<Client>,
    /// Holds the rows that were read, and the journal of answers that a later run can resume from.
    pub stage: &'a Stage,
    /// Counts requests and rows, and holds the outcome of each resource and scope.
    pub record: &'a Record,
    /// The resources and projects to read.
    pub selection: &'a Selection,
    /// The page sizes that the server accepts.
    pub(super) limits: Limits,
    /// Bounds the pages in memory, so that memory does not grow with the account.
    pub(super) memory: Memory,
}

impl<'a> Fetch<'a> {
    /// Access for one run.
    pub fn new(
        client: &'a Arc<Client>,
        stage: &'a Stage,
        record: &'a Record,
        selection: &'a Selection,
    ) -> Self {
        let (limits, memory) = (Limits::default(), Memory::default());
        Fetch { client, stage, record, selection, limits, memory }
    }

    /// Whether the run reads this resource.
    pub(super) fn wants<R: Resource>(&self) -> bool {
        self.selection.wants(R::NAME)
    }

    /// The tally of a resource in a scope.
    pub(super) fn tally<R: Resource>(&self, scope: &Scope) -> Arc<Tally> {
        self.record.tally(R::NAME, scope)
    }
}

/// A request for a resource's own endpoint; `keys` fill the parameters of its path and query.
pub fn request<R: Resource>(keys: &[&str]) -> Request {
    Request::get(Endpoint::of::<R>(), keys).of_project(R::PROJECT_QUERY, keys)
}
