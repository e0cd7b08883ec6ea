//! Optional query parameters: a server that refuses them still lists without them.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::launchdarkly::Request;

/// The resources whose list the server refuses with optional parameters.
#[derive(Default)]
pub(in crate::extract) struct RefusedQueries(Mutex<BTreeSet<&'static str>>);

impl RefusedQueries {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The request for a list without optional parameters.
pub(in crate::extract) struct Plain<'l> {
    /// The request without `limit` and `offset`.
    pub request: Request,
    /// The resource.
    pub resource: &'static str,
    /// The resources whose optional parameters were refused, in any scope.
    pub refused: &'l RefusedQueries,
}

impl Plain<'_> {
    /// Whether the server has refused the optional parameters.
    pub fn is_needed(&self) -> bool {
        self.refused.lock().contains(self.resource)
    }

    /// Notes that the server refuses the optional parameters.
    pub fn note_refused(&self) {
        self.refused.lock().insert(self.resource);
    }
}
