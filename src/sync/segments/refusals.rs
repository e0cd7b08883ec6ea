//! What LaunchDarkly's answers so far mean for those to come.

use std::collections::{HashMap, HashSet};

use crate::sync::reason::Rejection;

/// After so many refusals with the same message, the rest of a refused batch is not tried.
pub(super) const MOST_REFUSALS: u32 = 20;

/// What LaunchDarkly has refused in this run, and what it may have carried out.
#[derive(Default)]
pub(super) struct Refusals {
    /// How often it refused single rows, by message.
    counts: HashMap<String, u32>,
    /// Keys of requests without an answer.
    doubtful: HashSet<String>,
}

impl Refusals {
    pub(super) fn count(&mut self, why: &Rejection) {
        *self.counts.entry(why.message.clone()).or_default() += 1;
    }

    pub(super) fn are_enough(&self, why: &Rejection) -> bool {
        self.counts.get(&why.message).is_some_and(|count| *count >= MOST_REFUSALS)
    }

    /// Notes keys that LaunchDarkly may have added, since no answer says otherwise.
    pub(super) fn doubt<'k>(&mut self, keys: impl Iterator<Item = &'k str>) {
        self.doubtful.extend(keys.map(str::to_owned));
    }

    pub(super) fn is_doubtful(&self, key: &str) -> bool {
        self.doubtful.contains(key)
    }
}
